/**
 * Streams the bytes of a module without compiling them, with the retries and limits of `loadModule`.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { TypeError } from "../errors.ts"
import type { TypedChunks } from "../pipeline/compile_streaming.ts"
import { isWasmContentType } from "../pipeline/content_type.ts"
import type { ContentChanged } from "./download/attempt_end.ts"
import { type Connected, Download } from "./download/download.ts"
import { startRetry } from "./download/retry.ts"
import { settleChange, withinLimits } from "./load.ts"
import type { LoadError, LoadFailure } from "./load_error.ts"
import { loadWith } from "./load_module.ts"
import { newLoadState } from "./load_state.ts"
import type { LoadModuleOptions, LoadSettings } from "./options.ts"
import type { BytesSource } from "./transport/target.ts"
import type { Transport } from "./transport/transport.ts"

/** A module's chunks. If the content changes, they end with `ContentChanged`, and reading starts over. */
export type LoadedChunks = TypedChunks<LoadError | TypeError | ContentChanged>

const isContentChanged = (error: unknown): error is ContentChanged =>
  typeof error === "object" && error !== null && Reflect.get(error, "_tag") === "ContentChanged"

const typedChunks = (
  download: Download,
  connected: Extract<Connected, { readonly kind: "body" }>,
): LoadedChunks => {
  const { contentType, status, url } = connected.response.head
  return {
    chunks: download.chunks(connected),
    facts: { url, status, contentType },
    typed: isWasmContentType(contentType),
    declaredSize: download.total,
  }
}

const readAll = <A, E>(
  transport: Transport,
  settings: LoadSettings,
  read: (body: LoadedChunks) => Effect.Effect<A, E | ContentChanged>,
): Effect.Effect<A, LoadFailure | E> =>
  Effect.suspend(() => {
    const state = newLoadState(transport.url)
    return Effect.gen(function* () {
      const retry = yield* startRetry(settings.schedule)
      const download = new Download({ transport, settings, retry, state })
      return yield* Effect.ensuring(
        Effect.gen(function* () {
          let connected = yield* settleChange(download.connect)
          for (;;) {
            if (connected.kind !== "body") {
              return yield* Effect.die(new Error("An unconditional request has a body"))
            }
            const outcome = yield* read(typedChunks(download, connected)).pipe(
              Effect.map((value) => ({ value })),
              Effect.catchIf(isContentChanged, Effect.succeed),
            )
            if ("value" in outcome) {
              yield* download.checkIntegrity
              return outcome.value
            }
            connected = yield* settleChange(download.restart(outcome))
          }
        }),
        download.close,
      )
    }).pipe(withinLimits(settings, () => state))
  })

/**
 * Loads the bytes of a module.
 *
 * @param source what `loadModule` takes, except a module
 * @param options those of `loadModule`; the ones for the engine have no effect
 * @param read reads the bytes to their end; run again if the content changed meanwhile
 * @returns the result of `read`; fails with `LoadError`, `TypeError` or `SourceError` as `loadModule` does, or as `read`
 * does
 */
export const loadBytes = <A, E>(
  source: BytesSource,
  options: LoadModuleOptions,
  read: (body: LoadedChunks) => Effect.Effect<A, E | ContentChanged>,
): Effect.Effect<A, LoadFailure | E, HttpClient.HttpClient> =>
  loadWith(source, options, (transport, settings) => readAll(transport, settings, read))
