/**
 * jco, `--instantiation async`: what it makes of a component asks for its core modules one by one, by their paths.
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
