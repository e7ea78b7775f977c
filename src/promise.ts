/**
 * The Promise facade: runs the pipeline at once, and rejects with what the specification demands.
 *
 * Both functions read their arguments at the call, in the order of Web IDL, and never throw.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { InstantiateStreamingError } from "./errors.ts"
import { toNative } from "./native_errors.ts"
import type { CompileStreamingOptions } from "./options.ts"
import { compilePending } from "./pipeline/compile_streaming.ts"
import { type ImportObject, instantiatePending } from "./pipeline/instantiate_streaming.ts"
import { settleSource } from "./pipeline/resolve_source.ts"

/** Nobody listens to the spans of a Promise, so none are made. */
const run = <A>(pipeline: Effect.Effect<A, InstantiateStreamingError>): Promise<A> =>
  new Promise((resolve, reject) => {
    const fiber = Effect.runFork(Effect.withTracerEnabled(pipeline, false))
    fiber.addObserver((exit) => {
      if (Exit.isSuccess(exit)) return resolve(exit.value)
      const failure = Cause.failureOption(exit.cause)
      reject(Option.isSome(failure) ? toNative(failure.value) : Cause.squash(exit.cause))
    })
  })

/**
 * Compiles a module from a response while its bytes arrive: `WebAssembly.compileStreaming`, the same on every runtime.
 *
 * @param source a `Response`, or anything that resolves to one
 * @param options the standard's options and ours; read at the call
 * @returns a promise of the module. It is rejected with a `TypeError` for a wrong value, response, chunk or option; with
 * a `WebAssembly.CompileError` for bad bytes; both carry the pipeline's tagged error as `cause`. Where the source or its
 * body fails, or `options.signal` fires, it is rejected with that very reason.
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-compilestreaming
 *
 * @example
 * ```ts
 * import { compileStreaming } from "@effect-wasm/compile-streaming"
 *
 * const module = await compileStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 */
export function compileStreaming(
  source: Response | PromiseLike<Response>,
  // A default, for the function's `length` has to be 1.
  options: CompileStreamingOptions | null | undefined = undefined,
): Promise<WebAssembly.Module> {
  return run(compilePending(settleSource(source), options))
}

/**
 * Compiles a module from a response while its bytes arrive, and instantiates it: `WebAssembly.instantiateStreaming`, the
 * same on every runtime.
 *
 * @param source a `Response`, or anything that resolves to one
 * @param importObject an object of objects, one for each module name that the module imports from
 * @param options the standard's options and ours; read at the call
 * @returns a promise of the module and its instance. It is rejected as that of {@linkcode compileStreaming} is; with a
 * `TypeError` or a `WebAssembly.LinkError` for imports that are missing or do not fit; with a `WebAssembly.RuntimeError`
 * for a trap in the start function; and with whatever JavaScript value was thrown meanwhile.
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-instantiatestreaming
 *
 * @example
 * ```ts
 * import { instantiateStreaming } from "@effect-wasm/compile-streaming"
 *
 * const { instance } = await instantiateStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.assert(instance instanceof WebAssembly.Instance)
 * ```
 */
export function instantiateStreaming(
  source: Response | PromiseLike<Response>,
  importObject: ImportObject | undefined = undefined,
  options: CompileStreamingOptions | null | undefined = undefined,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  return run(instantiatePending(settleSource(source), importObject, options))
}
