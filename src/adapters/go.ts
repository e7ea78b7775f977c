/**
 * Go and TinyGo: `wasm_exec.js` defines a class `Go`, whose objects provide the import object, and run an instance.
 *
 * @see https://go.dev/wiki/WebAssembly
 * @module
 */
import { TypeError } from "../errors.ts"
import { toNative } from "../native_errors.ts"
import type { CompileStreamingOptions } from "../options.ts"
import { NativeLinkError } from "../platform/natives.ts"
import { discard, wrongArgument } from "./arguments.ts"
import { type AdapterSource, instantiate, load } from "./load.ts"
import { listOf, missingImports } from "./missing.ts"

/** An object of the class `Go` of `wasm_exec.js`. */
export interface GoRuntime {
  /** The import object of a Go program. */
  readonly importObject: object
  /** Runs the program. */
  readonly run: (instance: WebAssembly.Instance) => Promise<unknown>
}

/** A Go program that has been started. */
export interface GoProgram {
  /** The module. */
  readonly module: WebAssembly.Module
  /** The instance, with the program's exports. */
  readonly instance: WebAssembly.Instance
  /** Resolves when the program ends; rejects with the error that stopped it. */
  readonly exited: Promise<void>
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** Throws for a value that is not an object of the class `Go`. */
const checkRuntime = (runtime: unknown): void => {
  const wanted = "The runtime must be an object of the class Go"
  if (!isObject(runtime)) throw wrongArgument(wanted, runtime, "Pass new Go()")
  if (
    typeof Reflect.get(runtime, "run") === "function" &&
    isObject(Reflect.get(runtime, "importObject"))
  ) return
  throw wrongArgument(`${wanted}, with run and importObject`, runtime, "Pass new Go()")
}

/** Replaces the error of missing imports: engines name only the first, as if it had the wrong type. */
const explain = (error: unknown, module: WebAssembly.Module, imports: object): unknown => {
  const isOfImports = error instanceof NativeLinkError ||
    (error instanceof globalThis.TypeError && error.cause instanceof TypeError)
  if (!isOfImports) return error
  const missing = missingImports(module, imports).filter(({ found }) => found === undefined)
  if (missing.length === 0) return error
  const message = `The import object lacks what the module imports: ${listOf(missing)}. ` +
    "Use the wasm_exec.js of the compiler that made the module"
  return toNative(new TypeError({ reason: "imports", message, cause: error }))
}

/**
 * Starts a Go program that is compiled while its bytes arrive.
 *
 * @param runtime an object of the class `Go` of the `wasm_exec.js` that belongs to the compiler; one for each program
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`
 * @returns a promise for the program, once it has been started. It rejects as `instantiateStreaming` does, with a native
 * `TypeError` if imports are missing, and with an `AdapterError` if `runtime` is not such an object
 *
 * @example
 * ```ts ignore
 * import "./wasm_exec.js"
 * import { go } from "@effect-wasm/compile-streaming/adapters"
 *
 * const { exited } = await go(new Go(), fetch("main.wasm"))
 * await exited
 * ```
 */
export const go = async (
  runtime: GoRuntime,
  source: AdapterSource,
  options?: CompileStreamingOptions,
): Promise<GoProgram> => {
  try {
    checkRuntime(runtime)
  } catch (error) {
    void discard(source)
    throw error
  }
  const module = await load(source, options)
  const { importObject } = runtime
  const instance = await instantiate(module, importObject).catch((error: unknown) => {
    throw explain(error, module, importObject)
  })
  const run = async (): Promise<void> => void await runtime.run(instance)
  return { module, instance, exited: run() }
}
