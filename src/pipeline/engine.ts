/**
 * Stage 5: compiles bytes to a module. A service, so that a program or a test can replace it.
 *
 * The default uses the runtime's native streaming if there is one, and `WebAssembly.compile` otherwise.
 *
 * @see https://webassembly.github.io/spec/web-api/#streaming-modules
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Stream from "effect/Stream"
import { CompileError } from "../errors.ts"
import type { EngineOptions } from "../options.ts"
import { clearInterval, setInterval } from "../platform/natives.ts"
import { isBun } from "../platform/runtime.ts"
import type { Chunks } from "./chunks.ts"
import { compileWhole, openFeed } from "./module_feed.ts"

/** The input of an engine. */
export interface ModuleSource<E = never, R = never> {
  /** The module's bytes, in order, chunk by chunk. To be run once, to their end. */
  readonly chunks: Chunks<E, R>
  /** The same bytes as a Stream, made on demand, which loads `effect/Stream`. To be run once, to its end. */
  readonly bytes: Effect.Effect<Stream.Stream<Uint8Array, E, R>>
  /** The URL of the bytes, for messages. */
  readonly url: string | undefined
}

/**
 * Makes the input of an engine.
 *
 * @param chunks the module's bytes
 * @param url the URL of the bytes
 */
export const moduleSource = <E, R>(
  chunks: Chunks<E, R>,
  url: string | undefined,
): ModuleSource<E, R> => ({
  chunks,
  bytes: Effect.map(
    Effect.promise(() => import("./streams.ts")),
    (streams) => streams.toStream(chunks),
  ),
  url,
})

/** Turns bytes into a module. */
export interface EngineService {
  /**
   * Compiles a module.
   *
   * An interrupted or failed compilation leaves nothing pending; an error of `bytes` fails the compilation unchanged.
   *
   * @param source the module's bytes
   * @param options the compile options of the JavaScript API
   */
  readonly compile: <E, R>(
    source: ModuleSource<E, R>,
    options: EngineOptions,
  ) => Effect.Effect<WebAssembly.Module, CompileError | E, R>
  /**
   * Validates a small module, made from the beginning of a larger one in which the decoder met an unknown construct. If the
   * engine rejects it, the rest need not be received. Without this method, the whole module is read.
   *
   * @param module a whole module
   * @param options the compile options of the JavaScript API
   */
  readonly validate?: (
    module: Uint8Array<ArrayBuffer>,
    options: EngineOptions,
  ) => Effect.Effect<unknown, CompileError>
}

/** On Bun a pending compilation does not keep the process alive, so a timer does. */
const keepingAlive = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  isBun
    ? Effect.acquireUseRelease(
      Effect.sync(() => setInterval(() => {}, 2 ** 30)),
      () => self,
      (timer) => Effect.sync(() => clearInterval(timer)),
    )
    : self

/** The engine's error in its own words; `explain` completes it later. */
const refusal = (cause: unknown, url: string | undefined): CompileError =>
  new CompileError({
    reason: "engine",
    message: cause instanceof Error ? cause.message : String(cause),
    url,
    cause,
  })

const awaitEngine = <A>(
  run: () => Promise<A>,
  url: string | undefined,
): Effect.Effect<A, CompileError> =>
  Effect.tryPromise({ try: run, catch: (cause) => refusal(cause, url) })

/** Feeds the chunks to the engine as they arrive; it may reject them before they end. */
const compileFed = <E, R>(
  source: ModuleSource<E, R>,
  options: EngineOptions,
): Effect.Effect<WebAssembly.Module, CompileError | E, R> =>
  Effect.suspend(() => {
    const feed = openFeed(options)
    const refused = feed.refused.then((cause) => refusal(cause, source.url))
    // Suspended, so that the feed is closed even if `forEach` throws.
    return Effect.suspend(() => source.chunks.forEach(feed.write, refused)).pipe(
      Effect.andThen(awaitEngine(feed.end, source.url)),
      Effect.onExit((exit) => Exit.isSuccess(exit) ? Effect.void : Effect.sync(feed.abandon)),
    )
  })

const compile: EngineService["compile"] = (source, options) =>
  keepingAlive(compileFed(source, options))

const validate: NonNullable<EngineService["validate"]> = (module, options) =>
  keepingAlive(awaitEngine(() => compileWhole(module, options), undefined))

/**
 * The service that compiles bytes to a module. It has a default, so programs need not provide it; provide another one to
 * replace it.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Wasm } from "@effect-wasm/compile-streaming"
 *
 * const refusing: Wasm.EngineService = {
 *   compile: () => Effect.fail(new Wasm.CompileError({ reason: "engine", message: "Not today" })),
 * }
 * const error = await Effect.runPromise(
 *   Wasm.compileStreaming(new Response(null, { headers: { "content-type": "application/wasm" } })).pipe(
 *     Effect.provideService(Wasm.Engine, refusing),
 *     Effect.flip,
 *   ),
 * )
 * console.assert(error.message === "Not today")
 * ```
 */
export const Engine: Context.Reference<EngineService> = Context.Reference<EngineService>(
  "@effect-wasm/compile-streaming/Engine",
  { defaultValue: () => ({ compile, validate }) },
)
