/**
 * Wide arithmetic, a proposal that engines have begun to ship: sums of 128-bit numbers, and products of 64-bit ones.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { DecodeError, ModuleValidator } from "../../../src/binary/mod.ts"

const I64 = 0x7e
const I32 = 0x7f
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** A function that applies an instruction to its parameters. */
const moduleOf = (
  opcode: number,
  parameters: ReadonlyArray<number>,
  results: ReadonlyArray<number>,
): Uint8Array => {
  const type = [0x60, parameters.length, ...parameters, results.length, ...results]
  const code = [...parameters.flatMap((_, index) => [0x20, index]), 0xfc, opcode, 0x0b]
  const sections = [
    [1, type.length + 1, 1, ...type],
    [3, 2, 1, 0],
    [10, code.length + 3, 1, code.length + 1, 0, ...code],
  ]
  return Uint8Array.from([...header, ...sections.flat()])
}

const judge = (module: Uint8Array): string => {
  const validator = new ModuleValidator()
  try {
    validator.push(module)
    validator.finish()
    return validator.features.join()
  } catch (error) {
    if (error instanceof DecodeError) return error.code
    throw error
  }
}

const two = [I64, I64]
const four = [...two, ...two]
const ok = "multi-value,wide-arithmetic"

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [name: string, module: Uint8Array, expected: string]> = [
  ["i64.add128", moduleOf(0x13, four, two), ok],
  ["i64.sub128", moduleOf(0x14, four, two), ok],
  ["i64.mul_wide_s", moduleOf(0x15, two, two), ok],
  ["i64.mul_wide_u", moduleOf(0x16, two, two), ok],
  ["i64.add128 with three operands", moduleOf(0x13, [I64, I64, I64], two), "type-mismatch"],
  ["i64.add128 of an i32", moduleOf(0x13, [I64, I64, I32, I64], two), "type-mismatch"],
  ["i64.sub128 with one result", moduleOf(0x14, four, [I64]), "type-mismatch"],
  ["i64.mul_wide_s with one operand", moduleOf(0x15, [I64], two), "type-mismatch"],
  ["i64.mul_wide_u with an i32 as a result", moduleOf(0x16, two, [I64, I32]), "type-mismatch"],
  ["the opcode after them", moduleOf(0x17, two, two), "unsupported"],
]
for (const [name, module, expected] of cases) {
  test(`ModuleValidator on ${name}`, () => assert.equal(judge(module), expected))
}
