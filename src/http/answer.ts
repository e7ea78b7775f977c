/**
 * One exchange with a server: an answer whose head has come, and its body on the way.
 *
 * The body is read from the platform's own `Response` where the client has one: an Effect's Stream costs a module of 30 MB
 * 100 to 190 ms in a fresh process. Any other client's stream does as well.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { SourceError, TypeError } from "../errors.ts"
import type { ResponseHead } from "../pipeline/check_response.ts"
import { type Chunks, noChunks } from "../pipeline/chunks.ts"
import { fromStream } from "../pipeline/streams.ts"
import { openStream } from "../pipeline/read_body.ts"
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
} from "../platform/brands.ts"
import { isBrowser } from "../platform/runtime.ts"
import type { Field } from "./http_fields.ts"

/** A body that was opened. */
export interface OpenedBody {
  readonly chunks: Chunks<TypeError | SourceError>
  readonly close: Effect.Effect<void>
}

/** An answer whose head has come. */
export interface Answer {
  readonly head: ResponseHead
  readonly field: Field
  /** Whether all fields are to be seen: across origins a browser hides most, that of the coding among them. */
  readonly open: boolean
  /** Opens the body; to be done once. */
  readonly body: Effect.Effect<OpenedBody, TypeError>
  /** Gives up a body that was not opened. */
  readonly discard: Effect.Effect<void>
}

const lockedBody = (head: ResponseHead, cause?: unknown): TypeError => {
  const { contentType, status, url } = head
  const message = `The client gave a response whose body was already read, for ${url}`
  return new TypeError({ reason: "body-used", message, url, status, contentType, cause })
}

const openWeb = (web: Response, head: ResponseHead): Effect.Effect<OpenedBody, TypeError> =>
  Effect.suspend((): Effect.Effect<OpenedBody, TypeError> => {
    const body = bodyOf(web)
    if (body === null) return Effect.succeed({ chunks: noChunks, close: Effect.void })
    if (bodyUsedOf(web) || body.locked) return Effect.fail(lockedBody(head))
    noteBody(body)
    try {
      const { contentType, status, url } = head
      return Effect.succeed(openStream(body, { url, status, contentType }))
    } catch (cause) {
      return Effect.fail(lockedBody(head, cause))
    }
  })

const discardWeb = (web: Response): Effect.Effect<void> => Effect.sync(() => cancelBody(web))

/**
 * An answer of the platform's fetch.
 *
 * @param web the response
 * @param asked the URL that was asked for
 */
export const webAnswer = (web: Response, asked: string): Answer => {
  const head: ResponseHead = {
    // A data: URL is its own content: messages do without it.
    url: urlOf(web).startsWith("data:") ? asked : urlOf(web) || asked,
    status: statusOf(web),
    statusText: statusTextOf(web),
    contentType: headerOf(web, "content-type"),
    type: typeOf(web),
  }
  return {
    head,
    field: (name) => headerOf(web, name) ?? undefined,
    open: !isBrowser || typeOf(web) !== "cors",
    body: openWeb(web, head),
    discard: discardWeb(web),
  }
}

/** Whether a client's stream can read the body that fetch gave; a replaced fetch may give anything. */
const isReadable = (raw: Option.Option<Response>): boolean => {
  if (Option.isNone(raw)) return true
  const body: unknown = raw.value.body
  return body === null || isReadableStream(body)
}

const unreadable = (head: ResponseHead): TypeError => {
  const { contentType, status, url } = head
  const message =
    `The response for ${url} is of another implementation, as something else stands in the place of fetch: its body is no ReadableStream`
  return new TypeError({ reason: "not-a-response", message, url, status, contentType })
}

const openForeign = (
  response: HttpClientResponse.HttpClientResponse,
  url: string,
): Chunks<SourceError> => {
  const bytes = response.stream.pipe(
    Stream.catch((error) => {
      if (error.reason._tag === "EmptyBodyError") return Stream.empty
      const message = `The body failed while it was read, for ${url}: ${error.message}`
      return Stream.fail(
        new SourceError({ reason: "body", message, url, cause: error.cause ?? error }),
      )
    }),
  )
  return fromStream(bytes)
}

/** The platform's response beneath a client's, unless somebody put another stream on top. */
const webOf = (response: HttpClientResponse.HttpClientResponse): Option.Option<Response> =>
  Object.hasOwn(response, "stream")
    ? Option.none()
    : Option.filter(HttpClientResponse.toWeb(response), isResponse)

/**
 * An answer of a client.
 *
 * @param response the client's response
 * @param asked the URL that was asked for
 */
export const clientAnswer = (
  response: HttpClientResponse.HttpClientResponse,
  asked: string,
): Answer => {
  const web = webOf(response)
  if (Option.isSome(web)) return webAnswer(web.value, asked)
  const { headers, status } = response
  const head = {
    url: response.url || asked,
    status,
    statusText: "",
    contentType: headers["content-type"] ?? null,
  }
  return {
    head,
    field: (name) => headers[name],
    open: true,
    body: Effect.suspend(() =>
      isReadable(HttpClientResponse.toWeb(response))
        ? Effect.succeed({ chunks: openForeign(response, asked), close: Effect.void })
        : Effect.fail(unreadable(head))
    ),
    discard: Effect.void,
  }
}
