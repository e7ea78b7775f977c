/**
 * The immediates of instructions as text, by form. Lists are cut, as a branch table may have a million labels.
 *
 * @module
 */
import type { Reader } from "../reader.ts"
import { alignmentOf, formOf } from "../validation/instruction_words.ts"
import {
  FORM_ATOMIC,
  FORM_BLOCK_TYPE,
  FORM_BYTES_16,
  FORM_BYTES_4,
  FORM_BYTES_8,
  FORM_CAST_BRANCH,
  FORM_CATCHES,
  FORM_FENCE,
  FORM_HEAP_TYPE,
  FORM_INDEX,
  FORM_LABELS,
  FORM_LANE,
  FORM_MEMORY,
  FORM_MEMORY_LANE,
  FORM_S32,
  FORM_S64,
  FORM_SHUFFLE,
  FORM_TWO_INDICES,
  FORM_VALUE_TYPES,
} from "../validation/instruction_set.ts"
import { floatText } from "./float_text.ts"
import { readBlockType, readHeapType, readTypeText } from "./type_text.ts"

const HAS_MEMORY_INDEX = 0x40
const ALIGNMENT = 0x3f
/** The most entries of a list that are shown. */
const MOST_SHOWN = 64

const CATCHES: ReadonlyArray<string> = ["catch", "catch_ref", "catch_all", "catch_all_ref"]

/** Instructions whose index of a memory the text format omits if it is 0. */
const OF_MEMORY: ReadonlySet<string> = new Set(["memory.size", "memory.grow", "memory.fill"])

/**
 * Reads the immediates of an instruction.
 *
 * @param r the reader, after the opcode
 * @param word the instruction's word in the table
 * @param name the instruction's name
 */
export const readImmediates = (r: Reader, word: number, name: string): string => {
  switch (formOf(word)) {
    case FORM_BLOCK_TYPE:
      return readBlockType(r)
    case FORM_INDEX: {
      const index = r.readU32()
      return index === 0 && OF_MEMORY.has(name) ? "" : String(index)
    }
    case FORM_TWO_INDICES:
      return twoIndices(name, r.readU32(), r.readU32())
    case FORM_LABELS:
      // The last one is the default.
      return readList(r, r.readCount(0xffff_ffff, "length-out-of-bounds", "labels") + 1, readIndex)
    case FORM_VALUE_TYPES: {
      const count = r.readCount(0xffff_ffff, "length-out-of-bounds", "types")
      return `(result ${readList(r, count, readTypeText)})`
    }
    case FORM_CATCHES: {
      const type = readBlockType(r)
      const count = r.readCount(0xffff_ffff, "length-out-of-bounds", "catch clauses")
      return [type, readList(r, count, readCatch)].filter((text) => text !== "").join(" ")
    }
    case FORM_HEAP_TYPE:
      return readHeapTypeOf(r, name)
    case FORM_CAST_BRANCH: {
      const flags = r.readByte()
      const label = r.readU32()
      const from = `(ref ${(flags & 1) === 0 ? "" : "null "}${readHeapType(r)})`
      return `${label} ${from} (ref ${(flags & 2) === 0 ? "" : "null "}${readHeapType(r)})`
    }
    case FORM_S32: {
      const start = r.pos
      r.skipS32()
      return String(signed(r.bytes, start, r.pos))
    }
    case FORM_S64: {
      const start = r.pos
      r.skipS64()
      return String(signed(r.bytes, start, r.pos))
    }
    case FORM_BYTES_4:
      return floatText(viewOf(r, 4), 4)
    case FORM_BYTES_8:
      return floatText(viewOf(r, 8), 8)
    case FORM_BYTES_16: {
      const view = viewOf(r, 16)
      const words = [0, 4, 8, 12].map((at) => `0x${hex(view.getUint32(at, true), 8)}`)
      return `i32x4 ${words.join(" ")}`
    }
    case FORM_SHUFFLE:
      return readList(r, 16, (reader) => String(reader.readByte()))
    case FORM_LANE:
      return String(r.readByte())
    case FORM_FENCE:
      r.skip(1)
      return ""
    case FORM_MEMORY:
    case FORM_ATOMIC:
      return readMemory(r, word)
    case FORM_MEMORY_LANE: {
      const memory = readMemory(r, word)
      return [memory, String(r.readByte())].filter((text) => text !== "").join(" ")
    }
    default:
      return ""
  }
}

const readIndex = (r: Reader): string => String(r.readU32())

/** Reads all entries, and shows the first ones. */
const readList = (r: Reader, count: number, read: (r: Reader) => string): string => {
  const shown: Array<string> = []
  for (let i = 0; i < count; i++) {
    const text = read(r)
    if (i < MOST_SHOWN) shown.push(text)
  }
  return shown.join(" ") + (count > MOST_SHOWN ? ` … (${count} in all)` : "")
}

/** The text format orders some indices differently from the binary format, and omits some that are 0. */
const twoIndices = (name: string, first: number, second: number): string => {
  switch (name) {
    case "call_indirect":
    case "return_call_indirect":
      return second === 0 ? `(type ${first})` : `${second} (type ${first})`
    case "table.init":
    case "memory.init":
      return second === 0 ? String(first) : `${second} ${first}`
    case "memory.copy":
    case "table.copy":
      return first === 0 && second === 0 ? "" : `${first} ${second}`
    default:
      return `${first} ${second}`
  }
}

/** A reference type for tests and casts, whose opcodes determine nullability; a heap type for `ref.null`. */
const readHeapTypeOf = (r: Reader, name: string): string => {
  const heap = readHeapType(r)
  if (!name.startsWith("ref.test") && !name.startsWith("ref.cast")) return heap
  return name.endsWith("null") ? `(ref null ${heap})` : `(ref ${heap})`
}

const readCatch = (r: Reader): string => {
  const at = r.pos
  const kind = r.readByte()
  const name = CATCHES[kind]
  if (name === undefined) {
    r.fail("malformed-catch-clause", at, "There is no such catch clause")
  }
  const tag = kind < 2 ? `${r.readU32()} ` : ""
  return `(${name} ${tag}${r.readU32()})`
}

/** Shows only what differs from the defaults: `1 offset=8 align=1`. */
const readMemory = (r: Reader, word: number): string => {
  const flags = r.readU32()
  const parts: Array<string> = []
  if ((flags & HAS_MEMORY_INDEX) !== 0) {
    const index = r.readU32()
    if (index !== 0) parts.push(String(index))
  }
  r.readU64()
  if (r.low !== 0 || r.high !== 0) {
    parts.push(`offset=${(BigInt(r.high) << 32n) | BigInt(r.low)}`)
  }
  const exponent = flags & ALIGNMENT
  if (exponent !== alignmentOf(word)) parts.push(`align=${2 ** exponent}`)
  return parts.join(" ")
}

const viewOf = (r: Reader, size: number): DataView => {
  const at = r.pos
  r.skip(size)
  return new DataView(r.bytes.buffer, r.bytes.byteOffset + at, size)
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

/** The value of a signed LEB128 integer that has been checked. */
const signed = (bytes: Uint8Array, start: number, end: number): bigint => {
  let value = 0n
  let shift = 0n
  for (let at = start; at < end; at++, shift += 7n) {
    value |= BigInt((bytes[at] ?? 0) & 0x7f) << shift
  }
  return BigInt.asIntN(Number(shift), value)
}
