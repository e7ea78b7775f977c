/**
 * From an argument (a URL or a file's path) to a `Response`.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { createReadStream, statSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { CliError } from "./cli_error.ts"

const hasScheme = /^[a-z][a-z0-9+.-]+:/i

const pathOf = (argument: string): string | undefined => {
  if (!hasScheme.test(argument)) return argument
  return argument.toLowerCase().startsWith("file:") ? fileURLToPath(argument) : undefined
}

const why = (cause: unknown): string => {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined
  if (code === "ENOENT") return "there is no such file"
  if (code === "EACCES") return "the permission is missing"
  return cause instanceof Error ? cause.message : String(cause)
}

/** A file as a response: its bytes are read as they are asked for. */
const openFile = (path: string): Response => {
  if (!statSync(path).isFile()) throw new Error("it is not a file")
  const file = createReadStream(path, { highWaterMark: 262_144 })
  const chunks = file[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => void file.destroy(),
  }, { highWaterMark: 0 })
  return new Response(body, { headers: { "content-type": "application/wasm" } })
}

const fetchUrl = (url: string): Effect.Effect<Response, CliError> =>
  Effect.tryPromise({
    try: (signal) => fetch(url, { signal }),
    catch: (cause) => {
      const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
      return new CliError({ message: `Cannot fetch ${url}: ${why(inner)}` })
    },
  })

/**
 * Opens what an argument names.
 *
 * @param argument an `http:`, `https:`, `data:` or `file:` URL, or a path
 */
export const openArgument = (argument: string): Effect.Effect<Response, CliError> =>
  Effect.suspend(() => {
    try {
      const path = pathOf(argument)
      return path === undefined ? fetchUrl(argument) : Effect.succeed(openFile(path))
    } catch (cause) {
      return Effect.fail(new CliError({ message: `Cannot read ${argument}: ${why(cause)}` }))
    }
  })
