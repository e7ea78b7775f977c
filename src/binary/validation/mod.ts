/**
 * Validation of function bodies: loaded by those who ask for it.
 *
 * @module
 */
import type { BodyValidator } from "../body_validator.ts"
import type { DecodeContext } from "../context.ts"
import { ModuleDecoder } from "../decoder.ts"
import { FunctionValidator } from "./function_validator.ts"
import { warmUpModule } from "./warm_up.ts"

/**
 * What the loop was warmed up with. It is kept: V8 forgets the shapes of objects, and the code made
 * for them, when a collection of garbage finds none of them alive. Without it, a second module took
 * three times as long if there had been one in between.
 */
let warm: ModuleDecoder | undefined

/** A tenth of a millisecond; ten times that in a fresh process. */
const WORK_AT_ONCE = 8_192

/**
 * Makes the validator of a module's bodies.
 *
 * @param c the decoder's
 * @param isTurnOver where long bodies are to be validated in turns: whether what is left is to be put off
 * @param workAtOnce how much work is done between two such questions, in bytes of plain instructions
 */
export const validateBodies = (
  c: DecodeContext,
  isTurnOver?: () => boolean,
  workAtOnce: number = WORK_AT_ONCE,
): BodyValidator => {
  if (warm === undefined) {
    warm = new ModuleDecoder({}, (own) => validateBodies(own))
    warm.push(warmUpModule())
    warm.finish()
  }
  return new FunctionValidator(c, isTurnOver, workAtOnce)
}
