/**
 * Stage 1: resolves the source: a `Response`, a promise for one or an Effect of one.
 *
 * The source's promise always gets a handler, so that its rejection is never reported as unhandled. A response that arrives
 * after the wait was abandoned is discarded, so that its connection does not stay open.
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
 * A source of a module.
 *
 * A response that is passed or promised stays the caller's until its body is opened: if its type or status is refused, it
 * can still be read. A response made by an Effect belongs to this call, and is closed if it is refused.
 */
export type Source<E = never, R = never> =
  | Response
  | ClientResponse
  | PromiseLike<Response | ClientResponse>
  | Effect.Effect<Response | ClientResponse, E, R>

/** A source at the moment of the call, not awaited yet. */
export interface PendingSource<E, R> {
  /** The value that the source resolves to. */
  readonly value: Effect.Effect<unknown, SourceError | E, R>
  /** Closes a refused response, if it belongs to this call. */
  readonly refuse: (value: unknown) => Effect.Effect<void>
}

const { prototype: { then: promiseThen } } = NativePromise

/** Cancels the body of a response that will not be read. */
const discard = (value: unknown): Effect.Effect<void> =>
  Effect.suspend(() => {
    try {
      if (isClientResponse(value)) return discardClientResponse(value)
      if (isResponse(value)) cancelBody(value)
    } catch {
      // A value that throws when it is read cannot be closed.
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
 * Resolves a value as a promise does, synchronously at the call: a `then` that throws leads to a rejection.
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
 * Gives a promise a handler at the call: the Effect that awaits it may run much later, and a rejection before that would be
 * reported as unhandled, which ends processes.
 *
 * @param source a source of any kind
 */
export const handleRejection = (source: unknown): void => {
  try {
    Reflect.apply(promiseThen, source, [undefined, constVoid])
  } catch {
    // Not a promise, or one that throws when it is read.
  }
}

/** Whether a source is an Effect. A value that throws when read, such as a revoked Proxy, is left to promise resolution. */
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
 * The source at the moment of the call: a promise gets a handler at once, an Effect runs when it is awaited.
 *
 * @param source a `Response`, a promise for one, or an Effect of one
 */
export const resolveSource = <E, R>(source: Source<E, R>): PendingSource<E, R> =>
  isEffect(source) ? { value: source, refuse: discard } : settleSource(source)
