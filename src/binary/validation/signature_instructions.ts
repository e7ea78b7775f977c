/**
 * Checks instructions with a signature: immediates by their form, operands and result by the bits of the
 * instruction's word.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html
 * @module
 */
import { counted } from "../counted.ts"
import { I32, I64, type ValueType } from "../types.ts"
import type { BodyState } from "./body_state.ts"
import { alignmentOf, CODE_ADDRESS, formOf, lanesOf, typeOfCode } from "./instruction_words.ts"
import {
  FORM_ATOMIC,
  FORM_BYTES_16,
  FORM_BYTES_4,
  FORM_BYTES_8,
  FORM_FENCE,
  FORM_LANE,
  FORM_MEMORY,
  FORM_MEMORY_LANE,
  FORM_S32,
  FORM_S64,
  FORM_SHUFFLE,
} from "./instruction_set.ts"

const HAS_MEMORY_INDEX = 0x40
const MALFORMED_FLAGS = 0x80
const SHUFFLE_LANES = 16

/** Checks the current instruction by its word. */
export const checkSignature = (s: BodyState, word: number): void => {
  const address = readImmediates(s, word)
  const last = (word >> 3) & 7
  if (last !== 0) {
    s.pop(last === CODE_ADDRESS ? address : typeOfCode(last))
    const second = (word >> 6) & 7
    if (second !== 0) {
      s.pop(second === CODE_ADDRESS ? address : typeOfCode(second))
      const third = (word >> 9) & 7
      if (third !== 0) s.pop(third === CODE_ADDRESS ? address : typeOfCode(third))
    }
  }
  const result = word & 7
  if (result !== 0) s.push(typeOfCode(result))
}

/** Reads immediates; returns the address type of the memory, if one is accessed. */
const readImmediates = (s: BodyState, word: number): ValueType => {
  const r = s.r
  switch (formOf(word)) {
    case FORM_S32:
      r.skipS32()
      return I32
    case FORM_S64:
      r.skipS64()
      return I32
    case FORM_BYTES_4:
      r.skip(4)
      return I32
    case FORM_BYTES_8:
      r.skip(8)
      return I32
    case FORM_BYTES_16:
      r.skip(16)
      return I32
    case FORM_MEMORY:
      return readMemoryArgument(s, alignmentOf(word), false)
    case FORM_ATOMIC:
      return readMemoryArgument(s, alignmentOf(word), true)
    case FORM_MEMORY_LANE: {
      const address = readMemoryArgument(s, alignmentOf(word), false)
      readLane(s, lanesOf(word))
      return address
    }
    case FORM_LANE:
      readLane(s, lanesOf(word))
      return I32
    case FORM_SHUFFLE:
      for (let i = 0; i < SHUFFLE_LANES; i++) readLane(s, 2 * SHUFFLE_LANES)
      return I32
    case FORM_FENCE:
      if (r.readByte() !== 0) r.fail("malformed-fence", r.pos - 1, `${s.name} expects a zero byte`)
      return I32
    default:
      return I32
  }
}

const readLane = (s: BodyState, lanes: number): void => {
  const lane = s.r.readByte()
  if (lane >= lanes) s.fail("invalid-lane", `uses lane ${lane}, but there are ${lanes}`)
}

/** Reads alignment, memory and offset; returns the memory's address type. */
const readMemoryArgument = (s: BodyState, natural: number, isExact: boolean): ValueType => {
  const r = s.r
  const at = r.pos
  const flags = r.readU32()
  if (flags >= MALFORMED_FLAGS) {
    const message = `${s.name} has unknown memory flags 0x${flags.toString(16)}`
    r.fail("malformed-memory-flags", at, message)
  }
  const memory = (flags & HAS_MEMORY_INDEX) === 0 ? 0 : r.readU32()
  const alignment = flags & (HAS_MEMORY_INDEX - 1)
  r.readU64()
  const high = r.high
  const address = memoryAddress(s, memory)
  if (alignment > natural || (isExact && alignment < natural)) {
    const bound = isExact ? "requires an alignment of" : "allows an alignment of at most"
    const most = counted(2 ** natural, "byte")
    s.fail("invalid-alignment", `${bound} ${most}, found ${2 ** alignment}`)
  }
  if (high !== 0 && address === I32) {
    s.fail("offset-out-of-range", "has an offset above 2^32-1, in a 32-bit memory")
  }
  return address
}

/** Checks that a memory exists; returns its address type. */
export const memoryAddress = (s: BodyState, memory: number): ValueType => {
  if (memory >= s.spaces.memoryCount) {
    s.failIndex("memory", memory, s.spaces.memoryCount)
  }
  return s.spaces.isMemory64(memory) ? I64 : I32
}
