// The tight loops over entries of the most common form (`short_forms.ts`): many such entries in one
// window, with an unusual one among them. Byte by byte, each entry takes the general path, so
// `judgeEverySplit` compares the two paths.
import assert from "node:assert/strict"
import { test } from "node:test"
import { type DecoderSink, ModuleDecoder } from "../../src/binary/mod.ts"
import {
  AT,
  body,
  build,
  code,
  data,
  elements,
  END,
  exported,
  exports,
  F64,
  func,
  functions,
  globals,
  I32,
  i32,
  I64,
  i64,
  memories,
  type Part,
  struct,
  tables,
  types,
  u,
  V128,
} from "../support/module_builder.ts"
import { accepts, defers, judge, rejects } from "../support/verdicts.ts"

const times = <A>(count: number, entry: (index: number) => A): Array<A> => {
  return Array.from({ length: count }, (_, index) => entry(index))
}

const PLAIN: Part = func([I32, I64], [F64])
const MEMORY = memories([0, 1])
/** A body of 130 bytes, so that its size takes two. */
const LARGE = body(1, 2, F64, Array(126).fill(0x01), END)
const SMALL = body(0, END)
const SEGMENT: Part = [0, i32(1_000_000), END, 3, 7, 8, 9]

const bodies = (...entries: ReadonlyArray<Part>): Array<Part> => {
  return [types(func([], [])), functions(...entries.map(() => 0)), code(...entries)]
}

const manyBodies = times(12, (index) => index % 3 === 0 ? LARGE : SMALL)
accepts("bodies of common forms", bodies(...manyBodies))
accepts("a vector local among bodies", bodies(...manyBodies, body(1, 1, V128, END), ...manyBodies))
accepts("many locals among bodies", bodies(...manyBodies, body(1, u(300), I32, END), ...manyBodies))
accepts(
  "many declarations among bodies",
  bodies(...manyBodies, body(9, Array(9).fill([1, I32]), END), ...manyBodies),
)
rejects(
  "unexpected-end",
  "an empty body among bodies",
  bodies(...manyBodies, [1, 0, AT], ...manyBodies),
)
rejects(
  "unexpected-end",
  "locals beyond their body",
  bodies(...manyBodies, [3, 2, 1, I32, AT], ...manyBodies),
)
rejects(
  "limit-locals",
  "too many locals among bodies",
  bodies(...manyBodies, body(1, AT, u(50_001), I32, END), ...manyBodies),
)
rejects(
  "length-out-of-bounds",
  "a body beyond its section among bodies",
  bodies(...manyBodies, [AT, u(5000), 0, END], ...times(12, () => SMALL)),
)
defers(
  "malformed-value-type",
  "a local of an unknown type among bodies",
  bodies(...manyBodies, body(1, 1, AT, 0x40, END), ...manyBodies),
)

const manySegments = times(12, () => SEGMENT)
accepts("active segments", [MEMORY, data(...manySegments)])
accepts("active and passive segments", [
  MEMORY,
  data(...manySegments, [1, 2, 5, 6], [2, 0, i32(-1), END, 0], ...manySegments),
])
accepts("an offset of five bytes among segments", [
  MEMORY,
  data(...manySegments, [0, 0x41, 0x80, 0x80, 0x80, 0x80, 0x78, END, 0], ...manySegments),
])
rejects("leb128-too-large", "an offset too large among segments", [
  MEMORY,
  data(...manySegments, [0, 0x41, 0x80, 0x80, 0x80, 0x80, AT, 0x0b, END, 0], ...manySegments),
])
rejects("type-mismatch", "an offset of another type among segments", [
  MEMORY,
  data(...manySegments, [0, i64(1), AT, END, 0], ...manySegments),
])
rejects("type-mismatch", "32-bit offsets into a 64-bit memory", [
  memories([4, 1]),
  data([0, i32(1), AT, END, 0], ...manySegments),
])
rejects("unknown-memory", "active segments without a memory", [
  data([AT, 0, i32(1), END, 0], ...manySegments),
])
rejects("length-out-of-bounds", "a segment beyond its section among segments", [
  MEMORY,
  data(...manySegments, [0, i32(1), END, AT, u(500)], ...manySegments),
])

