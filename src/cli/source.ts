/**
 * What a command is given to look at: a URL, a path, or standard input.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import process from "node:process"
import type { BytesSource } from "../http/transport/target.ts"
import { printUrl } from "../messages/print.ts"
import { type CliError, usageError } from "./cli_error.ts"

/** A source that was named on the command line. */
export interface NamedSource {
  /** What it is called in messages; safe to print. */
  readonly name: string
  /** The path, where it is a file. */
  readonly path: string | undefined
  /** What is loaded. To be made anew for each load: standard input can be read once. */
  readonly open: () => BytesSource
}

/** A scheme of a URL: of two letters at least, as drives have one. */
const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(text)

/** A host and its port, which URLs begin with only after a scheme. */
const hasPort = /^[\w.-]{2,}:\d{1,5}(?:[/?#]|$)/

/** What standard input is called. */
export const standardInputName = "standard input"

/** Standard input as a response, which is read as it comes. */
const standardInput = (): Response => {
  const chunks = process.stdin[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else {controller.enqueue(
          typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value),
        )}
    },
    cancel: () => void process.stdin.destroy(),
  })
  return new Response(body, { headers: { "content-type": "application/wasm" } })
}

const httpSource = (url: string, headers: ReadonlyArray<readonly [string, string]>): BytesSource =>
  headers.length === 0 ? url : HttpClientRequest.get(url, { headers })

/**
 * Reads what was named.
 *
 * @param argument a URL, a path, or `-`
 * @param headers header fields of the request, where it is one
 */
export const namedSource = (
  argument: string,
  headers: ReadonlyArray<readonly [string, string]> = [],
): Effect.Effect<NamedSource, CliError> => {
  if (argument === "") {
    return Effect.fail(usageError("The source is empty: give a URL, a path, or -"))
  }
  if (argument === "-") {
    if (process.stdin.isTTY === true) {
      return Effect.fail(usageError("Standard input is a terminal: pipe a module into it"))
    }
    return Effect.succeed({ name: standardInputName, path: undefined, open: standardInput })
  }
  if (hasPort.test(argument)) {
    const name = printUrl(argument)
    return Effect.fail(usageError(`${name} has no scheme: did you mean http://${name}?`))
  }
  if (hasScheme(argument)) {
    const isHttp = /^https?:/i.test(argument)
    const open = () => isHttp ? httpSource(argument, headers) : argument
    return Effect.succeed({ name: printUrl(argument), path: undefined, open })
  }
  // Without a dot, a path from here would be a relative URL.
  const path = /^[./\\]/.test(argument) ? argument : `./${argument}`
  return Effect.succeed({ name: printUrl(argument), path: argument, open: () => path })
}
