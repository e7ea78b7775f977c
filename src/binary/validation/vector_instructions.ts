/**
 * Vector instructions in their commonest form, for the hot loop of `function_validator.ts`. They are
 * checked in a separate function, so that the loop stays small for modules that have none.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#vector-instructions
 * @module
 */
import { I32 } from "../types.ts"
import type { BodyState } from "./body_state.ts"
import {
  alignmentOf,
  CODE_ADDRESS,
  formOf,
  HAS_SIGNATURE,
  lanesOf,
  pageOf,
  typeOfCode,
} from "./instruction_words.ts"
import {
  FORM_BYTES_16,
  FORM_LANE,
  FORM_MEMORY,
  FORM_NONE,
  FORM_SHUFFLE,
} from "./instruction_set.ts"

const page = pageOf(0xfd)
const WORDS: Int32Array = page?.words ?? new Int32Array(0)
const FEATURES: Int32Array = page?.features ?? new Int32Array(0)

/**
 * Checks a vector instruction whose operands have exactly the expected types.
 *
 * @param hasMemory32 whether the first memory exists and has 32-bit addresses
 * @returns whether the instruction was accepted; if not, nothing has changed
 */
export const checkVector = (s: BodyState, hasMemory32: boolean): boolean => {
  const { r, stack } = s
  const bytes = r.bytes
  let pos = r.pos
  let code = bytes[pos++] ?? 0
  if (code >= 0x80) {
    const high = bytes[pos++] ?? 0
    if (high >= 0x80) return false
    code = (code & 0x7f) | (high << 7)
  }
  const word = WORDS[code] ?? 0
  if ((word & HAS_SIGNATURE) === 0) return false
  switch (formOf(word)) {
    case FORM_NONE:
      break
    case FORM_BYTES_16:
      pos += 16
      break
    case FORM_LANE:
      if ((bytes[pos++] ?? 0) >= lanesOf(word)) return false
      break
    case FORM_SHUFFLE:
      for (let lane = 0; lane < 16; lane++) {
        if ((bytes[pos + lane] ?? 0) >= 32) return false
      }
      pos += 16
      break
    case FORM_MEMORY: {
      if (!hasMemory32 || (bytes[pos++] ?? 0) > alignmentOf(word)) return false
      const last = pos + 3
      while ((bytes[pos++] ?? 0) >= 0x80) {
        if (pos > last) return false
      }
      break
    }
    default:
      return false
  }
  let sp = s.sp
  for (let operands = (word >> 3) & 0x1ff; operands !== 0; operands >>= 3) {
    const operand = operands & 7
    const type = operand === CODE_ADDRESS ? I32 : typeOfCode(operand)
    if (sp === s.height || stack[sp - 1] !== type) return false
    sp--
  }
  const result = word & 7
  if (result !== 0) stack[sp++] = typeOfCode(result)
  s.c.features |= FEATURES[code] ?? 0
  s.sp = sp
  r.pos = pos
  return true
}
