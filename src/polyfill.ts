/**
 * Replaces the native functions on import, so that existing loaders use this library without being changed. Invalid bytes
 * are rejected early, with an error that says why; what a loader does with that error is up to it (Emscripten's logs it and
 * fails with one of its own; wasm-bindgen's logs a wrong `Content-Type` and falls back to `WebAssembly.instantiate`). Import
 * this entry before the loader: some look the functions up when they are imported.
 *
 * ```ts
 * import "@effect-wasm/compile-streaming/polyfill"
 *
 * const page = new Response("<!doctype html>", { headers: { "content-type": "application/wasm" } })
 * const error = await WebAssembly.compileStreaming(page).catch((error) => error)
 * console.assert(error instanceof WebAssembly.CompileError && error.message.includes("HTML"))
 * ```
 *
 * @module
 */
import { replacementOf } from "./platform/replacement.ts"
import { compileStreaming, instantiateStreaming } from "./promise.ts"

/** For the namespace at import, so that the functions are uninstalled from the object on which they were installed. */
const replacement = replacementOf(Reflect.get(globalThis, "WebAssembly"), {
  compileStreaming,
  instantiateStreaming,
})

/**
 * Replaces both native functions, as importing this entry does. Does nothing if they are already installed, if there is no
 * `WebAssembly`, or if it is frozen.
 *
 * @see https://webidl.spec.whatwg.org/#define-the-operations
 *
 * @example
 * ```ts
 * import { install, uninstall } from "@effect-wasm/compile-streaming/polyfill"
 *
 * const ours = WebAssembly.compileStreaming
 * uninstall()
 * console.assert(WebAssembly.compileStreaming !== ours)
 * install()
 * console.assert(WebAssembly.compileStreaming === ours)
 * ```
 */
export const install = (): void => replacement.install()

/**
 * Restores the functions from before. A function that other code has installed since then stays. Several copies of this
 * library can be uninstalled in any order: the last one restores what was there before the first.
 *
 * @example
 * ```ts
 * import { uninstall } from "@effect-wasm/compile-streaming/polyfill"
 *
 * uninstall()
 * ```
 */
export const uninstall = (): void => replacement.uninstall()

install()
