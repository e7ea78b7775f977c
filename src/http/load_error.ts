/**
 * The error of loading by URL: the bytes were not received, or are not the right ones. A wrong content type or status is the
 * pipeline's `TypeError`; invalid bytes are its `CompileError`.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import type { CompileError, SourceError, TypeError } from "../errors.ts"
import type { PolicyError } from "../policy/policy_error.ts"

/**
 * Why a module could not be loaded; after retries, why the last attempt failed.
 *
 * - `connection`: the server could not be reached, or the connection was lost while the body was read
 * - `certificate`: the server's certificate was refused
 * - `encoding`: the body cannot be decoded as its `Content-Encoding` says
 * - `status`: the server answered 408, 425, 429 or 5xx, on the last attempt too
 * - `idle-timeout`: nothing was received for as long as the option `idleTimeout` allows
 * - `timeout`: the load took longer than the option `timeout` allows; `cause` is the last failed attempt
 * - `too-large`: the module exceeds the option `maxBytes` (`expected`); `actual` is the size received or announced
 * - `integrity`: the digest is none of those in the option `integrity`; `expected` and `actual` are in its notation
 * - `changed`: the content changed between two attempts
 * - `range`: the server sent a part that was not requested, or answered a request for the rest with something else
 * - `url`: the URL is malformed, or its scheme is not in the option `protocols`
 * - `file`: the file cannot be read
 */
export type LoadErrorReason =
  | "connection"
  | "certificate"
  | "encoding"
  | "status"
  | "idle-timeout"
  | "timeout"
  | "too-large"
  | "integrity"
  | "changed"
  | "range"
  | "url"
  | "file"

/** The fields of {@linkcode LoadError}. */
export interface LoadErrorFields {
  /** Why the load failed; stable across releases. */
  readonly reason: LoadErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The requested URL, without credentials, fragment and the values of its query. */
  readonly url: string
  /** How many requests were made. */
  readonly attempts: number
  /** How many bytes of the module were received. */
  readonly received: number
  /** The status of the response. */
  readonly status?: number | undefined
  /** The expected digests or number of bytes. */
  readonly expected?: string | number | undefined
  /** The digest or number of bytes found instead. */
  readonly actual?: string | number | undefined
  /** The server's `Retry-After`, in seconds. */
  readonly retryAfter?: number | undefined
  /** The underlying error. */
  readonly cause?: unknown
}

/** The constructor of the error, spelled out so that its type needs no inference. */
interface LoadErrorConstructor {
  new (
    fields: LoadErrorFields,
  ): Cause.YieldableError & { readonly _tag: "LoadError" } & Readonly<LoadErrorFields>
}

const LoadErrorBase: LoadErrorConstructor = Data.TaggedError("LoadError")<LoadErrorFields>

/**
 * A module could not be loaded from its URL.
 *
 * @example
 * ```ts
 * import { loadModule } from "@effect-wasm/compile-streaming/http"
 *
 * const error = await loadModule("gopher://example.com/module.wasm").catch((error) => error)
 * console.assert(error._tag === "LoadError" && error.reason === "url")
 * ```
 */
export class LoadError extends LoadErrorBase {}

/** Everything that can go wrong between a URL and its module. */
export type LoadModuleError = TypeError | CompileError | LoadError | SourceError

/** {@linkcode LoadModuleError}, and a policy's error. */
export type LoadFailure = LoadModuleError | PolicyError
