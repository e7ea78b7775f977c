/**
 * Requests through an HttpClient of `effect/http`.
 *
 * The client's own preparation (a base URL, a bearer token, …) is run once, and gives the request as it goes out: what is
 * cached and what may be asked for is decided by that one.
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
  discreet,
  isBadPort,
  isCertificateRefusal,
  isDecodingFailure,
  isRedirectCircle,
  said,
} from "./failure.ts"
import { followingFetch, hopOf, platformFetch, RedirectError } from "./fetch.ts"
import { clientResponse } from "./response.ts"
import {
  type OutgoingRequest,
  type Transport,
  TransportError,
  type TransportResponse,
} from "./transport.ts"

/** A load's URL that cannot be loaded. */
export const badUrl = (url: string, why: string, cause?: unknown): LoadError => {
  const printed = printUrl(url)
  const message = `Cannot load ${printed}: ${why}`
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
  const message = `Cannot reach ${printed}: ${said(cause)}`
  // A circle of redirects is the same next time.
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

/** The error of a request of another method. */
export const notAGet = (method: string, url: string): TypeError => {
  const message = `The request must be a GET, so that it can be retried: got ${printText(method)}`
  return new TypeError({ reason: "options", message, url: printUrl(url) })
}

/** Which schemes may be asked for. */
export type Allows = (protocol: string) => boolean

/** Whether a URL may be asked for; `undefined` if it may. */
const objection = (url: URL, allows: Allows): LoadError | undefined => {
  const { origin, password, pathname, protocol, username } = url
  if (!allows(protocol)) {
    return badUrl(url.href, `the scheme ${protocol} is not in the option protocols`)
  }
  return username === "" && password === ""
    ? undefined
    : badUrl(origin + pathname, "put credentials into a header, not into the URL")
}

/** In a page, a URL is relative to it. */
const onPage = (url: string): URL | undefined => {
  const base: unknown = isBrowser ? Reflect.get(globalThis, "location")?.href : undefined
  if (typeof base !== "string") return undefined
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** The URL and header fields of a request as it goes out. */
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
  const refused = objection(url, allows)
  if (refused !== undefined) return Effect.fail(refused)
  const [withoutFragment = ""] = url.href.split("#", 1)
  return Effect.succeed({ url: withoutFragment, headers: { ...request.headers } })
}

/** A redirect leads where the request itself might not have gone. */
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
 * @param allows which schemes may be asked for, by a redirect too
 * @param init how fetch is to ask, where the client is one over fetch
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
    // Another fetch may add something to each request: only one that is known is given every hop.
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
        const message = `The connection was lost while the body of ${response.head.url} was read: ${
          said(cause)
        }`
        return new TransportError({ reason: "connection", message, transient: true, cause })
      },
      send: (headers) =>
        Effect.map(Scope.make(), (scope) => ({
          response: ready.execute(HttpClientRequest.setHeaders(absolute, headers)).pipe(
            Scope.provide(scope),
            Effect.provideService(FetchHttpClient.Fetch, hops),
            asking,
            // A client that checks the status itself has a response all the same.
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
