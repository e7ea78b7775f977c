/**
 * The interface between loading and the cache: the outgoing request, an effect that sends it conditionally, and one that
 * compiles stored bytes. The cache knows neither transports nor options.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import type { OnProgress } from "../../options.ts"
import type { LoadError, LoadFailure } from "../load_error.ts"
import type { LoadState } from "../load_state.ts"
import type { Field } from "../transport/fields.ts"

/** The parts of a response that a cache needs. */
export interface CacheableResponse {
  /** The response's URL, after redirects. */
  readonly url: string
  /** Whether the response itself states `url`; otherwise it is the requested URL. */
  readonly isUrlStated: boolean
  /** The value of `Content-Type`; `null` if there is none. */
  readonly contentType: string | null
  /** The value of any header field. */
  readonly field: Field
}

/** A fetched module, or a 304. */
export type Fetched =
  | {
    readonly kind: "module"
    readonly response: CacheableResponse
    readonly module: WebAssembly.Module
    /** The module's size, in bytes. */
    readonly size: number
    /** Its bytes, if `keep` was set. */
    readonly bytes: ReadonlyArray<Uint8Array> | undefined
  }
  | { readonly kind: "not-modified"; readonly response: CacheableResponse }

/** How to fetch. */
export interface FetchHow {
  /** Conditional header fields, to which the server may answer 304. */
  readonly conditions: Readonly<Record<string, string>>
  /** Whether to keep the bytes, for a store. */
  readonly keep: boolean
  /** Called with the progress of the download. */
  readonly onProgress: OnProgress
}

/** A module's bytes from a store. */
export interface StoredModule {
  /** The bytes of the module. */
  readonly bytes: Uint8Array
  /** The `Content-Type` of the response; `null` if there was none. */
  readonly contentType: string | null
}

/** A load that may go through a cache. */
export interface CacheableLoad {
  /** The outgoing request: its URL and header fields. */
  readonly request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    /** Identifies the client within this process; empty for a client that adds nothing to its requests. */
    readonly client: string
  }
  /** What distinguishes modules of the same request: how they are compiled, and the digest they must have. */
  readonly variant: string
  /** The first caller's limits apply to a shared load, so loads with different limits are not shared. */
  readonly limits: string
  /** Fetches and compiles the module, or receives a 304. */
  readonly fetch: (how: FetchHow) => Effect.Effect<Fetched, LoadFailure>
  /** Compiles stored bytes; fails if they do not meet this caller's options. */
  readonly compile: (stored: StoredModule) => Effect.Effect<WebAssembly.Module, LoadFailure>
  /** The error for a module that is too large for this caller; `undefined` if it is not. */
  readonly tooLarge: (size: number) => LoadError | undefined
  /** Called with the progress of the load, shared or not. */
  readonly onProgress: OnProgress | undefined
  /** The progress of this load, for the callers that share it. */
  readonly state: LoadState
  /** Called with the state of the load that the caller waits for: this one, or the one it shares. */
  readonly joined: (state: LoadState) => void
}
