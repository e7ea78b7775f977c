/**
 * The embedded example: a module and an HTTP server on loopback that serves it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Server } from "node:http"
import { badModule, type CliError } from "./cli_error.ts"

/** Where the example is served. */
export interface ExampleServer {
  readonly url: string
  /** The module's size in bytes. */
  readonly size: number
}

/** `demo/example.wasm`, in base64: it imports `imports.imported_func`, and calls it with 42 in `exported_func`. */
export const exampleModule =
  "AGFzbQEAAAABCAJgAX8AYAAAAhkBB2ltcG9ydHMNaW1wb3J0ZWRfZnVuYwAAAwIBAQcRAQ1leHBvcnRlZF9mdW5jAAEKCAEGAEEqEAAL"

/** Serves the example on a port that the system picks, until the scope is closed. */
export const serveExample: Effect.Effect<ExampleServer, CliError, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    // Imported only here: it takes as long to load as everything else together.
    Effect.flatMap(
      Effect.promise(() => import("node:http")),
      ({ createServer }) =>
        Effect.callback<readonly [Server, ExampleServer], CliError>((resume) => {
          const bytes = Uint8Array.from(atob(exampleModule), (character) => character.charCodeAt(0))
          const server = createServer((_, answer) => {
            answer.writeHead(200, { "content-type": "application/wasm" }).end(bytes)
          })
          server.once("error", (cause) => {
            resume(
              Effect.fail(badModule(`Cannot serve the example on 127.0.0.1: ${cause.message}`)),
            )
          })
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            const port = typeof address === "object" ? address?.port : address
            const url = `http://127.0.0.1:${port}/example.wasm`
            resume(Effect.succeed([server, { url, size: bytes.length }]))
          })
        }),
    ),
    ([server]) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      }),
  ),
  ([, example]) => example,
)
