// Numeric instructions: constants, and each instruction's signature.
// https://webassembly.github.io/spec/core/valid/instructions.html#numeric-instructions
import assert from "node:assert/strict"
import { test } from "node:test"
import { gives } from "./support/body_cases.ts"
import { DROP, F32_0, F64_0, I32_0, I64_0 } from "../../support/instructions.ts"
import { AT, F32, F64, I32, i32, I64, i64 } from "../../support/module_builder.ts"
import { hex, parseSignatures, signatureCases } from "./support/signatures.ts"
import { validates } from "./support/validates.ts"

validates("constants", [
  ["ok", "i32.const", [I32_0], gives(I32)],
  ["ok", "i64.const", [I64_0], gives(I64)],
  ["ok", "f32.const", [F32_0], gives(F32)],
  ["ok", "f64.const", [F64_0], gives(F64)],
  ["type-mismatch", "i32.const as i64", [I32_0, AT], gives(I64)],
  ["type-mismatch", "i64.const as i32", [I64_0, AT], gives(I32)],
  ["type-mismatch", "f32.const as f64", [F32_0, AT], gives(F64)],
  ["type-mismatch", "f64.const as f32", [F64_0, AT], gives(F32)],
  ["ok", "the least i32", [i32(-(2 ** 31)), DROP]],
  ["ok", "the greatest i32", [i32(2 ** 31 - 1), DROP]],
  ["ok", "the least i64", [i64(-(2n ** 63n)), DROP]],
  ["ok", "the greatest i64", [i64(2n ** 63n - 1n), DROP]],
  ["ok", "floats of bytes that are opcodes", [
    [0x43, 0x0b, 0x0b, 0x0b, 0x0b, DROP],
    [0x44, 0x0b, 0x05, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, DROP],
  ]],
])

const ONE_BYTE = parseSignatures(`
  45    i>i
  46-4f ii>i
  50    l>i
  51-5a ll>i
  5b-60 ff>i
  61-66 dd>i
  67-69 i>i
  6a-78 ii>i
  79-7b l>l
  7c-8a ll>l
  8b-91 f>f
  92-98 ff>f
  99-9f d>d
  a0-a6 dd>d
  a7    l>i
  a8-a9 f>i
  aa-ab d>i
  ac-ad i>l
  ae-af f>l
  b0-b1 d>l
  b2-b3 i>f
  b4-b5 l>f
  b6    d>f
  b7-b8 i>d
  b9-ba l>d
  bb    f>d
  bc    f>i
  bd    d>l
  be    i>f
  bf    l>d
  c0-c1 i>i
  c2-c4 l>l
`)

const SATURATING = parseSignatures(`
  0-1 f>i
  2-3 d>i
  4-5 f>l
  6-7 d>l
`)

test("The table has every numeric instruction once", () => {
  assert.deepEqual(ONE_BYTE.map((row) => row.opcode), Array.from({ length: 128 }, (_, i) => i + 69))
  assert.deepEqual(SATURATING.map((row) => row.opcode), [0, 1, 2, 3, 4, 5, 6, 7])
})

validates(
  "instructions of one byte",
  ONE_BYTE.flatMap(({ opcode, signature }) => signatureCases(hex(opcode), opcode, signature)),
)
validates(
  "saturating truncations",
  SATURATING.flatMap(({ opcode, signature }) => {
    return signatureCases(`fc ${hex(opcode)}`, [0xfc, opcode], signature)
  }),
)
