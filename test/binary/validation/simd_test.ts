// Vector instructions: each one's signature, lanes, shuffles, loads and stores, relaxed ones.
// https://webassembly.github.io/spec/core/valid/instructions.html#vector-instructions
import assert from "node:assert/strict"
import { test } from "node:test"
import { type BodyCase, gives } from "./support/body_cases.ts"
import {
  access,
  DROP,
  I32_0,
  I64_0,
  memarg,
  padded,
  SELECT,
  selectTyped,
  simd,
  V128_0,
} from "../../support/instructions.ts"
import { AT, atByte, I32, type Part, V128 } from "../../support/module_builder.ts"
import { hex, parseSignatures, signatureCases } from "./support/signatures.ts"
import { validates } from "./support/validates.ts"

// The instructions without immediates, by their numbers after the prefix 0xFD.
const PLAIN = parseSignatures(`
  0e      vv>v
  0f-11   i>v
  12      l>v
  13      f>v
  14      d>v
  23-4c   vv>v
  4d      v>v
  4e-51   vv>v
  52      vvv>v
  53      v>i
  5e-62   v>v
  63-64   v>i
  65-66   vv>v
  67-6a   v>v
  6b-6d   vi>v
  6e-73   vv>v
  74-75   v>v
  76-79   vv>v
  7a      v>v
  7b      vv>v
  7c-81   v>v
  82      vv>v
  83-84   v>i
  85-86   vv>v
  87-8a   v>v
  8b-8d   vi>v
  8e-93   vv>v
  94      v>v
  95-99   vv>v
  9b-9f   vv>v
  a0-a1   v>v
  a3-a4   v>i
  a7-aa   v>v
  ab-ad   vi>v
  ae      vv>v
  b1      vv>v
  b5-ba   vv>v
  bc-bf   vv>v
  c0-c1   v>v
  c3-c4   v>i
  c7-ca   v>v
  cb-cd   vi>v
  ce      vv>v
  d1      vv>v
  d5-db   vv>v
  dc-df   vv>v
  e0-e1   v>v
  e3      v>v
  e4-eb   vv>v
  ec-ed   v>v
  ef      v>v
  f0-f7   vv>v
  f8-ff   v>v
`)

const RELAXED = parseSignatures(`
  100     vv>v
  101-104 v>v
  105-10c vvv>v
  10d-112 vv>v
  113     vvv>v
`)

// Signature, and number of lanes.
const LANES = parseSignatures(`
  15-16 v>i  16
  17    vi>v 16
  18-19 v>i  8
  1a    vi>v 8
  1b    v>i  4
  1c    vi>v 4
  1d    v>l  2
  1e    vl>v 2
  1f    v>f  4
  20    vf>v 4
  21    v>d  2
  22    vd>v 2
`)

// Signature, and the exponent of the natural alignment.
const ACCESSES = parseSignatures(`
  00    i>v 4
  01-06 i>v 3
  07    i>v 0
  08    i>v 1
  09    i>v 2
  0a    i>v 3
  0b    iv> 4
  5c    i>v 2
  5d    i>v 3
`)

// Signature, alignment, and number of lanes.
const LANE_ACCESSES = parseSignatures(`
  54 iv>v 0 16
  55 iv>v 1 8
  56 iv>v 2 4
  57 iv>v 3 2
  58 iv>  0 16
  59 iv>  1 8
  5a iv>  2 4
  5b iv>  3 2
`)

const UNASSIGNED = [
  ...[0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6],
  ...[0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee],
]

test("The tables have every vector instruction once", () => {
  const tables = [PLAIN, LANES, ACCESSES, LANE_ACCESSES].flat().map((row) => row.opcode)
  const all = [...tables, ...UNASSIGNED, 0x0c, 0x0d].sort((a, b) => a - b)
  assert.deepEqual(all, Array.from({ length: 256 }, (_, i) => i))
  assert.deepEqual(RELAXED.map((row) => row.opcode), Array.from({ length: 20 }, (_, i) => 256 + i))
})

const title = (opcode: number): string => `fd ${hex(opcode)}`

validates(
  "vector instructions",
  PLAIN.flatMap(({ opcode, signature }) => signatureCases(title(opcode), simd(opcode), signature)),
)
validates(
  "relaxed vector instructions",
  RELAXED.flatMap(({ opcode, signature }) =>
    signatureCases(title(opcode), simd(opcode), signature)
  ),
)

validates("unassigned vector instructions", [
  ...[...UNASSIGNED, 0x114, 0x12f, 0x200, 0x4000].map((opcode): BodyCase => {
    return ["unsupported", title(opcode), [V128_0, V128_0, AT, simd(opcode), DROP, DROP]]
  }),
  ["ok", "a number of five bytes", [V128_0, 0xfd, padded(0x4d, 5), DROP]],
  ["leb128-too-long", "a number of six bytes", [V128_0, atByte(5), 0xfd, padded(0x4d, 6), DROP]],
  ["leb128-too-large", "a number above 32 bits", [
    [V128_0, atByte(5), 0xfd, 0xcd, 0x80, 0x80, 0x80, 0x10, DROP],
  ]],
])

validates("v128.const", [
  ["ok", "sixteen bytes", [V128_0], gives(V128)],
  ["ok", "bytes that are opcodes", [0xfd, 12, Array(16).fill(0x0b)], gives(V128)],
  ["type-mismatch", "as i32", [V128_0, AT], gives(I32)],
])

