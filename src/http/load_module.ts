/**
 * `loadModule` and its variants: from a URL, a response, a file or bytes to a module.
 *
 * ```text
 * source ──► readTarget ──► ModuleCache? ──► Download ══ chunks, over all attempts ══► compileChunks ──► WebAssembly.Module
 *            LoadError           ▲           LoadError                                 TypeError
 * options ─► readLoadSettings    │               ▲                                     CompileError
 *            TypeError           │               └── ContentChanged ◄──────────────────────┤
 *                                └────────────────────────────────── 304 / module and bytes ──┘
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
import type { ModuleReport } from "../binary/report/module_report.ts"
import { type InstantiateStreamingError, TypeError } from "../errors.ts"
import type { WithPolicy } from "../options.ts"
import type { CompiledWithReport } from "../pipeline/compile_streaming.ts"
import {
  checkImportObject,
  type ImportObject,
  type InstantiatedSource,
  instantiateModule as instantiateCompiled,
} from "../pipeline/instantiate_streaming.ts"
import { failIf } from "../pipeline/chunks.ts"
import { annotate, span } from "../pipeline/span.ts"
import { traced } from "../pipeline/tracing.ts"
import { untilAborted } from "../pipeline/until_aborted.ts"
import type { PolicyError } from "../policy/policy_error.ts"
import type { CacheableLoad, CacheableResponse } from "./cache/cacheable.ts"
import { ModuleCache, type ModuleCacheService } from "./cache/module_cache.ts"
import { tooLarge } from "./download/body.ts"
import { parseIntegrity, printIntegrity } from "./integrity.ts"
import { type LoadedModule, loadFrom, withinLimits } from "./load.ts"
import { LoadError, type LoadFailure, type LoadModuleError } from "./load_error.ts"
import { type LoadState, newLoadState } from "./load_state.ts"
import * as metrics from "./metrics.ts"
import { type LoadModuleOptions, type LoadSettings, readLoadSettings } from "./options.ts"
import { fileTransport } from "./transport/file.ts"
import { clientTransport } from "./transport/http_client.ts"
import { bytesTransport, localTransport, responseTransport } from "./transport/inline.ts"
import { type BytesSource, type LoadSource, readTarget, type Target } from "./transport/target.ts"
import type { Transport, TransportResponse } from "./transport/transport.ts"

/** A target that has to be read. */
type Readable = Exclude<Target, { readonly kind: "module" }>

const transportOf = (
  target: Readable,
  { protocols }: LoadSettings,
  client: HttpClient.HttpClient,
): Effect.Effect<Transport, LoadError | TypeError> => {
  switch (target.kind) {
    case "http":
      return clientTransport(
        client,
        target.request,
        (protocol) => protocols.has(protocol),
        target.init,
      )
    case "local":
      return Effect.succeed(localTransport(target.url))
    case "file":
      return Effect.succeed(fileTransport(target.name, target.path))
    case "response":
      return Effect.succeed(responseTransport(target.response))
    case "bytes":
      return Effect.succeed(bytesTransport("data in memory", target.contentType, target.bytes))
  }
}

/** Retrying a local source would only fail again. */
const settingsFor = (transport: Transport, settings: LoadSettings): LoadSettings =>
  transport.isRemote ? settings : { ...settings, schedule: Schedule.recurs(0), resume: false }

const loadAlone = (
  transport: Transport,
  settings: LoadSettings,
  reports: boolean,
): Effect.Effect<LoadedModule, LoadFailure> =>
  Effect.suspend(() => {
    const state = newLoadState(transport.url)
    return loadFrom(transport, settings, { state, reports }).pipe(
      Effect.flatMap((loaded) =>
        loaded.kind === "module"
          ? Effect.as(annotate(() => ({ bytes: loaded.size })), loaded)
          : Effect.die(new Error("A 304 to an unconditional request"))
      ),
      withinLimits(settings, () => state),
    )
  })

// Through a cache.

