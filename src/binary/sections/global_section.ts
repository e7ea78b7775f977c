/**
 * Global section: a value type, mutability and an initialiser, which may refer to the globals
 * before it.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html#global-section
 */
import { readConstantExpression } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_MUTABLE_GLOBALS } from "../features.ts"
import { MUTABLE, type ValueType } from "../types.ts"
import { readMutability, readValueType } from "../value_types.ts"

/** Reads one global. */
export function readGlobalEntry(c: DecodeContext): void {
  const r = c.reader
  const type = readGlobalType(c)
  if (r.short) return
  readConstantExpression(c, type & ~MUTABLE)
  if (!r.short) addGlobal(c, type, false)
}

/** Reads a global type: a value type, with `MUTABLE` if it is. */
export function readGlobalType(c: DecodeContext): ValueType {
  const type = readValueType(c)
  return readMutability(c) ? type | MUTABLE : type
}

/** Adds a global of a type that {@link readGlobalType} returned. */
export function addGlobal(c: DecodeContext, type: ValueType, isImport: boolean): void {
  const isMutable = (type & MUTABLE) !== 0
  if (isMutable && isImport) c.features |= FEATURE_MUTABLE_GLOBALS
  c.spaces.addGlobal(type & ~MUTABLE, isMutable)
}