validates(
  "lanes",
  LANES.flatMap(({ opcode, signature, rest: [lanes] }) => {
    return signatureCases(title(opcode), simd(opcode, Number(lanes) - 1), signature)
  }),
)
validates(
  "lane indexes",
  LANES.flatMap(({ opcode, signature, rest: [lanes] }): Array<BodyCase> => {
    const operand = { i: I32_0, l: I64_0 }[signature.slice(1, 2)]
    const other = signature === "vf>v" ? [0x43, 0, 0, 0, 0] : [0x44, 0, 0, 0, 0, 0, 0, 0, 0]
    const operands = [V128_0, signature.startsWith("v>") ? [] : operand ?? other]
    return [
      ["ok", `${title(opcode)} with lane 0`, [operands, simd(opcode, 0), DROP]],
      ...[Number(lanes), 128, 255].map((lane): BodyCase => {
        const instructions = [operands, AT, simd(opcode, lane), DROP]
        return ["invalid-lane", `${title(opcode)} with lane ${lane}`, instructions]
      }),
    ]
  }),
)

const shuffle = (...lanes: ReadonlyArray<number>): Part => {
  return simd(0x0d, [...lanes, ...Array(16).fill(0)].slice(0, 16))
}
validates("i8x16.shuffle", [
  ...signatureCases("lanes of both", shuffle(0, 1, 15, 16, 31), "vv>v"),
  ["invalid-lane", "a first lane of 32", [V128_0, V128_0, AT, shuffle(32), DROP]],
  ["invalid-lane", "a last lane of 32", [
    [V128_0, V128_0, AT, simd(0x0d, Array(15).fill(31), 32), DROP],
  ]],
  ["invalid-lane", "a lane of 255", [V128_0, V128_0, AT, shuffle(0, 0, 255), DROP]],
])

validates(
  "vector loads and stores",
  ACCESSES.flatMap(({ opcode, signature, rest: [align] }) => {
    return signatureCases(title(opcode), access([0xfd, opcode], Number(align)), signature)
  }),
)
validates(
  "vector loads and stores of a 64-bit memory",
  ACCESSES.flatMap(({ opcode, signature, rest: [align] }) => {
    const instruction = access([0xfd, opcode], Number(align), 2 ** 33)
    return signatureCases(title(opcode), instruction, `l${signature.slice(1)}`)
  }),
  { environment: { memories: [[4, 1]] } },
)

/** An access by its opcode, with a lane or none. */
interface VectorAccess {
  readonly opcode: number
  readonly operands: Part
  readonly natural: number
  readonly after: Part
  readonly lane: Part
}

const VECTOR_ACCESSES: ReadonlyArray<VectorAccess> = [...ACCESSES, ...LANE_ACCESSES].map((row) => {
  const { opcode, rest: [align, lanes], signature } = row
  return {
    opcode,
    operands: signature.startsWith("iv") ? [I32_0, V128_0] : I32_0,
    natural: Number(align),
    after: signature.endsWith(">") ? [] : DROP,
    lane: lanes === undefined ? [] : 0,
  }
})

validates(
  "memory arguments of vector loads and stores",
  VECTOR_ACCESSES.flatMap(({ after, lane, natural, opcode, operands }): Array<BodyCase> => {
    const code = [0xfd, opcode]
    const written = (...immediates: Array<Part>): Part => [code, immediates, lane, after]
    const name = title(opcode)
    return [
      ["ok", `${name} without alignment`, [operands, written(memarg(0))]],
      ["invalid-alignment", `${name} with too much`, [operands, AT, written(memarg(natural + 1))]],
      ["ok", `${name} with the greatest offset`, [operands, written(memarg(0, 2 ** 32 - 1))]],
      ["offset-out-of-range", `${name} with one above`, [
        operands,
        AT,
        written(memarg(0, 2 ** 32)),
      ]],
      ["unknown-memory", `${name} with another memory`, [operands, AT, written(memarg(0, 0, 1))]],
      ["unknown-memory", `${name} without a memory`, [operands, AT, written(memarg(0))], {
        memories: [],
      }],
      ["malformed-memory-flags", `${name} with flags`, [
        operands,
        atByte(2),
        written(0x80, 0x01, 0),
      ]],
    ]
  }),
)

validates(
  "loads and stores of a lane",
  LANE_ACCESSES.flatMap(({ opcode, signature, rest: [align, lanes] }): Array<BodyCase> => {
    const lane = (index: number): Part => [0xfd, opcode, memarg(Number(align)), index]
    const after = signature.endsWith(">") ? [] : DROP
    return [
      ...signatureCases(title(opcode), lane(Number(lanes) - 1), signature),
      ...[Number(lanes), 255].map((index): BodyCase => {
        const instructions = [I32_0, V128_0, AT, lane(index), after]
        return ["invalid-lane", `${title(opcode)} with lane ${index}`, instructions]
      }),
    ]
  }),
)
validates(
  "loads and stores of a lane with a 64-bit memory",
  LANE_ACCESSES.flatMap(({ opcode, signature, rest: [align] }) => {
    const instruction = [0xfd, opcode, memarg(Number(align), 2 ** 33), 0]
    return signatureCases(title(opcode), instruction, `l${signature.slice(1)}`)
  }),
  { environment: { memories: [[4, 1]] } },
)

validates("vectors elsewhere", [
  ["ok", "select", [V128_0, V128_0, I32_0, SELECT], gives(V128)],
  ["ok", "select with a type", [V128_0, V128_0, I32_0, selectTyped(V128)], gives(V128)],
  ["type-mismatch", "select of a vector and a number", [V128_0, I64_0, I32_0, AT, SELECT, DROP]],
  ["ok", "another memory by its number", [
    [I32_0, access([0xfd, 0], 4, 0, 1), DROP],
  ], { memories: [[0, 1], [0, 1]] }],
])
