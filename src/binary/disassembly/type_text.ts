/**
 * Reads the types in a function body as text, in the notation of the text format. Type indices are those of the module.
 *
 * @module
 */
import {
  HEAP_EXN,
  heapTypeName,
  isAbstractHeapType,
  numberTypeName,
  referenceShorthand,
  V128,
} from "../types.ts"
import type { Reader } from "../reader.ts"

const REF_NULL_PREFIX = 0x63
const REF_PREFIX = 0x64
const EMPTY_BLOCK_TYPE = 0x40

/** A heap type: its name, or a type index. */
export const readHeapType = (r: Reader): string => {
  const at = r.pos
  const value = r.readS33()
  if (value >= 0) return String(value)
  const name = value >= -0x40 ? heapTypeName(value & 0x7f) : undefined
  if (name === undefined) r.fail("malformed-heap-type", at, "There is no such heap type")
  return name ?? ""
}

/** A value type. */
export const readTypeText = (r: Reader): string => {
  const at = r.pos
  const byte = r.readByte()
  if (byte === REF_NULL_PREFIX) return `(ref null ${readHeapType(r)})`
  if (byte === REF_PREFIX) return `(ref ${readHeapType(r)})`
  if (byte >= HEAP_EXN && isAbstractHeapType(byte)) {
    return `${referenceShorthand(heapTypeName(byte) ?? "")}ref`
  }
  if (byte < V128 || byte > 0x7f) {
    r.fail("malformed-value-type", at, "There is no such value type")
  }
  return numberTypeName(byte)
}

/** A block type: empty, one result, or the index of a function type. */
export const readBlockType = (r: Reader): string => {
  const byte = r.peekByte()
  if (byte === EMPTY_BLOCK_TYPE) {
    r.skip(1)
    return ""
  }
  if (byte === REF_NULL_PREFIX || byte === REF_PREFIX || (byte >= 0x40 && byte < 0x80)) {
    return `(result ${readTypeText(r)})`
  }
  const at = r.pos
  const index = r.readS33()
  if (index < 0) r.fail("malformed-block-type", at, "There is no such block type")
  return `(type ${index})`
}
