// The calls of a sink, the contents of the index spaces afterwards, and the decoder's state meanwhile.
import assert from "node:assert/strict"
import { test } from "node:test"
import { type DecoderSink, ModuleDecoder } from "../../src/binary/mod.ts"
import {
  body,
  build,
  code,
  custom,
  data,
  dataCount,
  elements,
  END,
  exported,
  exports,
  EXTERNREF,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  I64,
  imported,
  imports,
  memories,
  section,
  start,
  tables,
  tags,
  types,
  u,
} from "../support/module_builder.ts"
import { bytewise, judge, judgeEverySplit } from "../support/verdicts.ts"

const SAMPLE = build(
  types(func([], []), func([I32], [I64])),
  imports(imported("m", "f", 0, 1), imported("m", "t", 1, [EXTERNREF, 0, 3])),
  functions(0, 1),
  tables([FUNCREF, 5, 1, u(2 ** 40)]),
  memories([7, 1, 2]),
  tags([0, 0]),
  globals([I64, 1, 0x42, 0, END]),
  exports(exported("x", 0, 1)),
  start(1),
  elements([3, 0, 1, 2]),
  dataCount(1),
  code(body(0, END), body(1, 2, I32, 0x01, END)),
  data([1, 3, 7, 8, 9]),
  custom("note", 1, 2, 3),
)

test("DecoderSink is told of everything in order", () => {
  const { events } = judgeEverySplit(SAMPLE.bytes)
  const kinds = events.split("\n").map((event) => event.split(" ").slice(0, 2).join(" "))
  assert.deepEqual(kinds, [
    "section 1",
    "section 2",
    "import 0",
    "import 1",
    "section 3",
    "section 4",
    "section 5",
    "section 13",
    "section 6",
    "section 7",
    "export 0",
    "section 8",
    "start 1",
    "section 9",
    "elements 0",
    "section 12",
    "section 10",
    "code 2",
    "function 1",
    "function 2",
    "section 11",
    "data 0",
    "section 0",
    "custom 110,111,116,101",
    "payload 1,2,3",
    `end ${SAMPLE.bytes.length}`,
  ])
})

test("DecoderSink gets whole bodies with their offsets", () => {
  const { events } = judge(bytewise(SAMPLE.bytes), {}, true)
  const bodies = events.split("\n").filter((event) => event.startsWith("body"))
  const heads = events.split("\n").filter((event) => event.startsWith("function"))
  const starts = heads.map((event) => event.split(" ")[2])
  assert.deepEqual(bodies, [`body 1 0,11 ${starts[0]}`, `body 2 1,2,127,1,11 ${starts[1]}`])
})

test("ModuleSpaces holds what a validator of bodies needs", () => {
  const decoder = new ModuleDecoder()
  decoder.push(SAMPLE.bytes)
  decoder.finish()
  const { spaces } = decoder
  assert.deepEqual([spaces.functionCount, spaces.importedFunctionCount], [3, 1])
  assert.deepEqual([0, 1, 2].map((i) => spaces.functionTypeIndex(i)), [1, 0, 1])
  assert.equal(spaces.types.parameterCount(spaces.functionTypeId(2)), 1)
  assert.deepEqual([spaces.tableCount, spaces.importedTableCount], [2, 1])
  assert.equal(spaces.types.textOf(spaces.tableType(0)), "externref")
  assert.deepEqual([spaces.isTable64(0), spaces.isTable64(1)], [false, true])
  assert.equal(spaces.tableLimits.maximum(0), undefined)
  assert.equal(spaces.tableLimits.maximum(1), 2n ** 40n)
  assert.deepEqual([spaces.isMemory64(0), spaces.memoryLimits.isShared(0)], [true, true])
  assert.deepEqual([spaces.globalType(0), spaces.isGlobalMutable(0)], [I64, true])
  assert.deepEqual([spaces.tagCount, spaces.tagTypeIndex(0)], [1, 0])
  assert.deepEqual([spaces.elementCount, spaces.types.textOf(spaces.elementType(0))], [
    1,
    "(ref func)",
  ])
  assert.deepEqual([0, 1, 2].map((i) => spaces.isDeclared(i)), [false, true, true])
  assert.deepEqual([spaces.dataCount, spaces.startFunction], [1, 1])
  assert.deepEqual(decoder.features, [
    "reference-types",
    "bulk-memory",
    "threads",
    "memory64",
    "table64",
    "exceptions",
  ])
})

test("DecoderSink gets a custom payload only if it is not larger than asked for", () => {
  for (const [wanted, count] of [[0, 0], [2, 0], [3, 1], [9, 1]] as const) {
    let payloads = 0
    const sink: DecoderSink = {
      customSection: () => wanted,
      customPayload: () => {
        payloads++
      },
    }
    const decoder = new ModuleDecoder({ sink })
    decoder.push(SAMPLE.bytes)
    decoder.finish()
    assert.equal(payloads, count, `${wanted} bytes wanted`)
  }
})

test("ModuleDecoder skips a body of megabytes in small chunks", () => {
  const size = 3_000_000
  const parts = [types(func([], [])), functions(0), custom("x", Array(50).fill(1))]
  const head = build(parts, [10, u(size + 5), 1], u(size), 0).bytes
  const decoder = new ModuleDecoder()
  decoder.push(head)
  const chunk = new Uint8Array(1000)
  for (let left = size - 1; left > 0; left -= chunk.length) {
    decoder.push(left < chunk.length ? chunk.subarray(0, left) : chunk)
  }
  decoder.finish()
  assert.equal(decoder.size, head.length + size - 1)
})

test("ModuleDecoder takes a large segment byte by byte in linear time", () => {
  const count = 100_000
  const entries = new Uint8Array(count)
  const head = build(
    types(func([], [])),
    imports(imported("m", "f", 0, 0)),
    [9, u(count + 6), 1, 1, 0, u(count)],
  ).bytes
  const decoder = new ModuleDecoder()
  decoder.push(head)
  for (let at = 0; at < count; at++) decoder.push(entries.subarray(at, at + 1))
  assert.equal(decoder.spaces.elementCount, 1)
})

test("ModuleDecoder takes one long item byte by byte in reasonable time", () => {
  const operands = 20_000
  const expression = build([Array(operands).fill([0x41, 0]), Array(operands - 1).fill(0x6a), END])
  const payload = build(section(6, 1, I32, 0, [...expression.bytes.subarray(8)])).bytes
  const started = performance.now()
  assert.equal(judge(bytewise(payload)).code, "ok")
  assert.ok(performance.now() - started < 5000)
})

test("ModuleDecoder finds a fault in a long item however it is split", () => {
  const long = [
    types(func(Array(900).fill(I32), [])),
    globals([I32, 0, Array(300).fill(i32(1)), END]),
  ]
  assert.equal(judgeEverySplit(build(long).bytes).code, "type-mismatch")
})
