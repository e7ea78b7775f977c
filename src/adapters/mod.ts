/**
 * Adapters load modules for the glue code of other toolchains, so that errors reach the program.
 *
 * - {@linkcode wasmBindgen}: `init({ module_or_path })` of wasm-bindgen
 * - {@linkcode emscripten}: `instantiateWasm` of Emscripten
 * - {@linkcode jco}: `getCoreModule` of jco
 * - {@linkcode go}: `wasm_exec.js` of Go and TinyGo
 * - {@linkcode readyModule}: an imported module, where compiling is forbidden
 *
 * The first four load from a response (or a promise for one), whose bytes are compiled as they arrive, or take a module,
 * such as from `loadModule` of the entry `./http`.
 *
 * ```ts ignore
 * import initSqlJs from "sql.js"
 * import { emscripten } from "@effect-wasm/compile-streaming/adapters"
 *
 * const SQL = await emscripten(initSqlJs, fetch("sql-wasm.wasm"), { signal: AbortSignal.timeout(30_000) })
 * ```
 *
 * @module
 */
export { AdapterError, type AdapterErrorFields, type AdapterErrorReason } from "./adapter_error.ts"
export { emscripten, type EmscriptenOptions, type EmscriptenSettings } from "./emscripten.ts"
export { go, type GoProgram, type GoRuntime } from "./go.ts"
export { jco } from "./jco.ts"
export type { AdapterSource } from "./load.ts"
export type { ExternalKind, ReadyModuleExpectations } from "./expectations.ts"
export type { Missing } from "./missing.ts"
export {
  readyModule,
  ReadyModuleError,
  type ReadyModuleErrorFields,
  type ReadyModuleErrorReason,
} from "./ready_module.ts"
export { wasmBindgen, type WasmBindgenSettings } from "./wasm_bindgen.ts"
export type {
  CompileOptions,
  CompileStreamingOptions,
  ContentTypePolicy,
  OnProgress,
  ProgressEvent,
  ValidationMode,
} from "../options.ts"
