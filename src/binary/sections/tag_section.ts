/**
 * The tag section: the types of exceptions. It stands between the memory and global sections.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#tag-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { FEATURE_EXCEPTIONS } from "../features.ts"
import { hex, readFunctionTypeIndex } from "../value_types.ts"

/** Reads one tag. */
export const readTagEntry = (c: DecodeContext): void => {
  const typeIndex = readTagType(c)
  if (!c.reader.short) addTag(c, typeIndex)
}

/** Reads a tag type: an attribute, which must be zero, and a function type without results. */
export const readTagType = (c: DecodeContext): number => {
  const { reader: r, spaces } = c
  const attributeAt = r.pos
  const attribute = r.readByte()
  if (attribute !== 0) {
    const message = `Unknown tag attribute ${hex(attribute)}`
    r.unknown("malformed-tag-attribute", attributeAt, "tag attribute", message)
  }
  const at = r.pos
  const typeIndex = readFunctionTypeIndex(c)
  if (r.short) return 0
  if (spaces.types.resultCount(spaces.types.idOf(typeIndex)) > 0) {
    // The stack switching proposal gives such tags a meaning, so they count as unknown, not as wrong.
    r.unknown("tag-result-type", at, "tag result type", "The type of a tag must have no results")
  }
  return typeIndex
}

/** Adds a tag. */
export const addTag = (c: DecodeContext, typeIndex: number): void => {
  c.features |= FEATURE_EXCEPTIONS
  c.spaces.addTag(typeIndex)
}
