/**
 * One exchange with a server: an answer whose head has come, and its body on the way.
 *
 * The body is read from the platform's own `Response` where the client has one: an Effect's Stream costs a module of 30 MB
 * 100 to 190 ms in a fresh process. Any other client's stream does as well.
 *
 * @module
 */
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { SourceError, TypeError } from "../errors.ts"
import type { ResponseHead } from "../pipeline/check_response.ts"
import { type Chunks, fromStream, noChunks } from "../pipeline/chunks.ts"
import { openStream } from "../pipeline/read_body.ts"
import { bodyOf, bodyUsedOf, isResponse, statusTextOf, typeOf, urlOf } from "../platform/brands.ts"
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

const ignore = (): void => {}

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
    try {
      const { contentType, status, url } = head
      return Effect.succeed(openStream(body, { url, status, contentType }))
    } catch (cause) {
      return Effect.fail(lockedBody(head, cause))
    }
  })

const discardWeb = (web: Response): Effect.Effect<void> =>
  Effect.sync(() => {
    const body = bodyOf(web)
    if (body !== null && !body.locked) body.cancel().catch(ignore)
  })

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
    status: web.status,
    statusText: statusTextOf(web),
    contentType: web.headers.get("content-type"),
  }
  return {
    head,
    field: (name) => web.headers.get(name) ?? undefined,
    open: !isBrowser || typeOf(web) !== "cors",
    body: openWeb(web, head),
    discard: discardWeb(web),
  }
}

const openForeign = (
  response: HttpClientResponse.HttpClientResponse,
  url: string,
): Chunks<SourceError> => {
  const bytes = response.stream.pipe(
    Stream.catchAll((error) => {
      if (error.reason === "EmptyBody") return Stream.empty
      const message = `The body failed while it was read, for ${url}: ${error.message}`
      return Stream.fail(
        new SourceError({ reason: "body", message, url, cause: error.cause ?? error }),
      )
    }),
  )
  return fromStream(bytes)
}

/** The fetch response under a client's, where it is the client's own class as it is: nobody put another stream on top. */
const webOf = (response: HttpClientResponse.HttpClientResponse): Response | undefined => {
  if (Object.hasOwn(response, "stream")) return undefined
  const source: unknown = Reflect.get(response, "source")
  return isResponse(source) ? source : undefined
}

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
  if (web !== undefined) return webAnswer(web, asked)
  const { headers, status } = response
  const head = {
    url: asked,
    status,
    statusText: "",
    contentType: headers["content-type"] ?? null,
  }
  return {
    head,
    field: (name) => headers[name],
    open: true,
    body: Effect.sync(() => ({ chunks: openForeign(response, asked), close: Effect.void })),
    discard: Effect.void,
  }
}
