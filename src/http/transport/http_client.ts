/**
 * Requests through an HttpClient of `effect/http`.
 *
 * The client's own preprocessing (a base URL, a bearer token, …) runs once. Its result, the outgoing request, is checked
 * against `protocols`, and is what cache keys are made from.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { TypeError } from "../../errors.ts"
import { printText, printUrl } from "../../messages/print.ts"
import { isBrowser } from "../../platform/runtime.ts"
import { LoadError } from "../load_error.ts"
import { identityOf } from "./client_identity.ts"
import {
  closed,
  discreet,
  isBadPort,
  isCertificateRefusal,
  isDecodingFailure,
  isRedirectCircle,
  said,
  whyFailed,
} from "./failure.ts"
import { followingFetch, hopOf, platformFetch, RedirectError } from "./fetch.ts"
import { clientResponse } from "./response.ts"
import {
  type OutgoingRequest,
  type Transport,
  TransportError,
  type TransportResponse,
} from "./transport.ts"

/** The error of a URL that cannot be loaded. */
export const badUrl = (url: string, why: string, cause?: unknown): LoadError => {
  const printed = printUrl(url)
  const message = `Cannot load ${printed.endsWith(":") ? `"${printed}"` : printed}: ${why}`
  return new LoadError({ reason: "url", message, url: printed, attempts: 0, received: 0, cause })
}

const failed = (asked: string, caught: unknown): TransportError => {
  const url = hopOf(caught) ?? asked
  const printed = printUrl(url)
  const cause = discreet(discreet(caught, asked), url)
  if (isBadPort(caught)) {
    const message = `Cannot load ${printed}: port ${new URL(url).port} is blocked by fetch`
    return new TransportError({ reason: "url", message, transient: false, cause })
  }
  if (cause instanceof RedirectError) {
    const message = `A redirect of ${printed} is not followed: ${printText(cause.message)}`
    const reason = cause.isOneTooMany ? "connection" : "url"
    return new TransportError({ reason, message, transient: false, cause })
  }
  if (isCertificateRefusal(cause)) {
    const message = `The certificate of ${printed} was refused: ${said(cause)}`
    return new TransportError({ reason: "certificate", message, transient: false, cause })
  }
  const message = `Cannot load ${printed}: ${whyFailed(cause)}`
  // A redirect loop would be the same next time.
  const transient = !isRedirectCircle(cause)
  return new TransportError({ reason: "connection", message, transient, cause })
}

const explain = (url: string, error: HttpClientError.HttpClientError): TransportError => {
  const caught = error.cause ?? error
  if (error.reason._tag !== "InvalidUrlError") return failed(url, caught)
  const message = `Cannot load ${printUrl(url)}: ${said(caught)}`
  const cause = discreet(caught, url)
  return new TransportError({ reason: "url", message, transient: false, cause })
}

/** The error of a request that is not a GET. */
export const notAGet = (method: string, url: string): TypeError => {
  const message = `The request must be a GET, so that it can be retried: got ${printText(method)}`
  return new TypeError({ reason: "options", message, url: printUrl(url) })
}

/**
 * Why a header field cannot be sent. Its value may be a secret, so it is not shown.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 */
const whyUnsendable = (name: string, value: string): string | undefined => {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return "that is not a valid name"
  // Fetch removes white space around it.
  const inner = value.replace(/^[\t\n\r ]+/, "").replace(/[\t\n\r ]+$/, "")
  const code = /[^\t\x20-\x7e\x80-\xff]/u.exec(inner)?.[0].codePointAt(0)
  return code === undefined
    ? undefined
    : `its value contains U+${code.toString(16).toUpperCase().padStart(4, "0")}`
}

/** The error of a request whose header cannot be sent; `undefined` if it can. */
const unsendable = (
  { headers, url }: HttpClientRequest.HttpClientRequest,
): TypeError | undefined => {
  for (const [name, value] of Object.entries(headers)) {
    const why = whyUnsendable(name, value)
    if (why === undefined) continue
    const message = `The header field ${printText(JSON.stringify(name))} cannot be sent: ${why}`
    return new TypeError({ reason: "options", message, url: printUrl(url) })
  }
  return undefined
}

/** Whether a scheme is allowed. */
export type Allows = (protocol: string) => boolean

/** The error of a URL that is not allowed; `undefined` if it is. */
const objection = (url: URL, allows: Allows): LoadError | undefined => {
  const { origin, password, pathname, protocol, username } = url
  if (!allows(protocol)) {
    return badUrl(url.href, `the scheme ${protocol} is not in the option protocols`)
  }
  return username === "" && password === ""
    ? undefined
    : badUrl(origin + pathname, "put credentials into a header, not into the URL")
}

