/**
 * Walks over instructions by their immediates alone, for error messages. Plain and slow; the
 * instructions have been decoded before.
 *
 * @module
 */
import { Reader } from "../reader.ts"
import { formOf, isPrefix, pageOf } from "./instruction_words.ts"
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
} from "./instruction_set.ts"

const HAS_MEMORY_INDEX = 0x40

const readerOver = (bytes: Uint8Array, start: number): Reader => {
  const r = new Reader()
  r.bytes = bytes
  r.pos = start
  r.setLimit(bytes.length, bytes.length)
  return r
}

/** The name of the instruction at an index, or its opcode in hexadecimal if it has none. */
export const nameOfInstruction = (bytes: Uint8Array, at: number): string => {
  const r = readerOver(bytes, at)
  const opcode = r.readByte()
  if (!isPrefix(opcode)) return pageOf(0)?.names[opcode] || opcodeText(opcode, -1)
  const sub = r.readU32()
  return pageOf(opcode)?.names[sub] || opcodeText(opcode, sub)
}

/** An opcode in hexadecimal: `0x27`, `0xfd 0x12a`. */
export const opcodeText = (opcode: number, sub: number): string => {
  const first = `0x${opcode.toString(16).padStart(2, "0")}`
  return sub < 0 ? first : `${first} 0x${sub.toString(16).padStart(2, "0")}`
}

/** The number of instructions between two indices. */
export const countInstructions = (bytes: Uint8Array, start: number, at: number): number => {
  const r = readerOver(bytes, start)
  let count = 0
  while (r.pos < at) {
    const opcode = r.readByte()
    const page = pageOf(isPrefix(opcode) ? opcode : 0)
    const word = page?.words[isPrefix(opcode) ? r.readU32() : opcode] ?? 0
    skipImmediates(r, formOf(word))
    count++
  }
  return count
}

const skipImmediates = (r: Reader, form: number): void => {
  switch (form) {
    case FORM_BLOCK_TYPE:
    case FORM_HEAP_TYPE:
      skipType(r)
      break
    case FORM_INDEX:
      r.readU32()
      break
    case FORM_TWO_INDICES:
      r.readU32()
      r.readU32()
      break
    case FORM_LABELS:
      for (let count = r.readU32(); count >= 0; count--) r.readU32()
      break
    case FORM_VALUE_TYPES:
      for (let count = r.readU32(); count > 0; count--) skipType(r)
      break
    case FORM_CATCHES:
      skipType(r)
      for (let count = r.readU32(); count > 0; count--) {
        // The kinds 0 and 1 have a tag.
        if (r.readByte() < 2) r.readU32()
        r.readU32()
      }
      break
    case FORM_CAST_BRANCH:
      r.skip(1)
      r.readU32()
      skipType(r)
      skipType(r)
      break
    case FORM_S32:
      r.skipS32()
      break
    case FORM_S64:
      r.skipS64()
      break
    case FORM_BYTES_4:
      r.skip(4)
      break
    case FORM_BYTES_8:
      r.skip(8)
      break
    case FORM_BYTES_16:
    case FORM_SHUFFLE:
      r.skip(16)
      break
    case FORM_LANE:
    case FORM_FENCE:
      r.skip(1)
      break
    case FORM_MEMORY:
    case FORM_MEMORY_LANE:
    case FORM_ATOMIC:
      if ((r.readU32() & HAS_MEMORY_INDEX) !== 0) r.readU32()
      r.readU64()
      if (form === FORM_MEMORY_LANE) r.skip(1)
      break
  }
}

/** Skips a value type, a heap type or a block type: a signed integer, possibly after a prefix. */
const skipType = (r: Reader): void => {
  const byte = r.peekByte()
  if (byte === 0x63 || byte === 0x64) r.skip(1)
  r.readS33()
}
