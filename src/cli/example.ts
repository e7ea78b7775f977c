/**
 * The embedded example: a module and an HTTP server on loopback that serves it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { CliError } from "./cli_error.ts"

/** Where the example is served. */
export interface ExampleServer {
  readonly url: string
  /** The module's size in bytes. */
  readonly size: number
}

/** Serves `demo/example.wasm` on a port that the system picks, until the scope is closed. */
export const serveExample: Effect.Effect<ExampleServer, CliError, Scope.Scope> = Effect
  .acquireRelease(
    Effect.callback<{ readonly server: ReturnType<typeof createServer> } & ExampleServer, CliError>(
      (resume) => {
        const bytes = readFileSync(new URL("../../demo/example.wasm", import.meta.url))
        const server = createServer((_, answer) => {
          answer.writeHead(200, { "content-type": "application/wasm" }).end(bytes)
        })
        server.once("error", (cause) => {
          const message = `Cannot serve the example on 127.0.0.1: ${cause.message}`
          resume(Effect.fail(new CliError({ message })))
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" ? address?.port : address
          const url = `http://127.0.0.1:${port}/example.wasm`
          resume(Effect.succeed({ server, url, size: bytes.length }))
        })
      },
    ),
    ({ server }) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      }),
  )