/** Resolves a URL against the page's; `undefined` outside of a page. */
const onPage = (url: string): URL | undefined => {
  const base: unknown = isBrowser ? Reflect.get(globalThis, "location")?.href : undefined
  if (typeof base !== "string") return undefined
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** The URL and header fields of an outgoing request. */
const outgoing = (
  request: HttpClientRequest.HttpClientRequest,
  allows: Allows,
): Effect.Effect<Omit<OutgoingRequest, "client">, LoadError | TypeError> => {
  if (request.method !== "GET") return Effect.fail(notAGet(request.method, request.url))
  const url = Option.getOrUndefined(HttpClientRequest.toUrl(request)) ?? onPage(request.url)
  if (url === undefined) {
    const why = /^(?:\.{0,2}[\\/]|[a-z]:[\\/])/i.test(request.url)
      ? 'it is a path. To read a file, pass protocols: ["file:"]'
      : "it is not a valid URL"
    return Effect.fail(badUrl(request.url, why))
  }
  const refused = objection(url, allows) ?? unsendable(request)
  if (refused !== undefined) return Effect.fail(refused)
  const [withoutFragment = ""] = url.href.split("#", 1)
  return Effect.succeed({ url: withoutFragment, headers: { ...request.headers } })
}

/** Checks the final URL, in case a client has followed a redirect to a scheme that is not allowed. */
const checkProtocol = (
  response: TransportResponse,
  allows: Allows,
): Effect.Effect<TransportResponse, TransportError> => {
  const [protocol = ""] = /^[a-z][a-z0-9+.-]*:/i.exec(response.url) ?? []
  if (protocol === "" || allows(protocol.toLowerCase())) return Effect.succeed(response)
  const message = `A redirect led to ${
    printUrl(response.url)
  }: the scheme ${protocol} is not in the option protocols`
  return Effect.andThen(
    response.discard,
    Effect.fail(
      new TransportError({ reason: "url", message, transient: false, cause: undefined }),
    ),
  )
}

type Sending = Effect.Effect<
  HttpClientResponse.HttpClientResponse,
  HttpClientError.HttpClientError
>

/**
 * Requests through a client, each in a scope of its own: closing it aborts the request and its body.
 *
 * @param client the client
 * @param request the request; its own header fields stay
 * @param allows which schemes are allowed, redirects included
 * @param init options for fetch, if the client is one over fetch
 */
export const clientTransport = (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  allows: Allows,
  init: RequestInit | undefined,
): Effect.Effect<Transport, LoadError | TypeError> =>
  Effect.gen(function* () {
    const prepared = yield* Effect.mapError(
      client.preprocess(request),
      (error) => badUrl(request.url, said(error.cause ?? error), discreet(error, request.url)),
    )
    const sent = yield* outgoing(prepared, allows)
    const { url } = sent
    const absolute = prepared.url.includes(":") ? prepared : HttpClientRequest.setUrl(prepared, url)
    const ready = HttpClient.withScope(
      HttpClient.makeWith(client.postprocess, Effect.succeed<HttpClientRequest.HttpClientRequest>),
    )
    const fetch = yield* FetchHttpClient.Fetch
    // Only the platform's fetch sends each redirected request by itself: another one may add something, such as a token.
    const hops = !isBrowser && fetch === platformFetch() ? followingFetch(fetch, allows) : fetch
    const given = Option.getOrUndefined(yield* Effect.serviceOption(FetchHttpClient.RequestInit))
    const asking = init === undefined
      ? identity<Sending>
      : Effect.provideService(FetchHttpClient.RequestInit, { ...given, ...init })
    return {
      url: printUrl(url),
      isRemote: true,
      request: {
        ...sent,
        client: `${yield* identityOf(client)}${init ? JSON.stringify(init) : ""}`,
      },
      bodyFailed: ({ cause: caught }, response) => {
        const cause = discreet(discreet(caught, url), response.url)
        const coding = response.field("content-encoding")
        if (coding !== undefined && isDecodingFailure(caught)) {
          const message =
            `The body of ${response.head.url} is not what its Content-Encoding says (${coding}): ${
              said(cause)
            }`
          return new TransportError({ reason: "encoding", message, transient: false, cause })
        }
        const why = whyFailed(cause)
        const message = `The connection was lost while the body of ${response.head.url} was read${
          why === closed ? "" : `: ${why}`
        }`
        return new TransportError({ reason: "connection", message, transient: true, cause })
      },
      send: (headers) =>
        Effect.map(Scope.make(), (scope) => ({
          response: ready.execute(HttpClientRequest.setHeaders(absolute, headers)).pipe(
            Scope.provide(scope),
            Effect.provideService(FetchHttpClient.Fetch, hops),
            asking,
            // A client that checks the status itself still has the response.
            Effect.catchReason(
              "HttpClientError",
              "StatusCodeError",
              ({ response }) => Effect.succeed(response),
            ),
            Effect.mapError((error) => explain(url, error)),
            Effect.flatMap((response) => clientResponse(response, url)),
            Effect.flatMap((response) => checkProtocol(response, allows)),
          ),
          end: Scope.close(scope, Exit.void),
        })),
    }
  })
