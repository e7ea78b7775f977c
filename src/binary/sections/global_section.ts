/**
 * The global section: each entry is a value type, a mutability and an initialiser, which may refer to
 * preceding globals.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#global-section
 * @module
 */
import { readConstantExpression } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_MUTABLE_GLOBALS } from "../features.ts"
import { I32, MUTABLE, type ValueType } from "../types.ts"
import { readMutability, readValueType } from "../value_types.ts"
import { passI32Constant } from "./short_forms.ts"

/**
 * Passes globals of type i32 that are initialised with a constant; moves the cursor.
 *
 * @param count the number of globals that remain
 * @returns the number of globals passed
 */
export const passGlobalEntries = (c: DecodeContext, count: number): number => {
  const { reader: r, spaces } = c
  const { bytes, stop } = r
  let at = r.pos
  let passed = 0
  while (passed < count && at + 1 < stop) {
    const mutability = bytes[at + 1] ?? 0
    if (bytes[at] !== I32 || mutability > 1) break
    const next = passI32Constant(bytes, at + 2, stop)
    if (next < 0) break
    spaces.addGlobal(I32, mutability === 1)
    at = next
    passed++
  }
  r.pos = at
  return passed
}

/** Reads one global. */
export const readGlobalEntry = (c: DecodeContext): void => {
  const r = c.reader
  const type = readGlobalType(c)
  if (r.short) return
  readConstantExpression(c, type & ~MUTABLE)
  if (!r.short) addGlobal(c, type, false)
}

/** Reads a global type; returns its value type, with `MUTABLE` set if it is mutable. */
export const readGlobalType = (c: DecodeContext): ValueType => {
  const type = readValueType(c)
  return readMutability(c) ? type | MUTABLE : type
}

/** Adds a global of a type that {@link readGlobalType} returned. */
export const addGlobal = (c: DecodeContext, type: ValueType, isImport: boolean): void => {
  const isMutable = (type & MUTABLE) !== 0
  if (isMutable && isImport) c.features |= FEATURE_MUTABLE_GLOBALS
  c.spaces.addGlobal(type & ~MUTABLE, isMutable)
}
