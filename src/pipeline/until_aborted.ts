/**
 * The option `signal`: when it fires, the pipeline is interrupted, and fails with the signal's reason.
 *
 * @see https://dom.spec.whatwg.org/#abortsignal
 * @module
 */
import * as Effect from "effect/Effect"
import { SourceError } from "../errors.ts"
import { raceFirst } from "./race.ts"

const aborted = (signal: AbortSignal): Effect.Effect<never, SourceError> =>
  Effect.callback((resume) => {
    const stop = () => {
      const message = "The load was aborted by its signal"
      resume(Effect.fail(new SourceError({ reason: "aborted", message, cause: signal.reason })))
    }
    if (signal.aborted) return stop()
    signal.addEventListener("abort", stop, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", stop))
  })

/**
 * Interrupts an Effect when a signal fires.
 *
 * @param signal the signal, if there is one
 */
export const untilAborted =
  (signal: AbortSignal | undefined) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | SourceError, R> =>
    signal === undefined ? self : raceFirst(self, aborted(signal))
