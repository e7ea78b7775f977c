/**
 * The named opcodes are those of the instruction table.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as opcodes from "../../src/binary/opcodes.ts"
import { INSTRUCTION_PAGES } from "../../src/binary/validation/instruction_set.ts"

/** `br_on_cast` is `BR_ON_CAST`, `ref.cast null` is `REF_CAST_NULL`. */
const constantOf = (name: string): string => name.replaceAll(/[ .]/g, "_").toUpperCase()

const known = new Map<string, Set<number>>()
for (const { instructions } of INSTRUCTION_PAGES) {
  for (const { name, opcode } of instructions) {
    const constant = constantOf(name)
    known.set(constant, (known.get(constant) ?? new Set()).add(opcode))
  }
}

test("each opcode has the name that the table gives it", () => {
  const prefixes = new Set(INSTRUCTION_PAGES.map(({ prefix }) => prefix))
  const wrong = Object.entries(opcodes).filter(([name, opcode]) => {
    if (name.startsWith("PREFIX_")) return !prefixes.has(opcode)
    return known.get(name)?.has(opcode) !== true
  })
  assert.ok(Object.keys(opcodes).length > 90)
  assert.deepEqual(wrong, [])
})
