/**
 * wasm-bindgen, `--target web`: its glue gets a compiled module, so that it has nothing to load, and no error is lost.
 *
 * @see https://rustwasm.github.io/docs/wasm-bindgen/examples/without-a-bundler.html
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import { AdapterError } from "./adapter_error.ts"
import { discard, wrongArgument } from "./arguments.ts"
import { type AdapterSource, load } from "./load.ts"

/** The argument of `init`, since wasm-bindgen 0.2.93. */
export interface WasmBindgenSettings {
  /** The compiled module. */
  readonly module_or_path: WebAssembly.Module
}

const notAsked = (cause: unknown): AdapterError =>
  new AdapterError({
    reason: "not-asked",
    message: "init failed without having taken the module from module_or_path: " +
      "glue made before wasm-bindgen 0.2.93 takes the module itself. Build it with a newer version, " +
      "or use await init(await compileStreaming(response)) in place of this adapter",
    cause,
  })

/**
 * Initializes the glue of wasm-bindgen with a module that is compiled while its bytes arrive.
 *
 * Glue made before 0.2.93 takes the module itself: `await init(await compileStreaming(fetch(url)))`.
 *
 * @param init the glue's default export
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`
 * @returns a promise for what `init` resolves to: the module's exports. It rejects as `compileStreaming` does, as `init`
 * does, and with an `AdapterError` if `init` is not a function, or was made before 0.2.93
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
): Promise<Exports> => {
  if (typeof init !== "function") {
    void discard(source)
    throw wrongArgument("init must be a function", init, "Pass the glue's default export")
  }
  const module = await load(source, options)
  let isTaken = false
  const settings: WasmBindgenSettings = {
    get module_or_path() {
      isTaken = true
      return module
    },
  }
  try {
    return await init(settings)
  } catch (error) {
    // Older glue passes the settings object itself to the engine, which throws a TypeError.
    throw isTaken || !(error instanceof globalThis.TypeError) ? error : notAsked(error)
  }
}
