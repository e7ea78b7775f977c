/**
 * Watches a load by replacing the `Engine` service: the bytes that the engine is given, and the end of the compilation.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { Engine, moduleSource } from "../pipeline/engine.ts"

/** The callbacks of a watched load. */
export interface EngineWatcher {
  /** A compilation begins, which may not be the first one. */
  readonly begin: () => void
  /** The engine is given bytes, which may change afterwards: copy what is kept. */
  readonly chunk: (chunk: Uint8Array) => void
  /** The module is compiled. */
  readonly compiled: () => void
}

/** Keeps a copy of the bytes that the engine was given. */
export class KeptModule implements EngineWatcher {
  #chunks: Array<Uint8Array> = []
  #size = 0

  begin(): void {
    this.#chunks = []
    this.#size = 0
  }

  chunk(chunk: Uint8Array): void {
    this.#chunks.push(chunk.slice())
    this.#size += chunk.length
  }

  compiled(): void {}

  /** The module's bytes. */
  get bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#size)
    let at = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    return bytes
  }
}

/**
 * Watches a load.
 *
 * @param self the load
 * @param watcher the callbacks
 */
export const watched = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  watcher: EngineWatcher,
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Engine, (engine) =>
    Effect.provideService(self, Engine, {
      ...engine,
      compile: (source, options) =>
        Effect.suspend(() => {
          watcher.begin()
          const chunks: typeof source.chunks = {
            forEach: (take, stop) =>
              source.chunks.forEach((chunk) => {
                watcher.chunk(chunk)
                return take(chunk)
              }, stop),
          }
          return Effect.tap(
            engine.compile(moduleSource(chunks, source.url), options),
            () => Effect.sync(() => watcher.compiled()),
          )
        }),
    }))
