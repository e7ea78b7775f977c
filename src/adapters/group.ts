/**
 * Modules that are loaded together: all, or none. Where one fails, or the program gives up, the others are cancelled, so that no
 * connection stays open for nothing.
 *
 * @module
 */
import { constVoid } from "effect/Function"
import { isAbortSignal } from "../platform/brands.ts"
import { load } from "./load.ts"

const { AbortController } = globalThis

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** Modules that are loaded together. */
export class Group {
  readonly #controller: AbortController = new AbortController()
  #pending = 0
  /** Why they were given up: of any value, where a signal would have an AbortError in place of `undefined`. */
  #failure: { readonly error: unknown } | undefined

  /** Aborted where a module is not wanted any more. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether modules are on their way. */
  get isOpen(): boolean {
    return this.#pending > 0
  }

  /** Gives up what is on its way. Returns the first reason for that. */
  cancel(reason: unknown): unknown {
    this.#failure ??= { error: reason }
    this.#controller.abort(reason)
    return this.#failure.error
  }

  /** Loads one. A failure is that of all, and is handled, as nobody may wait for this one. */
  load(source: unknown, options: unknown): Promise<WebAssembly.Module> {
    const { signal } = this
    const bag = isObject(options) ? options : undefined
    const given: unknown = bag === undefined ? undefined : Reflect.get(bag, "signal")
    // What is no signal is left for the pipeline to refuse, and so are options that are none.
    if (!isAbortSignal(given)) {
      const isNone = given === undefined || given === null
      const isBag = bag !== undefined || options === undefined || options === null
      return this.#add(load(source, isNone && isBag ? { ...bag, signal } : options))
    }
    const stop = (): void => void this.cancel(given.reason)
    if (given.aborted) stop()
    given.addEventListener("abort", stop)
    const loading = this.#add(load(source, { ...bag, signal }))
    const done = (): void => given.removeEventListener("abort", stop)
    loading.then(done, done)
    return loading
  }

  #add(loading: Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
    this.#pending++
    const over = (): void => void this.#pending--
    loading.then(over, over)
    const first = loading.catch((error: unknown): never => {
      throw this.cancel(error)
    })
    first.catch(constVoid)
    return first
  }
}
