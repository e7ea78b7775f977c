/**
 * The Promise facade of loading by URL, with the platform's fetch built in.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import { toNative } from "../native_errors.ts"
import type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
import { runPromise } from "../run_promise.ts"
import type { LoadModuleError } from "./load.ts"
import * as Http from "./load_module.ts"
import type { LoadModuleOptions } from "./load_options.ts"

/** There is no native error for what happens on the way: it stays what it is. */
const rejection = (error: LoadModuleError): unknown =>
  error._tag === "LoadError" ? error : toNative(error)

const run = <A>(
  program: Effect.Effect<A, LoadModuleError, HttpClient.HttpClient>,
): Promise<A> =>
  runPromise(
    program.pipe(
      Effect.provide(FetchHttpClient.layer),
      // The fetch of the moment: by itself the client would keep the first one that it saw.
      Effect.provideService(FetchHttpClient.Fetch, globalThis.fetch),
      // Nobody could listen to the spans of a promise.
      Effect.withTracerEnabled(false),
    ),
    rejection,
  )

/**
 * Loads and compiles the module at a URL while its bytes arrive, over as many connections as it takes.
 *
 * @param url an `http:`, `https:`, `data:` or `file:` URL, or a path that begins with `/`, `./` or `../`
 * @param options those of `compileStreaming`, plus limits, integrity and retries. There is no context to look up the
 * `ModuleCache` service in: to use a cache, pass one
 * @returns a promise for the module. It rejects with a `LoadError` where no bytes came, or not those that were
 * asked for; with a native `TypeError` for a wrong response or option, and a native `WebAssembly.CompileError` for bad
 * bytes, which both carry the tagged error as `cause`.
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
  url: string | URL,
  options?: LoadModuleOptions,
): Promise<WebAssembly.Module> => run(Http.loadModule(url, options))

/**
 * Loads and compiles the module at a URL as {@linkcode loadModule} does, and tells what is in it. The report is made
 * while the bytes pass, so no cache is used.
 *
 * @param url a URL or a path, as for {@linkcode loadModule}
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
  url: string | URL,
  options?: LoadModuleOptions,
): Promise<CompiledWithReport> => run(Http.loadModuleWithReport(url, options))
