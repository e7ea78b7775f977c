/**
 * jco, `--instantiation async`: what it makes of a component asks for its core modules one by one, by their paths.
 *
 * @see https://bytecodealliance.github.io/jco/transpiling.html
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import { isAbortSignal } from "../platform/brands.ts"
import { NativePromise } from "../platform/natives.ts"
import { type AdapterSource, load } from "./load.ts"

/** Core modules that are loaded at the same time: all, or none. */
class Group {
  private readonly controller: AbortController = new AbortController()
  private pending = 0

  /** Aborted where a module is not wanted any more. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Whether modules are on their way. */
  get isOpen(): boolean {
    return this.pending > 0
  }

  /** Loads one. A failure is that of all, and is handled, as nobody may wait for this one. */
  load(source: unknown, options: CompileStreamingOptions): Promise<WebAssembly.Module> {
    const { controller, signal } = this
    const { signal: given } = options
    // What is no signal is left for the pipeline to refuse.
    if (!isAbortSignal(given)) {
      const hasNone = given === undefined || given === null
      return this.add(load(source, hasNone ? { ...options, signal } : options))
    }
    const stop = (): void => controller.abort(given.reason)
    if (given.aborted) stop()
    given.addEventListener("abort", stop)
    const loading = this.add(load(source, { ...options, signal }))
    const done = (): void => given.removeEventListener("abort", stop)
    loading.then(done, done)
    return loading
  }

  private add(loading: Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
    this.pending++
    loading.then(() => this.pending--, (error: unknown) => {
      this.pending--
      this.controller.abort(error)
    })
    return loading
  }
}

/** The source of a core module. */
const sourceOf = (
  resolve: (path: string, signal: AbortSignal) => AdapterSource,
  path: string,
  signal: AbortSignal,
): unknown => {
  try {
    return resolve(path, signal)
  } catch (error) {
    return NativePromise.reject(error)
  }
}

/**
 * Makes the function with which `instantiate` of a transpiled component loads its core modules, each while its bytes arrive.
 *
 * The modules are loaded at the same time. Where one fails, the others are cancelled, and whichever the component waits for
 * rejects with the error of the first. None of them is reported as an unhandled rejection. Make one function for each
 * component that is instantiated.
 *
 * @param resolve from the path of a core module to its source: a response or a module, or a promise for either. The signal is
 * aborted where it is not wanted any more
 * @param options those of `compileStreaming`, for every core module; or a function from a path to those of one, such as for
 * its `onProgress`
 * @returns the function `getCoreModule`. Its promises reject as `compileStreaming` does
 *
 * @example
 * ```ts ignore
 * import { jco } from "@effect-wasm/compile-streaming/adapters"
 * import { instantiate } from "./component/component.js"
 *
 * const { greet } = await instantiate(jco((path, signal) => fetch(`component/${path}`, { signal })), {})
 * ```
 */
export const jco = (
  resolve: (path: string, signal: AbortSignal) => AdapterSource,
  options: CompileStreamingOptions | ((path: string) => CompileStreamingOptions) = {},
): (path: string) => Promise<WebAssembly.Module> => {
  let group: Group | undefined
  return (path) => {
    group = group?.isOpen === true ? group : new Group()
    const own = typeof options === "function" ? options(path) : options
    return group.load(sourceOf(resolve, path, group.signal), own)
  }
}
