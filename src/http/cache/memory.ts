/**
 * Compiled modules in memory, bounded: the least recently used one is removed first.
 *
 * @module
 */
import type { Freshness } from "./policy.ts"

/** A module in memory. */
export interface KeptModule {
  readonly module: WebAssembly.Module
  /** The size of its binary, in bytes. */
  readonly size: number
  readonly freshness: Freshness
}

/** An entry's memory besides its bytes and its key, in bytes. Measured on V8: 10 to 15 kB. */
const overhead = 16_384

const costOf = (key: string, { size }: KeptModule): number => size + 2 * key.length + overhead

/** Modules by their keys. */
export class MemoryCache {
  /** In the order of their last use. */
  readonly #modules = new Map<string, KeptModule>()
  readonly #maxBytes: number
  #cost = 0

  /**
   * @param maxBytes how many bytes all entries may take
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The module of a key, which becomes the most recently used. */
  get(key: string): KeptModule | undefined {
    const kept = this.#modules.get(key)
    if (kept === undefined) return undefined
    this.#modules.delete(key)
    this.#modules.set(key, kept)
    return kept
  }

  /** Keeps a module, unless it alone exceeds the limit. */
  set(key: string, kept: KeptModule): void {
    this.delete(key)
    const cost = costOf(key, kept)
    if (cost > this.#maxBytes) return
    this.#modules.set(key, kept)
    this.#cost += cost
    for (const [oldest] of this.#modules) {
      if (this.#cost <= this.#maxBytes) break
      this.delete(oldest)
    }
  }

  /** Removes a module. */
  delete(key: string): void {
    const kept = this.#modules.get(key)
    if (kept === undefined) return
    this.#cost -= costOf(key, kept)
    this.#modules.delete(key)
  }

  /** Removes all modules. */
  clear(): void {
    this.#modules.clear()
    this.#cost = 0
  }
}
