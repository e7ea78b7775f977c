/**
 * The type section: recursion groups of function, struct and array types, with declared supertypes.
 * An entry is a group; each of its types is a part, so that a group of any size is decoded as it
 * arrives. A type may refer to any type of its group, but its supertype must precede it.
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html#recursive-types
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { FEATURE_GC, FEATURE_MULTI_VALUE } from "../features.ts"
import { F64, I32, KIND_ARRAY, KIND_FUNC, KIND_STRUCT } from "../types.ts"
import { hex, readFieldType, readValueType } from "../value_types.ts"

const FORM_REC = 0x4e
const FORM_SUB_FINAL = 0x4f
const FORM_SUB = 0x50
const FORM_ARRAY = 0x5e
const FORM_STRUCT = 0x5f
const FORM_FUNC = 0x60

/**
 * Passes function types of number types, with at most one result; moves the cursor.
 *
 * @param count the number of groups that remain
 * @returns the number of groups passed
 */
export const passTypeEntries = (c: DecodeContext, count: number): number => {
  const { limits, reader: r, spaces } = c
  if (c.pendingParts > 0) return 0
  const { bytes, stop } = r
  const types = spaces.types
  let at = r.pos
  let passed = 0
  while (passed < count && at + 1 < stop && bytes[at] === FORM_FUNC) {
    const parameters = bytes[at + 1] ?? 0
    const resultsAt = at + 2 + parameters
    if (parameters >= 0x80 || resultsAt >= stop || types.count >= limits.types) break
    const results = bytes[resultsAt] ?? 0
    const end = resultsAt + 1 + results
    if (results > 1 || end > stop) break
    if (!areNumberTypes(bytes, at + 2, resultsAt)) break
    if (!areNumberTypes(bytes, resultsAt + 1, end)) break
    types.addFunctionType(bytes, at + 2, parameters, results)
    at = end
    passed++
  }
  r.pos = at
  return passed
}

/** Whether `bytes[start, end)` are number types: i32, i64, f32 or f64. */
const areNumberTypes = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) {
    const type = bytes[at] ?? 0
    if (type < F64 || type > I32) return false
  }
  return true
}

/** Reads a group's head, a type of the open group, or a type that is a group of its own. */
export const readTypeEntry = (c: DecodeContext): void => {
  const { reader: r, limits, spaces } = c
  const types = spaces.types
  const at = r.pos
  if (c.pendingParts > 0) {
    readSubType(c)
    if (r.short) return
    c.groupPartOffsets.push(r.base + at - c.groupOffset)
    c.pendingParts--
    if (c.pendingParts === 0) endGroup(c)
    return
  }
  const isGroup = r.peekByte() === FORM_REC
  let size = 1
  if (isGroup) {
    r.pos++
    const code = "limit-recursion-group-types"
    size = r.readCount(limits.recursionGroupTypes, code, "types in a recursion group")
  }
  if (types.count + size > limits.types) {
    r.fail("limit-types", at, `There are more than ${limits.types} types`)
  }
  if (r.short) return
  c.groupOffset = r.base + at
  c.groupPartOffsets.length = 0
  types.startGroup(size)
  if (isGroup) {
    c.pendingParts = size
    c.features |= FEATURE_GC
    return
  }
  readSubType(c)
  if (r.short) return
  c.groupPartOffsets.push(0)
  endGroup(c)
}

const endGroup = (c: DecodeContext): void => {
  const first = c.spaces.types.count
  const wrong = c.spaces.types.endGroup()
  if (wrong < 0) return
  const offset = c.groupOffset + (c.groupPartOffsets.at(wrong) >>> 0)
  const message = `Type ${first + wrong} does not match its supertype`
  c.reader.failAt("invalid-supertype", offset, message)
}

/** Reads one type with its finality and supertype, and adds it to the open group. */
const readSubType = (c: DecodeContext): void => {
  const r = c.reader
  let form = r.readByte()
  let isFinal = true
  let supertype = -1
  if (form === FORM_SUB || form === FORM_SUB_FINAL) {
    isFinal = form === FORM_SUB_FINAL
    c.features |= FEATURE_GC
    supertype = readSupertype(c)
    form = r.readByte()
  }
  if (r.short) return
  switch (form) {
    case FORM_FUNC:
      readFunctionType(c, isFinal, supertype)
      break
    case FORM_STRUCT:
      readStructType(c, isFinal, supertype)
      break
    case FORM_ARRAY:
      readArrayType(c, isFinal, supertype)
      break
    default: {
      const message = `Unknown type form ${hex(form)}`
      r.unknown("malformed-type-form", r.pos - 1, "type form", message)
    }
  }
}

/** Reads the declared supertypes, of which there may be one; returns its id, or -1. */
const readSupertype = (c: DecodeContext): number => {
  const { reader: r, limits, spaces } = c
  const types = spaces.types
  const countAt = r.pos
  const count = r.readU32()
  if (count > 1) {
    const message = "A type must have at most one supertype"
    r.unknown("invalid-supertype", countAt, "super types", message)
  }
  if (count === 0 || r.short) return -1
  const at = r.pos
  const index = r.readU32()
  if (index >= types.nextIndex) {
    r.fail("unknown-type", at, `There is no type ${index} before this one`)
  }
  if (r.short) return -1
  const id = types.idOf(index)
  if (types.isFinal(id)) r.fail("invalid-supertype", at, `The supertype ${index} is final`)
  if (types.depth(id) >= limits.subtypeDepth) {
    const message = `The subtyping depth exceeds the maximum of ${limits.subtypeDepth}`
    r.fail("limit-subtype-depth", at, message)
  }
  return id
}

const readFunctionType = (c: DecodeContext, isFinal: boolean, supertype: number): void => {
  const { reader: r, limits, spaces } = c
  const types = spaces.types
  types.startType(KIND_FUNC, isFinal, supertype)
  const parameters = r.readCount(limits.parameters, "limit-parameters", "parameters")
  for (let i = 0; i < parameters && !r.short; i++) types.addWord(readValueType(c))
  const results = r.readCount(limits.results, "limit-results", "results")
  for (let i = 0; i < results && !r.short; i++) types.addWord(readValueType(c))
  if (r.short) return
  if (results > 1) c.features |= FEATURE_MULTI_VALUE
  types.endType(parameters, results)
}

const readStructType = (c: DecodeContext, isFinal: boolean, supertype: number): void => {
  const { reader: r, limits, spaces } = c
  const types = spaces.types
  types.startType(KIND_STRUCT, isFinal, supertype)
  const fields = r.readCount(limits.structFields, "limit-struct-fields", "struct fields")
  for (let i = 0; i < fields && !r.short; i++) types.addWord(readFieldType(c))
  if (r.short) return
  c.features |= FEATURE_GC
  types.endType(fields, 0)
}

const readArrayType = (c: DecodeContext, isFinal: boolean, supertype: number): void => {
  const { reader: r, spaces } = c
  const types = spaces.types
  types.startType(KIND_ARRAY, isFinal, supertype)
  types.addWord(readFieldType(c))
  if (r.short) return
  c.features |= FEATURE_GC
  types.endType(1, 0)
}
