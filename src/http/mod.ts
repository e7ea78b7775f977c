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
export { instantiateModule, loadModule, loadModuleWithReport, ModuleCache } from "./promise.ts"
export type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
export type { WithPolicy } from "../options.ts"
export type { ImportObject } from "../pipeline/instantiate_streaming.ts"
export type { DirectoryOptions } from "./cache/cache_options.ts"
export type { ModuleCacheOptions, ModuleCacheService } from "./cache/module_cache.ts"
export type { ByteStore } from "./cache/store.ts"
export { LoadError, type LoadErrorFields, type LoadErrorReason } from "./load_error.ts"
export type { LoadModuleOptions, Protocol, RetryOptions } from "./options.ts"
export type { BytesSource, LoadSource } from "./transport/target.ts"
export * as Http from "./effect.ts"
