/**
 * A response of Effect's HttpClient, as a source beside the platform's `Response`: `Wasm.compileStreaming(HttpClient.get(url))`.
 * It is recognised by its type identifier, so that `effect/http` is drawn in by those alone who use it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { cancelBody, isReadableStream, isResponse } from "../platform/brands.ts"

/** How `effect/http` marks its responses. */
const typeId = "~effect/http/HttpClientResponse"

/** Where a client over fetch keeps the response that fetch gave. */
const webSource = "~effect/http/HttpClientResponse/WebSource"

/** What is needed of a response of `effect/http`. */
export interface ClientResponse {
  /** The mark of `effect/http`. */
  readonly "~effect/http/HttpClientResponse": string
  /** The URL after redirects; empty where the client does not tell. */
  readonly url: string
  /** The status, as in HTTP. */
  readonly status: number
  /** The header fields, by their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body. */
  readonly stream: Stream.Stream<Uint8Array, unknown>
}

/**
 * Whether a value is a response of `effect/http`.
 *
 * @param value anything
 */
export const isClientResponse = (value: unknown): value is ClientResponse =>
  typeof value === "object" && value !== null && typeId in value

/** What is beneath a client's response. */
export type Beneath =
  /** The platform's response, which can be read without a Stream in between. */
  | { readonly kind: "web"; readonly response: Response }
  /** Nothing that is known: its stream is all there is. */
  | { readonly kind: "stream"; readonly used: boolean }
  /** A response of another implementation, whose body the client's stream cannot read. */
  | { readonly kind: "unreadable"; readonly value: object }

/**
 * What is beneath a client's response. Asking takes the body over: the client no longer aborts a request whose response is
 * collected unread.
 *
 * @param response a client's response
 */
export const beneath = (response: ClientResponse): Beneath => {
  // Somebody put another stream on top.
  if (Object.hasOwn(response, "stream")) return { kind: "stream", used: false }
  const ask: unknown = Reflect.get(response, webSource)
  const web: unknown = typeof ask === "function" ? Reflect.apply(ask, response, []) : undefined
  if (typeof web !== "object" || web === null) return { kind: "stream", used: false }
  if (isResponse(web)) return { kind: "web", response: web }
  const body: unknown = Reflect.get(web, "body")
  const used = Reflect.get(web, "bodyUsed") === true
  if (body === null) return { kind: "stream", used }
  return isReadableStream(body)
    ? { kind: "stream", used: used || body.locked }
    : { kind: "unreadable", value: web }
}

/**
 * Closes a client's response that nobody will read.
 *
 * @param response a client's response
 */
export const discardClientResponse = (response: ClientResponse): Effect.Effect<void> => {
  const found = beneath(response)
  if (found.kind === "web") cancelBody(found.response)
  if (found.kind !== "stream") return Effect.void
  return Effect.flatMap(
    Effect.promise(() => import("./streams.ts")),
    ({ closeStream, isStream }) =>
      isStream(response.stream) ? closeStream(response.stream) : Effect.void,
  )
}
