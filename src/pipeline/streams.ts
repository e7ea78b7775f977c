/**
 * Converts between chunks and Effect Streams. Loaded on demand: importing `effect/Stream` takes as long as importing
 * everything that a response needs.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { NativePromise } from "../platform/natives.ts"
import { type Chunks, copied, settle, type Step } from "./chunks.ts"
import { interruptAll, raceFirst } from "./race.ts"

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

/** The result of a stream's pull. */
type Pulled<E> = Effect.Effect<readonly [Uint8Array], E | Cause.Done>

/**
 * Chunks as a stream; at most one waits to be pulled.
 *
 * `Stream.callback` would do the same with a queue, but cost every load 0.5 kB: bundlers put the parts of `effect` that are
 * used on demand into the same chunk as the rest.
 *
 * @param chunks the chunks
 */
export const toStream = <E, R>(chunks: Chunks<E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.fromChannel(
    Channel.fromTransform((_upstream, scope) =>
      Effect.contextWith((context: Context.Context<R>) => {
        let waiting: Pulled<E> | undefined
        let ended: Pulled<E> | undefined
        let resume: ((pulled: Pulled<E>) => void) | undefined
        let taken: (() => void) | undefined

        const give = (pulled: Pulled<E>): boolean => {
          const reader = resume
          resume = undefined
          reader?.(pulled)
          return reader !== undefined
        }
        const fiber = Effect.runForkWith(context)(chunks.forEach<never>((chunk) => {
          const pulled = Effect.succeed([chunk] as const)
          if (give(pulled)) return undefined
          waiting = pulled
          return new NativePromise<void>((resolve) => {
            taken = resolve
          })
        }))
        fiber.addObserver((exit) => {
          ended = exit._tag === "Success" ? Cause.done() : Effect.failCause(exit.cause)
          if (waiting === undefined) give(ended)
        })

        const pull: Pulled<E> = Effect.callback((reader) => {
          const next = waiting ?? ended
          if (next === undefined) {
            resume = reader
            return
          }
          waiting = undefined
          taken?.()
          reader(next)
        })
        return Effect.as(Scope.addFinalizer(scope, interruptAll([fiber])), pull)
      })
    ),
  )

/**
 * Whether a value is a Stream. A value that throws when it is read, such as a revoked Proxy, is not.
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
 * Closes what a stream would read, by starting and interrupting it.
 *
 * @param bytes the stream
 */
export const closeStream = (bytes: Stream.Stream<unknown, unknown>): Effect.Effect<void> =>
  raceFirst(Effect.exit(Stream.runDrain(bytes)), Effect.yieldNow).pipe(Effect.asVoid)

/** Whether an error of `effect/http` says that the response has no body, which counts as zero bytes. */
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
 * @param explain maps a failure of the stream
 */
export const fromClientStream = <E>(
  bytes: Stream.Stream<Uint8Array, unknown>,
  explain: (cause: unknown) => E,
): Chunks<E> =>
  copied(fromStream(Stream.catch(
    bytes,
    (cause) => isEmptyBody(cause) ? Stream.empty : Stream.fail(explain(cause)),
  )))
