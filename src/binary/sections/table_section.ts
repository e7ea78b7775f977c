/**
 * The table section: each entry is a table type and an initialiser, which only types that admit null may omit.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#table-section
 * @module
 */
import { readConstantExpression } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_FUNCTION_REFERENCES } from "../features.ts"
import { isDefaultable } from "../types.ts"
import { addTable, readTableForm, readTableType } from "../value_types.ts"

/** Reads one table. */
export const readTableEntry = (c: DecodeContext): void => {
  const r = c.reader
  const at = r.pos
  const hasInitializer = readTableForm(c)
  const type = readTableType(c)
  if (r.short) return
  if (hasInitializer) {
    readConstantExpression(c, type)
    c.features |= FEATURE_FUNCTION_REFERENCES
  } else if (!isDefaultable(type)) {
    const text = c.spaces.types.textOf(type)
    r.fail("type-mismatch", at, `A table of ${text} needs an initializer`)
  }
  if (!r.short) addTable(c, type)
}

/** Checks that `count` more tables are within the limit. */
export const checkTableCount = (c: DecodeContext, at: number, count: number): void => {
  if (c.spaces.tableCount + count > c.limits.tables) {
    c.reader.fail("limit-tables", at, `There are more than ${c.limits.tables} tables`)
  }
}
