/**
 * Validation of function bodies: loaded by those who ask for it.
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

/** Makes the validator of a module's bodies. */
export function validateBodies(c: DecodeContext): BodyValidator {
  if (warm === undefined) {
    warm = new ModuleDecoder({}, validateBodies)
    warm.push(warmUpModule())
    warm.finish()
  }
  return new FunctionValidator(c)
}
