/**
 * The pipeline from a source to a module:
 *
 * ```text
 * options ─► Settings
 * source ──► resolveSource ─► checkResponse ─► openBody ─► sniffHeader? ─► decode ─────► Engine ─────► WebAssembly.Module
 *            SourceError      TypeError        TypeError   TypeError       CompileError  CompileError
 *                                              SourceError                 PolicyError
 * ```
 *
 * Chunks flow from `openBody` to the engine one by one; the first certain fault stops them. Whatever happens once the body
 * is open (failure, interruption, abort), it is closed again.
 *
 * @see https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { ModuleReport } from "../binary/report/module_report.ts"
import {
  CompileError,
  type CompileStreamingError,
  type ResponseFacts,
  type SourceError,
  TypeError,
} from "../errors.ts"
import { type EngineOptions, readSettings, type Settings } from "../options.ts"
import { oddChunk } from "../platform/brands.ts"
import type { PolicyError } from "../policy/policy_error.ts"
import { checkResponse } from "./check_response.ts"
import { checked, type ChunkCheck, type Chunks, copied } from "./chunks.ts"
import { type AskEngine, type Decoding, startDecoding } from "./decode_module.ts"
import { Engine, type EngineService, moduleSource } from "./engine.ts"
import { explainLater } from "./explain_later.ts"
import { measured, type OpenBody, openBody } from "./read_body.ts"
import type { PendingSource } from "./resolve_source.ts"
import { runPromise } from "../run_promise.ts"
import { untilAborted } from "./until_aborted.ts"
import { preloadValidator, validationOf } from "./validator.ts"
import { annotate, span } from "./span.ts"
import { unlessDamaged } from "./unless_damaged.ts"

/** A module and its report. */
export interface CompiledWithReport {
  /** The module. */
  readonly module: WebAssembly.Module
  /** The report of what is in it. */
  readonly report: ModuleReport
}

/**
 * Compiles a source's module.
 *
 * @param source the source, at the moment of the call
 * @param options what the caller gave, of any type
 */
export const compilePending = <E, R>(
  source: PendingSource<E, R>,
  options: unknown,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError | E, R> =>
  withBody(
    source,
    options,
    (body, settings) =>
      Effect.flatMap(
        decodingOf(body, settings, false),
        (decoding) => compileBody(body, settings, decoding),
      ),
  )
    .pipe(span("Wasm.compileStreaming"))

/**
 * Compiles a source's module, and reports on it.
 *
 * @param source the source, at the moment of the call
 * @param options what the caller gave, of any type
 */
export const compileReporting = <E, R>(
  source: PendingSource<E, R>,
  options: unknown,
): Effect.Effect<CompiledWithReport, CompileStreamingError | PolicyError | E, R> =>
  withBody(
    source,
    options,
    (body, settings) =>
      Effect.flatMap(decodingOf(body, settings, true), (decoding) =>
        Effect.flatMap(
          compileBody(body, settings, decoding),
          (module) => Effect.map(reportOf(decoding), (report) => ({ module, report })),
        )),
  ).pipe(span("Wasm.compileStreamingWithReport"))

/**
 * Reports on a source's module without compiling it.
 *
 * @param source the source, at the moment of the call
 * @param options what the caller gave, of any type
 */
export const inspectPending = <E, R>(
  source: PendingSource<E, R>,
  options: unknown,
): Effect.Effect<ModuleReport, CompileStreamingError | PolicyError | E, R> =>
  withBody(
    source,
    options,
    (body, settings) =>
      Effect.flatMap(decodingOf(body, settings, true), (decoding) =>
        Effect.flatMap(
          explaining(decoding)(decoding.decode(body.chunks).forEach<never>(() => undefined)),
          () => {
            decoding.complete()
            return Effect.flatMap(
              reportOf(decoding),
              (report) => unlessDamaged(report, decoding, body.facts),
            )
          },
        )),
  ).pipe(span("Wasm.inspect"))

/** Rejects chunks that are not bytes: an untyped caller's stream may hold anything. */
const onlyBytes: ChunkCheck<TypeError> = {
  push: (chunk: unknown) => {
    const odd = oddChunk(chunk)
    if (odd === undefined) return undefined
    return new TypeError({ reason: "chunk", message: `A chunk of the stream is ${odd}` })
  },
  end: () => undefined,
}

const notAStream = (value: unknown): Effect.Effect<never, TypeError> => {
  const message = "The bytes are not an Effect Stream"
  const plain = new TypeError({ reason: "not-a-stream", message })
  return explainLater(plain, (told) => Effect.fail(told.notAStream(value)))
}

/**
 * Compiles a module from a Stream of its bytes.
 *
 * @param bytes the module's bytes
 * @param options what the caller gave, of any type
 */
export const compileBytes = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  options: unknown,
): Effect.Effect<WebAssembly.Module, CompileStreamingError | PolicyError | E, R> =>
  withSettings(
    options,
    (settings) =>
      Effect.flatMap(Effect.promise(() => import("./streams.ts")), ({ fromStream, isStream }) => {
        if (!isStream(bytes)) return notAStream(bytes)
        const chunks = measured(copied(checked(fromStream(bytes), onlyBytes)), undefined)
        const body = { chunks, facts: {}, typed: true, declaredSize: undefined }
        return Effect.map(compileChunks(body, settings, false), ({ module }) => module)
      }).pipe(untilAborted(settings.signal)),
  ).pipe(span("Wasm.compileStream"))

