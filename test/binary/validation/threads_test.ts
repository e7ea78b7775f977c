// Atomic instructions, on shared memories and on others.
// https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md
import assert from "node:assert/strict"
import { test } from "node:test"
import { type BodyCase, gives } from "./support/body_cases.ts"
import { atomic, DROP, I32_0, I64_0, memarg, NOP, padded } from "../../support/instructions.ts"
import { AT, atByte, I32, I64, imported, type Part } from "../../support/module_builder.ts"
import { hex, parseSignatures, signatureCases } from "./support/signatures.ts"
import { validates } from "./support/validates.ts"

// The instructions after the prefix 0xFE with a memory argument: signature, natural alignment.
const ATOMICS = parseSignatures(`
  00 ii>i   2
  01 iil>i  2
  02 ill>i  3
  10 i>i    2
  11 i>l    3
  12 i>i    0
  13 i>i    1
  14 i>l    0
  15 i>l    1
  16 i>l    2
  17 ii>    2
  18 il>    3
  19 ii>    0
  1a ii>    1
  1b il>    0
  1c il>    1
  1d il>    2
${
  // add, sub, and, or, xor, xchg
  [0x1e, 0x25, 0x2c, 0x33, 0x3a, 0x41].map((first) => `
  ${first.toString(16)} ii>i 2
  ${(first + 1).toString(16)} il>l 3
  ${(first + 2).toString(16)} ii>i 0
  ${(first + 3).toString(16)} ii>i 1
  ${(first + 4).toString(16)} il>l 0
  ${(first + 5).toString(16)} il>l 1
  ${(first + 6).toString(16)} il>l 2`).join("").slice(1)}
  48 iii>i  2
  49 ill>l  3
  4a iii>i  0
  4b iii>i  1
  4c ill>l  0
  4d ill>l  1
  4e ill>l  2
`)

test("The table has every atomic instruction once", () => {
  const all = [0, 1, 2, ...Array.from({ length: 0x3f }, (_, i) => i + 0x10)]
  assert.deepEqual(ATOMICS.map((row) => row.opcode), all)
})

const title = (opcode: number): string => `fe ${hex(opcode)}`
const SHARED = { memories: [[3, 1, 2]] }
const SHARED_64 = { memories: [[7, 1, 2]] }

const signatures = (isWide: boolean): Array<BodyCase> => {
  return ATOMICS.flatMap(({ opcode, rest: [align], signature }) => {
    const instruction = atomic(opcode, memarg(Number(align)))
    const own = isWide ? `l${signature.slice(1)}` : signature
    return signatureCases(title(opcode), instruction, own)
  })
}
validates("atomics on a memory that is not shared", signatures(false))
validates("atomics on a shared memory", signatures(false), { environment: SHARED })
validates("atomics on a shared 64-bit memory", signatures(true), { environment: SHARED_64 })

const OPERANDS: ReadonlyMap<string, Part> = new Map([["i", I32_0], ["l", I64_0]])

validates(
  "memory arguments of atomics",
  ATOMICS.flatMap(({ opcode, rest: [align], signature }): Array<BodyCase> => {
    const natural = Number(align)
    const letters = [...signature.slice(0, signature.indexOf(">"))]
    const operands = letters.map((letter) => OPERANDS.get(letter) ?? [])
    const after = signature.endsWith(">") ? [] : DROP
    const bad = (immediates: Part, mark = AT): ReadonlyArray<Part> => {
      return [operands, mark, atomic(opcode, immediates), after]
    }
    const name = title(opcode)
    const others = [0, 1, 2, 3, 4].filter((exponent) => exponent !== natural)
    return [
      ...others.map((exponent): BodyCase => {
        return ["invalid-alignment", `${name} aligned to 2^${exponent}`, bad(memarg(exponent))]
      }),
      ["offset-out-of-range", `${name} with an offset of 2^32`, bad(memarg(natural, 2 ** 32))],
      ["unknown-memory", `${name} with another memory`, bad(memarg(natural, 0, 1))],
      ["unknown-memory", `${name} without a memory`, bad(memarg(natural)), { memories: [] }],
      ["malformed-memory-flags", `${name} with flags`, bad([0x80 | natural, 0x01, 0], atByte(2))],
    ]
  }),
)

validates("atomics otherwise", [
  ["ok", "the greatest offset", [I32_0, atomic(0x10, memarg(2, 2 ** 32 - 1)), DROP], SHARED],
  ["ok", "another memory by its number", [
    [I32_0, atomic(0x10, memarg(2, 0, 1)), DROP],
  ], { memories: [[0, 1], [3, 1, 2]] }],
  ["ok", "an imported shared memory", [
    [I32_0, I32_0, atomic(0x1e, memarg(2))],
  ], { imports: [imported("m", "m", 2, [3, 1, 2])], memories: [], results: [I32] }],
  ["type-mismatch", "an i64 operation as i32", [
    [I32_0, atomic(0x14, memarg(0)), AT],
  ], gives(I32)],
  ["ok", "an i64 operation", [I32_0, atomic(0x14, memarg(0))], gives(I64)],
])

validates("atomic.fence", [
  ["ok", "with its byte", [atomic(3, 0)]],
  ["ok", "without a memory", [atomic(3, 0)], { memories: [] }],
  ["malformed-fence", "with another byte", [atByte(2), atomic(3, 1)]],
  ["malformed-fence", "with a zero of two bytes", [atByte(2), atomic(3, 0x80, 0x00)]],
  ["type-mismatch", "gives nothing", [atomic(3, 0), AT, DROP]],
])

validates("unassigned atomics", [
  ...[0x04, 0x05, 0x0f, 0x4f, 0x50, 0x7f, 0x80, 0x100].map((opcode): BodyCase => {
    return ["unsupported", title(opcode), [AT, atomic(opcode, NOP, NOP)]]
  }),
  ["ok", "a number of five bytes", [0xfe, padded(3, 5), 0]],
  ["leb128-too-long", "a number of six bytes", [atByte(5), 0xfe, padded(3, 6), 0]],
])
