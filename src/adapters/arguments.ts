/**
 * Checks of the arguments of adapters, before anything is loaded.
 *
 * @module
 */
import { wordsOf } from "../messages/wording.ts"
import { cancelBody, isResponse } from "../platform/brands.ts"
import { AdapterError } from "./adapter_error.ts"

/**
 * The error of an argument.
 *
 * @param wanted what the argument must be, such as `The factory must be a function`
 * @param value the argument
 * @param advice what to do, as a sentence
 */
export const wrongArgument = (wanted: string, value: unknown, advice: string): AdapterError =>
  new AdapterError({
    reason: "argument",
    message: `${wanted}, not ${wordsOf(value)}. ${advice}`,
  })

/**
 * Cancels the body of a source that will not be read.
 *
 * @param source a response, a promise for one, or anything else
 */
export const discard = async (source: unknown): Promise<void> => {
  try {
    const settled = await source
    if (isResponse(settled)) cancelBody(settled)
  } catch {
    // A failed source has nothing to cancel.
  }
}
