/**
 * Replaces the native functions on import, so that existing loaders use these without being changed. Bad bytes are refused
 * early, with an error that says why; what a loader does with that error is up to it (Emscripten's logs it and fails with one
 * of its own). Import this entry before the loader: some look the functions up when they are imported.
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
import { compileStreaming, instantiateStreaming } from "./promise.ts"

const replacements: Readonly<Record<string, unknown>> = { compileStreaming, instantiateStreaming }

/** What was there before, by name; `undefined` where there was nothing. */
const replaced = new Map<string, PropertyDescriptor | undefined>()

/** Taken once: what is put there is taken away from there. */
const namespace: unknown = Reflect.get(globalThis, "WebAssembly")

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
export const install = (): void => {
  if (typeof namespace !== "object" || namespace === null) return
  for (const [name, value] of Object.entries(replacements)) {
    const before = Object.getOwnPropertyDescriptor(namespace, name)
    if (before?.value === value) continue
    // The attributes that Web IDL gives to an operation.
    const property = { value, writable: true, enumerable: true, configurable: true }
    if (Reflect.defineProperty(namespace, name, property)) replaced.set(name, before)
  }
}

/**
 * Puts back what was there before. A function that someone else has put in the place of ours meanwhile stays.
 *
 * @example
 * ```ts
 * import { uninstall } from "@effect-wasm/compile-streaming/polyfill"
 *
 * uninstall()
 * ```
 */
export const uninstall = (): void => {
  if (typeof namespace !== "object" || namespace === null) return
  for (const [name, before] of replaced) {
    replaced.delete(name)
    const now = Object.getOwnPropertyDescriptor(namespace, name)
    if (now?.value !== replacements[name]) continue
    if (before === undefined) Reflect.deleteProperty(namespace, name)
    else Reflect.defineProperty(namespace, name, before)
  }
}

install()
