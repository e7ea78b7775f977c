/**
 * The progress of a load, for its errors and for the callers that share it.
 *
 * @module
 */
import type { LoadError } from "./load_error.ts"

/** The progress of a load. */
export interface LoadState {
  /** The requested URL, printed. */
  readonly url: string
  /** How many requests were made. */
  attempts: number
  /** How many bytes of the module were received. */
  received: number
  /** Why the last attempt failed. */
  lastFailure: LoadError | undefined
}

/**
 * The state of a load that has not begun.
 *
 * @param url the requested URL, printed
 */
export const newLoadState = (url: string): LoadState => ({
  url,
  attempts: 0,
  received: 0,
  lastFailure: undefined,
})
