/**
 * Loading by URL, on one screen:
 *
 * ```text
 * request ──► readTarget ─► Download ── chunks, over all attempts ──► compileChunks ──► WebAssembly.Module
 *             LoadError     LoadError                                 TypeError
 * options ──► readLoadSettings: TypeError                             CompileError
 *                 ▲                                                        │
 *                 └───────────── Restart: the content changed ◄────────────┘
 * ```
 *
 * Whatever happens (failure, time limits, interruption, abort), the connection is closed at the end.
 *
 * @module
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { type CompileError, SourceError, type TypeError } from "../errors.ts"
import { isWasmContentType } from "../pipeline/content_type.ts"
import { compileChunks } from "../pipeline/compile_streaming.ts"
import { annotate, span } from "../pipeline/span.ts"
import { untilAborted } from "../pipeline/until_aborted.ts"
import type { Answer } from "./answer.ts"
import { Restart } from "./attempt_end.ts"
import { startBudget } from "./budget.ts"
import { type Connected, Download } from "./download.ts"
import { fileTransport } from "./file_transport.ts"
import type { LoadError } from "./load_error.ts"
import { type FetchModuleOptions, type LoadSettings, readLoadSettings } from "./load_options.ts"
import * as metrics from "./metrics.ts"
import { readTarget, type Target } from "./target.ts"
import { clientTransport, dataTransport, type Transport } from "./transport.ts"

/** Everything that can go wrong between a URL and its module. */
export type FetchModuleError = TypeError | CompileError | LoadError

/** What a load came to. */
export type Loaded =
  | {
    readonly kind: "module"
    readonly module: WebAssembly.Module
    /** The answer that its bytes began with. */
    readonly answer: Answer
    /** The module's size in bytes. */
    readonly size: number
    /** Its bytes, where they were to be kept. */
    readonly bytes: ReadonlyArray<Uint8Array> | undefined
  }
  /** The server says that what the caller has is what there is. */
  | { readonly kind: "not-modified"; readonly answer: Answer }

const transportOf = (target: Target, client: HttpClient.HttpClient): Transport => {
  switch (target.kind) {
    case "http":
      return clientTransport(client, target.url, target.request)
    case "file":
      return fileTransport(target.url, target.path)
    case "data":
      return dataTransport(target.url)
  }
}

/** One compilation after another, until the content stays the same for the length of one. */
const compileDownload = (
  download: Download,
  connected: Connected,
  settings: LoadSettings,
): Effect.Effect<Loaded, FetchModuleError> => {
  if (connected.kind === "not-modified") return Effect.succeed(connected)
  if (connected.kind === "complete") return Effect.dieMessage("An empty download is not complete")
  const { answer } = connected
  const { contentType, status, url } = answer.head
  const body = {
    chunks: download.chunks(connected),
    facts: { url, status, contentType },
    typed: isWasmContentType(contentType),
    declaredSize: download.total,
  }
  return compileChunks(body, settings.compile).pipe(
    Effect.map((module): Loaded => ({
      kind: "module",
      module,
      answer,
      size: download.received,
      bytes: download.kept,
    })),
    Effect.catchAll((error) =>
      error instanceof Restart
        ? Effect.flatMap(
          reconnect(download, error),
          (next) => compileDownload(download, next, settings),
        )
        : Effect.fail(error)
    ),
  )
}

/** Nothing was fed yet when it begins anew, so nothing can have changed against it. */
const reconnect = (
  download: Download,
  restart: Restart,
): Effect.Effect<Connected, LoadError | TypeError> =>
  Effect.catchAll(
    download.restart(restart),
    (error) => Effect.fail(error instanceof Restart ? error.error : error),
  )

/**
 * Loads a module over its transport.
 *
 * @param transport where it comes from
 * @param settings the options
 * @param conditions header fields with which the server may answer 304
 * @param keep whether the bytes are wanted too
 */
export const loadFrom = (
  transport: Transport,
  settings: LoadSettings,
  conditions: Readonly<Record<string, string>> = {},
  keep = false,
): Effect.Effect<Loaded, FetchModuleError> =>
  Effect.flatMap(startBudget(settings.schedule), (budget) => {
    const download = new Download(transport, settings, budget, conditions, keep)
    return download.connect.pipe(
      Effect.catchAll((error) => Effect.fail(error instanceof Restart ? error.error : error)),
      Effect.flatMap((connected) => compileDownload(download, connected, settings)),
      Effect.ensuring(download.close),
      Effect.timeoutFail({
        duration: settings.timeout,
        onTimeout: () => {
          const time = Duration.format(settings.timeout)
          return download.error("timeout", `Loading ${transport.url} took longer than ${time}`)
        },
      }),
      untilAborted(settings.compile.signal),
      Effect.mapError((error) =>
        error instanceof SourceError
          ? download.error("aborted", `Loading ${transport.url} was aborted by its signal`, {
            cause: error.cause,
          })
          : error
      ),
    )
  })

/** A file or data does not come back: one attempt. */
const settingsFor = (target: Target, settings: LoadSettings): LoadSettings =>
  target.kind === "http" ? settings : { ...settings, schedule: Schedule.stop, resume: false }

/**
 * Loads and compiles the module at a URL while its bytes arrive, over as many connections as it takes.
 *
 * Attempts that fail for a passing reason (the connection, silence, 408, 425, 429, 5xx) are made again by
 * `options.schedule`; a body that broke goes on where it stopped, in the same compilation. What is wrong with the
 * response's type or status, and wrong bytes, fail at once.
 *
 * @param request an `http:`, `https:`, `data:` or `file:` URL; a path that begins with `/`, `./` or `../`; or a request of
 * an HttpClient, with headers of its own
 * @param options those of `compileStreaming`, and limits, integrity and attempts
 * @returns the module; fails with `LoadError` (no bytes, or not those that were asked for), `TypeError` (a wrong response or
 * option) or `CompileError` (bad bytes)
 *
 * @example
 * ```ts
 * import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
 * import * as Effect from "effect/Effect"
 * import * as Http from "@effect-wasm/compile-streaming/http"
 *
 * const program = Http.fetchModule("data:application/wasm;base64,AGFzbQEAAAA=", {
 *   integrity: "sha256-k6RLu5bHUSGOTADUeeTBQ1gSKjiazKFiBbHk0NxflHY=",
 * })
 * const module = await Effect.runPromise(Effect.provide(program, FetchHttpClient.layer))
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 */
export const fetchModule = (
  request: string | URL | HttpClientRequest.HttpClientRequest,
  options?: FetchModuleOptions,
): Effect.Effect<WebAssembly.Module, FetchModuleError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const settings = yield* readLoadSettings(options)
    const target = yield* readTarget(request)
    const client = yield* HttpClient.HttpClient
    yield* annotate(() => ({ url: target.url }))
    const transport = transportOf(target, client)
    const loaded = yield* loadFrom(transport, settingsFor(target, settings))
    if (loaded.kind === "not-modified") return yield* Effect.dieMessage("Nobody asked for a 304")
    yield* annotate(() => ({ bytes: loaded.size }))
    yield* Metric.update(metrics.timeToModule, (yield* Clock.currentTimeMillis) - began)
    return loaded.module
  }).pipe(span("Wasm.fetchModule"))
