/**
 * The element section: segments of references. A segment's head (mode, table, offset, type, count) is
 * one part, and each of its elements another, so that a segment of any length is decoded as it arrives.
 *
 * ```
 * flags  bit 0: passive or declarative  bit 1: table index, or declarative  bit 2: expressions
 * ```
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#element-section
 * @module
 */
import { readConstantExpression, readFunctionIndex } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_BULK_MEMORY, FEATURE_REFERENCE_TYPES } from "../features.ts"
import { FUNCREF, REF_FUNC, type ValueType } from "../types.ts"
import { addressType, hex, readReferenceType } from "../value_types.ts"
import { shortU32 } from "./short_forms.ts"

const FLAG_NOT_ACTIVE = 1
const FLAG_EXPLICIT = 2
const FLAG_EXPRESSIONS = 4
const KNOWN_FLAGS = 7

/**
 * Passes function indices of the open segment; moves the cursor.
 *
 * @returns 1 if the segment ends with them, 0 if not
 */
export const passElementParts = (c: DecodeContext): number => {
  if (c.pendingParts === 0 || c.segmentHasExpressions) return 0
  const { reader: r, spaces } = c
  const { bytes, stop } = r
  const functionCount = spaces.functionCount
  let at = r.pos
  let pending = c.pendingParts
  while (pending > 0 && at < stop) {
    const short = shortU32(bytes, at, stop)
    const index = short >>> 2
    if (short === 0 || index >= functionCount) break
    spaces.declareFunction(index)
    at += short & 3
    pending--
  }
  c.pendingParts = pending
  r.pos = at
  return pending === 0 ? 1 : 0
}

/** Reads a segment's head or one of its elements. */
export const readElementEntry = (c: DecodeContext): void => {
  const r = c.reader
  if (c.pendingParts === 0) {
    readSegmentHead(c)
    return
  }
  if (c.segmentHasExpressions) readConstantExpression(c, c.segmentType)
  else {
    const index = readFunctionIndex(c)
    if (!r.short) c.spaces.declareFunction(index)
  }
  if (!r.short) c.pendingParts--
}

const readSegmentHead = (c: DecodeContext): void => {
  const { limits, reader: r, sink, spaces } = c
  const at = r.pos
  const flags = r.readU32()
  if (flags > KNOWN_FLAGS) {
    const message = `Unknown element segment flags ${hex(flags)}`
    r.unknown("malformed-element-flags", at, "element segment flags", message)
  }
  if (r.short) return
  const isActive = (flags & FLAG_NOT_ACTIVE) === 0
  const isExplicit = (flags & FLAG_EXPLICIT) !== 0
  const hasExpressions = (flags & FLAG_EXPRESSIONS) !== 0
  const tableAt = r.pos
  const table = isActive && isExplicit ? r.readU32() : 0
  if (isActive) {
    if (table >= spaces.tableCount) {
      r.failIndex("table", tableAt, table, spaces.tableCount)
    }
    if (r.short) return
    readConstantExpression(c, addressType(spaces.isTable64(table)))
  }
  const typeAt = r.pos
  let type: ValueType
  if (!hasExpressions) {
    type = REF_FUNC
    if (!isActive || isExplicit) readElementKind(c)
  } else type = isActive && !isExplicit ? FUNCREF : readReferenceType(c)
  if (isActive && !r.short && !spaces.types.isSubtype(type, spaces.tableType(table))) {
    const found = spaces.types.textOf(type)
    const expected = spaces.types.textOf(spaces.tableType(table))
    const message =
      `The segment has elements of type ${found}, but table ${table} holds ${expected}`
    r.fail("type-mismatch", typeAt, message)
  }
  const count = r.readCount(limits.elementEntries, "limit-element-entries", "segment entries")
  if (r.short) return
  if (!isActive) c.features |= FEATURE_BULK_MEMORY
  if (table > 0 || (hasExpressions && type !== FUNCREF)) c.features |= FEATURE_REFERENCE_TYPES
  c.segmentType = type
  c.segmentHasExpressions = hasExpressions
  c.pendingParts = count
  const index = spaces.elementCount
  spaces.addElement(type)
  const mode = isActive ? 0 : isExplicit ? 2 : 1
  sink?.elementSegment?.(index, mode, isActive ? table : -1, count)
}

const readElementKind = (c: DecodeContext): void => {
  const r = c.reader
  const at = r.pos
  const kind = r.readByte()
  if (kind === 0) return
  r.unknown("malformed-element-kind", at, "element kind", `Unknown element kind ${hex(kind)}`)
}
