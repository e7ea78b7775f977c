/**
 * Loads modules by URL over unreliable networks: failed attempts are retried, interrupted downloads resume where they
 * stopped, time and size are limited, integrity is checked while streaming, and each error has a typed reason.
 *
 * ```ts
 * import { loadModule } from "@effect-wasm/compile-streaming/http"
 *
 * const module = await loadModule("data:application/wasm;base64,AGFzbQEAAAA=", {
 *   integrity: "sha256-k6RLu5bHUSGOTADUeeTBQ1gSKjiazKFiBbHk0NxflHY=",
 *   maxBytes: 50_000_000,
 * })
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 *
 * {@linkcode Http} is the same as an Effect API, over any HttpClient of `effect/http`.
 *
 * @module
 */
export { loadModule, loadModuleWithReport } from "./promise.ts"
export type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
export type { ByteStore } from "./byte_store.ts"
export { LoadError, type LoadErrorFields, type LoadErrorReason } from "./load_error.ts"
export type { LoadModuleOptions } from "./load_options.ts"
export { ModuleCache, type ModuleCacheOptions, type ModuleCacheService } from "./module_cache.ts"
export * as Http from "./effect.ts"
