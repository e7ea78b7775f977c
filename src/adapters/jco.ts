/**
 * jco, `--instantiation async`: a transpiled component asks for its core modules one by one, by their paths.
 *
 * @see https://bytecodealliance.github.io/jco/transpiling.html
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import { NativePromise } from "../platform/natives.ts"
import { wrongArgument } from "./arguments.ts"
import { Group } from "./group.ts"
import type { AdapterSource } from "./load.ts"

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
 * Makes the function with which `instantiate` of a transpiled component loads its core modules, each compiled while its
 * bytes arrive.
 *
 * The modules are loaded concurrently. If one fails, the others are cancelled, and reject with the same error. None of the
 * rejections is reported as unhandled. Make one function for each component that is instantiated.
 *
 * @param resolve maps the path of a core module to its source: a response or a module, or a promise for either. The signal
 * is aborted when the module is no longer needed
 * @param options those of `compileStreaming`, for every core module; or a function from a path to those of one module, such
 * as for its `onProgress`
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
    try {
      if (typeof resolve !== "function") {
        throw wrongArgument("resolve must be a function", resolve, "It gives the source of a path")
      }
      group = group?.isOpen === true ? group : new Group()
      const own = typeof options === "function" ? options(path) : options
      return group.load(sourceOf(resolve, path, group.signal), own)
    } catch (error) {
      return NativePromise.reject(error)
    }
  }
}
