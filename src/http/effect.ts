/**
 * The Effect API of loading by URL, over any HttpClient of `effect/http`, with every failure in the error channel.
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Http from "@effect-wasm/compile-streaming/http/effect"
 *
 * const program = Http.loadModule("data:application/wasm;base64,AGFzbQEAAAA=", { timeout: "1 minute" }).pipe(
 *   Effect.map((module) => WebAssembly.Module.exports(module).length),
 *   Effect.catchTags({
 *     LoadError: (error) => Effect.succeed(`no bytes: ${error.reason}`),
 *     TypeError: (error) => Effect.succeed(`refused: ${error.reason}`),
 *     CompileError: (error) => Effect.succeed(`bad bytes at ${error.offset}`),
 *   }),
 *   Effect.provide(FetchHttpClient.layer),
 * )
 * console.assert((await Effect.runPromise(program)) === 0)
 * ```
 *
 * @module
 */
export type { WithPolicy } from "../options.ts"
export type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
export type { ImportObject, InstantiatedSource } from "../pipeline/instantiate_streaming.ts"
export type {
  CacheableLoad,
  CacheableResponse,
  Fetched,
  FetchHow,
  StoredModule,
} from "./cache/cacheable.ts"
export type { DirectoryOptions } from "./cache/cache_options.ts"
export {
  ModuleCache,
  type ModuleCacheOptions,
  type ModuleCacheService,
} from "./cache/module_cache.ts"
export type { ByteStore } from "./cache/store.ts"
export {
  LoadError,
  type LoadErrorFields,
  type LoadErrorReason,
  type LoadFailure,
  type LoadModuleError,
} from "./load_error.ts"
export { instantiateModule, loadModule, loadModuleWithReport } from "./load_module.ts"
export type { LoadState } from "./load_state.ts"
export * as metrics from "./metrics.ts"
export {
  defaultSchedule,
  type LoadModuleOptions,
  type Protocol,
  type RetryOptions,
} from "./options.ts"
export type { Field } from "./transport/fields.ts"
export type { BytesSource, LoadSource } from "./transport/target.ts"
