/**
 * One load over its transport: attempts, resumed bodies, and one compilation after another until the content stays the
 * same for the length of one.
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
  /** The response that its bytes began with. */
  readonly response: TransportResponse
  /** The module's size in bytes. */
  readonly size: number
  /** Its bytes, if they were to be kept. */
  readonly bytes: ReadonlyArray<Uint8Array> | undefined
  /** What is in it, if that was wanted. */
  readonly report: ModuleReport | undefined
}

/** What a load came to. */
export type Loaded =
  | LoadedModule
  /** The server says that what the caller has is what there is. */
  | { readonly kind: "not-modified"; readonly response: TransportResponse }

/** What a load is begun with, beside its settings. */
export interface LoadExtra {
  readonly state: LoadState
  /** Header fields of the first request, to which the server may answer 304. */
  readonly conditions?: Readonly<Record<string, string>> | undefined
  /** Whether the bytes are wanted too. */
  readonly keep?: boolean | undefined
  /** Whether a report is wanted too. */
  readonly reports?: boolean | undefined
}

/** A change before anything was fed is no change for the compilation: nothing was there to compare. */
const settleChange = (
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
 * Loads a module over its transport. Time and signal have to be limited by the caller.
 *
 * @param transport where it comes from
 * @param settings the options
 * @param extra what else is wanted
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
 * Limits a load in time and by its signal.
 *
 * @param settings the caller's options
 * @param stateOf how far the load has come, asked when the time is over
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
