/**
 * Chunks and Effect's Streams, each as the other. Loaded when one of the two is asked for: `effect/Stream` takes as long to
 * import as all that a response needs.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type Chunks, copied, settle, type Step } from "./chunks.ts"
import { raceFirst } from "./race.ts"
import { runPromise } from "../run_promise.ts"

/**
 * The chunks of a stream.
 *
 * @param bytes the stream
 */
export const fromStream = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Chunks<E, R> => ({
  forEach: <E2 extends object>(take: (chunk: Uint8Array) => Step<E2>, stop?: Promise<E2>) => {
    const run = Stream.runForEach(bytes, (chunk) => settle(take(chunk)))
    return stop === undefined
      ? run
      : raceFirst(run, Effect.flatMap(Effect.promise(() => stop), Effect.fail))
  },
})

/**
 * Chunks as a stream; at most one waits to be taken.
 *
 * @param chunks the chunks
 */
export const toStream = <E, R>(chunks: Chunks<E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.callback<Uint8Array, E, R>(
    (queue) =>
      Effect.andThen(
        chunks.forEach<never>((chunk) => runPromise(Effect.asVoid(Queue.offer(queue, chunk)))),
        Queue.end(queue),
      ),
    { bufferSize: 1, strategy: "suspend" },
  )

/**
 * Whether a value is a Stream. What cannot be looked at, such as a revoked Proxy, is none.
 *
 * @param value anything
 */
export const isStream = (value: unknown): boolean => {
  try {
    return Stream.isStream(value)
  } catch {
    return false
  }
}

/**
 * Closes what a stream would read: it is begun, and interrupted.
 *
 * @param bytes the stream
 */
export const closeStream = (bytes: Stream.Stream<unknown, unknown>): Effect.Effect<void> =>
  raceFirst(Effect.exit(Stream.runDrain(bytes)), Effect.yieldNow).pipe(Effect.asVoid)

/** How `effect/http` says that a response has no body at all: for a module, that is zero bytes. */
const isEmptyBody = (error: unknown): boolean => {
  const reason: unknown = typeof error === "object" && error !== null
    ? Reflect.get(error, "reason")
    : undefined
  return typeof reason === "object" && reason !== null &&
    Reflect.get(reason, "_tag") === "EmptyBodyError"
}

/**
 * The chunks of a client's response.
 *
 * @param bytes its stream
 * @param explain what a failure of the stream becomes
 */
export const fromClientStream = <E>(
  bytes: Stream.Stream<Uint8Array, unknown>,
  explain: (cause: unknown) => E,
): Chunks<E> =>
  copied(fromStream(Stream.catch(
    bytes,
    (cause) => isEmptyBody(cause) ? Stream.empty : Stream.fail(explain(cause)),
  )))
