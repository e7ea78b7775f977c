/**
 * WebAssembly modules for the tests, built byte by byte.
 */

const leb = (value: number): Array<number> => {
  const bytes: Array<number> = []
  do {
    const low = value & 0x7f
    value >>>= 7
    bytes.push(value === 0 ? low : low | 0x80)
  } while (value !== 0)
  return bytes
}

const utf8 = (text: string): Array<number> => [...new TextEncoder().encode(text)]
const name = (text: string): Array<number> => [...leb(utf8(text).length), ...utf8(text)]
const vector = (items: ReadonlyArray<ReadonlyArray<number>>): Array<number> => [
  ...leb(items.length),
  ...items.flat(),
]
const section = (id: number, content: ReadonlyArray<number>): Array<number> => [
  id,
  ...leb(content.length),
  ...content,
]

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const bytesOf = (...parts: ReadonlyArray<ReadonlyArray<number>>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...header, ...parts.flat()])

const i32 = 0x7f
const externref = 0x6f
const func = (params: ReadonlyArray<number>, results: ReadonlyArray<number>): Array<number> => [
  0x60,
  ...leb(params.length),
  ...params,
  ...leb(results.length),
  ...results,
]
const body = (code: ReadonlyArray<number>): Array<number> => {
  const content = [0x00, ...code, 0x0b]
  return [...leb(content.length), ...content]
}

/** The smallest module. */
export const empty: Uint8Array<ArrayBuffer> = bytesOf()

/** A custom section with a number of its own, so that no engine takes the module from a cache. */
let count = 0
const fresh = (): Array<number> =>
  section(0, [...name("fresh"), ...utf8(`${Math.random()} ${count++}`)])

/** Imports the function `m.f` and exports `run`, which calls it with 42. */
export const importing: Uint8Array<ArrayBuffer> = bytesOf(
  section(1, vector([func([i32], []), func([], [])])),
  section(2, vector([[...name("m"), ...name("f"), 0x00, 0x00]])),
  section(3, vector([[0x01]])),
  section(7, vector([[...name("run"), 0x00, 0x01]])),
  section(10, vector([body([0x41, 42, 0x10, 0x00])])),
)

/** Imports the function `m.f` and calls it when it starts. */
export const starting: Uint8Array<ArrayBuffer> = bytesOf(
  section(1, vector([func([], [])])),
  section(2, vector([[...name("m"), ...name("f"), 0x00, 0x00]])),
  section(3, vector([[0x00]])),
  section(8, [0x01]),
  section(10, vector([body([0x10, 0x00])])),
)

/** Traps when it starts. */
export const trapping: Uint8Array<ArrayBuffer> = bytesOf(
  section(1, vector([func([], [])])),
  section(3, vector([[0x00]])),
  section(8, [0x00]),
  section(10, vector([body([0x00])])),
)

/** Imports the builtin `wasm:js-string` `length` with its own type, or another one. */
export const builtin = (fits: boolean): Uint8Array<ArrayBuffer> =>
  bytesOf(
    section(1, vector([func(fits ? [externref] : [i32], [i32])])),
    section(2, vector([[...name("wasm:js-string"), ...name("length"), 0x00, 0x00]])),
  )

/** Imports a string constant from `strings`, as the global that it has to be, or as one of another type. */
export const stringConstant = (fits: boolean): Uint8Array<ArrayBuffer> =>
  bytesOf(
    section(
      2,
      vector([[...name("strings"), ...name("hello"), 0x03, fits ? externref : i32, 0x00]]),
    ),
  )

/** A valid module whose second function (index 2 with the import) does not validate: it leaves nothing for its result. */
export const badFunction: Uint8Array<ArrayBuffer> = bytesOf(
  section(1, vector([func([], []), func([], [i32])])),
  section(2, vector([[...name("m"), ...name("f"), 0x00, 0x00]])),
  section(3, vector([[0x01], [0x01]])),
  section(10, vector([body([0x41, 1]), body([0x01, 0x27])])),
)

/** Where the unknown opcode of {@linkcode badFunction} stands. */
export const badFunctionOffset: number = badFunction.length - 2

/** A fresh module of about `functions` times 60 bytes. */
export const large = (functions = 2_000): Uint8Array<ArrayBuffer> => {
  const code = Array.from({ length: functions }, (_, index) => {
    const adds = Array.from({ length: 12 }, () => [0x41, ...leb(index % 60), 0x6a]).flat()
    return body([0x41, 0x01, ...adds])
  })
  return bytesOf(
    section(1, vector([func([], [i32])])),
    section(3, vector(Array.from({ length: functions }, () => [0x00]))),
    section(7, vector([[...name("last"), 0x00, ...leb(functions - 1)]])),
    section(10, vector(code)),
    fresh(),
  )
}
