/**
 * What a download needs of wherever responses come from: an HttpClient, a `data:` or `blob:` URL, a file, bytes at hand.
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

/** There is no response, or its body failed. */
export class TransportError extends TransportErrorBase {}

/** A request as it goes out, after everything that a client adds to it. */
export interface OutgoingRequest {
  /** Absolute, without a fragment. */
  readonly url: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Names the client that sends it, within this process; empty for one that adds nothing. */
  readonly client: string
}

/** A body that was opened. */
export interface OpenedBody {
  readonly chunks: Chunks<TypeError | SourceError>
  readonly close: Effect.Effect<void>
}

/** A response whose head was received. */
export interface TransportResponse {
  /** What it says of itself; its URL is printed. */
  readonly head: ResponseHead
  /** Where it came from, after redirects, without a fragment. */
  readonly url: string
  /** Whether the response says so itself; otherwise it is the URL that was asked for. */
  readonly isUrlStated: boolean
  readonly field: Field
  /** Whether all fields can be seen: across origins a browser hides most, `Content-Encoding` among them. */
  readonly showsAllFields: boolean
  /** Opens the body; to be done once. */
  readonly body: Effect.Effect<OpenedBody, TypeError>
  /** Closes a body that was not opened. */
  readonly discard: Effect.Effect<void>
}

/** A request on its way. */
export interface Exchange {
  /** The response, when its head was received. */
  readonly response: Effect.Effect<TransportResponse, TransportError | TypeError>
  /** Ends the exchange, whatever has become of it: the connection is closed unless all was read. */
  readonly end: Effect.Effect<void>
}

/** Sends one request, as often as it takes. */
export interface Transport {
  /** The URL that was asked for, printed. */
  readonly url: string
  /** Whether requests go over a network: they are counted then, and may be retried, resumed and cached. */
  readonly isRemote: boolean
  readonly request: OutgoingRequest
  /** Sends the request with more header fields. */
  readonly send: (headers: Readonly<Record<string, string>>) => Effect.Effect<Exchange>
  /** What it means that a body failed. */
  readonly bodyFailed: (error: SourceError, response: TransportResponse) => TransportError
}
