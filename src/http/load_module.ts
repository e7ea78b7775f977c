/**
 * The Promise facade of loading by URL, with the platform's fetch built in.
 *
 * @module
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { toNative } from "../native_errors.ts"
import { fetchModule } from "./fetch_module.ts"
import type { FetchModuleError } from "./load.ts"
import type { FetchModuleOptions } from "./load_options.ts"

/** The options of `loadModule`: no service is there to be found, so a cache has to be given. */
export interface LoadModuleOptions extends FetchModuleOptions {}

/** There is no native error for what happens on the way: it stays what it is. */
const rejection = (error: FetchModuleError): unknown =>
  error._tag === "LoadError" ? error : toNative(error)

/**
 * Loads and compiles the module at a URL while its bytes arrive: `fetchModule` for those who want a promise.
 *
 * @param url an `http:`, `https:`, `data:` or `file:` URL, or a path that begins with `/`, `./` or `../`
 * @param options those of `compileStreaming`, and limits, integrity and attempts
 * @returns a promise of the module. It is rejected with a `LoadError` where no bytes came, or not those that were
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
): Promise<WebAssembly.Module> =>
  new Promise((resolve, reject) => {
    const program = Effect.provide(fetchModule(url, options), FetchHttpClient.layer)
    // Nobody listens to the spans of a Promise, so none are made.
    Effect.runFork(Effect.withTracerEnabled(program, false)).addObserver((exit) => {
      if (Exit.isSuccess(exit)) return resolve(exit.value)
      const failure = Cause.failureOption(exit.cause)
      reject(Option.isSome(failure) ? rejection(failure.value) : Cause.squash(exit.cause))
    })
  })
