/**
 * A load that is watched where the engine is given its bytes.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { Engine, moduleSource } from "../pipeline/engine.ts"

/** Who watches. */
export interface EngineWatcher {
  /** A compilation begins, maybe another one. */
  readonly begin: () => void
  /** The engine is given bytes; they are somebody else's again afterwards. */
  readonly chunk: (chunk: Uint8Array) => void
  /** The module is there. */
  readonly compiled: () => void
}

/** Keeps what the engine was given. */
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
 * @param watcher who watches
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
