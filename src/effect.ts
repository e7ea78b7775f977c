/**
 * The Effect API: compile and instantiate WebAssembly modules as they arrive, with every failure in the error channel.
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Wasm from "@effect-wasm/compile-streaming/effect"
 *
 * const program = Wasm.compileStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA=")).pipe(
 *   Effect.map((module) => WebAssembly.Module.exports(module).length),
 *   Effect.catchTags({
 *     TypeError: (error) => Effect.succeed(`refused: ${error.reason}`),
 *     CompileError: (error) => Effect.succeed(`bad bytes at ${error.offset}`),
 *     SourceError: (error) => Effect.succeed(`no bytes: ${error.message}`),
 *   }),
 * )
 * console.assert((await Effect.runPromise(program)) === 0)
 * ```
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { ModuleReport } from "./binary/report/module_report.ts"
import type { CompileStreamingError, InstantiateStreamingError } from "./errors.ts"
import type { CompileStreamingOptions, CompileStreamOptions, WithPolicy } from "./options.ts"
import type { PolicyError } from "./policy/policy_error.ts"
import {
  compileBytes,
  type CompiledWithReport,
  compilePending,
  compileReporting,
  inspectPending,
} from "./pipeline/compile_streaming.ts"
import {
  type ImportObject,
  type InstantiatedSource,
  instantiatePending,
} from "./pipeline/instantiate_streaming.ts"
import {
  handleRejection,
  type PendingSource,
  resolveSource,
  type Source,
} from "./pipeline/resolve_source.ts"
import { traced } from "./pipeline/tracing.ts"

export type { DecodeErrorCode } from "./binary/errors.ts"
export type { ModuleReport } from "./binary/report/module_report.ts"
export type { DiagnosisReason } from "./diagnosis/mod.ts"
export * from "./errors.ts"
export type {
  CompileOptions,
  CompileStreamingOptions,
  CompileStreamOptions,
  ContentTypePolicy,
  EngineOptions,
  OnProgress,
  ProgressEvent,
  ValidationMode,
  WithPolicy,
} from "./options.ts"
export type { Chunks, Step } from "./pipeline/chunks.ts"
export type { CompiledWithReport } from "./pipeline/compile_streaming.ts"
export { Engine, type EngineService, type ModuleSource } from "./pipeline/engine.ts"
export type { ImportObject, InstantiatedSource } from "./pipeline/instantiate_streaming.ts"
export type { ClientResponse } from "./pipeline/client_response.ts"
export type { Source } from "./pipeline/resolve_source.ts"
export type { Policy } from "./policy/policy.ts"
export type { PolicyError } from "./policy/policy_error.ts"

/** A pipeline over a source, which is resolved when the pipeline runs. */
const fromSource = <A, E, E2, R>(
  source: Source<E, R>,
  pipeline: (pending: PendingSource<E, R>) => Effect.Effect<A, E2, R>,
): Effect.Effect<A, E2, R> => {
  handleRejection(source)
  return traced(Effect.suspend(() => pipeline(resolveSource(source))))
}