const cacheable = (
  { field, head: { contentType }, isUrlStated, url }: TransportResponse,
): CacheableResponse => ({
  url,
  isUrlStated,
  contentType,
  field,
})

/** What distinguishes modules of the same URL. */
const variantOf = ({ compile, integrity }: LoadSettings): string =>
  JSON.stringify([
    compile.engine,
    compile.contentType,
    compile.validation,
    // Only a module that was compiled with a policy carries the facts that another policy needs.
    compile.policy !== undefined,
    integrity === undefined ? "" : printIntegrity(integrity),
  ])

const loadThrough = (
  cache: ModuleCacheService,
  transport: Transport,
  settings: LoadSettings,
): Effect.Effect<WebAssembly.Module, LoadFailure> =>
  Effect.suspend(() => {
    const { compile, maxBytes } = settings
    const { url } = transport
    const state = newLoadState(url)
    let waitedFor: LoadState = state
    let own: WebAssembly.Module | undefined
    // One caller's signal must not abort a shared load.
    const shared = { ...settings, compile: { ...compile, signal: undefined } }
    const load: CacheableLoad = {
      request: transport.request,
      variant: variantOf(settings),
      limits: `${maxBytes} ${compile.policy?.key ?? ""}`,
      state,
      joined: (own) => void (waitedFor = own),
      onProgress: compile.onProgress,
      tooLarge: (size) => {
        if (size <= maxBytes) return undefined
        const facts = { url, attempts: 0, received: size, expected: maxBytes, actual: size }
        const message = tooLarge(url, size, maxBytes)
        return new LoadError({ reason: "too-large", message, ...facts })
      },
      fetch: ({ conditions, keep, onProgress }) =>
        Effect.map(
          loadFrom(
            transport,
            { ...shared, compile: { ...shared.compile, onProgress } },
            { state, conditions, keep },
          ),
          (loaded) => {
            if (loaded.kind === "module") own = loaded.module
            return { ...loaded, response: cacheable(loaded.response) }
          },
        ),
      compile: ({ bytes, contentType }) => {
        const stored = bytesTransport(url, contentType, bytes)
        const once = { ...shared, compile: { ...shared.compile, onProgress: undefined } }
        return Effect.flatMap(
          loadFrom(stored, settingsFor(stored, once), { state: newLoadState(url) }),
          (loaded) =>
            loaded.kind === "module"
              ? Effect.sync(() => own = loaded.module)
              : Effect.die(new Error("Bytes are never 304")),
        )
      },
    }
    return withinLimits(settings, () => waitedFor)(cache.load(load)).pipe(
      // A module that this load compiled itself was checked against its policy during the compilation.
      Effect.tap((module) => module === own ? Effect.void : checkPolicy(module, settings, url)),
    )
  })

/** Fails if an already compiled module breaks the policy. */
const checkPolicy = (
  module: WebAssembly.Module,
  { compile: { policy, validation } }: LoadSettings,
  url?: string,
): Effect.Effect<void, PolicyError> =>
  Effect.suspend(() => failIf(policy?.check(module, validation, url)))

/** The cache from the options, or the service `ModuleCache` if it is provided. */
const cacheOf = ({ cache }: LoadSettings): Effect.Effect<ModuleCacheService | undefined> => {
  if (typeof cache === "object") return Effect.succeed(cache)
  return cache
    ? Effect.map(Effect.serviceOption(ModuleCache), Option.getOrUndefined)
    : Effect.succeed(undefined)
}

/** Applies a Request's `integrity` and `cache` to the settings. */
const withRequest = (
  settings: LoadSettings,
  target: Target,
): Effect.Effect<LoadSettings, TypeError> => {
  if (target.kind !== "http") return Effect.succeed(settings)
  const { init, integrity = "" } = target
  const cache = init?.cache === undefined || init.cache === "force-cache" ? settings.cache : false
  const demanded = parseIntegrity(integrity)
  if (demanded === undefined) return Effect.succeed({ ...settings, cache })
  if (settings.integrity === undefined) {
    return Effect.succeed({ ...settings, cache, integrity: demanded })
  }
  const message = "The integrity is given twice, by the Request and as an option: leave one out"
  return Effect.fail(new TypeError({ reason: "options", message }))
}

