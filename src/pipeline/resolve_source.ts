/**
 * Stage 1: from a `Response`, a promise of one or an Effect of one to whatever it resolves to.
 *
 * The source's promise always gets a handler, so its rejection is never reported as unhandled, and a response that comes
 * after the wait was given up is discarded, so its connection does not stay open.
 *
 * @see https://webidl.spec.whatwg.org/#js-promise
 * @module
 */
import * as Effect from "effect/Effect"
import { SourceError } from "../errors.ts"
import { bodyOf, bodyUsedOf, isResponse } from "../platform/brands.ts"
import type { ClientResponse } from "./client_response.ts"

/** What a module can be compiled from. */
export type Source<E = never, R = never> =
  | Response
  | PromiseLike<Response>
  | Effect.Effect<Response | ClientResponse, E, R>

/** A source as it stands at the call: nothing of it was waited for yet. */
export type PendingSource<E, R> = Effect.Effect<unknown, SourceError | E, R>

const ignore = (): void => {}

/** Cancels the body of a response that nobody will read. */
const discard = (value: unknown): void => {
  if (!isResponse(value) || bodyUsedOf(value)) return
  const body = bodyOf(value)
  if (body !== null && !body.locked) body.cancel().catch(ignore)
}

const awaitPromise = (promise: Promise<unknown>): Effect.Effect<unknown, SourceError> =>
  Effect.callback((resume) => {
    promise.then(
      (value) => resume(Effect.succeed(value)),
      (cause: unknown) =>
        resume(Effect.fail(
          new SourceError({
            reason: "source",
            message: "The source failed: the promise of the response was rejected",
            cause,
          }),
        )),
    )
    return Effect.sync(() => promise.then(discard, ignore))
  })

/**
 * Puts a value through promise resolution, at once: a `then` that throws makes a rejection.
 *
 * @param source a `Response`, a promise or another thenable, or anything else
 */
export const settleSource = (source: unknown): PendingSource<never, never> => {
  let promise: Promise<unknown>
  try {
    promise = Promise.resolve(source)
  } catch (cause) {
    promise = Promise.reject(cause)
  }
  promise.catch(ignore)
  return awaitPromise(promise)
}

/**
 * The source as it stands at the call: a promise gets its handler at once, an Effect is run when it is waited for.
 *
 * @param source a `Response`, a promise of one, or an Effect of one
 */
export const resolveSource = <E, R>(source: Source<E, R>): PendingSource<E, R> =>
  Effect.isEffect(source) ? source : settleSource(source)
