/**
 * Compiled modules in memory, bounded by the size of their bytes: the one that was used longest ago goes first.
 *
 * @module
 */
import type { Freshness } from "./cache_policy.ts"

/** A module that is kept. */
export interface KeptModule {
  readonly module: WebAssembly.Module
  /** The size of its bytes. */
  readonly size: number
  readonly freshness: Freshness
}

/** Modules by their keys. */
export class KeptModules {
  /** In the order of their last use. */
  readonly #modules = new Map<string, KeptModule>()
  readonly #maxBytes: number
  #size = 0

  /**
   * @param maxBytes how many bytes they may have been compiled from, all together
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The module of a key, which is used hereby. */
  get(key: string): KeptModule | undefined {
    const kept = this.#modules.get(key)
    if (kept === undefined) return undefined
    this.#modules.delete(key)
    this.#modules.set(key, kept)
    return kept
  }

  /** Keeps a module, unless it alone is too large. */
  set(key: string, kept: KeptModule): void {
    this.delete(key)
    if (kept.size > this.#maxBytes) return
    this.#modules.set(key, kept)
    this.#size += kept.size
    for (const [oldest] of this.#modules) {
      if (this.#size <= this.#maxBytes) break
      this.delete(oldest)
    }
  }

  /** Forgets a module. */
  delete(key: string): void {
    this.#size -= this.#modules.get(key)?.size ?? 0
    this.#modules.delete(key)
  }

  /** Forgets all modules. */
  clear(): void {
    this.#modules.clear()
    this.#size = 0
  }
}
