/**
 * Replaces the native functions on import, so that existing loaders use these without being changed. Invalid bytes are
 * rejected early, with an error that says why; what a loader does with that error is up to it (Emscripten's logs it and
 * fails with one of its own; wasm-bindgen's logs a wrong `Content-Type` and falls back to `WebAssembly.instantiate`). Import this entry before the loader: some look the functions up when they are imported.
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

/** The namespace is taken once: what is put there is taken away from there. */
const replacement = replacementOf(Reflect.get(globalThis, "WebAssembly"), {
  compileStreaming,
  instantiateStreaming,
})

/**
 * Puts both functions in the place of the native ones, as importing this entry does. Does nothing where they are there
 * already, where there is no WebAssembly, and where it is frozen.
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
 * Puts back what was there before. A function that someone else has put in the place of ours meanwhile stays. Several copies
 * of this library can be uninstalled in any order: what was there before the first comes back with the last.
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
