/**
 * Modules that are loaded together: all, or none. Where one fails, or the program gives up, the others are cancelled, so that no
 * connection stays open for nothing.
 *
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import { isAbortSignal } from "../platform/brands.ts"
import { load } from "./load.ts"

const { AbortController } = globalThis

/** Modules that are loaded together. */
export class Group {
  readonly #controller: AbortController = new AbortController()
  #pending = 0

  /** Aborted where a module is not wanted any more. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether modules are on their way. */
  get isOpen(): boolean {
    return this.#pending > 0
  }

  /** Gives up what is on its way. */
  cancel(reason: unknown): void {
    this.#controller.abort(reason)
  }

  /** Loads one. A failure is that of all, and is handled, as nobody may wait for this one. */
  load(source: unknown, options: CompileStreamingOptions): Promise<WebAssembly.Module> {
    const { signal } = this
    const controller = this.#controller
    const { signal: given } = options
    // What is no signal is left for the pipeline to refuse.
    if (!isAbortSignal(given)) {
      const hasNone = given === undefined || given === null
      return this.#add(load(source, hasNone ? { ...options, signal } : options))
    }
    const stop = (): void => controller.abort(given.reason)
    if (given.aborted) stop()
    given.addEventListener("abort", stop)
    const loading = this.#add(load(source, { ...options, signal }))
    const done = (): void => given.removeEventListener("abort", stop)
    loading.then(done, done)
    return loading
  }

  #add(loading: Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
    this.#pending++
    loading.then(() => this.#pending--, (error: unknown) => {
      this.#pending--
      this.#controller.abort(error)
    })
    return loading
  }
}
