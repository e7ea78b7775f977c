/**
 * Properties of any bytes in any split: the same result, only typed errors, no memory for entries that are only declared,
 * and no rejection of what this engine accepts. A failure shows its seed: `SEED=123 bun test` repeats it.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { compileStreaming } from "../../mod.ts"
import {
  type DecodeErrorCode,
  ModuleDecoder,
  type ModuleDecoderOptions,
  ModuleReportBuilder,
} from "../../src/binary/mod.ts"
import {
  array,
  body,
  build,
  code,
  custom,
  data,
  dataCount,
  elements,
  emptyBody,
  END,
  exported,
  exports,
  EXTERNREF,
  func,
  FUNCREF,
  functions,
  globals,
  HEADER,
  I32,
  i32,
  I64,
  imported,
  imports,
  memories,
  name,
  type Part,
  rec,
  ref,
  refNull,
  s,
  section,
  start,
  struct,
  sub,
  tables,
  tags,
  types,
  u,
  V128,
  vec,
} from "../support/module_builder.ts"
import { settled } from "../support/outcomes.ts"
import { chunks, response } from "../support/responses.ts"
import { judge } from "../support/verdicts.ts"

/** Missing in pages. */
interface Process {
  readonly env: Readonly<Record<string, string | undefined>>
  memoryUsage(): { readonly external: number; readonly heapUsed: number }
}
const process: Process | undefined = Reflect.get(globalThis, "process")
const seed = Number(process?.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))
console.log(`property_test: seed ${seed}`)

/** The number of runs and a time limit, so that each property ends in time on slow machines too. */
const parameters = {
  seed,
  numRuns: 3_000,
  interruptAfterTimeLimit: 2_000,
  markInterruptAsFailure: false,
} as const

/** Modules with something of everything, to be mutated. */
const modules: ReadonlyArray<Uint8Array> = [
  build(
    types(func([], []), func([I32, I64], [I32])),
    imports(imported("env", "f", 0, 1), imported("env", "t", 1, [FUNCREF, 1, 1, 10])),
    functions(0, 0),
    memories([1, 1, 2]),
    globals([I32, 1, i32(0), END], [FUNCREF, 0, 0xd2, 1, END]),
    exports(exported("run", 0, 1), exported("memory", 2, 0), exported("global", 3, 1)),
    start(2),
    elements([0, i32(0), END, vec(1, 2)], [5, FUNCREF, vec([0xd2, 1, END])], [3, 0, vec(0)]),
    dataCount(2),
    code(emptyBody, body(vec([1, I32], [2, I64]), 0x01, END)),
    data([0, i32(0), END, name("hello")], [1, name("passive")]),
    custom("producers", vec([name("language"), vec([name("C"), name("17")])])),
    custom("name", section(0, name("m")), section(1, vec([0, name("f")]))),
  ),
  build(
    types(
      rec(sub([], struct([I32, 1], [refNull(1), 0])), sub([0], struct([I32, 1], [ref(1), 0]))),
      array([0x78, 1]),
      func([ref(0)], [refNull(1)]),
      func([EXTERNREF], []),
    ),
    tables([refNull(3), 0, 1], [FUNCREF, 4, 1]),
    memories([4, 1], [3, 1, 2]),
    tags([0, 4]),
    globals([refNull(2), 0, 0xd0, s(2), END], [V128, 0, 0xfd, 12, new Array(16).fill(1), END]),
    exports(exported("tag", 4, 0), exported("t", 1, 1)),
    custom("dylink.0", section(2, vec(name("libc.so")))),
  ),
  build(
    types(func([], [I32])),
    functions(...new Array<Part>(20).fill(0)),
    exports(exported("last", 0, 19)),
    code(...new Array<Part>(20).fill(body(0, i32(300), END))),
  ),
].map(({ bytes }) => bytes)

/** A change at an offset: some bytes are removed, some inserted. */
const change = fc.record({
  at: fc.nat(),
  removed: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.nat(4)),
  inserted: fc.oneof(
    { weight: 4, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 1 }) },
    fc.uint8Array({ maxLength: 6 }),
    fc.constantFrom(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), Uint8Array.of(0x80)),
  ),
})

/** Modules with a few bytes changed. */
const mutated: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(...modules), fc.array(change, { maxLength: 3 }))
  .map(([module, changes]) => {
    let bytes = [...module]
    for (const { at, inserted, removed } of changes) {
      const place = at % (bytes.length + 1)
      bytes = [...bytes.slice(0, place), ...inserted, ...bytes.slice(place + removed)]
    }
    return Uint8Array.from(bytes)
  })

/** Modules of sections in any order, with correct sizes and random payloads. */
const noisySections: fc.Arbitrary<Uint8Array> = fc
  .array(fc.tuple(fc.nat(14), fc.uint8Array({ maxLength: 24 })), { maxLength: 6 })
  .map((sections) => build(sections.map(([id, payload]) => section(id, [...payload]))).bytes)

