/**
 * Go and TinyGo: `wasm_exec.js` has a class `Go`, whose objects know what to import, and run an instance.
 *
 * @see https://go.dev/wiki/WebAssembly
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import { type AdapterSource, instantiate, load } from "./load.ts"

/** An object of the class `Go` of `wasm_exec.js`. */
export interface GoRuntime {
  /** What a Go program imports. */
  readonly importObject: object
  /** Runs the program. */
  readonly run: (instance: WebAssembly.Instance) => Promise<unknown>
}

/** A Go program that has been started. */
export interface GoProgram {
  /** The module. */
  readonly module: WebAssembly.Module
  /** The instance, with what the program exports. */
  readonly instance: WebAssembly.Instance
  /** Resolves when the program has ended; rejects with what it was stopped by. */
  readonly exited: Promise<void>
}

/**
 * Starts a Go program that is compiled while its bytes arrive.
 *
 * @param runtime an object of the class `Go` of the `wasm_exec.js` that belongs to the compiler; one for each program
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`
 * @returns a promise for the program, once it has been started. It rejects as `instantiateStreaming` does
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
  const module = await load(source, options)
  const instance = await instantiate(module, runtime.importObject)
  const run = async (): Promise<void> => void await runtime.run(instance)
  return { module, instance, exited: run() }
}
