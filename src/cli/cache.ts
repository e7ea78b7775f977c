/**
 * The folder of `--cache`, and whether the module was found or kept there.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { directory } from "../http/cache/directory.ts"
import type { ByteStore } from "../http/cache/store.ts"
import { whyUnreadable } from "../http/transport/file.ts"
import { printText } from "../messages/print.ts"

/** A store that records whether something was found or kept in it, and the first failure. */
export class WatchedFolder {
  /** Whether something was found. */
  hasFound = false
  /** Whether something was kept. */
  hasKept = false
  /** Why the folder cannot be used, if it cannot. */
  failure: string | undefined = undefined
  readonly store: ByteStore

  /** @param path the folder */
  constructor(path: string) {
    const inner = directory(path)
    const noted = <A, R>(self: Effect.Effect<A, unknown, R>): Effect.Effect<A, unknown, R> =>
      Effect.tapError(self, (cause) =>
        Effect.sync(() => {
          this.failure ??= `The folder ${printText(path)} cannot be used: ${whyUnreadable(cause)}`
        }))
    this.store = {
      getUint8Array: (key) =>
        Effect.tap(noted(inner.getUint8Array(key)), (found) =>
          Effect.sync(() => {
            this.hasFound ||= found !== undefined
          })),
      set: (key, value) =>
        Effect.tap(noted(inner.set(key, value)), () =>
          Effect.sync(() => {
            this.hasKept = true
          })),
      remove: (key) => noted(inner.remove(key)),
    }
  }

  /**
   * How the cache was used, for the summary.
   *
   * @param status the status of the response; `undefined` if no request was made
   */
  outcome(status: number | undefined): string {
    if (this.failure !== undefined) return "not kept"
    if (this.hasFound && status === undefined) return "from the folder, still fresh"
    if (this.hasFound && status === 304) return "from the folder, unchanged on the server"
    if (this.hasKept) return "kept for the next time"
    return status === undefined
      ? "not kept: only HTTP loads are cached"
      : "not kept: redirected, forbidden by Cache-Control, or without an expiration time and a validator"
  }
}
