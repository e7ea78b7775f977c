/**
 * When the bytes of a module came, and when the module was there.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { Engine, moduleSource } from "../pipeline/engine.ts"

/** The times of one load, in milliseconds. */
export class LoadTimes {
  readonly #began = performance.now()
  #first: number | undefined
  #last: number | undefined
  #compiled: number | undefined
  /** Bytes that the engine was given. */
  size = 0

  /** Bytes came. */
  chunk(size: number): void {
    this.#last = performance.now()
    this.#first ??= this.#last
    this.size += size
  }

  /** A compilation begins, maybe another one. */
  begin(): void {
    this.size = 0
  }

  /** The module is there. */
  compiled(): void {
    this.#compiled = performance.now()
  }

  /** From the beginning to the first byte; `undefined` where none came. */
  get firstByte(): number | undefined {
    return this.#first === undefined ? undefined : this.#first - this.#began
  }

  /** From the first byte to the last. */
  get download(): number {
    return (this.#last ?? 0) - (this.#first ?? 0)
  }

  /** From the last byte to the module. */
  get afterwards(): number {
    return (this.#compiled ?? 0) - (this.#last ?? 0)
  }

  /** From the beginning to the module. */
  get whole(): number {
    return (this.#compiled ?? 0) - this.#began
  }
}

/**
 * Measures a load where the engine is given its bytes.
 *
 * @param self the load
 * @param times where the times go
 */
export const timedEngine = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  times: LoadTimes,
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Engine, (engine) =>
    Effect.provideService(self, Engine, {
      ...engine,
      compile: (source, options) =>
        Effect.suspend(() => {
          times.begin()
          const chunks: typeof source.chunks = {
            forEach: (take, stop) =>
              source.chunks.forEach((chunk) => {
                times.chunk(chunk.length)
                return take(chunk)
              }, stop),
          }
          return Effect.tap(
            engine.compile(moduleSource(chunks, source.url), options),
            () => Effect.sync(() => times.compiled()),
          )
        }),
    }))
