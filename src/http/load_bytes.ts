/**
 * The bytes of a module, as they are: loaded as `loadModule` does it, over as many attempts as it takes, but neither decoded
 * nor compiled. For those who look into modules that may be broken.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { TypeError } from "../errors.ts"
import type { Step } from "../pipeline/chunks.ts"
import type { ContentChanged } from "./download/attempt_end.ts"
import { type Connected, Download } from "./download/download.ts"
import { startRetry } from "./download/retry.ts"
import { withinLimits } from "./load.ts"
import type { LoadError, LoadFailure } from "./load_error.ts"
import { loadWith } from "./load_module.ts"
import { newLoadState } from "./load_state.ts"
import type { LoadModuleOptions, LoadSettings } from "./options.ts"
import type { BytesSource } from "./transport/target.ts"
import type { Transport } from "./transport/transport.ts"

/** Who is given the bytes. */
export interface ByteTaker<E extends object> {
  /**
   * Takes a chunk, which is its own until it returns.
   *
   * @param chunk the next bytes
   * @param total how many there are in all, where that is truly known
   * @returns an error to stop with
   */
  readonly take: (chunk: Uint8Array, total: number | undefined) => Step<E>
  /** The content has changed: everything begins again. */
  readonly restart: () => void
}

const ifUnchanged = (
  connect: Effect.Effect<Connected, LoadError | TypeError | ContentChanged>,
): Effect.Effect<Connected, LoadError | TypeError> =>
  Effect.catchTag(connect, "ContentChanged", ({ error }) => Effect.fail(error))

const readAll = <E extends object>(
  transport: Transport,
  settings: LoadSettings,
  taker: ByteTaker<E>,
): Effect.Effect<void, LoadFailure | E> =>
  Effect.suspend(() => {
    const state = newLoadState(transport.url)
    return Effect.gen(function* () {
      const retry = yield* startRetry(settings.schedule)
      const download = new Download({ transport, settings, retry, state })
      yield* Effect.ensuring(
        Effect.gen(function* () {
          let connected = yield* ifUnchanged(download.connect)
          while (connected.kind === "body") {
            const changed: ContentChanged | void = yield* download.chunks(connected)
              .forEach<E>((chunk) => taker.take(chunk, download.total))
              .pipe(Effect.catchIf(isContentChanged, Effect.succeed))
            if (changed === undefined) return yield* download.checkIntegrity
            taker.restart()
            connected = yield* ifUnchanged(download.restart(changed))
          }
        }),
        download.close,
      )
    }).pipe(withinLimits(settings, () => state))
  })

const isContentChanged = (error: object): error is ContentChanged =>
  "_tag" in error && error._tag === "ContentChanged"

/**
 * Loads the bytes of a module.
 *
 * @param source what `loadModule` takes, except a module
 * @param options those of `loadModule`; what concerns the compilation has no meaning here
 * @param taker who is given the bytes
 * @returns fails with `LoadError`, `TypeError` or `SourceError` as `loadModule` does, and with what the taker stops with
 */
export const loadBytes = <E extends object>(
  source: BytesSource,
  options: LoadModuleOptions,
  taker: ByteTaker<E>,
): Effect.Effect<void, LoadFailure | E, HttpClient.HttpClient> =>
  loadWith(source, options, (transport, settings) => readAll(transport, settings, taker))
