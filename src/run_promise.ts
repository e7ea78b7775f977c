/**
 * Runs a pipeline as a promise, which starts at once and rejects with a converted error.
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
 * @param rejection maps an error of the pipeline to the value to reject with; defaults to the error itself
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
