/**
 * The Promise facade of loading by URL, with the platform's fetch built in.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { InstantiateStreamingError } from "../errors.ts"
import type { WithPolicy } from "../options.ts"
import { toNative } from "../native_errors.ts"
import type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
import type { ImportObject } from "../pipeline/instantiate_streaming.ts"
import { runPromise } from "../run_promise.ts"
import {
  ModuleCache as ModuleCacheOfEffect,
  type ModuleCacheOptions,
  type ModuleCacheService,
} from "./cache/module_cache.ts"
import type { DirectoryOptions } from "./cache/cache_options.ts"
import { directory } from "./cache/directory.ts"
import type { ByteStore } from "./cache/store.ts"
import type { LoadFailure } from "./load_error.ts"
import * as Http from "./load_module.ts"
import type { LoadModuleOptions } from "./options.ts"
import { plainClient } from "./transport/client_identity.ts"
import type { BytesSource, LoadSource } from "./transport/target.ts"

/** A `LoadError` stays as it is: there is no native error for it. */
const rejection = (error: LoadFailure | InstantiateStreamingError): unknown =>
  error._tag === "LoadError" ? error : toNative(error)

const run = <A>(
  program: Effect.Effect<A, LoadFailure | InstantiateStreamingError, HttpClient.HttpClient>,
): Promise<A> =>
  runPromise(
    program.pipe(
      Effect.provideServiceEffect(HttpClient.HttpClient, plainClient),
      // The current global fetch: by default the client would keep the first one it saw.
      Effect.provideService(FetchHttpClient.Fetch, globalThis.fetch),
      // A promise has no parent span, and nobody to read its spans.
      Effect.withTracerEnabled(false),
      Effect.provideService(Tracer.DisablePropagation, true),
    ),
    rejection,
  )

/**
 * A cache of modules, for the option `cache` of {@linkcode loadModule}.
 *
 * @example
 * ```ts
 * import { loadModule, ModuleCache } from "@effect-wasm/compile-streaming/http"
 *
 * const cache = new ModuleCache({ maxBytes: 100_000_000 })
 * const load = (url: string) => loadModule(url, { cache })
 * await load("data:application/wasm;base64,AGFzbQEAAAA=")
 * // Before the process exits: what was loaded is in the store then.
 * await cache.flush()
 * ```
 */
export class ModuleCache {
  /** The service that the Effect API uses. */
  readonly service: ModuleCacheService

  /**
   * Makes a cache. Its memory is empty; its store may already hold modules.
   *
   * @param options its limit, its store, and the store's secret
   */
  constructor(options?: ModuleCacheOptions) {
    this.service = ModuleCacheOfEffect.make(options)
  }

  /** Removes the modules from memory; the store keeps its entries. */
  clear(): Promise<void> {
    return Effect.runPromise(this.service.clear)
  }

  /** Resolves when all pending writes to the store are done. Call it before the process exits. */
  flush(): Promise<void> {
    return Effect.runPromise(this.service.flush)
  }

  /**
   * A folder as a store, on Bun, Deno and Node. Only its owner can read the files.
   *
   * @param path the folder; created when needed
   * @param options how many bytes it may hold
   */
  static directory(path: string, options?: DirectoryOptions): ByteStore {
    return directory(path, options)
  }
}

/**
 * Loads and compiles a module while its bytes arrive, over as many connections as it takes.
 *
 * @param source a URL, as a string or an object; a Request; a Response, or a promise for one; a Blob; bytes; or a module,
 * which is returned as it is
 * @param options those of `compileStreaming`, plus limits, integrity, retries and cache
 * @returns a promise for the module. It rejects with a `LoadError` if no bytes were received, or the wrong ones; with a
 * native `TypeError` for a wrong response or option, and a native `WebAssembly.CompileError` for invalid bytes, which both
 * carry the tagged error as `cause`; with a `PolicyError` if the module breaks `options.policy`; and with the signal's own
 * reason if `options.signal` is aborted.
 *
 * @example
 * ```ts
 * import { loadModule } from "@effect-wasm/compile-streaming/http"
 *
 * const module = await loadModule("data:application/wasm;base64,AGFzbQEAAAA=", { timeout: "1 minute" })
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 */
export const loadModule = (
  source: LoadSource,
  options?: WithPolicy<LoadModuleOptions>,
): Promise<WebAssembly.Module> => run(Http.loadModule(source, options))

/**
 * Loads, compiles and instantiates a module.
 *
 * @param source what {@linkcode loadModule} takes
 * @param importObject an object of objects, one for each module name that the module imports from
 * @param options those of {@linkcode loadModule}
 * @returns a promise for the module and its instance. It rejects as {@linkcode loadModule} does, and as
 * `instantiateStreaming` does for imports and traps
 *
 * @example
 * ```ts
 * import { instantiateModule } from "@effect-wasm/compile-streaming/http"
 *
 * const { instance } = await instantiateModule("data:application/wasm;base64,AGFzbQEAAAA=", {}, { retries: 3 })
 * console.assert(instance instanceof WebAssembly.Instance)
 * ```
 */
export const instantiateModule = (
  source: LoadSource,
  importObject?: ImportObject,
  options?: WithPolicy<LoadModuleOptions>,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> =>
  run(Http.instantiateModule(source, importObject, options))

/**
 * Loads and compiles a module as {@linkcode loadModule} does, and reports what is in it. The report is made as the bytes
 * arrive, so no cache is used.
 *
 * @param source what {@linkcode loadModule} takes, except a module
 * @param options those of {@linkcode loadModule}
 * @returns a promise for the module and its report; it rejects as {@linkcode loadModule} does
 *
 * @example
 * ```ts
 * import { loadModuleWithReport } from "@effect-wasm/compile-streaming/http"
 *
 * const { report } = await loadModuleWithReport("data:application/wasm;base64,AGFzbQEAAAA=")
 * console.assert(report.size === 8)
 * ```
 */
export const loadModuleWithReport = (
  source: BytesSource,
  options?: WithPolicy<LoadModuleOptions>,
): Promise<CompiledWithReport> => run(Http.loadModuleWithReport(source, options))
