// The implementation-defined limits of the JS API, at the limit and one beyond.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { DecodeErrorCode } from "../../src/binary/mod.ts"
import {
  array,
  AT,
  body,
  code,
  data,
  dataCount,
  elements,
  END,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  imported,
  imports,
  memories,
  type Part,
  ref,
  section,
  struct,
  sub,
  tables,
  types,
  u,
} from "../support/module_builder.ts"
import { build } from "../support/module_builder.ts"
import { judge, rejects } from "../support/verdicts.ts"

const many = (count: number, part: Part): Array<Part> => Array.from({ length: count }, () => part)

// Counts: the limit is checked before the first byte of the entries.
const COUNTS: ReadonlyArray<readonly [DecodeErrorCode, number, number]> = [
  ["limit-recursion-groups", 1, 1_000_000],
  ["limit-imports", 2, 1_000_000],
  ["limit-functions", 3, 1_000_000],
  ["limit-tables", 4, 100_000],
  ["limit-memories", 5, 100],
  ["limit-globals", 6, 1_000_000],
  ["limit-exports", 7, 1_000_000],
  ["limit-data-segments", 11, 100_000],
  ["limit-tags", 13, 1_000_000],
]
for (const [limit, id, count] of COUNTS) {
  rejects(limit, `${count + 1} entries in section ${id}`, [section(id, AT, u(count + 1))])
  rejects("length-out-of-bounds", `${count} entries in section ${id} without bytes`, [
    section(id, AT, u(count)),
  ])
}
rejects("limit-data-segments", "a data count of 100001", [dataCount([AT, u(100_001)])])
rejects("limit-recursion-group-types", "1000001 types in a group", [
  section(1, 1, 0x4e, AT, u(1_000_001)),
])
test("ModuleDecoder holds all groups together to 1000000 types: limit-types", () => {
  const group = [0x4e, u(1_000_000), Array(1_000_000).fill(0)]
  const { at, bytes } = build(section(1, 2, [0x60, 0, 0], AT, group))
  const { code, offset } = judge([bytes])
  assert.deepEqual({ code, offset }, { code: "limit-types", offset: at })
})
rejects("limit-element-entries", "10000001 entries in a segment", [
  section(9, 1, 1, 0, AT, u(10_000_001)),
])
rejects("limit-module-size", "a section that ends above 1 GiB", [[0, AT, u(2 ** 30)]])
rejects("unexpected-end", "a section that ends at 1 GiB", [[0, u(2 ** 30 - 14), 0], AT])

/** Accepted at the limit, rejected one above, accepted above it with the core limits. */
const limits = (
  limit: DecodeErrorCode,
  title: string,
  count: number,
  sections: (count: number) => ReadonlyArray<Part>,
): void => {
  test(`ModuleDecoder accepts ${count} ${title} and rejects one more: ${limit}`, () => {
    assert.equal(judge([build(sections(count)).bytes]).code, "ok")
    const { bytes } = build(sections(count + 1))
    assert.equal(judge([bytes]).code, limit)
    assert.equal(judge([bytes], { limits: "core" }).code, "ok")
  })
}
limits("limit-parameters", "parameters", 1000, (n) => [types(func(many(n, I32), []))])
limits("limit-results", "results", 1000, (n) => [types(func([], many(n, I32)))])
limits("limit-struct-fields", "struct fields", 10_000, (n) => [types(struct(...many(n, [I32, 0])))])
limits("limit-subtype-depth", "levels of sub types", 63, (n) => {
  const chain = Array.from({ length: n }, (_, i) => sub([u(i)], struct()))
  return [types(sub([], struct()), ...chain)]
})
limits("limit-array-new-fixed", "operands of array.new_fixed", 10_000, (n) => [
  types(array([I32, 0])),
  globals([ref(0), 0, many(n, i32(0)), 0xfb, 8, 0, u(n), END]),
])
limits("limit-table-size", "table entries", 10_000_000, (n) => [tables([FUNCREF, 0, u(n)])])
limits("limit-table-size", "64-bit table entries", 10_000_000, (n) => [tables([FUNCREF, 4, u(n)])])
limits("limit-memory-pages", "64-bit pages", 2 ** 37 - 1, (n) => [memories([4, u(n)])])
limits("limit-memory-pages", "64-bit pages at most", 2 ** 37 - 1, (n) => [memories([5, 0, u(n)])])
limits("limit-memories", "memories, imported ones too", 100, (n) => [
  imports(...many(n - 50, imported("m", "m", 2, [0, 0]))),
  memories(...many(50, [0, 0])),
])
limits("limit-memories", "imported memories", 100, (n) => [
  imports(...many(n, imported("m", "m", 2, [0, 0]))),
])
limits("limit-locals", "locals with parameters", 50_000, (n) => [
  types(func([I32, I32], [])),
  functions(0),
  code(body(1, u(n - 2), I32, END)),
])
limits("limit-locals", "locals in two declarations", 50_000, (n) => [
  types(func([], [])),
  functions(0),
  code(body(2, u(n - 7), I32, 7, I32, END)),
])

test("ModuleDecoder holds a body to 7654321 bytes", () => {
  const sized = (size: number) => {
    const sections = [types(func([], [])), functions(0)]
    return build(sections, [10, u(size + 5), 1, u(size)]).bytes
  }
  assert.equal(judge([sized(7_654_322)]).code, "limit-body-size")
  assert.equal(judge([sized(7_654_322)], { limits: "core" }).code, "unexpected-end")
  assert.equal(judge([sized(7_654_321)]).code, "unexpected-end")
})

test("ModuleDecoder does not limit a table's maximum, nor data and elements below it", () => {
  const { bytes } = build(
    tables([FUNCREF, 1, 0, u(2 ** 32 - 1)]),
    elements(...many(200, [1, 0, 0])),
    data(...many(200, [1, 0])),
  )
  assert.equal(judge([bytes]).code, "ok")
})
