/**
 * What a cache is handed: a request as it goes out, a way to fetch it under conditions, and a way to compile stored bytes. It
 * knows neither transports nor options.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import type { OnProgress } from "../../options.ts"
import type { LoadError, LoadFailure } from "../load_error.ts"
import type { LoadState } from "../load_state.ts"
import type { Field } from "../transport/fields.ts"

/** A response, as far as it matters for a cache. */
export interface CacheableResponse {
  /** Where it came from, after redirects. */
  readonly url: string
  /** Whether the response says so itself; otherwise it is the URL that was asked for. */
  readonly isUrlStated: boolean
  /** The value of `Content-Type`; `null` where there is none. */
  readonly contentType: string | null
  /** The value of any header field. */
  readonly field: Field
}

/** A module that was fetched, or that there is no newer one. */
export type Fetched =
  | {
    readonly kind: "module"
    readonly response: CacheableResponse
    readonly module: WebAssembly.Module
    /** In bytes. */
    readonly size: number
    /** Its bytes, if they were to be kept. */
    readonly bytes: ReadonlyArray<Uint8Array> | undefined
  }
  | { readonly kind: "not-modified"; readonly response: CacheableResponse }

/** How to fetch. */
export interface FetchHow {
  /** Header fields to which the server may answer 304. */
  readonly conditions: Readonly<Record<string, string>>
  /** Whether the bytes are to be kept, for a store. */
  readonly keep: boolean
  /** Told how far the download has come. */
  readonly onProgress: OnProgress
}

/** Bytes of a store. */
export interface StoredModule {
  /** The bytes of the module. */
  readonly bytes: Uint8Array
  /** The `Content-Type` that they had; `null` where there was none. */
  readonly contentType: string | null
}

/** A load that may go through a cache. */
export interface CacheableLoad {
  /** The request as it goes out: its URL and header fields. */
  readonly request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    /** Names the client that sends it, within this process; empty for one that adds nothing to it. */
    readonly client: string
  }
  /** What else tells one module from another: how it is compiled, and which digest it has to have. */
  readonly variant: string
  /** The limits of the first caller end a shared load for all: loads with different ones are not shared. */
  readonly limits: string
  /** Fetches and compiles it, or learns that there is no newer one. */
  readonly fetch: (how: FetchHow) => Effect.Effect<Fetched, LoadFailure>
  /** Compiles what a store has; fails where it is not what this caller asks for. */
  readonly compile: (stored: StoredModule) => Effect.Effect<WebAssembly.Module, LoadFailure>
  /** The error of a module that is too large for this caller. */
  readonly tooLarge: (size: number) => LoadError | undefined
  /** Told how far the load that is waited for has come. */
  readonly onProgress: OnProgress | undefined
  /** How far this load has come, for those who share it. */
  readonly state: LoadState
  /** Told the state of the load that is waited for: this one, or the one that it shares. */
  readonly joined: (state: LoadState) => void
}
