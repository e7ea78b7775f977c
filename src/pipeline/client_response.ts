/**
 * A response of Effect's HttpClient, as a source beside the platform's `Response`: `Wasm.compileStreaming(HttpClient.get(url))`.
 * It is recognised by its type identifier, so that `effect/http` is drawn in by those alone who use it.
 *
 * @module
 */
import type * as Stream from "effect/Stream"

/** How `effect/http` marks its responses. */
const typeId = "~effect/http/HttpClientResponse"

/** What is needed of a response of `effect/http`. */
export interface ClientResponse {
  readonly [typeId]: typeof typeId
  /** The URL after redirects; empty where the client does not tell. */
  readonly url: string
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
