/**
 * One load over its transport: attempts, resumed bodies, and one compilation after another until the content stays the
 * same for the length of one.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ModuleReport } from "../binary/mod.ts"
import { type CompileError, SourceError, type TypeError } from "../errors.ts"
import { compileChunks } from "../pipeline/compile_streaming.ts"
import { isWasmContentType } from "../pipeline/content_type.ts"
import { untilAborted } from "../pipeline/until_aborted.ts"
import type { Answer } from "./answer.ts"
import { Restart } from "./attempt_end.ts"
import { startBudget } from "./budget.ts"
import { type Connected, Download } from "./download.ts"
import { LoadError } from "./load_error.ts"
import type { LoadSettings } from "./load_options.ts"
import type { Transport } from "./transport.ts"

/** Everything that can go wrong between a URL and its module. */
export type LoadModuleError = TypeError | CompileError | LoadError

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
    /** What is in it, where that was wanted. */
    readonly report: ModuleReport | undefined
  }
  /** The server says that what the caller has is what there is. */
  | { readonly kind: "not-modified"; readonly answer: Answer }

/** One compilation after another, until the content stays the same for the length of one. */
const compileDownload = (
  download: Download,
  connected: Connected,
  settings: LoadSettings,
  reports: boolean,
): Effect.Effect<Loaded, LoadModuleError> => {
  if (connected.kind === "not-modified") return Effect.succeed(connected)
  if (connected.kind === "complete") {
    return Effect.die(new Error("An empty download is not complete"))
  }
  const { answer } = connected
  const { contentType, status, url } = answer.head
  const body = {
    chunks: download.chunks(connected),
    facts: { url, status, contentType },
    typed: isWasmContentType(contentType),
    declaredSize: download.total,
  }
  return compileChunks(body, settings.compile, reports).pipe(
    Effect.map(({ module, report }): Loaded => ({
      kind: "module",
      module,
      answer,
      size: download.received,
      bytes: download.kept,
      report,
    })),
    Effect.catch((error) =>
      error instanceof Restart
        ? Effect.flatMap(
          reconnect(download, error),
          (next) => compileDownload(download, next, settings, reports),
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
  Effect.catch(
    download.restart(restart),
    (error) => Effect.fail(error instanceof Restart ? error.error : error),
  )

/** What a load is begun with, beside its settings. */
export interface LoadExtra {
  /** Header fields of the first request, with which the server may answer 304. */
  readonly conditions?: Readonly<Record<string, string>>
  /** Whether the bytes are wanted too. */
  readonly keep?: boolean
  /** Whether a report is wanted too. */
  readonly reports?: boolean
  /** Is given the download, to tell how far it has come. */
  readonly begun?: (download: Download) => void
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
  extra: LoadExtra = {},
): Effect.Effect<Loaded, LoadModuleError> =>
  Effect.flatMap(startBudget(settings.schedule), (budget) => {
    const download = new Download(transport, settings, budget, extra.conditions, extra.keep)
    extra.begun?.(download)
    return download.connect.pipe(
      Effect.catch((error) => Effect.fail(error instanceof Restart ? error.error : error)),
      Effect.flatMap((connected) =>
        compileDownload(download, connected, settings, extra.reports ?? false)
      ),
      Effect.ensuring(download.close),
    )
  })

/**
 * Ends a load at its time limit, and when its signal fires.
 *
 * @param url what is loaded
 * @param settings the options
 * @param download how far it has come, once it has begun
 */
export const withinLimits = (
  url: string,
  settings: LoadSettings,
  download: () => Download | undefined,
) => {
  const errorOf = (reason: "timeout" | "aborted", message: string, cause?: unknown): LoadError =>
    download()?.error(reason, message, { cause }) ??
      new LoadError({ reason, message, url, attempts: 0, received: 0, cause })
  return <A, E>(self: Effect.Effect<A, E>): Effect.Effect<A, E | LoadError> =>
    self.pipe(
      Effect.timeoutOrElse({
        duration: settings.timeout,
        orElse: () => {
          const time = Duration.format(settings.timeout)
          return Effect.fail(errorOf("timeout", `Loading ${url} took longer than ${time}`))
        },
      }),
      untilAborted(settings.compile.signal),
      Effect.mapError((error) =>
        error instanceof SourceError
          ? errorOf("aborted", `Loading ${url} was aborted by its signal`, error.cause)
          : error
      ),
    )
}
