/**
 * Bytes on their way, chunk by chunk: what the stages between the body and the engine hand on.
 *
 * A run over all chunks is one Effect, and plain TypeScript inside. The fiber of an Effect's Stream costs a module of
 * 200 chunks 50 to 100 ms in a fresh process, as long as the engine itself takes; it is made only for those who ask.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as Take from "effect/Take"

/** What comes of a chunk: go on at once, stop with an error, or whichever of the two a promise resolves to. */
export type Step<E extends object> = undefined | E | Promise<void | E>

/** Looks at chunks as they pass. */
export interface ChunkCheck<E extends object> {
  /** The error for which to stop at this chunk, if there is one. */
  readonly push: (chunk: Uint8Array) => E | undefined
  /** The error that shows when there are no more chunks, if there is one. */
  readonly end: () => E | undefined
}

/** Bytes that come in chunks. To be run once. */
export interface Chunks<E = never, R = never> {
  /**
   * Runs over all chunks in order.
   *
   * @param take what to do with a chunk
   * @param stop settles with an error for which to stop even while no chunk comes
   */
  readonly forEach: <E2 extends object>(
    take: (chunk: Uint8Array) => Step<E2>,
    stop?: Promise<E2>,
  ) => Effect.Effect<void, E | E2, R>
}

/** No bytes at all. */
export const noChunks: Chunks = { forEach: () => Effect.void }

const failIf = <E extends object>(error: E | undefined): Effect.Effect<void, E> =>
  error === undefined ? Effect.void : Effect.fail(error)

/** Chunks that are looked at before they are handed on. */
export const checked = <E, R, E2 extends object>(
  chunks: Chunks<E, R>,
  check: ChunkCheck<E2>,
): Chunks<E | E2, R> => ({
  forEach: (take, stop) =>
    Effect.zipRight(
      chunks.forEach((chunk) => check.push(chunk) ?? take(chunk), stop),
      Effect.suspend(() => failIf(check.end())),
    ),
})

/** The chunks of a stream. */
export const fromStream = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Chunks<E, R> => ({
  forEach: <E2 extends object>(take: (chunk: Uint8Array) => Step<E2>, stop?: Promise<E2>) => {
    const run = Stream.runForEach(bytes, (chunk): Effect.Effect<void, E2> => {
      const step = take(chunk)
      return step instanceof Promise
        ? Effect.flatMap(Effect.promise(() => step), (error) => failIf(error ?? undefined))
        : failIf(step)
    })
    return stop === undefined
      ? run
      : Effect.raceFirst(run, Effect.flatMap(Effect.promise(() => stop), Effect.fail))
  },
})

/** Chunks as a stream; at most one waits to be taken. */
export const toStream = <E, R>(chunks: Chunks<E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.unwrapScoped(Effect.gen(function* () {
    const queue = yield* Queue.bounded<Take.Take<Uint8Array, E>>(1)
    const run = chunks.forEach<never>((chunk) =>
      Effect.runPromise(Effect.asVoid(Queue.offer(queue, Take.of(chunk))))
    )
    yield* Effect.forkScoped(
      Effect.flatMap(
        Effect.exit(run),
        (exit) =>
          Queue.offer(queue, exit._tag === "Success" ? Take.end : Take.failCause(exit.cause)),
      ),
    )
    return Stream.flattenTake(Stream.fromQueue(queue))
  }))
