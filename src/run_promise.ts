/**
 * Runs a pipeline for those who want a promise: at once, and rejecting with what they expect.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { NativePromise } from "./platform/natives.ts"

/**
 * Runs a pipeline. `Effect.runPromise` would reject with the tagged error.
 *
 * @param pipeline the pipeline
 * @param rejection what the promise is rejected with for an error of the pipeline; the error itself by default
 */
export const runPromise = <A, E>(
  pipeline: Effect.Effect<A, E>,
  rejection: (error: E) => unknown = (error) => error,
): Promise<A> =>
  new NativePromise((resolve, reject) => {
    Effect.runFork(pipeline).addObserver((exit) => {
      if (exit._tag === "Success") return resolve(exit.value)
      const failure = exit.cause.reasons.find(Cause.isFailReason)
      reject(failure === undefined ? Cause.squash(exit.cause) : rejection(failure.error))
    })
  })
