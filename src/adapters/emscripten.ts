/**
 * Emscripten: its glue calls the hook `instantiateWasm`, and then waits for a call back that never comes if loading fails.
 * So the factory is wrapped: what it makes is waited for together with the load, and the first failure counts.
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

/** What the factory is given, beside the settings of one's own. */
export interface EmscriptenSettings {
  /** The hook in which the module is instantiated. */
  readonly instantiateWasm: (
    imports: ImportObject,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => unknown,
  ) => WebAssembly.Instance["exports"]
}

/** The options of `compileStreaming`, and the factory's. */
export interface EmscriptenOptions extends CompileStreamingOptions {
  /** What else the factory is given, such as `print` and `locateFile`. */
  readonly settings?: object | undefined
}

/** Tells the program, which may have put a handler of its own in the settings, that nothing will come. */
const tellAborted = (settings: object, error: unknown): void => {
  try {
    const onAbort: unknown = Reflect.get(settings, "onAbort")
    if (typeof onAbort === "function") Reflect.apply(onAbort, settings, [error])
  } catch {
    // The promise has been rejected with the first error.
  }
}

/** How long glue that has not asked for the module may still do so, in milliseconds. */
const grace = 100

/** Resolves when a load is over, or soon: what it fails with, such as a status, says more, but the body may never end. */
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
 * Makes a program of Emscripten with a module that is compiled while its bytes arrive.
 *
 * Where loading fails, the promise is rejected with the error, and `onAbort` is called with it, as for every abort of
 * Emscripten: its own promises would stay pending.
 *
 * @param factory what the glue exports: a function of settings (`-sMODULARIZE`)
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`, and `settings` for the factory
 * @returns a promise for what the factory makes. It rejects as `instantiateStreaming` does, with what the factory rejects with,
 * and with an `AdapterError` where the factory makes a program without having asked for the module, or is no function
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
    // The glue has told the program of this one itself, or has a program that goes on.
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
        // Nothing yet: the glue waits for the call.
        return {}
      },
    }
    // A load that fails before the glue asks for it is a failure too.
    loading.catch(fail)
    const run = async (): Promise<void> => {
      const program = await factory(settings)
      if (!isAsked) await settledSoon(loading)
      if (!isAsked && !isOver) return giveUp(notAsked())
      // Some glue has its program before the module is there.
      await handedOver
      resolve(program)
    }
    run().catch(giveUp)
  })
