/**
 * The chunks of a body, as passed between the stages from the body to the engine.
 *
 * A run over all chunks is one Effect, and plain TypeScript inside. For a module of 200 chunks in a fresh process, an Effect
 * Stream would cost 50 to 100 ms, as long as the engine itself takes; one is made only on request.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { isUint8Array } from "../platform/brands.ts"

/** The result of taking a chunk: `undefined` to go on, an error to stop with, or a promise for one of the two. */
export type Step<E extends object> = undefined | E | Promise<void | E>

/** Checks chunks as they pass. */
export interface ChunkCheck<E extends object> {
  /** The error found in this chunk, if any; a promise if the check takes time. */
  readonly push: (chunk: Uint8Array) => undefined | E | Promise<E | undefined>
  /** The error found at the end of the chunks, likewise. */
  readonly end: () => undefined | E | Promise<E>
}

/** Bytes in chunks. To be run once. */
export interface Chunks<E = never, R = never> {
  /**
   * Runs over all chunks in order.
   *
   * @param take called with each chunk
   * @param stop settles with an error that stops the run even while no chunk arrives
   */
  readonly forEach: <E2 extends object>(
    take: (chunk: Uint8Array) => Step<E2>,
    stop?: Promise<E2>,
  ) => Effect.Effect<void, E | E2, R>
}

/**
 * Copies chunks whose memory the producer may reuse: the bytes compiled must be the ones checked.
 *
 * @param chunks the chunks
 */
export const copied = <E, R>(chunks: Chunks<E, R>): Chunks<E, R> => ({
  forEach: (take, stop) =>
    // Not chunk.slice(): that of Node's Buffer shares the memory.
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
 * The result of taking a chunk, as an Effect.
 *
 * @param step the result
 */
export const settle = <E extends object>(step: Step<E>): Effect.Effect<void, E> =>
  step instanceof Promise
    ? Effect.flatMap(Effect.promise(() => step), (error) => failIf(error ?? undefined))
    : failIf(step)

/** Takes a chunk, unless a pending check finds an error. */
const takeUnless = async <E extends object, E2 extends object>(
  found: Promise<E | undefined>,
  chunk: Uint8Array,
  take: (chunk: Uint8Array) => Step<E2>,
): Promise<E | E2 | void> => await found ?? await take(chunk)

/** Chunks that are checked before they are passed on. */
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