const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 3, arbitrary: noisySections },
  fc.uint8Array({ maxLength: 60 }).map((noise) => Uint8Array.of(...HEADER, ...noise)),
  fc.uint8Array({ maxLength: 60 }),
)

/** Bytes and a split of them: offsets may be equal, so chunks may be empty. */
const anySplit = fc.tuple(anyBytes, fc.array(fc.nat(), { maxLength: 12 })).map(
  ([bytes, places]) => {
    const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
    return {
      bytes,
      parts: [...ends, bytes.length].map((end, index) => bytes.slice(ends[index - 1] ?? 0, end)),
    }
  },
)

const options: ReadonlyArray<ModuleDecoderOptions> = [
  { unknown: "reject", limits: "core" },
  { unknown: "reject" },
  { unknown: "defer" },
]

test("ModuleDecoder gives any bytes the same verdict, code and offset in every split, and throws nothing but a DecodeError", () => {
  fc.assert(
    fc.property(
      anySplit,
      fc.constantFrom(...options),
      fc.boolean(),
      ({ bytes, parts }, how, bodies) => {
        assert.deepEqual(judge(parts, how, bodies), judge([bytes], how, bodies))
      },
    ),
    parameters,
  )
})

test("compileStreaming() settles for any bytes in any split: with the engine's verdict, and a native error", async () => {
  await fc.assert(
    fc.asyncProperty(anySplit, async ({ bytes, parts }) => {
      const compiled = settled(compileStreaming(response(chunks(...parts))))
      const outcome: unknown = await compiled.catch((error: unknown) => error)
      if (outcome instanceof WebAssembly.Module) {
        return assert.ok(WebAssembly.validate(bytes.slice()))
      }
      assert.ok(outcome instanceof Error)
      assert.equal(WebAssembly.validate(bytes.slice()), false)
      const native: ReadonlyArray<unknown> = [WebAssembly.CompileError, TypeError]
      assert.ok(native.includes(outcome.constructor), String(outcome))
    }),
    parameters,
  )
})

/** The code of the decoder's error; `undefined` if it accepts the bytes, or defers to the engine. */
const refusalOf = (bytes: Uint8Array): DecodeErrorCode | undefined => {
  const { code } = judge([bytes], { unknown: "defer" })
  return code === "ok" || code === "unknown" ? undefined : code
}

test("ModuleDecoder refuses nothing that this engine accepts", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const refusal = refusalOf(bytes)
      if (refusal === undefined) return
      assert.equal(WebAssembly.validate(bytes.slice()), false, refusal)
    }),
    parameters,
  )
})

/** An unsigned LEB128, padded to a size. */
const padded = (value: bigint, size: number): ReadonlyArray<number> =>
  Array.from(
    { length: size },
    (_, index) => Number(value >> BigInt(7 * index) & 0x7fn) | (index < size - 1 ? 0x80 : 0),
  )

/** The type of the only table of a module, as the report prints it. */
const tableType = (limits: Part): string | undefined => {
  const builder = new ModuleReportBuilder()
  const decoder = new ModuleDecoder({ limits: "core", sink: builder })
  decoder.push(build(tables([FUNCREF, limits])).bytes)
  decoder.finish()
  return builder.build(decoder).tables[0]?.type
}

const coreVerdict = (...sections: ReadonlyArray<Part>): string =>
  judge([build(sections).bytes], { limits: "core" }).code

test("LEB128 unsigned numbers are read as they were written, in every size", () => {
  const wide = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  const narrow = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n })
  fc.assert(
    fc.property(wide, narrow, fc.nat(5), (value64, value32, extra) => {
      assert.equal(tableType([4, u(value64)]), `(table i64 ${value64} funcref)`)
      assert.equal(tableType([0, u(value32)]), `(table ${value32} funcref)`)
      const size64 = Math.min(u(value64).length + extra, 10)
      const size32 = Math.min(u(value32).length + extra, 5)
      assert.equal(tableType([4, padded(value64, size64)]), `(table i64 ${value64} funcref)`)
      assert.equal(tableType([0, padded(value32, size32)]), `(table ${value32} funcref)`)
    }),
    { ...parameters, numRuns: 1_000 },
  )
})

test("LEB128 numbers beyond their bits are refused", () => {
  const above64 = fc.bigInt({ min: 2n ** 64n, max: 2n ** 70n - 1n })
  const above32 = fc.bigInt({ min: 2n ** 32n, max: 2n ** 35n - 1n })
  fc.assert(
    fc.property(above64, above32, (value64, value32) => {
      assert.equal(coreVerdict(tables([FUNCREF, 4, u(value64)])), "leb128-too-large")
      assert.equal(coreVerdict(functions(u(value32))), "leb128-too-large")
      assert.equal(coreVerdict(tables([FUNCREF, 4, padded(value64, 11)])), "leb128-too-long")
      assert.equal(coreVerdict(functions(padded(value32, 6))), "leb128-too-long")
    }),
    { ...parameters, numRuns: 1_000 },
  )
})

