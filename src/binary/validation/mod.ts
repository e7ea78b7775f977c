/**
 * Validation of function bodies: loaded by those who ask for it.
 */
import type { BodyValidator } from "../body_validator.ts"
import type { DecodeContext } from "../context.ts"
import { StreamDecoder } from "../decoder.ts"
import { FunctionValidator } from "./function_validator.ts"
import { warmUpModule } from "./warm_up.ts"

let isWarm = false

/** Makes the validator of a module's bodies. */
export function validateBodies(c: DecodeContext): BodyValidator {
  if (!isWarm) {
    isWarm = true
    const decoder = new StreamDecoder({}, validateBodies)
    decoder.push(warmUpModule())
    decoder.finish()
  }
  return new FunctionValidator(c)
}
