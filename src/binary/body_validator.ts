/**
 * The seam between the decoder and the validation of function bodies, which not everybody loads.
 *
 * @module
 */
import type { DecodeContext } from "./context.ts"

/** Checks function bodies, one at a time. */
export interface BodyValidator {
  /**
   * Checks a body, which is in the reader's window, or goes on with it where it was put off: the window may be another
   * one by then.
   *
   * @param functionIndex the function that it is the body of
   * @param start the index of its first byte: the count of its local declarations
   * @param end where it ends
   * @returns whether that is done; if not, it is to be called again with the same body
   */
  validate(functionIndex: number, start: number, end: number): boolean
}

/** Makes a validator, when all that bodies refer to has been decoded. */
export type MakeBodyValidator = (c: DecodeContext) => BodyValidator
