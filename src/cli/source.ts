/**
 * The source that a command is given: a URL, a path, or standard input.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import process from "node:process"
import type { BytesSource } from "../http/transport/target.ts"
import { printPath, printUrl } from "../messages/print.ts"
import { type CliError, usageError } from "./cli_error.ts"

/** A source that was named on the command line. */
export interface NamedSource {
  /** Its name in messages; safe to print. */
  readonly name: string
  /** The path, if it is a file. */
  readonly path: string | undefined
  /** Its name in documents, from {@linkcode sourceOf}. */
  readonly source: string
  /** Opens the source, for one load; standard input can be opened only once. */
  readonly open: () => BytesSource
}

/** Whether a text begins with the scheme of a URL: of two letters at least, as one letter is a drive. */
const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(text)

/** A host and its port without a scheme, which would itself be read as a scheme: `localhost:8080`. */
const hasPort = /^[\w.-]{2,}:\d{1,5}(?:[/?#]|$)/

/** The name of standard input in messages. */
const standardInputName = "standard input"

/** Deno's own stream, on Deno: its `process.stdin` goes on reading after it is destroyed, which keeps the process alive. */
const denoInput = (): ReadableStream<Uint8Array> | undefined => {
  const deno: unknown = Reflect.get(globalThis, "Deno")
  const input: unknown = Reflect.get(Object(Reflect.get(Object(deno), "stdin")), "readable")
  return input instanceof ReadableStream ? input : undefined
}

/** Standard input, which is read as it arrives. */
const inputStream = (): ReadableStream<Uint8Array> => {
  const chunks = process.stdin[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else {controller.enqueue(
          typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value),
        )}
    },
    cancel: () => void process.stdin.destroy(),
  })
}

const standardInput = (): Response =>
  new Response(denoInput() ?? inputStream(), { headers: { "content-type": "application/wasm" } })

const httpSource = (url: string, headers: ReadonlyArray<readonly [string, string]>): BytesSource =>
  headers.length === 0 ? url : HttpClientRequest.get(url, { headers })

/**
 * The name of a source in documents: a path as it was given, a URL without its secrets.
 *
 * @param argument a URL, a path, or `-`
 */
export const sourceOf = (argument: string): string =>
  argument === "-" ? standardInputName : hasScheme(argument) ? printUrl(argument) : argument

/**
 * Finds out what an argument names.
 *
 * @param argument a URL, a path, or `-`
 * @param headers header fields of the request, if there is one
 */
export const namedSource = (
  argument: string,
  headers: ReadonlyArray<readonly [string, string]> = [],
): Effect.Effect<NamedSource, CliError> => {
  if (argument === "") {
    return Effect.fail(usageError("The source is empty: give a URL, a path, or -"))
  }
  const source = sourceOf(argument)
  if (argument === "-") {
    if (process.stdin.isTTY === true) {
      return Effect.fail(usageError("Standard input is a terminal: pipe a module into it"))
    }
    return Effect.succeed({ name: source, path: undefined, source, open: standardInput })
  }
  if (hasPort.test(argument)) {
    return Effect.fail(usageError(`${source} has no scheme: did you mean http://${source}?`))
  }
  if (hasScheme(argument)) {
    const isHttp = /^https?:/i.test(argument)
    const open = () => isHttp ? httpSource(argument, headers) : argument
    return Effect.succeed({ name: source, path: undefined, source, open })
  }
  // A relative path has to begin with a dot: otherwise it would be a relative URL.
  const path = /^\.{0,2}[/\\]/.test(argument)
    ? argument
    : /^\.{1,2}$/.test(argument)
    ? `${argument}/`
    : `./${argument}`
  return Effect.succeed({
    name: printPath(argument),
    path: argument,
    source,
    open: () => path,
  })
}
