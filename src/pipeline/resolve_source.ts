/**
 * Stage 1: from a `Response`, a promise for one or an Effect of one to whatever it resolves to.
 *
 * The source's promise always gets a handler, so its rejection is never reported as unhandled, and a response that comes
 * after the wait was given up is discarded, so its connection does not stay open.
 *
 * @see https://webidl.spec.whatwg.org/#js-promise
 * @module
 */
import { constVoid } from "effect/Function"
import * as Effect from "effect/Effect"
import { SourceError } from "../errors.ts"
import { cancelBody, isResponse } from "../platform/brands.ts"
import { NativePromise } from "../platform/natives.ts"
import { type ClientResponse, discardClientResponse, isClientResponse } from "./client_response.ts"

/**
 * What a module can be compiled from.
 *
 * A response that is passed, or promised, stays its owner's until its body is opened: one that is refused for its type or
 * status can still be read. What an Effect makes was made for this call: it is closed when it is refused.
 */
export type Source<E = never, R = never> =
  | Response
  | ClientResponse
  | PromiseLike<Response | ClientResponse>
  | Effect.Effect<Response | ClientResponse, E, R>

/** A source as it stands at the call: nothing of it was waited for yet. */
export interface PendingSource<E, R> {
  /** Whatever it resolves to. */
  readonly value: Effect.Effect<unknown, SourceError | E, R>
  /** Closes what was refused, where nobody else could. */
  readonly refuse: (value: unknown) => Effect.Effect<void>
}

const { prototype: { then: promiseThen } } = NativePromise

/** Cancels the body of a response that nobody will read. */
const discard = (value: unknown): Effect.Effect<void> =>
  Effect.suspend(() => {
    try {
      if (isClientResponse(value)) return discardClientResponse(value)
      if (isResponse(value)) cancelBody(value)
    } catch {
      // What cannot be looked at cannot be closed.
    }
    return Effect.void
  })

const awaitPromise = (promise: Promise<unknown>): Effect.Effect<unknown, SourceError> =>
  Effect.callback((resume) => {
    promise.then(
      (value) => resume(Effect.succeed(value)),
      (cause: unknown) =>
        resume(Effect.fail(
          new SourceError({
            reason: "source",
            message: "The promise of the response was rejected",
            cause,
          }),
        )),
    )
    return Effect.sync(() =>
      promise.then((value) => void Effect.runFork(discard(value)), constVoid)
    )
  })

/**
 * Puts a value through promise resolution, at once: a `then` that throws makes a rejection.
 *
 * @param source a `Response`, a promise or another thenable, or anything else
 */
export const settleSource = (source: unknown): PendingSource<never, never> => {
  let promise: Promise<unknown>
  try {
    promise = NativePromise.resolve(source)
  } catch (cause) {
    promise = NativePromise.reject(cause)
  }
  promise.catch(constVoid)
  return { value: awaitPromise(promise), refuse: () => Effect.void }
}

/**
 * Gives a promise a handler at the call: the program that awaits it may be run much later, and a rejection until then would
 * be reported as unhandled, which ends processes.
 *
 * @param source a source of any kind
 */
export const handleRejection = (source: unknown): void => {
  try {
    Reflect.apply(promiseThen, source, [undefined, constVoid])
  } catch {
    // It is no promise, or none that can be looked at.
  }
}

/** What cannot be looked at, such as a revoked Proxy, is no Effect: promise resolution says what is wrong with it. */
const isEffect = <E, R>(
  source: Source<E, R>,
): source is Effect.Effect<Response | ClientResponse, E, R> => {
  try {
    return Effect.isEffect(source)
  } catch {
    return false
  }
}

/**
 * The source as it stands at the call: a promise gets its handler at once, an Effect is run when it is waited for.
 *
 * @param source a `Response`, a promise for one, or an Effect of one
 */
export const resolveSource = <E, R>(source: Source<E, R>): PendingSource<E, R> =>
  isEffect(source) ? { value: source, refuse: discard } : settleSource(source)
