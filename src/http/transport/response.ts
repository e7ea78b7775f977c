/**
 * Adapts responses of fetch and of other clients to a download.
 *
 * The body is read from the platform's own `Response` if the client has one: for a module of 30 MB, an Effect Stream would
 * cost 100 to 190 ms in a fresh process. Otherwise, the client's Stream is read.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { SourceError, TypeError } from "../../errors.ts"
import type { ResponseHead } from "../../pipeline/response_facts.ts"
import { type Chunks, copied, noChunks } from "../../pipeline/chunks.ts"
import { printText, printUrl } from "../../messages/print.ts"
import { openStream } from "../../pipeline/read_body.ts"
import { fromStream } from "../../pipeline/streams.ts"
import {
  bodyOf,
  bodyUsedOf,
  cancelBody,
  headerOf,
  isReadableStream,
  isResponse,
  noteBody,
  statusOf,
  statusTextOf,
  typeOf,
  urlOf,
} from "../../platform/brands.ts"
import { isBrowser } from "../../platform/runtime.ts"
import type { OpenedBody, TransportResponse } from "./transport.ts"

const withoutFragment = (url: string): string => url.split("#", 1)[0] ?? ""

const unusable = (
  head: ResponseHead,
  reason: "body-used" | "not-a-response",
  message: string,
  cause?: unknown,
): TypeError => {
  const { contentType, status, url } = head
  return new TypeError({ reason, message, url, status, contentType, cause })
}

const usedBody = (head: ResponseHead): TypeError =>
  unusable(
    head,
    "body-used",
    `The client returned a response whose body was already read, for ${head.url}`,
  )

const openWeb = (web: Response, head: ResponseHead): Effect.Effect<OpenedBody, TypeError> =>
  Effect.suspend((): Effect.Effect<OpenedBody, TypeError> => {
    const body = bodyOf(web)
    if (body === null) return Effect.succeed({ chunks: noChunks, close: Effect.void })
    if (bodyUsedOf(web) || body.locked) return Effect.fail(usedBody(head))
    noteBody(body)
    try {
      const { contentType, status, url } = head
      return Effect.succeed(openStream(body, { url, status, contentType }, urlOf(web) !== ""))
    } catch (cause) {
      const message = `The body cannot be read, for ${head.url}: getReader() threw`
      return Effect.fail(unusable(head, "not-a-response", message, cause))
    }
  })

/**
 * A response of the platform's fetch.
 *
 * @param web the response
 * @param asked the requested URL
 */
export const webResponse = (web: Response, asked: string): TransportResponse => {
  const url = withoutFragment(urlOf(web) || asked)
  const head: ResponseHead = {
    url: printUrl(url),
    status: statusOf(web),
    statusText: printText(statusTextOf(web)),
    contentType: headerOf(web, "content-type"),
    type: typeOf(web),
    redirected: url !== withoutFragment(asked) && asked !== "",
  }
  return {
    head,
    url,
    isUrlStated: urlOf(web) !== "",
    field: (name) => headerOf(web, name) ?? undefined,
    showsAllFields: !isBrowser || typeOf(web) !== "cors",
    body: openWeb(web, head),
    discard: Effect.sync(() => cancelBody(web)),
  }
}

/** The chunks of a client's own stream. */
const chunksOf = (
  response: HttpClientResponse.HttpClientResponse,
  url: string | undefined,
): Chunks<SourceError> =>
  copied(fromStream(response.stream.pipe(
    Stream.catch((error) => {
      if (error.reason._tag === "EmptyBodyError") return Stream.empty
      const message = `The body failed while it was read, for ${url}`
      return Stream.fail(
        new SourceError({ reason: "body", message, url, cause: error.cause ?? error }),
      )
    }),
  )))

/** The platform's response beneath a client's, unless the client's stream was replaced. */
const rawOf = (response: HttpClientResponse.HttpClientResponse): Response | undefined =>
  Object.hasOwn(response, "stream")
    ? undefined
    : Option.getOrUndefined(HttpClientResponse.toWeb(response))

/** Whether a client's stream can read the body of its fetch's response: a replaced fetch may return anything. */
const isReadable = (raw: Response | undefined): boolean => {
  if (raw === undefined) return true
  const body: unknown = raw.body
  return body === null || isReadableStream(body)
}

/**
 * A response of a client; fails if it cannot be read.
 *
 * @param response the client's response
 * @param asked the requested URL
 */
export const clientResponse = (
  response: HttpClientResponse.HttpClientResponse,
  asked: string,
): Effect.Effect<TransportResponse, TypeError> =>
  Effect.try({
    try: (): TransportResponse | undefined => {
      const raw = rawOf(response)
      if (isResponse(raw)) return webResponse(raw, asked)
      if (!isReadable(raw)) return undefined
      const { headers, status } = response
      const url = withoutFragment(response.url || asked)
      const contentType = headers["content-type"] ?? null
      const head: ResponseHead = { url: printUrl(url), status, statusText: "", contentType }
      const chunks = chunksOf(response, head.url)
      return {
        head,
        url,
        isUrlStated: false,
        field: (name) => headers[name],
        showsAllFields: true,
        body: Effect.succeed({ chunks, close: Effect.void }),
        discard: Effect.void,
      }
    },
    catch: (cause) => notAResponse(asked, cause),
  }).pipe(
    Effect.flatMap((found) =>
      found === undefined ? Effect.fail(notAResponse(asked, undefined)) : Effect.succeed(found)
    ),
  )

const notAResponse = (asked: string, cause: unknown): TypeError => {
  const url = printUrl(asked)
  const message =
    `The client returned something that is not a Response of this platform, for ${url}: is fetch replaced?`
  return new TypeError({ reason: "not-a-response", message, url, cause })
}
