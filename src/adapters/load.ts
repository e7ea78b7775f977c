/**
 * The common part of all adapters: loads a module, from a response whose bytes are compiled as they arrive or already
 * compiled, and instantiates it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { CompileStreamingError, InstantiateStreamingError } from "../errors.ts"
import { toNative } from "../native_errors.ts"
import { readSettings } from "../options.ts"
import { failIf } from "../pipeline/chunks.ts"
import { compilePending } from "../pipeline/compile_streaming.ts"
import { instantiateModule } from "../pipeline/instantiate_streaming.ts"
import { settleSource } from "../pipeline/resolve_source.ts"
import type { PolicyError } from "../policy/policy_error.ts"
import { runPromise } from "../run_promise.ts"
import { isModule } from "../platform/module_brand.ts"

/**
 * The source of an adapter: a `Response`, such as from `fetch`; a module, such as from `loadModule`, or imported where
 * compiling is forbidden; or a promise for either.
 */
export type AdapterSource =
  | Response
  // `& object`, as TypeScript's library declares the type empty, so that it would accept a string.
  | (WebAssembly.Module & object)
  | PromiseLike<Response | WebAssembly.Module>

/** Leaves the pipeline early, with a module that is already compiled. */
class Ready {
  readonly _tag = "Ready" as const
  readonly module: WebAssembly.Module

  constructor(module: WebAssembly.Module) {
    this.module = module
  }
}

/** The already compiled module, if the policy permits it. */
const permitted = (
  module: WebAssembly.Module,
  options: unknown,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError> =>
  Effect.flatMap(
    readSettings(options),
    ({ policy }) => Effect.as(failIf(policy?.check(module)), module),
  )

/** The module of a source. The source gets its handler at the call. */
const moduleOf = (
  source: unknown,
  options: unknown,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError> => {
  const { refuse, value } = settleSource(source)
  const response = Effect.flatMap(
    value,
    (settled) => isModule(settled) ? Effect.fail(new Ready(settled)) : Effect.succeed(settled),
  )
  return compilePending({ value: response, refuse }, options).pipe(
    Effect.catchTag("Ready", ({ module }) => permitted(module, options)),
  )
}

/** Runs a program; the promise rejects with native errors. */
const run = <A>(program: Effect.Effect<A, InstantiateStreamingError | PolicyError>): Promise<A> =>
  runPromise(program, toNative)

/**
 * Loads a module.
 *
 * @param source a response or a module, or a promise for either
 * @param options those of `compileStreaming`
 */
export const load = (source: unknown, options: unknown): Promise<WebAssembly.Module> =>
  run(moduleOf(source, options))

/**
 * Instantiates a module.
 *
 * @param module the module
 * @param imports the import object
 */
export const instantiate = (
  module: WebAssembly.Module,
  imports: object,
): Promise<WebAssembly.Instance> => run(instantiateModule(module, imports))