test("LEB128 signed numbers are accepted up to their bits and refused beyond", () => {
  const constant = (type: number, opcode: number, value: bigint): string =>
    coreVerdict(globals([type, 0, opcode, s(value), END]))
  const near = (bits: bigint) =>
    fc.oneof(
      fc.bigInt({ min: -(2n ** (bits + 2n)), max: 2n ** (bits + 2n) - 1n }),
      fc.bigInt({ min: 2n ** bits - 3n, max: 2n ** bits + 3n }),
      fc.bigInt({ min: -(2n ** bits) - 3n, max: -(2n ** bits) + 3n }),
    )
  const expected = (value: bigint, bits: bigint): string =>
    value >= -(2n ** bits) && value < 2n ** bits ? "ok" : "leb128-too-large"
  fc.assert(
    fc.property(near(31n), near(63n), (value32, value64) => {
      assert.equal(constant(I32, 0x41, value32), expected(value32, 31n))
      assert.equal(constant(I64, 0x42, value64), expected(value64, 63n))
    }),
    { ...parameters, numRuns: 1_000 },
  )
})

/** The beginning of a section that declares 256 MB. */
const open = (id: number, ...payload: ReadonlyArray<Part>): Part => [id, u(2 ** 28), payload]
const oneType = types(func([], []))

// deno-fmt-ignore
const claims: ReadonlyArray<readonly [what: string, claim: (count: Part) => Part]> = [
  ["a custom section's name", (count) => open(0, count)],
  ["types", (count) => open(1, count)],
  ["types of a group", (count) => open(1, 1, 0x4e, count)],
  ["super types", (count) => open(1, 1, 0x50, count)],
  ["parameters", (count) => open(1, 1, 0x60, count)],
  ["results", (count) => open(1, 1, 0x60, 0, count)],
  ["fields", (count) => open(1, 1, 0x5f, count)],
  ["imports", (count) => open(2, count)],
  ["a module name", (count) => open(2, 1, count)],
  ["functions", (count) => [oneType, open(3, count)]],
  ["tables", (count) => open(4, count)],
  ["memories", (count) => open(5, count)],
  ["globals", (count) => open(6, count)],
  ["exports", (count) => open(7, count)],
  ["an export's name", (count) => open(7, 1, count)],
  ["element segments", (count) => open(9, count)],
  ["functions of an element segment", (count) => open(9, 1, 1, 0, count)],
  ["expressions of an element segment", (count) => open(9, 1, 5, FUNCREF, count)],
  ["bodies", (count) => [oneType, functions(0), open(10, count)]],
  ["as many functions as bodies", (count) => [oneType, [3, u(2 ** 28), count]]],
  ["the size of a body", (count) => [oneType, functions(0), open(10, 1, count)]],
  ["groups of locals", (count) => [oneType, functions(0), open(10, 1, u(1000), count)]],
  ["locals", (count) => [oneType, functions(0), open(10, 1, u(1000), 1, count, I32)]],
  ["data segments", (count) => open(11, count)],
  ["the size of a data segment", (count) => open(11, 1, 1, count)],
  ["a data count", (count) => section(12, count)],
  ["tags", (count) => [oneType, open(13, count)]],
  ["the size of a section", (count) => [1, count]],
]

/** The number of bytes in use, if the runtime reports it. */
const bytesInUse = (): number => {
  const usage = process?.memoryUsage()
  return usage === undefined ? 0 : usage.external + usage.heapUsed
}

for (const [what, claim] of claims) {
  test(`ModuleDecoder allocates nothing for a count that is only claimed: ${what}`, () => {
    const before = bytesInUse()
    // Kept alive, so that their memory is counted.
    const held: Array<ModuleDecoder> = []
    for (const count of [2 ** 32 - 1, 2 ** 31, 2 ** 27, 1_000_000, 1_000]) {
      for (const how of [...options, ...options]) {
        const decoder = new ModuleDecoder({ ...how, sink: new ModuleReportBuilder() })
        held.push(decoder)
        const { bytes } = build(claim(u(count)))
        try {
          for (const byte of bytes) decoder.push(Uint8Array.of(byte))
          decoder.push(new Uint8Array(16))
        } catch (error) {
          assert.equal(Reflect.get(Object(error), "name"), "DecodeError", String(error))
        }
      }
    }
    const grown = bytesInUse() - before
    assert.ok(grown < 32 * 1024 * 1024, `${held.length} decoders hold ${grown} bytes`)
  })
}
