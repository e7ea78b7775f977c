/**
 * How far a load has come: for those who wait for it, and for errors.
 *
 * @module
 */
import type { LoadError } from "./load_error.ts"

/** How far a load has come. */
export interface LoadState {
  /** The URL that was asked for, printed. */
  readonly url: string
  /** How many requests were made. */
  attempts: number
  /** How many bytes of the module were received. */
  received: number
  /** Why the last attempt failed. */
  lastFailure: LoadError | undefined
}

/**
 * A load that has not begun.
 *
 * @param url the URL that is asked for, printed
 */
export const newLoadState = (url: string): LoadState => ({
  url,
  attempts: 0,
  received: 0,
  lastFailure: undefined,
})
