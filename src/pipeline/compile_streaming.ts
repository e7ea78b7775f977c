/**
 * The pipeline, on one screen:
 *
 * ```text
 * options ─► Settings
 * source ──► resolveSource ─► checkResponse ─► openBody ─► sniffHeader? ─► Engine.compile ─► WebAssembly.Module
 *            SourceError      TypeError        TypeError   TypeError       CompileError
 *                                              SourceError
 * ```
 *
 * Whatever happens after the body is open (failure, interruption, abort), it is closed again.
 *
 * @see https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { CompileError, type CompileStreamingError, SourceError, type TypeError } from "../errors.ts"
import { type EngineOptions, readCompileOptions, readSettings, type Settings } from "../options.ts"
import { checkResponse } from "./check_response.ts"
import { Engine, type ModuleSource } from "./engine.ts"
import { type OpenBody, openBody } from "./read_body.ts"
import type { PendingSource } from "./resolve_source.ts"
import { sniffHeader } from "./sniff_header.ts"

/**
 * From a source to its module.
 *
 * @param source the source, at the moment of the call
 * @param options what the caller gave, of whatever kind
 */
export const compilePending = <E, R>(
  source: PendingSource<E, R>,
  options: unknown,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | E, R> =>
  Effect.flatMap(readSettings(options), (settings) =>
    // A response that has come is ours to close: no interruption gets between it and `onExit`.
    Effect.uninterruptibleMask((restore) =>
      restore(Effect.withSpan(source, "Wasm.resolveSource")).pipe(
        Effect.flatMap((value) => checkAndOpen(value, settings)),
        Effect.flatMap((body) =>
          Effect.onExit(restore(compileBody(body, settings)), () => body.close)
        ),
      )
    ).pipe(untilAborted(settings.signal)))
    .pipe(Effect.withSpan("Wasm.compileStreaming"))

/**
 * From bytes, wherever they come from, to their module. Malformed options are a defect here.
 *
 * @param bytes the module's bytes
 * @param options what the caller gave, of whatever kind
 */
export const compileBytes = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  options: unknown,
): Effect.Effect<WebAssembly.Module, CompileError | E, R> =>
  Effect.orDie(readCompileOptions(options)).pipe(
    Effect.flatMap((engineOptions) => compile({ bytes }, engineOptions)),
    Effect.withSpan("Wasm.compileStream"),
  )

const checkAndOpen = (value: unknown, settings: Settings): Effect.Effect<OpenBody, TypeError> =>
  checkResponse(value, settings.contentType).pipe(
    Effect.tap(({ facts: { contentType, status, url } }) =>
      Effect.annotateCurrentSpan({ url, status, contentType })
    ),
    Effect.flatMap(openBody),
    Effect.withSpan("Wasm.checkResponse"),
  )

const compileBody = (
  body: OpenBody,
  settings: Settings,
): Effect.Effect<WebAssembly.Module, TypeError | SourceError | CompileError> => {
  const bytes = body.typed ? body.bytes : sniffHeader(body.bytes, body.facts)
  return compile({ bytes, original: body.original, url: body.facts.url }, settings.engine)
}

const compile = <E, R>(
  source: ModuleSource<E, R>,
  options: EngineOptions,
): Effect.Effect<WebAssembly.Module, CompileError | E, R> =>
  checkBuiltins(options).pipe(
    Effect.zipRight(Effect.flatMap(Engine, (engine) => engine.compile(source, options))),
    Effect.withSpan("Wasm.compile", { attributes: { url: source.url } }),
  )

/** The JS API's last step, taken before the bytes come: they would not change the verdict. */
const checkBuiltins = ({ builtins = [] }: EngineOptions): Effect.Effect<void, CompileError> => {
  const twice = builtins.find((name, index) => builtins.indexOf(name) !== index)
  if (twice === undefined) return Effect.void
  const message = `The option builtins names ${JSON.stringify(twice)} twice`
  return Effect.fail(new CompileError({ reason: "builtins", message }))
}

const untilAborted =
  (signal: AbortSignal | undefined) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | SourceError, R> =>
    signal === undefined ? self : Effect.raceFirst(self, aborted(signal))

const aborted = (signal: AbortSignal): Effect.Effect<never, SourceError> =>
  Effect.async((resume) => {
    const stop = () => {
      const message = "The compilation was aborted by its signal"
      resume(Effect.fail(new SourceError({ reason: "aborted", message, cause: signal.reason })))
    }
    if (signal.aborted) return stop()
    signal.addEventListener("abort", stop, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", stop))
  })