// The functions.

/** Reads the source and the options, loads, and records the time taken. */
const begin = Effect.fnUntraced(function* <A, E>(
  source: LoadSource,
  options: WithPolicy<LoadModuleOptions> | undefined,
  load: (transport: Transport, settings: LoadSettings) => Effect.Effect<A, E>,
  compiled: (module: WebAssembly.Module) => Effect.Effect<A, TypeError>,
) {
  const began = yield* Clock.currentTimeMillis
  const given = yield* readLoadSettings(options)
  const { compile: { signal }, protocols } = given
  const target = yield* untilAborted(signal)(
    readTarget(source, (protocol) => protocols.has(protocol)),
  )
  if (target.kind === "module") {
    if (given.integrity === undefined) {
      // After a yield, so that an already aborted signal takes precedence.
      return yield* untilAborted(signal)(
        Effect.yieldNow.pipe(
          Effect.andThen(checkPolicy(target.module, given)),
          Effect.andThen(compiled(target.module)),
        ),
      )
    }
    const message = "A compiled module has no bytes whose integrity can be checked"
    return yield* Effect.fail(new TypeError({ reason: "options", message }))
  }
  const settings = yield* withRequest(given, target)
  const transport = yield* transportOf(target, settings, yield* HttpClient.HttpClient)
  yield* annotate(() => ({ url: transport.url }))
  const ownSignal = target.kind === "http" ? target.signal : undefined
  const loaded = yield* untilAborted(ownSignal)(load(transport, settingsFor(transport, settings)))
  yield* Metric.update(metrics.timeToModule, (yield* Clock.currentTimeMillis) - began)
  return loaded
})

/**
 * Loads and compiles a module while its bytes arrive, over as many connections as it takes.
 *
 * Attempts that fail for a transient reason (a lost or idle connection, 408, 425, 429, 5xx) are retried; after a body that
 * ended early, loading continues where it stopped, in the same compilation. A wrong content type or status and invalid bytes
 * fail at once.
 *
 * @param source a URL; a Request, or one of an HttpClient; a Response, or a promise for one; a Blob; bytes; or a module,
 * which is returned as it is
 * @param options those of `compileStreaming`, and limits, integrity, retries, cache
 * @returns the module; fails with `LoadError` (no bytes, or the wrong ones), `TypeError` (a wrong response or option),
 * `CompileError` (invalid bytes) or `SourceError` (the signal, or a promise that was rejected)
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
export function loadModule(
  source: LoadSource,
  options?: LoadModuleOptions,
): Effect.Effect<WebAssembly.Module, LoadModuleError, HttpClient.HttpClient>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function loadModule(
  source: LoadSource,
  options?: WithPolicy<LoadModuleOptions>,
): Effect.Effect<WebAssembly.Module, LoadFailure, HttpClient.HttpClient>
export function loadModule(
  source: LoadSource,
  options?: WithPolicy<LoadModuleOptions>,
): Effect.Effect<WebAssembly.Module, LoadFailure, HttpClient.HttpClient> {
  return load(source, options).pipe(span("Wasm.loadModule"), traced)
}

const load = (
  source: LoadSource,
  options: WithPolicy<LoadModuleOptions> | undefined,
): Effect.Effect<WebAssembly.Module, LoadFailure, HttpClient.HttpClient> =>
  begin(
    source,
    options,
    (transport, settings) =>
      Effect.flatMap(cacheOf(settings), (cache) =>
        cache === undefined || !transport.isRemote
          ? Effect.map(loadAlone(transport, settings, false), ({ module }) =>
            module)
          : loadThrough(cache, transport, settings)),
    Effect.succeed<WebAssembly.Module>,
  )

/**
 * Loads, compiles and instantiates a module, as {@linkcode loadModule} and `instantiateStreaming` do.
 *
 * @param source what {@linkcode loadModule} takes
 * @param imports the import object: an object of objects
 * @param options those of {@linkcode loadModule}
 * @returns the module and its instance; fails as {@linkcode loadModule} does, and with `TypeError` (reason `imports`),
 * `LinkError` or `RuntimeError`
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Http from "@effect-wasm/compile-streaming/http/effect"
 *
 * const program = Http.instantiateModule("data:application/wasm;base64,AGFzbQEAAAA=")
 * const { instance } = await Effect.runPromise(Effect.provide(program, FetchHttpClient.layer))
 * console.assert(Object.keys(instance.exports).length === 0)
 * ```
 */
