/**
 * Loads a module over an unreliable network, verifies its digest, keeps it in a folder, and distinguishes the kinds of
 * failure.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Http from "../src/http/effect.ts"

/** A client, and a cache that outlives the process. */
const layer = (folder: string) =>
  Layer.merge(
    FetchHttpClient.layer,
    Http.ModuleCache.layer({
      store: Http.ModuleCache.directory(folder),
      maxBytes: 100_000_000,
      // No request carries a user's token, so every load may use what another one stored.
      singleClient: true,
    }),
  )

/**
 * Loads a module.
 *
 * @param url where it is
 * @param integrity its digest, such as `sha256-…`
 * @param folder where its bytes are kept
 * @returns the module; fails with a message for the user
 */
export const load = (
  url: string,
  integrity: string,
  folder: string,
): Effect.Effect<WebAssembly.Module, string> =>
  Http.loadModule(url, { integrity, idleTimeout: "10 seconds", timeout: "2 minutes" }).pipe(
    Effect.catchTags({
      LoadError: (error) =>
        Effect.fail(
          error.reason === "integrity"
            ? `somebody changed it: ${error.actual}`
            : `no network after ${error.attempts} attempts: ${error.message}`,
        ),
      TypeError: (error) => Effect.fail(`the server is set up wrong: ${error.message}`),
      CompileError: (error) => Effect.fail(`it is not a module: ${error.message}`),
      SourceError: (error) => Effect.fail(error.message),
    }),
    Effect.provide(layer(folder)),
  )
