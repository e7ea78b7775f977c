/**
 * Responses of Effect's HttpClient as a source: `Wasm.compileStreaming(HttpClient.get(url))`. They are recognized by their
 * type identifier, so that only programs that use `effect/http` load it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { cancelBody, isReadableStream, isResponse } from "../platform/brands.ts"

/** The type identifier of `effect/http`'s responses. */
const typeId = "~effect/http/HttpClientResponse"

/** The method with which a client over fetch returns fetch's response. */
const webSource = "~effect/http/HttpClientResponse/WebSource"

/** The parts of an `effect/http` response that are needed here. */
export interface ClientResponse {
  /** The type identifier of `effect/http`. */
  readonly "~effect/http/HttpClientResponse": string
  /** The URL after redirects; empty if the client does not report it. */
  readonly url: string
  /** The HTTP status. */
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

/** The source of a client response's body. */
export type Beneath =
  /** The platform's response, which can be read without a Stream in between. */
  | { readonly kind: "web"; readonly response: Response }
  /** Only the client's stream. */
  | { readonly kind: "stream"; readonly used: boolean }
  /** A response of another implementation, whose body the client's stream cannot read. */
  | { readonly kind: "unreadable"; readonly value: object }

/**
 * The source of a client response's body. This takes the body over: the client no longer aborts the request when the
 * response is garbage-collected unread.
 *
 * @param response a client's response
 */
export const beneath = (response: ClientResponse): Beneath => {
  // The stream was replaced.
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
 * Closes a client's response that will not be read.
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
