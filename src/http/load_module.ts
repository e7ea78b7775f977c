/**
 * Loading by URL, on one screen:
 *
 * ```text
 * request ──► readTarget ─► ModuleCache? ─► Download ── chunks, over all attempts ──► compileChunks ──► WebAssembly.Module
 *             LoadError          ▲          LoadError                                 TypeError
 * options ──► readLoadSettings   │              ▲                                     CompileError
 *             TypeError          │              └── Restart: the content changed ◄────────┤
 *                                └──────────────────────────────────────────────────── 304 / module and bytes
 * ```
 *
 * Whatever happens (failure, time limits, interruption, abort), the connection is closed at the end.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
import { annotate, span } from "../pipeline/span.ts"
import { traced } from "../pipeline/tracing.ts"
import { cacheable } from "./cache_key.ts"
import type { Download } from "./download.ts"
import { fileTransport } from "./file_transport.ts"
import { type Loaded, loadFrom, type LoadModuleError, withinLimits } from "./load.ts"
import { type LoadModuleOptions, type LoadSettings, readLoadSettings } from "./load_options.ts"
import * as metrics from "./metrics.ts"
import { ModuleCache, type ModuleCacheService } from "./module_cache.ts"
import { readTarget, type Target } from "./target.ts"
import { clientTransport, dataTransport, type Transport } from "./transport.ts"

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

/** A file or data does not come back: one attempt. */
const settingsFor = (target: Target, settings: LoadSettings): LoadSettings =>
  target.kind === "http" ? settings : { ...settings, schedule: Schedule.recurs(0), resume: false }

const loadAlone = (
  transport: Transport,
  settings: LoadSettings,
  reports: boolean,
): Effect.Effect<Extract<Loaded, { kind: "module" }>, LoadModuleError> =>
  Effect.suspend(() => {
    let download: Download | undefined
    const begun = (own: Download) => void (download = own)
    return loadFrom(transport, settings, { begun, reports }).pipe(
      Effect.flatMap((loaded) =>
        loaded.kind === "module"
          ? Effect.as(annotate(() => ({ bytes: loaded.size })), loaded)
          : Effect.die(new Error("Nobody asked for a 304"))
      ),
      withinLimits(transport.url, settings, () => download),
    )
  })

/** The cache that was given, or the one that there is. */
const cacheOf = ({ cache }: LoadSettings): Effect.Effect<ModuleCacheService | undefined> =>
  typeof cache === "object"
    ? Effect.succeed(cache)
    : cache
    ? Effect.map(Effect.serviceOption(ModuleCache), Option.getOrUndefined)
    : Effect.succeed(undefined)

type Request = string | URL | HttpClientRequest.HttpClientRequest

/** Reads request and options, and loads; counts the time. */
const begin = Effect.fnUntraced(function* <A, E>(
  request: Request,
  options: LoadModuleOptions | undefined,
  load: (
    target: Target,
    transport: Transport,
    settings: LoadSettings,
  ) => Effect.Effect<A, E>,
) {
  const began = yield* Clock.currentTimeMillis
  const given = yield* readLoadSettings(options)
  const target = yield* readTarget(request)
  const transport = transportOf(target, yield* HttpClient.HttpClient)
  yield* annotate(() => ({ url: transport.url }))
  const loaded = yield* load(target, transport, settingsFor(target, given))
  yield* Metric.update(metrics.timeToModule, (yield* Clock.currentTimeMillis) - began)
  return loaded
})

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
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Http from "@effect-wasm/compile-streaming/http/effect"
 *
 * const program = Http.loadModule("data:application/wasm;base64,AGFzbQEAAAA=", {
 *   integrity: "sha256-k6RLu5bHUSGOTADUeeTBQ1gSKjiazKFiBbHk0NxflHY=",
 * })
 * const module = await Effect.runPromise(Effect.provide(program, FetchHttpClient.layer))
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 */
export const loadModule = (
  request: string | URL | HttpClientRequest.HttpClientRequest,
  options?: LoadModuleOptions,
): Effect.Effect<WebAssembly.Module, LoadModuleError, HttpClient.HttpClient> =>
  begin(
    request,
    options,
    (target, transport, settings) =>
      Effect.flatMap(cacheOf(settings), (cache) => {
        const key = cacheable(target, settings)
        return cache === undefined || key === undefined
          ? Effect.map(loadAlone(transport, settings, false), ({ module }) => module)
          : cache.load({ key, transport, settings })
      }),
  ).pipe(span("Wasm.loadModule"), traced)

/**
 * Loads and compiles the module at a URL as {@linkcode loadModule} does, and tells what is in it. The report is made
 * while the bytes pass, so no cache is used.
 *
 * @param request a URL, a path or a request, as for {@linkcode loadModule}
 * @param options those of {@linkcode loadModule}
 * @returns the module and its report; fails as {@linkcode loadModule} does
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Http from "@effect-wasm/compile-streaming/http/effect"
 *
 * const program = Http.loadModuleWithReport("data:application/wasm;base64,AGFzbQEAAAA=")
 * const { report } = await Effect.runPromise(Effect.provide(program, FetchHttpClient.layer))
 * console.assert(report.size === 8)
 * ```
 */
export const loadModuleWithReport = (
  request: string | URL | HttpClientRequest.HttpClientRequest,
  options?: LoadModuleOptions,
): Effect.Effect<CompiledWithReport, LoadModuleError, HttpClient.HttpClient> =>
  begin(
    request,
    options,
    (_, transport, settings) =>
      Effect.flatMap(loadAlone(transport, settings, true), ({ module, report }) =>
        report === undefined
          ? Effect.die(new Error("The report is missing"))
          : Effect.succeed({ module, report })),
  ).pipe(span("Wasm.loadModuleWithReport"), traced)
