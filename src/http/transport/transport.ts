/**
 * The interface between a download and the source of its responses: an HttpClient, a `data:` or `blob:` URL, a file, bytes.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type { SourceError, TypeError } from "../../errors.ts"
import type { ResponseHead } from "../../pipeline/response_facts.ts"
import type { Chunks } from "../../pipeline/chunks.ts"
import type { LoadErrorReason } from "../load_error.ts"
import type { Field } from "./fields.ts"

/** The fields of {@linkcode TransportError}. */
export interface TransportErrorFields {
  readonly reason: Extract<
    LoadErrorReason,
    "connection" | "certificate" | "encoding" | "url" | "file"
  >
  readonly message: string
  /** Whether another attempt may succeed. */
  readonly transient: boolean
  readonly cause: unknown
}

interface TransportErrorConstructor {
  new (
    fields: TransportErrorFields,
  ): Cause.YieldableError & { readonly _tag: "TransportError" } & Readonly<TransportErrorFields>
}

const TransportErrorBase: TransportErrorConstructor = Data.TaggedError("TransportError")<
  TransportErrorFields
>

/** No response was received, or its body failed. */
export class TransportError extends TransportErrorBase {}

/** An outgoing request, after the client's preprocessing. */
export interface OutgoingRequest {
  /** The URL, absolute and without a fragment. */
  readonly url: string
  /** The header fields, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Identifies the client within this process; empty for one that adds nothing to its requests. */
  readonly client: string
}

/** An open body. */
export interface OpenedBody {
  readonly chunks: Chunks<TypeError | SourceError>
  readonly close: Effect.Effect<void>
}

/** A response whose head was received. */
export interface TransportResponse {
  /** The head, with its URL printed. */
  readonly head: ResponseHead
  /** The response's URL, after redirects, without a fragment. */
  readonly url: string
  /** Whether the response itself states `url`; otherwise it is the requested URL. */
  readonly isUrlStated: boolean
  readonly field: Field
  /** Whether all fields are visible: across origins, a browser hides most, such as `Content-Encoding`. */
  readonly showsAllFields: boolean
  /** Opens the body; to be run once. */
  readonly body: Effect.Effect<OpenedBody, TypeError>
  /** Closes a body that was not opened. */
  readonly discard: Effect.Effect<void>
}

/** A request in progress. */
export interface Exchange {
  /** Waits for the head of the response. */
  readonly response: Effect.Effect<TransportResponse, TransportError | TypeError>
  /** Ends the exchange in any state: closes the connection unless the body was read to its end. */
  readonly end: Effect.Effect<void>
}

/** Sends one request, repeatedly if necessary. */
export interface Transport {
  /** The requested URL, printed. */
  readonly url: string
  /** Whether requests go over a network, and so are counted, retried, resumed and cached. */
  readonly isRemote: boolean
  readonly request: OutgoingRequest
  /** Sends the request with more header fields. */
  readonly send: (headers: Readonly<Record<string, string>>) => Effect.Effect<Exchange>
  /** Classifies the failure of a body. */
  readonly bodyFailed: (error: SourceError, response: TransportResponse) => TransportError
}
