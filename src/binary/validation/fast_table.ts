/**
 * The table of the hot loop: for each opcode of one byte, which of the loop's few cases it is, with the
 * case's parameters. Instructions that differ only in these share a case, so that the loop is small
 * and its branches are predictable. Built from the rows of `instruction_set.ts`; opcodes without a case
 * are left to `check_instruction.ts`.
 *
 * ```
 * bits 0-4    case
 * bits 5-11   type of the last operand; of a block, the kind of frame; of a constant, its size
 * bits 12-18  type of the result
 * bits 19-21  natural alignment, as an exponent
 * bits 22-23  number of operands
 * bit 24      whether there is a result
 * bit 25      whether there is a second operand
 * bit 26      whether there is any operand
 * ```
 *
 * @module
 */
import { F32, F64, I32 } from "../types.ts"
import { KIND_BLOCK, KIND_IF, KIND_LOOP } from "./body_state.ts"
import {
  alignmentOf,
  CODE_ADDRESS,
  formOf,
  HAS_SIGNATURE,
  pageOf,
  typeOfCode,
} from "./instruction_words.ts"
import { FORM_MEMORY, FORM_NONE } from "./instruction_set.ts"

export const CASE_OTHER = 0
/** `local.get`, `local.set`, `local.tee`. */
export const CASE_LOCAL = 1
/** One operand, or two of the same type, and a result. */
export const CASE_NUMERIC = 2
export const CASE_I32_CONST = 3
/** Loads and stores. */
export const CASE_MEMORY = 4
/** `block`, `loop`, `if`. */
export const CASE_BLOCK = 5
export const CASE_END = 6
/** `br`, `br_if`. */
export const CASE_BRANCH = 7
export const CASE_CALL = 8
export const CASE_GLOBAL_GET = 9
export const CASE_GLOBAL_SET = 10
export const CASE_I64_CONST = 11
export const CASE_FLOAT_CONST = 12
export const CASE_DROP = 13
export const CASE_SELECT = 14
export const CASE_ELSE = 15
export const CASE_RETURN = 16
export const CASE_UNREACHABLE = 17
export const CASE_VECTOR = 18

const HAS_RESULT = 1 << 24
const ONE_OPERAND = (1 << 22) | (1 << 26)
const TWO_OPERANDS = (2 << 22) | (1 << 25) | (1 << 26)

const operand = (type: number): number => type << 5
const result = (type: number): number => type << 12

/** The words of opcodes that have no signature. */
const SINGLE: ReadonlyArray<readonly [number, number]> = [
  [0x00, CASE_UNREACHABLE],
  [0x02, CASE_BLOCK | operand(KIND_BLOCK)],
  [0x03, CASE_BLOCK | operand(KIND_LOOP)],
  [0x04, CASE_BLOCK | operand(KIND_IF) | ONE_OPERAND],
  [0x05, CASE_ELSE],
  [0x0b, CASE_END],
  [0x0c, CASE_BRANCH],
  [0x0d, CASE_BRANCH | ONE_OPERAND],
  [0x0f, CASE_RETURN],
  [0x10, CASE_CALL],
  [0x1a, CASE_DROP],
  [0x1b, CASE_SELECT],
  [0x20, CASE_LOCAL | HAS_RESULT],
  [0x21, CASE_LOCAL | ONE_OPERAND],
  [0x22, CASE_LOCAL | ONE_OPERAND | HAS_RESULT],
  [0x23, CASE_GLOBAL_GET],
  [0x24, CASE_GLOBAL_SET],
  [0x41, CASE_I32_CONST],
  [0x42, CASE_I64_CONST],
  [0x43, CASE_FLOAT_CONST | operand(4) | result(F32)],
  [0x44, CASE_FLOAT_CONST | operand(8) | result(F64)],
  [0xfd, CASE_VECTOR],
]

/** The word of an instruction with a signature; 0 if it has no case. */
const wordOf = (word: number): number => {
  const its = word & 7
  const last = (word >> 3) & 7
  const second = (word >> 6) & 7
  const third = (word >> 9) & 7
  if (formOf(word) === FORM_NONE && its !== 0 && last !== 0) {
    const types = operand(typeOfCode(last)) | result(typeOfCode(its)) | HAS_RESULT
    if (second === 0) return CASE_NUMERIC | types | ONE_OPERAND
    return second === last && third === 0 ? CASE_NUMERIC | types | TWO_OPERANDS : CASE_OTHER
  }
  if (formOf(word) !== FORM_MEMORY) return CASE_OTHER
  const memory = CASE_MEMORY | (alignmentOf(word) << 19)
  if (last !== CODE_ADDRESS) return memory | operand(typeOfCode(last)) | TWO_OPERANDS
  return memory | operand(I32) | result(typeOfCode(its)) | ONE_OPERAND | HAS_RESULT
}

const makeTable = (): Int32Array => {
  const table = new Int32Array(256)
  const core = pageOf(0)
  core?.words.forEach((word, opcode) => {
    if ((word & HAS_SIGNATURE) !== 0) table[opcode] = wordOf(word)
  })
  for (const [opcode, its] of SINGLE) table[opcode] = its
  return table
}

const TABLE: Int32Array = makeTable()

/**
 * The table for one module.
 *
 * @param hasMemory32 whether its first memory exists and has 32-bit addresses; if not, loads and stores
 *   have no case
 */
export const fastTable = (hasMemory32: boolean): Int32Array => {
  const table = TABLE.slice()
  if (hasMemory32) return table
  for (let opcode = 0; opcode < table.length; opcode++) {
    const its = (table[opcode] ?? 0) & 31
    if (its === CASE_MEMORY) table[opcode] = CASE_OTHER
  }
  return table
}
