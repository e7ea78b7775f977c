/**
 * The modules that the pipeline's tests compile.
 */
import {
  body,
  build,
  code,
  custom,
  END,
  exported,
  exports,
  EXTERNREF,
  flat,
  func,
  functions,
  HEADER,
  I32,
  i32,
  imported,
  imports,
  type Part,
  start,
  types,
  u,
} from "./module_builder.ts"

type Bytes = Uint8Array<ArrayBuffer>

const FUNC = 0x00
const GLOBAL = 0x03
const [UNREACHABLE, NOP, CALL, ADD] = [0x00, 0x01, 0x10, 0x6a]

const module = (...sections: ReadonlyArray<Part>): Bytes => build(...sections).bytes
const noLocals = 0x00
/** `m.f`, a function of type 0. */
const importF = imports(imported("m", "f", FUNC, 0))

/** The smallest module. */
export const empty: Bytes = module()

/** Imports the function `m.f` and exports `run`, which calls it with 42. */
export const importing: Bytes = module(
  types(func([I32], []), func([], [])),
  importF,
  functions(1),
  exports(exported("run", FUNC, 1)),
  code(body(noLocals, i32(42), CALL, 0, END)),
)

/** Imports the function `m.f` and calls it when it starts. */
export const starting: Bytes = module(
  types(func([], [])),
  importF,
  functions(0),
  start(1),
  code(body(noLocals, CALL, 0, END)),
)

/** Traps when it starts. */
export const trapping: Bytes = module(
  types(func([], [])),
  functions(0),
  start(0),
  code(body(noLocals, UNREACHABLE, END)),
)

/** Imports the builtin `wasm:js-string` `length` with its own type, or another one. */
export const builtin = (fits: boolean): Bytes =>
  module(
    types(func([fits ? EXTERNREF : I32], [I32])),
    imports(imported("wasm:js-string", "length", FUNC, 0)),
  )

/** Imports a string constant from `strings`, as a global of the right type, or of another one. */
export const stringConstant = (fits: boolean): Bytes =>
  module(imports(imported("strings", "hello", GLOBAL, [fits ? EXTERNREF : I32, 0x00])))

/** Well formed except for its second function, index 2 with the import, which has an unknown opcode. */
export const badFunction: Bytes = module(
  types(func([], []), func([], [I32])),
  importF,
  functions(1, 1),
  code(body(noLocals, i32(1), END), body(noLocals, NOP, 0x27, END)),
)

/** The offset of the unknown opcode in {@linkcode badFunction}. */
export const badFunctionOffset: number = badFunction.length - 2

let count = 0

/** A module of `size` functions of about 40 bytes each. Each one is unique, so that no engine takes it from a cache. */
export const large = (size = 2_000): Bytes => {
  const adds = (index: number): ReadonlyArray<Part> =>
    Array.from({ length: 12 }, () => [i32(index % 60), ADD])
  return module(
    types(func([], [I32])),
    functions(...Array.from({ length: size }, () => 0)),
    exports(exported("last", FUNC, u(size - 1))),
    code(...Array.from({ length: size }, (_, index) => body(noLocals, i32(1), adds(index), END))),
    custom("fresh", [...new TextEncoder().encode(`${Math.random()} ${count++}`)]),
  )
}

/** A module of many equal functions of about 60 bytes each, built without a part for each. */
export const huge = (count: number): Bytes => {
  const adds = Array.from({ length: 12 }, (_, index): Part => [i32(index), ADD])
  const one = flat(body(noLocals, i32(1), adds, END))
  const header = flat(HEADER, types(func([], [I32])))
  const size = (payload: number): Array<number> => [...u(u(count).length + payload), ...u(count)]
  const functionsHead = [3, ...size(count)]
  const codeHead = [10, ...size(count * one.length)]
  const start = header.length + functionsHead.length + count
  const bytes = new Uint8Array(start + codeHead.length + count * one.length)
  bytes.set(header)
  bytes.set(functionsHead, header.length)
  bytes.set(codeHead, start)
  for (let index = 0; index < count; index++) {
    bytes.set(one, start + codeHead.length + index * one.length)
  }
  return bytes
}
