/**
 * When the bytes of a module came, and when the module was there.
 *
 * @module
 */
import type { EngineWatcher } from "./watched_engine.ts"

/** The times of one load, in milliseconds. */
export class LoadTimes implements EngineWatcher {
  readonly #began = performance.now()
  #first: number | undefined
  #last: number | undefined
  #compiled: number | undefined
  /** Bytes that the engine was given. */
  size = 0

  /** Bytes came. */
  chunk(chunk: Uint8Array): void {
    this.#last = performance.now()
    this.#first ??= this.#last
    this.size += chunk.length
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
