/**
 * The Promise API: runs the pipeline at once, and rejects as the specification demands.
 *
 * The functions read their arguments at the call, in the order of Web IDL, and never throw. Like operations of Web IDL, they
 * are not constructors, and their `length` counts only required arguments: hence arrow functions with default values.
 *
 * @module
 */
import type { ModuleReport } from "./binary/report/module_report.ts"
import { toNative } from "./native_errors.ts"
import type { CompileStreamingOptions, WithPolicy } from "./options.ts"
import {
  type CompiledWithReport,
  compilePending,
  compileReporting,
  inspectPending,
} from "./pipeline/compile_streaming.ts"
import { type ImportObject, instantiatePending } from "./pipeline/instantiate_streaming.ts"
import { settleSource } from "./pipeline/resolve_source.ts"
import { runPromise } from "./run_promise.ts"

/**
 * Compiles a module from a response while its bytes arrive: `WebAssembly.compileStreaming`, the same on every runtime.
 *
 * @param source a `Response`, or anything that resolves to one
 * @param options the options of the JavaScript API and of this library; read at the call
 * @returns a promise for the module. It rejects with a `TypeError` for a wrong value, response, chunk or option, and with
 * a `WebAssembly.CompileError` for invalid bytes, which both carry the pipeline's tagged error as `cause`. If the source or
 * its body fails, or `options.signal` is aborted, it rejects with that reason, unchanged; if the module breaks
 * `options.policy`, with a `PolicyError`.
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-compilestreaming
 *
 * @example
 * ```ts
 * import { compileStreaming } from "@effect-wasm/compile-streaming"
 *
 * const module = await compileStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 */
export const compileStreaming: (
  source: Response | PromiseLike<Response>,
  options?: WithPolicy<CompileStreamingOptions> | null,
) => Promise<WebAssembly.Module> = (source, options = undefined) =>
  runPromise(compilePending(settleSource(source), options), toNative)

/**
 * Compiles a module from a response while its bytes arrive, and instantiates it: `WebAssembly.instantiateStreaming`, the
 * same on every runtime.
 *
 * @param source a `Response`, or anything that resolves to one
 * @param importObject an object of objects, one for each module name that the module imports from
 * @param options the options of the JavaScript API and of this library; read at the call
 * @returns a promise for the module and its instance. It rejects as {@linkcode compileStreaming} does; with a
 * `TypeError` or a `WebAssembly.LinkError` for imports that are missing or do not match; with a `WebAssembly.RuntimeError`
 * for a trap; and with any JavaScript value that was thrown meanwhile.
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-instantiatestreaming
 *
 * @example
 * ```ts
 * import { instantiateStreaming } from "@effect-wasm/compile-streaming"
 *
 * const { instance } = await instantiateStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.assert(instance instanceof WebAssembly.Instance)
 * ```
 */
export const instantiateStreaming: (
  source: Response | PromiseLike<Response>,
  importObject?: ImportObject,
  options?: WithPolicy<CompileStreamingOptions> | null,
) => Promise<WebAssembly.WebAssemblyInstantiatedSource> = (
  source,
  importObject = undefined,
  options = undefined,
) => runPromise(instantiatePending(settleSource(source), importObject, options), toNative)

/**
 * Compiles a module from a response while its bytes arrive, and reports what is in it.
 *
 * @param source a `Response`, or anything that resolves to one
 * @param options the options of the JavaScript API and of this library; read at the call
 * @returns a promise for the module and its report. It rejects as {@linkcode compileStreaming} does.
 *
 * @example
 * ```ts
 * import { compileStreamingWithReport } from "@effect-wasm/compile-streaming"
 *
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const { report } = await compileStreamingWithReport(source)
 * console.assert(report.size === 8)
 * ```
 */
export const compileStreamingWithReport: (
  source: Response | PromiseLike<Response>,
  options?: WithPolicy<CompileStreamingOptions> | null,
) => Promise<CompiledWithReport> = (source, options = undefined) =>
  runPromise(compileReporting(settleSource(source), options), toNative)

/**
 * Reports what is in a module, without compiling it: sections, imports and exports with their types, memories, tables,
 * features, names, producers. The structure is validated; with `validation: "full"`, so are the functions' instructions.
 *
 * @param source a `Response`, or anything that resolves to one
 * @param options the options of this library; those of the JavaScript API are read too, but have no effect
 * @returns a promise for the report. It rejects as {@linkcode compileStreaming} does, except for errors that only the
 * engine can find.
 *
 * @example
 * ```ts
 * import { inspect } from "@effect-wasm/compile-streaming"
 *
 * const report = await inspect(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.assert(report.imports.length === 0)
 * ```
 */
export const inspect: (
  source: Response | PromiseLike<Response>,
  options?: WithPolicy<CompileStreamingOptions> | null,
) => Promise<ModuleReport> = (source, options = undefined) =>
  runPromise(inspectPending(settleSource(source), options), toNative)
