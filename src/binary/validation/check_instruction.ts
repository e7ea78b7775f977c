/**
 * Checks any instruction, by dispatching on its opcode. Complete and plain; the commonest instructions in
 * their commonest form do not get here, as `function_validator.ts` checks those itself.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html
 * @module
 */
import {
  BR_ON_NON_NULL,
  BR_ON_NULL,
  CALL,
  CATCH_ALL,
  DELEGATE,
  PREFIX_AGGREGATE,
  RETURN_CALL_REF,
  TRY_TABLE,
} from "../opcodes.ts"
import { checkAggregate } from "./aggregate_instructions.ts"
import type { BodyState } from "./body_state.ts"
import { checkBulk } from "./bulk_instructions.ts"
import { checkCall } from "./call_instructions.ts"
import { checkControl } from "./control_instructions.ts"
import { HAS_SIGNATURE, IS_INSTRUCTION, isPrefix, pageOf } from "./instruction_words.ts"
import { opcodeText } from "./walk_instructions.ts"
import { checkSignature } from "./signature_instructions.ts"
import { checkVariable } from "./variable_instructions.ts"

/** Checks the instruction at `s.at`, whose first byte has been read. */
export const checkInstruction = (s: BodyState, opcode: number): void => {
  const hasPrefix = isPrefix(opcode)
  const code = hasPrefix ? s.r.readU32() : opcode
  if (s.r.short) return
  const page = pageOf(hasPrefix ? opcode : 0)
  const word = page?.words[code] ?? 0
  if (page === undefined || (word & IS_INSTRUCTION) === 0) {
    const text = opcodeText(opcode, hasPrefix ? code : -1)
    s.r.unknown("unsupported", s.at, "instruction", `Unknown instruction ${text}`)
    return
  }
  s.c.features |= page.features[code] ?? 0
  if ((word & HAS_SIGNATURE) !== 0) checkSignature(s, word)
  else if (hasPrefix) {
    if (opcode === PREFIX_AGGREGATE) checkAggregate(s, code)
    else checkBulk(s, code)
  } else if (isControl(opcode)) checkControl(s, opcode)
  else if (opcode >= CALL && opcode <= RETURN_CALL_REF) checkCall(s, opcode)
  else checkVariable(s, opcode)
}

const isControl = (opcode: number): boolean =>
  opcode < CALL || opcode === DELEGATE || opcode === CATCH_ALL || opcode === TRY_TABLE ||
  opcode === BR_ON_NULL || opcode === BR_ON_NON_NULL
