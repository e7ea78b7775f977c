/**
 * `WebAssembly.compileStreaming` as a typed Effect pipeline: the same result on every runtime, and errors that explain
 * what is wrong.
 *
 * ```ts
 * import { compileStreaming } from "@effect-wasm/compile-streaming"
 *
 * const module = await compileStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 *
 * {@linkcode Wasm} is the same as an Effect API, with typed errors.
 *
 * @module
 */
export {
  compileStreaming,
  compileStreamingWithReport,
  inspect,
  instantiateStreaming,
} from "./src/promise.ts"
export type { ModuleReport } from "./src/binary/report/module_report.ts"
export type { CompiledWithReport } from "./src/pipeline/compile_streaming.ts"
export type {
  CompileOptions,
  CompileStreamingOptions,
  ContentTypePolicy,
  OnProgress,
  ProgressEvent,
  ValidationMode,
  WithPolicy,
} from "./src/options.ts"
export type { Policy } from "./src/policy/policy.ts"
export * as Wasm from "./src/effect.ts"
