/**
 * Emscripten: its glue calls the hook `instantiateWasm`, and then waits for a callback, which never comes if loading fails.
 * So the adapter waits for the factory and the load together, and rejects with the first failure.
 *
 * @see https://emscripten.org/docs/api_reference/module.html
 * @module
 */
import type { CompileStreamingOptions } from "../options.ts"
import type { ImportObject } from "../pipeline/instantiate_streaming.ts"
import { clearTimeout, NativePromise, setTimeout } from "../platform/natives.ts"
import { AdapterError } from "./adapter_error.ts"
import { discard, wrongArgument } from "./arguments.ts"
import { Group } from "./group.ts"
import { type AdapterSource, instantiate } from "./load.ts"

/** The settings that the factory gets, besides the program's own. */
export interface EmscriptenSettings {
  /** The hook in which the module is instantiated. */
  readonly instantiateWasm: (
    imports: ImportObject,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => unknown,
  ) => WebAssembly.Instance["exports"]
}

/** The options of `compileStreaming`, and the factory's. */
export interface EmscriptenOptions extends CompileStreamingOptions {
  /** Further settings for the factory, such as `print` and `locateFile`. */
  readonly settings?: object | undefined
}

/** Calls the program's handler `onAbort`, if there is one in the settings. */
const tellAborted = (settings: object, error: unknown): void => {
  try {
    const onAbort: unknown = Reflect.get(settings, "onAbort")
    if (typeof onAbort === "function") Reflect.apply(onAbort, settings, [error])
  } catch {
    // The promise has been rejected with the first error.
  }
}

/** How long to wait for a load that the glue did not ask for, in milliseconds. */
const grace = 100

/** Resolves when a load settles, as its error would say more, or after a short time, as the body may never end. */
const settledSoon = (loading: Promise<unknown>): Promise<void> =>
  new NativePromise((resolve) => {
    const timer = setTimeout(resolve, grace)
    const stop = (): void => {
      clearTimeout(timer)
      resolve()
    }
    loading.then(stop, stop)
  })

const notAsked = (): AdapterError =>
  new AdapterError({
    reason: "not-asked",
    message: "The Emscripten glue did not ask for the module: it never called instantiateWasm. " +
      "Either it was built without that hook (add instantiateWasm to INCOMING_MODULE_JS_API), " +
      "or it keeps the program of an earlier call (call it once)",
  })

/**
 * Makes an Emscripten program with a module that is compiled while its bytes arrive.
 *
 * If loading fails, the promise is rejected with the error, and `onAbort` is called with it, as for every abort of
 * Emscripten. Emscripten's own promises would stay pending.
 *
 * @param factory the glue's export: a function that takes settings (`-sMODULARIZE`)
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`, and `settings` for the factory
 * @returns a promise for the program that the factory makes. It rejects as `instantiateStreaming` does, as the factory does,
 * and with an `AdapterError` if the factory makes a program without having asked for the module, or is not a function
 *
 * @example
 * ```ts ignore
 * import initSqlJs from "sql.js"
 * import { emscripten } from "@effect-wasm/compile-streaming/adapters"
 *
 * const SQL = await emscripten(initSqlJs, fetch("sql-wasm.wasm"))
 * const database = new SQL.Database()
 * ```
 */
export const emscripten = <Program>(
  factory: (settings: EmscriptenSettings) => PromiseLike<Program> | Program,
  source: AdapterSource,
  options?: EmscriptenOptions | null,
): Promise<Program> =>
  new NativePromise((resolve, reject) => {
    if (typeof factory !== "function") {
      void discard(source)
      const advice = "Pass what the glue exports, built with -sMODULARIZE"
      return reject(wrongArgument("The factory must be a function", factory, advice))
    }
    const group = new Group()
    const loading = group.load(source, options)
    let isAsked = false
    let isOver = false
    const fail = (error: unknown): void => {
      if (isOver) return
      isOver = true
      reject(error)
      tellAborted(settings, error)
    }
    // Does not call onAbort: the glue has reported this failure itself, or its program runs without the module.
    const giveUp = (error: unknown): void => {
      isOver = true
      reject(error)
      group.cancel(error)
    }
    let tellHandedOver = (): void => {}
    const handedOver = new NativePromise<void>((resolve) => {
      tellHandedOver = resolve
    })
    const settings = {
      ...options?.settings,
      instantiateWasm: (
        imports: ImportObject,
        done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => unknown,
      ): WebAssembly.Instance["exports"] => {
        isAsked = true
        loading.then(async (module) => {
          const result = done(await instantiate(module, imports), module)
          tellHandedOver()
          await result
        }).catch(fail)
        // No exports yet: the glue waits for the callback.
        return {}
      },
    }
    // A load may fail before the glue asks for it.
    loading.catch(fail)
    const run = async (): Promise<void> => {
      const program = await factory(settings)
      if (!isAsked) await settledSoon(loading)
      if (!isAsked && !isOver) return giveUp(notAsked())
      // Some glue returns its program before the module is instantiated.
      await handedOver
      resolve(program)
    }
    run().catch(giveUp)
  })
