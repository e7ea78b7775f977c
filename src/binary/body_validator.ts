/**
 * The interface between the decoder and the validation of function bodies, which is loaded on request only.
 *
 * @module
 */
import type { DecodeContext } from "./context.ts"

/** Checks function bodies, one at a time. */
export interface BodyValidator {
  /**
   * Checks a body, which lies in the reader's window, or resumes a check that was suspended; the window may be a
   * different one by then.
   *
   * @param functionIndex the index of the function that the body belongs to
   * @param start the index of its first byte: the count of its local declarations
   * @param end the index of its end
   * @returns whether the check is complete; if not, call again with the same body
   */
  validate(functionIndex: number, start: number, end: number): boolean
}

/** Makes a validator, once everything that bodies refer to has been decoded. */
export type MakeBodyValidator = (c: DecodeContext) => BodyValidator
