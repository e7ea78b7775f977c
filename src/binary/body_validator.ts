/**
 * The seam between the decoder and the validation of function bodies, which not everybody loads.
 */
import type { DecodeContext } from "./context.ts"

/** Checks function bodies, one at a time. */
export interface BodyValidator {
  /**
   * Checks a body, which is in the reader's window.
   *
   * @param functionIndex the function that it is the body of
   * @param start the index of its first byte: the count of its local declarations
   * @param end where it ends
   */
  validate(functionIndex: number, start: number, end: number): void
}

/** Makes a validator, when all that bodies refer to has been decoded. */
export type MakeBodyValidator = (c: DecodeContext) => BodyValidator
