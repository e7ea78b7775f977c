/**
 * wasm-bindgen, `--target web`: its glue is given a compiled module, so it has nothing to load, and hands on every error.
 *
 * @see https://rustwasm.github.io/docs/wasm-bindgen/examples/without-a-bundler.html
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import { type AdapterSource, load } from "./load.ts"

/** What glue of wasm-bindgen 0.2.93 or later is initialized with. */
export interface WasmBindgenSettings {
  /** The compiled module. */
  readonly module_or_path: WebAssembly.Module
}

/**
 * Initializes glue of wasm-bindgen with a module that is compiled while its bytes arrive.
 *
 * Glue that is older than 0.2.93 takes the module as it is: `await init(await compileStreaming(fetch(url)))`.
 *
 * @param init the glue's default export
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`
 * @returns a promise for what `init` resolves to: the module's exports. It rejects as `compileStreaming` does, and with what
 * `init` rejects with
 *
 * @example
 * ```ts ignore
 * import { wasmBindgen } from "@effect-wasm/compile-streaming/adapters"
 * import init, { resize } from "./pkg/resizer.js"
 *
 * await wasmBindgen(init, fetch("pkg/resizer_bg.wasm"))
 * resize()
 * ```
 */
export const wasmBindgen = async <Exports>(
  init: (settings: WasmBindgenSettings) => PromiseLike<Exports> | Exports,
  source: AdapterSource,
  options?: CompileStreamingOptions,
): Promise<Exports> => await init({ module_or_path: await load(source, options) })
