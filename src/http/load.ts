/**
 * One load over its transport: attempts and resumed bodies feed a compilation, which starts again if the content changed
 * meanwhile.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ModuleReport } from "../binary/report/module_report.ts"
import type { SourceError, TypeError } from "../errors.ts"
import { compileChunks } from "../pipeline/compile_streaming.ts"
import { isWasmContentType } from "../pipeline/content_type.ts"
import { untilAborted } from "../pipeline/until_aborted.ts"
import type { ContentChanged } from "./download/attempt_end.ts"
import { type Connected, Download } from "./download/download.ts"
import { startRetry } from "./download/retry.ts"
import { LoadError, type LoadFailure } from "./load_error.ts"
import type { LoadState } from "./load_state.ts"
import type { LoadSettings } from "./options.ts"
import type { Transport, TransportResponse } from "./transport/transport.ts"

/** A module that was loaded. */
export interface LoadedModule {
  readonly kind: "module"
  readonly module: WebAssembly.Module
  /** The response whose body the module's bytes began with. */
  readonly response: TransportResponse
  /** The module's size in bytes. */
  readonly size: number
  /** Its bytes, if `keep` was set. */
  readonly bytes: ReadonlyArray<Uint8Array> | undefined
  /** Its report, if `reports` was set. */
  readonly report: ModuleReport | undefined
}

/** The result of a load. */
export type Loaded =
  | LoadedModule
  /** The server answered 304: the caller's copy is current. */
  | { readonly kind: "not-modified"; readonly response: TransportResponse }

/** What a load needs besides its settings. */
export interface LoadExtra {
  readonly state: LoadState
  /** Header fields of the first request, to which the server may answer 304. */
  readonly conditions?: Readonly<Record<string, string>> | undefined
  /** Whether to keep the bytes. */
  readonly keep?: boolean | undefined
  /** Whether to make a report. */
  readonly reports?: boolean | undefined
}

/** While nothing reads the body, a change of content cannot restart the reading, so it fails the load. */
export const settleChange = (
  connect: Effect.Effect<Connected, LoadError | TypeError | ContentChanged>,
): Effect.Effect<Connected, LoadError | TypeError> =>
  Effect.catchTag(connect, "ContentChanged", ({ error }) => Effect.fail(error))

const compileOnce = (
  download: Download,
  connected: Extract<Connected, { kind: "body" }>,
  settings: LoadSettings,
  reports: boolean,
): Effect.Effect<LoadedModule, Exclude<LoadFailure, SourceError> | ContentChanged> => {
  const { response } = connected
  const { contentType, status, url } = response.head
  const body = {
    chunks: download.chunks(connected),
    facts: { url, status, contentType },
    typed: isWasmContentType(contentType),
    declaredSize: download.total,
  }
  return Effect.map(compileChunks(body, settings.compile, reports), ({ module, report }) => ({
    kind: "module",
    module,
    response,
    size: download.size,
    bytes: download.kept,
    report,
  }))
}

/**
 * Loads a module over its transport. The caller applies the time limit and the signal, with {@linkcode withinLimits}.
 *
 * @param transport where the module is loaded from
 * @param settings the options
 * @param extra the load's state, and what else to send or return
 */
export const loadFrom = (
  transport: Transport,
  settings: LoadSettings,
  { conditions, keep, reports = false, state }: LoadExtra,
): Effect.Effect<Loaded, LoadFailure> =>
  Effect.gen(function* () {
    const retry = yield* startRetry(settings.schedule)
    const download = new Download({ transport, settings, retry, state, conditions, keep })
    return yield* Effect.ensuring(
      Effect.gen(function* () {
        let connected = yield* settleChange(download.connect)
        for (;;) {
          if (connected.kind === "not-modified") return connected
          if (connected.kind === "complete") {
            return yield* Effect.die(new Error("An empty download is not complete"))
          }
          const outcome = yield* compileOnce(download, connected, settings, reports).pipe(
            Effect.catchTag("ContentChanged", Effect.succeed),
          )
          if (!("_tag" in outcome)) {
            yield* download.checkIntegrity
            return outcome
          }
          connected = yield* settleChange(download.restart(outcome))
        }
      }),
      download.close,
    )
  })

const timedOut = (state: LoadState, timeout: Duration.Duration): LoadError => {
  const { attempts, lastFailure, received, url } = state
  const why = lastFailure === undefined ? "" : `. The last attempt: ${lastFailure.message}`
  const message = `Loading ${url} took longer than ${Duration.format(timeout)}${why}`
  return new LoadError({ reason: "timeout", message, url, attempts, received, cause: lastFailure })
}

/**
 * Applies the options `timeout` and `signal` to a load.
 *
 * @param settings the caller's options
 * @param stateOf the progress of the load, read when it times out
 */
export const withinLimits =
  ({ compile: { signal }, timeout }: LoadSettings, stateOf: () => LoadState) =>
  <A, E>(self: Effect.Effect<A, E>): Effect.Effect<A, E | LoadError | SourceError> =>
    self.pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.suspend(() => Effect.fail(timedOut(stateOf(), timeout))),
      }),
      untilAborted(signal),
    )