const manyTypes = times(12, (index) => func(Array(index).fill(I32), index % 2 === 0 ? [] : [I64]))
accepts("function types, some of them equal", [types(...manyTypes, ...manyTypes, PLAIN)])
accepts("other types among function types", [
  types(...manyTypes, struct([I32, 0]), func([], [I32, I32]), func([V128], []), ...manyTypes),
])
rejects("unexpected-type-form", "a struct among the types of functions", [
  types(...manyTypes, struct([I32, 0]), ...manyTypes),
  functions(...times(10, () => 1), AT, 12, ...times(10, () => 1)),
])
rejects("unknown-type", "an unknown type among those of functions", [
  types(PLAIN),
  functions(...times(10, () => 0), AT, u(200), ...times(10, () => 0)),
])

test("TypeSpace gives equal types one id, whichever way they came", () => {
  // The two in the middle take the general path: one because of its form, one if the module is cut there.
  const bytes = build(types(PLAIN, ...manyTypes, [0x4e, 1, PLAIN], PLAIN, ...manyTypes)).bytes
  for (let at = 0; at <= bytes.length; at++) {
    const decoder = new ModuleDecoder()
    decoder.push(bytes.slice(0, at))
    decoder.push(bytes.slice(at))
    decoder.finish()
    const ids = times(27, (index) => decoder.spaces.types.idOf(index))
    assert.deepEqual(
      ids,
      [...times(13, (i) => i), 0, 0, ...times(12, (i) => i + 1)],
      `cut at ${at}`,
    )
  }
})

const FUNCTIONS = [types(func([], [])), functions(...times(300, () => 0))]
const CODE = code(...times(300, () => SMALL))
accepts("function indices of a segment", [
  ...FUNCTIONS,
  tables([0x70, 0, 0]),
  elements([0, i32(0), END, u(300), ...times(300, (index) => u(index))], [1, 0, 0]),
  CODE,
])
rejects("unknown-function", "an unknown function among those of a segment", [
  ...FUNCTIONS,
  tables([0x70, 0, 0]),
  elements([0, i32(0), END, 21, ...times(10, () => 7), AT, u(300), ...times(10, () => 7)]),
])
accepts("globals", [
  globals(
    ...times(12, (index) => [I32, index & 1, i32(index * 1000), END]),
    [I64, 0, i64(1), END],
    ...times(12, () => [I32, 0, 0x23, 0, END]),
  ),
])
rejects("type-mismatch", "a global of another type among globals", [
  globals(
    ...times(12, () => [I32, 0, i32(1), END]),
    [I32, 0, i64(1), AT, END],
    ...times(12, () => [I32, 0, i32(1), END]),
  ),
])

const GLOBALS = globals([I32, 0, i32(1), END], [I32, 1, i32(1), END])
const manyExports = times(12, (index) => exported(`${"n".repeat(index)}${index}`, 0, u(150)))
accepts("exports", [...FUNCTIONS, GLOBALS, exports(...manyExports, exported("g", 3, 0)), CODE])
accepts("exports of other forms among exports", [
  ...FUNCTIONS,
  GLOBALS,
  exports(...manyExports, exported("\u00fcber", 0, 0), exported("m", 3, 1), exported("", 0, 0)),
  CODE,
])
rejects("duplicate-export-name", "a name that occurs twice among exports", [
  ...FUNCTIONS,
  exports(...manyExports, [AT, exported("nnnn4", 0, 0)], exported("o", 0, 0), exported("p", 0, 0)),
])
rejects("unknown-global", "an unknown global among exports", [
  ...FUNCTIONS,
  GLOBALS,
  exports(...manyExports, exported("g", 3, [AT, 2]), exported("o", 0, 0), exported("p", 0, 0)),
])

test("DecoderSink can begin to want bodies at any of them", () => {
  const { bytes } = build(...bodies(...manyBodies, ...manyBodies))
  for (let begin = 0; begin < 24; begin++) {
    const seen: Array<number> = []
    const sink: DecoderSink & { wantsBodies: boolean } = {
      wantsBodies: false,
      functionBody(index) {
        sink.wantsBodies = index >= begin
      },
      body(index, window, start, end) {
        seen.push(index)
        assert.equal(window[end - 1], END)
        assert.equal(end - start, index % 3 === 0 ? 130 : 2)
      },
    }
    const decoder = new ModuleDecoder({ sink })
    decoder.push(bytes)
    decoder.finish()
    assert.deepEqual(seen, times(24 - begin, (index) => index + begin))
  }
})

test("DecodeError names no function when the code section is too long", () => {
  const { code: verdict, functionIndex } = judge([
    build(types(func([], [])), functions(0, 0), [
      10,
      20,
      2,
      [2, 0, END],
      [2, 0, END],
      Array(13).fill(0),
    ])
      .bytes,
  ])
  assert.deepEqual([verdict, functionIndex], ["section-size-mismatch", undefined])
})
