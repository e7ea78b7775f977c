/**
 * Loading modules by URL, over a real network: attempts that fail are made again, bodies that break go on where they
 * stopped, time and size have limits, integrity is checked while the bytes stream, and each failure has a typed reason.
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
 * {@linkcode fetchModule} is the same as an Effect, over any HttpClient of `@effect/platform`.
 *
 * @module
 */
export type { ByteStore } from "./byte_store.ts"
export type { CacheableLoad } from "./cached_load.ts"
export type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
export { fetchModule, fetchModuleWithReport } from "./fetch_module.ts"
export type { FetchModuleError } from "./load.ts"
export { LoadError, type LoadErrorFields, type LoadErrorReason } from "./load_error.ts"
export { loadModule, type LoadModuleOptions } from "./load_module.ts"
export { defaultSchedule, type FetchModuleOptions } from "./load_options.ts"
export * as metrics from "./metrics.ts"
export {
  ModuleCache,
  type ModuleCacheModule,
  type ModuleCacheOptions,
  type ModuleCacheService,
} from "./module_cache.ts"
