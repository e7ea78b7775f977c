/**
 * Where attempts get their answers from: an HttpClient, fetch for `data:` URLs, or a file.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { SourceError } from "../errors.ts"
import { type Answer, clientAnswer, webAnswer } from "./answer.ts"
import type { LoadErrorReason } from "./load_error.ts"

/** Why there is no answer. */
export interface NoAnswer {
  readonly reason: Extract<LoadErrorReason, "connection" | "url" | "file">
  readonly message: string
  /** Whether another attempt may fare better. */
  readonly passing: boolean
  readonly cause: unknown
}

/** An exchange that has begun. */
export interface Exchange {
  /** The answer, when its head has come. */
  readonly answer: Effect.Effect<Answer, NoAnswer>
  /** Ends the exchange, whatever has become of it: the connection is closed unless all was read. */
  readonly end: Effect.Effect<void>
}

/** Begins exchanges. */
export interface Transport {
  readonly url: string
  /** Whether its answers come over a network, and are counted. */
  readonly remote: boolean
  /** Header fields that the caller set; they stay. */
  readonly own: (name: string) => boolean
  /** What it means that a body failed. */
  readonly broken: (error: SourceError) => NoAnswer
  readonly begin: (headers: Readonly<Record<string, string>>) => Effect.Effect<Exchange>
}

/** What was said at the bottom of a chain of causes: runtimes wrap what the network said. */
const deepest = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error

/**
 * What an error says, in a few words.
 *
 * @param error what was caught
 */
export const said = (error: unknown): string => {
  const inner = deepest(error)
  return inner instanceof Error ? inner.message || inner.name : String(inner)
}

const noConnection = (url: string, cause: unknown): NoAnswer => {
  const words = said(cause)
  return {
    reason: "connection",
    message: `Cannot reach ${url}: ${words}`,
    // A circle of redirects is the same next time.
    passing: !/redirect/i.test(words),
    cause,
  }
}

const explain = (url: string, error: HttpClientError.HttpClientError): NoAnswer => {
  const cause = error.cause ?? error
  return error.reason._tag === "InvalidUrlError"
    ? { reason: "url", message: `Cannot load ${url}: ${said(cause)}`, passing: false, cause }
    : noConnection(url, cause)
}

/**
 * Exchanges through an HttpClient, each in a scope of its own: what closes it aborts the request and its body.
 *
 * @param client the client
 * @param url what is asked for, for messages
 * @param request the request; its own headers stay
 */
export const clientTransport = (
  client: HttpClient.HttpClient,
  url: string,
  request: HttpClientRequest.HttpClientRequest,
): Transport => {
  const scoped = HttpClient.withScope(client)
  return {
    url,
    remote: true,
    own: (name) => request.headers[name] !== undefined,
    broken: ({ cause }) => ({
      reason: "connection",
      message: `The connection failed while reading the body of ${url}: ${said(cause)}`,
      passing: true,
      cause,
    }),
    begin: (headers) =>
      Effect.map(Scope.make(), (scope) => ({
        answer: scoped.execute(HttpClientRequest.setHeaders(request, headers)).pipe(
          Scope.provide(scope),
          // A client that judges the status itself has an answer all the same.
          Effect.catchReason(
            "HttpClientError",
            "StatusCodeError",
            ({ response }) => Effect.succeed(response),
          ),
          Effect.mapError((error) => explain(url, error)),
          // A replaced fetch may resolve to anything.
          Effect.flatMap((response) =>
            Effect.try({
              try: () => clientAnswer(response, url),
              catch: (cause): NoAnswer => ({
                reason: "connection",
                message: `The client gave no response for ${url}: ${said(cause)}`,
                passing: false,
                cause,
              }),
            })
          ),
        ),
        end: Scope.close(scope, Exit.void),
      })),
  }
}

/**
 * The content of a `data:` URL.
 *
 * @param url the URL
 */
export const dataTransport = (url: string): Transport => {
  const short = url.length > 60 ? `${url.slice(0, 60)}…` : url
  const malformed = (cause: unknown): NoAnswer => ({
    reason: "url",
    message: `Cannot load ${short}: ${said(cause)}`,
    passing: false,
    cause,
  })
  return {
    url: short,
    remote: false,
    own: () => true,
    broken: ({ cause }) => malformed(cause),
    begin: () =>
      Effect.succeed({
        answer: FetchHttpClient.Fetch.pipe(
          Effect.flatMap((fetch) => Effect.tryPromise({ try: () => fetch(url), catch: malformed })),
          Effect.map((web) => webAnswer(web, short)),
        ),
        end: Effect.void,
      }),
  }
}