/**
 * Compiles a module from a response while its bytes arrive.
 *
 * Interruption cancels the body. The engine's own work cannot be aborted: it finishes in the background.
 *
 * @param source a `Response`, a promise for one, or an Effect of one, such as `HttpClient.get(url)`, whose errors and
 * requirements join the result's
 * @param options the options of the JavaScript API and of this library; read when the Effect runs
 * @returns the module; fails with `TypeError` (a wrong value, response, chunk or option), `CompileError` (invalid bytes) or
 * `SourceError` (the source, its body or the signal)
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-compilestreaming
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Wasm from "@effect-wasm/compile-streaming/effect"
 *
 * const response = Effect.tryPromise(() => fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * const module = await Effect.runPromise(Wasm.compileStreaming(response))
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 */
export function compileStreaming<E = never, R = never>(
  source: Source<E, R>,
  options?: CompileStreamingOptions,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | E, R>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function compileStreaming<E = never, R = never>(
  source: Source<E, R>,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError | E, R>
export function compileStreaming<E = never, R = never>(
  source: Source<E, R>,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError | E, R> {
  return fromSource(source, (pending) => compilePending(pending, options))
}

/**
 * Compiles a module from a response while its bytes arrive, and instantiates it.
 *
 * @param source a `Response`, a promise for one, or an Effect of one, such as `HttpClient.get(url)`, whose errors and
 * requirements join the result's
 * @param imports the import object: an object of objects
 * @param options the options of the JavaScript API and of this library; read when the Effect runs
 * @returns the module and its instance; fails as {@linkcode compileStreaming} does, and with `TypeError` (reason
 * `imports`), `LinkError` or `RuntimeError`
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-instantiatestreaming
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Wasm from "@effect-wasm/compile-streaming/effect"
 *
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const { instance } = await Effect.runPromise(Wasm.instantiateStreaming(source))
 * console.assert(Object.keys(instance.exports).length === 0)
 * ```
 */
export function instantiateStreaming<E = never, R = never>(
  source: Source<E, R>,
  imports?: ImportObject,
  options?: CompileStreamingOptions,
): Effect.Effect<InstantiatedSource, InstantiateStreamingError | E, R>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function instantiateStreaming<E = never, R = never>(
  source: Source<E, R>,
  imports?: ImportObject,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<InstantiatedSource, InstantiateStreamingError | PolicyError | E, R>
export function instantiateStreaming<E = never, R = never>(
  source: Source<E, R>,
  imports?: ImportObject,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<InstantiatedSource, InstantiateStreamingError | PolicyError | E, R> {
  return fromSource(source, (pending) => instantiatePending(pending, imports, options))
}

/**
 * Compiles a module from bytes of any origin while they arrive.
 *
 * @param bytes the module's bytes, in order, in chunks of any size
 * @param options those of {@linkcode compileStreaming}, except `contentType`; read when the Effect runs
 * @returns the module; fails with `TypeError` (a wrong option or chunk), `CompileError` (invalid bytes), `SourceError` (the
 * signal), or as `bytes` fails
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 * import * as Wasm from "@effect-wasm/compile-streaming/effect"
 *
 * const bytes = Stream.make(Uint8Array.of(0, 97, 115, 109), Uint8Array.of(1, 0, 0, 0))
 * const module = await Effect.runPromise(Wasm.compileStream(bytes))
 * console.assert(WebAssembly.Module.imports(module).length === 0)
 * ```
 */
export function compileStream<E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  options?: CompileStreamOptions,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | E, R>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function compileStream<E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  options?: WithPolicy<CompileStreamOptions>,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError | E, R>
export function compileStream<E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  options?: WithPolicy<CompileStreamOptions>,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError | E, R> {
  return traced(Effect.suspend(() => compileBytes(bytes, options)))
}

/**
 * Compiles a module from a response while its bytes arrive, and reports what is in it.
 *
 * @param source a `Response`, a promise for one, or an Effect of one, such as `HttpClient.get(url)`, whose errors and
 * requirements join the result's
 * @param options the options of the JavaScript API and of this library; read when the Effect runs
 * @returns the module and its report; fails as {@linkcode compileStreaming} does
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Wasm from "@effect-wasm/compile-streaming/effect"
 *
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const { report } = await Effect.runPromise(Wasm.compileStreamingWithReport(source))
 * console.assert(report.size === 8)
 * ```
 */
export function compileStreamingWithReport<E = never, R = never>(
  source: Source<E, R>,
  options?: CompileStreamingOptions,
): Effect.Effect<CompiledWithReport, CompileStreamingError | E, R>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function compileStreamingWithReport<E = never, R = never>(
  source: Source<E, R>,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<CompiledWithReport, CompileStreamingError | PolicyError | E, R>
export function compileStreamingWithReport<E = never, R = never>(
  source: Source<E, R>,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<CompiledWithReport, CompileStreamingError | PolicyError | E, R> {
  return fromSource(source, (pending) => compileReporting(pending, options))
}

/**
 * Reports what is in a module, without compiling it: sections, imports and exports with their types, memories, tables,
 * features, names, producers. The structure is validated; with `validation: "full"`, so are the functions' instructions.
 *
 * @param source a `Response`, a promise for one, or an Effect of one, such as `HttpClient.get(url)`, whose errors and
 * requirements join the result's
 * @param options the options of this library; those of the JavaScript API are read too, but have no effect
 * @returns the report; fails as {@linkcode compileStreaming} does, except for errors that only the engine can find
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Wasm from "@effect-wasm/compile-streaming/effect"
 *
 * const report = await Effect.runPromise(Wasm.inspect(fetch("data:application/wasm;base64,AGFzbQEAAAA=")))
 * console.assert(report.imports.length === 0)
 * ```
 */
export function inspect<E = never, R = never>(
  source: Source<E, R>,
  options?: CompileStreamingOptions,
): Effect.Effect<ModuleReport, CompileStreamingError | E, R>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function inspect<E = never, R = never>(
  source: Source<E, R>,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<ModuleReport, CompileStreamingError | PolicyError | E, R>
export function inspect<E = never, R = never>(
  source: Source<E, R>,
  options?: WithPolicy<CompileStreamingOptions>,
): Effect.Effect<ModuleReport, CompileStreamingError | PolicyError | E, R> {
  return fromSource(source, (pending) => inspectPending(pending, options))
}