/** A module's chunks from any source, and the facts about them. */
export type TypedChunks<E, R = never> =
  & Pick<OpenBody, "facts" | "typed" | "declaredSize" | "story">
  & {
    readonly chunks: Chunks<E, R>
  }

/**
 * Compiles a module from a loader's chunks, and makes a report on request. The loader closes their source.
 *
 * @param body the chunks
 * @param settings the options, read and validated; the loader applies the signal and the content type
 * @param reports whether to make a report
 */
export const compileChunks = <E, R = never>(
  body: TypedChunks<E, R>,
  settings: Settings,
  reports: boolean,
): Effect.Effect<
  { readonly module: WebAssembly.Module; readonly report: ModuleReport | undefined },
  TypeError | CompileError | PolicyError | E,
  R
> =>
  Effect.flatMap(decodingOf(body, settings, reports), (decoding) =>
    Effect.map(
      compileBody(body, settings, decoding),
      (module) => ({ module, report: decoding.report() }),
    ))

/** Reads and validates the options, and starts loading the code that they need. */
const withSettings = <A, E, R>(
  options: unknown,
  use: (settings: Settings) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E | TypeError, R> =>
  readSettings(options).pipe(
    Effect.tap(({ validation }) => preloadValidator(validation)),
    Effect.flatMap(use),
  )

/** Reads the options, resolves and checks the source, and opens its body, which is closed after `use` in any case. */
const withBody = <A, E, R>(
  source: PendingSource<E, R>,
  options: unknown,
  use: (
    body: OpenBody,
    settings: Settings,
  ) => Effect.Effect<A, CompileStreamingError | PolicyError>,
): Effect.Effect<A, CompileStreamingError | PolicyError | E, R> =>
  withSettings(options, (settings) =>
    // A response that has arrived must be closed here, so no interruption may come between it and `onExit`.
    Effect.uninterruptibleMask((restore) =>
      restore(span("Wasm.resolveSource")(source.value)).pipe(
        Effect.flatMap((value) =>
          Effect.onError(checkAndOpen(value, settings), () => source.refuse(value))
        ),
        Effect.flatMap((body) => Effect.onExit(restore(use(body, settings)), () => body.close)),
      )
    ).pipe(untilAborted(settings.signal)))

const annotateFacts = ({ contentType, status, url }: ResponseFacts): Effect.Effect<void> =>
  annotate(() => status === undefined ? {} : { url, status, contentType })

const checkAndOpen = (
  value: unknown,
  settings: Settings,
): Effect.Effect<OpenBody, TypeError | SourceError> =>
  checkResponse(value, settings.contentType).pipe(
    Effect.tap(({ facts }) => annotateFacts(facts)),
    Effect.tapError(annotateFacts),
    Effect.flatMap(openBody),
    span("Wasm.checkResponse"),
  )

/** Completes errors about the bytes with everything that was seen of them. */
const explaining = (decoding: Decoding) =>
<A, E, R>(
  self: Effect.Effect<A, TypeError | CompileError | E, R>,
): Effect.Effect<A, TypeError | CompileError | E, R> =>
  Effect.catch(
    self,
    (error): Effect.Effect<never, TypeError | CompileError | E> =>
      error instanceof CompileError || error instanceof TypeError
        ? decoding.explain(error)
        : Effect.fail(error),
  )

const decodingOf = (
  body: Pick<OpenBody, "facts" | "declaredSize" | "typed" | "story">,
  settings: Settings,
  reports: boolean,
): Effect.Effect<Decoding> =>
  Effect.flatMap(validationOf(settings.validation), (validation) => {
    const { declaredSize, story, typed } = body
    const { expectedSize = declaredSize, onProgress, policy } = settings
    const facts = { ...body.facts, declaredSize, story }
    if (!reports && typed && onProgress === undefined) {
      return Effect.succeed(startDecoding(facts, validation, policy))
    }
    // The extras' code is loaded only when needed.
    return Effect.promise(() => import("./extras.ts")).pipe(
      Effect.flatMap(({ makeExtras }) =>
        makeExtras(body.facts, { onProgress, reports, size: expectedSize, typed })
      ),
      Effect.map((extras) => startDecoding(facts, validation, policy, extras)),
    )
  })

/** The report of a decoding that was begun for one. */
const reportOf = (decoding: Decoding): Effect.Effect<ModuleReport> => {
  const report = decoding.report()
  return report === undefined ? Effect.die("No report was begun") : Effect.succeed(report)
}

const compileBody = <E, R>(
  body: TypedChunks<E, R>,
  settings: Settings,
  decoding: Decoding,
): Effect.Effect<WebAssembly.Module, TypeError | CompileError | PolicyError | E, R> =>
  compile(body.chunks, body.facts.url, settings.engine, decoding)

/** Decodes and compiles concurrently: each chunk passes through the decoder to the engine. */
const compile = <E, R>(
  chunks: Chunks<E, R>,
  url: string | undefined,
  options: EngineOptions,
  decoding: Decoding,
): Effect.Effect<WebAssembly.Module, TypeError | CompileError | PolicyError | E, R> =>
  checkBuiltins(options).pipe(
    Effect.andThen(Engine),
    Effect.flatMap((engine) => {
      const decoded = decoding.decode(chunks, asking(engine, options))
      return engine.compile(moduleSource(decoded, url), options)
    }),
    explaining(decoding),
    Effect.tap((module) => Effect.sync(() => decoding.complete(module))),
    span("Wasm.compile", { url }),
  )

/** Validates the beginning of a module with the engine, if the engine offers that. */
const asking = ({ validate }: EngineService, options: EngineOptions): AskEngine | undefined =>
  validate &&
  ((module) =>
    runPromise(
      Effect.catch(Effect.map(validate(module, options), () => undefined), Effect.succeed),
    ))

/** The JavaScript API's check of `builtins`, made before the bytes arrive, as it does not depend on them. */
const checkBuiltins = ({ builtins = [] }: EngineOptions): Effect.Effect<void, CompileError> => {
  const twice = builtins.find((name, index) => builtins.indexOf(name) !== index)
  if (twice === undefined) return Effect.void
  const message = `The option builtins has ${JSON.stringify(twice)} twice. Remove one of them`
  return Effect.fail(new CompileError({ reason: "builtins", message }))
}
