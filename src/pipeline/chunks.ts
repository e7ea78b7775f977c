/**
 * Bytes on their way, chunk by chunk: what the stages between the body and the engine hand on.
 *
 * A run over all chunks is one Effect, and plain TypeScript inside. The fiber of an Effect's Stream costs a module of
 * 200 chunks 50 to 100 ms in a fresh process, as long as the engine itself takes; it is made only for those who ask.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { isUint8Array } from "../platform/brands.ts"

/** What comes of a chunk: go on at once, stop with an error, or whichever of the two a promise resolves to. */
export type Step<E extends object> = undefined | E | Promise<void | E>

/** Looks at chunks as they pass. */
export interface ChunkCheck<E extends object> {
  /** The error for which to stop at this chunk, if there is one; a promise where it takes time to tell. */
  readonly push: (chunk: Uint8Array) => undefined | E | Promise<E | undefined>
  /** The error that shows when there are no more chunks, likewise. */
  readonly end: () => undefined | E | Promise<E>
}

/** Bytes that come in chunks. To be run once. */
export interface Chunks<E = never, R = never> {
  /**
   * Runs over all chunks in order.
   *
   * @param take what to do with a chunk
   * @param stop settles with an error for which to stop even while no chunk arrives
   */
  readonly forEach: <E2 extends object>(
    take: (chunk: Uint8Array) => Step<E2>,
    stop?: Promise<E2>,
  ) => Effect.Effect<void, E | E2, R>
}

/**
 * Copies of chunks whose memory somebody else may fill anew: what was checked is what gets compiled.
 *
 * @param chunks the chunks
 */
export const copied = <E, R>(chunks: Chunks<E, R>): Chunks<E, R> => ({
  forEach: (take, stop) =>
    // Not their own method: that of Node's Buffer shares the memory.
    chunks.forEach((chunk) => take(isUint8Array(chunk) ? new Uint8Array(chunk) : chunk), stop),
})

/** No bytes at all. */
export const noChunks: Chunks = { forEach: () => Effect.void }

/**
 * Fails with an error, if there is one.
 *
 * @param error the error, if there is one
 */
export const failIf = <E>(error: E | undefined): Effect.Effect<void, E> =>
  error === undefined ? Effect.void : Effect.fail(error)

/**
 * What comes of a chunk, as an Effect.
 *
 * @param step what came of it
 */
export const settle = <E extends object>(step: Step<E>): Effect.Effect<void, E> =>
  step instanceof Promise
    ? Effect.flatMap(Effect.promise(() => step), (error) => failIf(error ?? undefined))
    : failIf(step)

/** Takes a chunk, unless there is an error. */
const takeUnless = async <E extends object, E2 extends object>(
  found: Promise<E | undefined>,
  chunk: Uint8Array,
  take: (chunk: Uint8Array) => Step<E2>,
): Promise<E | E2 | void> => await found ?? await take(chunk)

/** Chunks that are looked at before they are handed on. */
export const checked = <E, R, E2 extends object>(
  chunks: Chunks<E, R>,
  check: ChunkCheck<E2>,
): Chunks<E | E2, R> => ({
  forEach: (take, stop) =>
    Effect.andThen(
      chunks.forEach((chunk) => {
        const found = check.push(chunk)
        if (found === undefined) return take(chunk)
        return found instanceof Promise ? takeUnless(found, chunk, take) : found
      }, stop),
      Effect.suspend(() => settle(check.end())),
    ),
})
