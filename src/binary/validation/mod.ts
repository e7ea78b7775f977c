/**
 * Validation of function bodies, loaded only where it is asked for.
 *
 * @module
 */
import type { BodyValidator } from "../body_validator.ts"
import type { DecodeContext } from "../context.ts"
import { ModuleDecoder } from "../decoder.ts"
import { FunctionValidator } from "./function_validator.ts"
import { warmUpModule } from "./warm_up.ts"

/**
 * The decoder that warmed up the loop. It is kept alive because V8 drops the shapes of objects, and the
 * code optimised for them, when a garbage collection finds no such object. Without it, a second module
 * took three times as long after a collection.
 */
let warm: ModuleDecoder | undefined

/** The default of `workAtOnce`: a tenth of a millisecond, or a whole one in a fresh process. */
const WORK_AT_ONCE = 8_192

/**
 * Makes the validator of a module's bodies.
 *
 * @param c the decoder's context
 * @param isTurnOver whether to suspend the validation, asked now and then; if absent, it is never suspended
 * @param workAtOnce the amount of work between two such calls, in bytes of plain instructions
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
