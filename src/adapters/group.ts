/**
 * Loads several modules together. If one fails or is aborted, the others are cancelled, so that no connection stays open for
 * nothing.
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
  /** Why they were cancelled. Any value, even `undefined`, for which a signal would have an AbortError as its reason. */
  #failure: { readonly error: unknown } | undefined

  /** Aborted when the modules are no longer needed. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether modules are still being loaded. */
  get isOpen(): boolean {
    return this.#pending > 0
  }

  /** Cancels all loads; returns the first reason for doing so. */
  cancel(reason: unknown): unknown {
    this.#failure ??= { error: reason }
    this.#controller.abort(reason)
    return this.#failure.error
  }

  /** Loads one module. Its failure cancels the others, and is never unhandled, as the program may not await this promise. */
  load(source: unknown, options: unknown): Promise<WebAssembly.Module> {
    const { signal } = this
    const bag = isObject(options) ? options : undefined
    const given: unknown = bag === undefined ? undefined : Reflect.get(bag, "signal")
    // Malformed signals and options are passed on unchanged, for the pipeline to reject.
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
