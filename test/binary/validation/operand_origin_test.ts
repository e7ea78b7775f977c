/**
 * An error about an operand's type reports the instruction that pushed the operand, by name and offset.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { findFault } from "../../../src/binary/mod.ts"
import {
  AT,
  body,
  build,
  code,
  END,
  func,
  functions,
  I32,
  i32,
  I64,
  type Part,
  types,
} from "../../support/module_builder.ts"

const signatures = types(func([I64], []), func([], [I32, I64]), func([I64], [I64]), func([], []))
const [DROP, CALL, BLOCK, LOOP, IF, ELSE] = [0x1a, 0x10, 0x02, 0x03, 0x04, 0x05]
const [I32_EQZ, I32_ADD, I64_ADD, SELECT, UNREACHABLE] = [0x45, 0x6a, 0x7c, 0x1b, 0x00]
const get = [0x20, 0]
const tee = [0x22, 0]
const i64 = [0x42, 0]

/** `AT` stands before the instruction that pushes. */
// deno-fmt-ignore
const cases: ReadonlyArray<readonly [title: string, name: string | undefined, ...Array<Part>]> = [
  ["a constant", "i64.const", AT, i64, I32_EQZ],
  ["a local", "local.get", AT, get, I32_EQZ],
  ["a local that was set in passing", "local.tee", i64, AT, tee, I32_EQZ],
  ["the lower operand", "i64.const", AT, i64, i32(1), I32_ADD],
  ["what is written over what was dropped", "i64.const", i32(0), DROP, AT, i64, I32_EQZ],
  ["below a drop", "i64.const", AT, i64, i32(0), DROP, I32_EQZ],
  ["a sum", "i64.add", i64, i64, AT, I64_ADD, I32_EQZ],
  ["a result of a call", "call", AT, CALL, 1, I32_EQZ],
  ["a block", "end", BLOCK, I64, i64, AT, END, I32_EQZ],
  ["a block that takes it, and gives another", "end", i64, BLOCK, 2, AT, END, I32_EQZ],
  ["an arm", "end", i32(0), IF, I64, i64, ELSE, i64, AT, END, I32_EQZ],
  ["a parameter of a loop", "loop", i64, AT, LOOP, 2, I32_EQZ],
  ["a choice", "select", i64, i64, i32(0), AT, SELECT, I32_EQZ],
  ["a choice below", "i64.const", AT, i64, i32(0), i32(0), i32(0), SELECT, DROP, I32_EQZ],
  ["after what is never reached", "i64.const", UNREACHABLE, AT, i64, I32_EQZ],
  ["behind many instructions", "i64.const", Array(20_000).fill([i32(0), DROP]).flat(3), AT, i64, I32_EQZ],
  ["behind too many", undefined, Array(30_000).fill([i32(0), DROP]).flat(3), AT, i64, I32_EQZ],
]

for (const [title, name, ...instructions] of cases) {
  test(`the origin of an operand: ${title}`, () => {
    const { at, bytes } = build(
      signatures,
      functions(0, 1),
      code(body(0, ...instructions, END), body(0, i32(0), i64, END)),
    )
    const error = findFault(bytes)?.error
    assert.ok(error)
    assert.equal(error.code, "type-mismatch")
    const [, told] = /found i64(?: \((.*?)\))?, at/.exec(error.message) ?? []
    const expected = name === undefined ? undefined : `pushed by ${name} at 0x${at.toString(16)}`
    assert.equal(told, expected, error.message)
  })
}
