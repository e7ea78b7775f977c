// The instruction table: complete, free of duplicates, and in a uniform format.
import assert from "node:assert/strict"
import { test } from "node:test"
import { featureNames } from "../../../src/binary/features.ts"
import { pageOf } from "../../../src/binary/validation/instruction_words.ts"
import {
  INSTRUCTION_PAGES,
  type InstructionPage,
} from "../../../src/binary/validation/instruction_set.ts"

/** The opcodes of the specification's index, of threads and of legacy exceptions, as ranges. */
const OPCODES: ReadonlyArray<
  readonly [prefix: number, ...ranges: Array<readonly [number, number]>]
> = [
  [
    0,
    [0x00, 0x15],
    [0x18, 0x1c],
    [0x1f, 0x26],
    [0x28, 0xc4],
    [0xd0, 0xd6],
  ],
  [0xfb, [0, 30]],
  [0xfc, [0, 17], [0x13, 0x16]],
  [
    0xfd,
    [0x00, 0x99],
    [0x9b, 0xa1],
    [0xa3, 0xa4],
    [0xa7, 0xae],
    [0xb1, 0xb1],
    [0xb5, 0xba],
    [0xbc, 0xc1],
    [0xc3, 0xc4],
    [0xc7, 0xce],
    [0xd1, 0xd1],
    [0xd5, 0xe1],
    [0xe3, 0xed],
    [0xef, 0xff],
    [0x100, 0x113],
  ],
  [0xfe, [0x00, 0x03], [0x10, 0x4e]],
]

/** The number of instructions that each feature added; the rest are those of the first version. */
const COUNTS: ReadonlyArray<readonly [string, number]> = [
  ["sign-extension", 5],
  ["saturating-float-to-int", 8],
  ["reference-types", 9],
  ["bulk-memory", 7],
  ["simd", 236],
  ["relaxed-simd", 20],
  ["threads", 67],
  ["tail-calls", 2],
  ["exceptions", 3],
  ["legacy-exceptions", 5],
  ["typed-function-references", 5],
  ["gc", 32],
  ["wide-arithmetic", 4],
]
const FIRST_VERSION = 172

const all = INSTRUCTION_PAGES.flatMap(({ instructions }) => instructions)

const opcodesOf = (page: InstructionPage): Array<number> => {
  return page.instructions.map(({ opcode }) => opcode)
}

test("the table has every opcode of the specification, and no other", () => {
  assert.deepEqual(INSTRUCTION_PAGES.map(({ prefix }) => prefix), OPCODES.map(([prefix]) => prefix))
  for (const [prefix, ...ranges] of OPCODES) {
    const expected = ranges.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i)
    )
    const page = INSTRUCTION_PAGES.find((page) => page.prefix === prefix)
    assert.ok(page !== undefined)
    assert.deepEqual(opcodesOf(page), expected, `prefix ${prefix.toString(16)}, in order`)
  }
})

test("the table has every name once", () => {
  const names = all.map(({ name }) => name)
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [])
  const odd = names.filter((name) => !/^[a-z0-9_]+(\.[a-z0-9_]+)*( null| t)?$/.test(name))
  assert.deepEqual(odd, [])
})

test("the table counts the instructions of every feature", () => {
  const counts = new Map<string, number>()
  for (const { feature } of all) {
    const [name = "", ...others] = featureNames(feature)
    assert.deepEqual(others, [], "one feature each")
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  assert.deepEqual(
    [...counts].sort(),
    [["", FIRST_VERSION] as const, ...COUNTS].map((row) => [...row]).sort(),
  )
})

test("the table has signatures in one form only", () => {
  const types = "(i32|i64|f32|f64|v128|addr)"
  const form = new RegExp(`^$|^->$|^(${types} ){1,3}->( ${types})?$|^-> ${types}$`)
  assert.deepEqual(all.filter(({ signature }) => !form.test(signature)), [])
})

test("the pages of words hold what the table says", () => {
  for (const { instructions, prefix } of INSTRUCTION_PAGES) {
    const page = pageOf(prefix)
    assert.ok(page !== undefined)
    for (const { feature, name, opcode } of instructions) {
      assert.equal(page.names[opcode], name)
      assert.equal(page.features[opcode], feature)
    }
    const named = page.names.filter((name) => name !== "").length
    assert.equal(named, instructions.length)
    assert.equal(page.words.filter((word) => word !== 0).length, instructions.length)
  }
})