export function instantiateModule(
  source: LoadSource,
  imports?: ImportObject,
  options?: LoadModuleOptions,
): Effect.Effect<
  InstantiatedSource,
  LoadModuleError | InstantiateStreamingError,
  HttpClient.HttpClient
>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function instantiateModule(
  source: LoadSource,
  imports?: ImportObject,
  options?: WithPolicy<LoadModuleOptions>,
): Effect.Effect<
  InstantiatedSource,
  LoadFailure | InstantiateStreamingError,
  HttpClient.HttpClient
>
export function instantiateModule(
  source: LoadSource,
  imports?: ImportObject,
  options?: WithPolicy<LoadModuleOptions>,
): Effect.Effect<
  InstantiatedSource,
  LoadFailure | InstantiateStreamingError,
  HttpClient.HttpClient
> {
  return Effect.flatMap(checkImportObject(imports), (importObject) =>
    Effect.flatMap(
      load(source, options),
      (module) =>
        Effect.map(instantiateCompiled(module, importObject), (instance) => ({ module, instance })),
    )).pipe(span("Wasm.instantiateModule"), traced)
}

const reportIn = (report: ModuleReport | undefined): Effect.Effect<ModuleReport> =>
  report === undefined ? Effect.die(new Error("The report is missing")) : Effect.succeed(report)

/**
 * Loads and compiles a module as {@linkcode loadModule} does, and reports what is in it. The report is made as the bytes
 * arrive, so no cache is used.
 *
 * @param source what {@linkcode loadModule} takes, except a module
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
export function loadModuleWithReport(
  source: BytesSource,
  options?: LoadModuleOptions,
): Effect.Effect<CompiledWithReport, LoadModuleError, HttpClient.HttpClient>
/** With a policy in its options, it may fail with `PolicyError` too. */
export function loadModuleWithReport(
  source: BytesSource,
  options?: WithPolicy<LoadModuleOptions>,
): Effect.Effect<CompiledWithReport, LoadFailure, HttpClient.HttpClient>
export function loadModuleWithReport(
  source: BytesSource,
  options?: WithPolicy<LoadModuleOptions>,
): Effect.Effect<CompiledWithReport, LoadFailure, HttpClient.HttpClient> {
  return begin(
    source,
    options,
    (transport, settings) =>
      Effect.flatMap(
        loadAlone(transport, settings, true),
        ({ module, report }) =>
          Effect.map(reportIn(report), (report): CompiledWithReport => ({ module, report })),
      ),
    () => {
      const message = "A compiled module has no bytes to report on"
      return Effect.fail(new TypeError({ reason: "options", message }))
    },
  ).pipe(span("Wasm.loadModuleWithReport"), traced)
}

/**
 * Reads the source and the options as {@linkcode loadModule} does, and loads with a function of the caller.
 *
 * @param source what {@linkcode loadModule} takes, except a module
 * @param options those of {@linkcode loadModule}
 * @param load loads over the source's transport
 */
export const loadWith = <A, E>(
  source: BytesSource,
  options: LoadModuleOptions,
  load: (transport: Transport, settings: LoadSettings) => Effect.Effect<A, E>,
): Effect.Effect<A, E | LoadFailure, HttpClient.HttpClient> =>
  begin(source, options, load, () => {
    const message = "A compiled module has no bytes"
    return Effect.fail(new TypeError({ reason: "options", message }))
  }).pipe(traced)
