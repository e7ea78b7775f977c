/**
 * The errors of the pipeline, each with a `_tag` to catch it by, and most with a stable `reason` to tell its kinds apart.
 *
 * They have the names of the errors that the specification demands. Effect programs find them in the error channel; the
 * Promise functions turn them into the native errors of the same name (see `native_errors.ts`).
 *
 * @see https://webassembly.github.io/spec/web-api/#streaming-modules
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import type { DecodeErrorCode } from "./binary/errors.ts"
import type { DiagnosisReason } from "./diagnosis/mod.ts"

/** The constructor of a tagged error, spelled out so that its type needs no inference. */
interface TaggedErrorConstructor<Tag extends string, Fields extends object> {
  new (fields: Fields): Cause.YieldableError & { readonly _tag: Tag } & Readonly<Fields>
}

/** The facts about the response that an error is about. */
export interface ResponseFacts {
  /** The URL of the response, after redirects; absent if the response was constructed. */
  readonly url?: string | undefined
  /** The HTTP status code. */
  readonly status?: number | undefined
  /** The value of `Content-Type`, as returned by `Headers.get`; `null` if the field is missing. */
  readonly contentType?: string | null | undefined
}

/**
 * Why a value or a response was refused.
 *
 * - `not-a-response`: the source is not, or did not resolve to, a `Response` of this runtime
 * - `not-a-stream`: the argument of `compileStream` is not an Effect Stream
 * - `content-type`: the `Content-Type` is not `application/wasm` (in any case, without parameters); with
 *   `contentType: "sniff"`, neither the header nor the first bytes are those of a module
 * - `response-type`: the response is opaque, an opaque redirect or a network error
 * - `status`: the status is outside 200–299, whatever the type
 * - `body-used`: the body has already been read or cancelled, or is locked
 * - `chunk`: the body produced something other than a `Uint8Array`
 * - `options`: the options or the request are malformed
 * - `imports`: the import object is missing or malformed
 */
export type TypeErrorReason =
  | "not-a-response"
  | "not-a-stream"
  | "content-type"
  | "response-type"
  | "status"
  | "body-used"
  | "chunk"
  | "options"
  | "imports"

/** The fields of {@linkcode TypeError}. */
export interface TypeErrorFields extends ResponseFacts {
  /** Why it was refused; stable across releases. */
  readonly reason: TypeErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The engine's own error, or the value that the caller's code threw. */
  readonly cause?: unknown
  /** `true` if the caller's own code threw `cause` (a getter, an iterator): promises reject with `cause` itself. */
  readonly thrown?: boolean | undefined
}

const TypeErrorBase: TaggedErrorConstructor<"TypeError", TypeErrorFields> = Data.TaggedError(
  "TypeError",
)<TypeErrorFields>

/**
 * A wrong kind of value, option or response: the specification's `TypeError`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Wasm } from "@effect-wasm/compile-streaming"
 *
 * const page = new Response("<!doctype html>", { headers: { "content-type": "text/html" } })
 * const reason = await Effect.runPromise(
 *   Wasm.compileStreaming(page).pipe(
 *     Effect.map(() => "compiled"),
 *     Effect.catchTag("TypeError", (error) => Effect.succeed(error.reason)),
 *   ),
 * )
 * console.assert(reason === "content-type")
 * ```
 */
export class TypeError extends TypeErrorBase {}

/**
 * Why the bytes could not be compiled.
 *
 * - `structure`: the decoder found the module malformed, invalid or beyond a limit; `code` and `offset` say how and where
 * - `engine`: the engine rejected the bytes; `cause` is its own error
 * - `unsupported`: the module uses a feature that this engine was found to lack or, with `validation: "full"`, one that the
 *   validator does not know
 * - `forbidden`: compilation is not allowed here, by a Content Security Policy or by the runtime
 * - `builtins`: the option `builtins` names a set twice
 * - a {@linkcode DiagnosisReason}: what the bytes are instead of a module, or what happened to them
 */
export type CompileErrorReason =
  | "structure"
  | "engine"
  | "unsupported"
  | "forbidden"
  | "builtins"
  | DiagnosisReason

/** The fields of {@linkcode CompileError}. */
export interface CompileErrorFields {
  /** Why the bytes could not be compiled; stable across releases. */
  readonly reason: CompileErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The URL of the bytes, if known. */
  readonly url?: string | undefined
  /** The decoder's code, if the decoder found the fault. */
  readonly code?: DecodeErrorCode | undefined
  /** The offset of the fault, in bytes from the start of the module, if known. */
  readonly offset?: number | undefined
  /** The section that contains the fault, by its name in the specification (`"type"`, `"code"`, …), if known. */
  readonly section?: string | undefined
  /** The function whose body contains the fault, in the function index space, if known. */
  readonly functionIndex?: number | undefined
  /** The engine's own error, or the decoder's. */
  readonly cause?: unknown
}

const CompileErrorBase: TaggedErrorConstructor<"CompileError", CompileErrorFields> = Data
  .TaggedError("CompileError")<CompileErrorFields>

/** The bytes are not a module that this engine compiles: the specification's `WebAssembly.CompileError`. */
export class CompileError extends CompileErrorBase {}

/**
 * Why the bytes could not be received.
 *
 * - `source`: the promise for the response was rejected
 * - `body`: the response's body failed while it was read
 * - `aborted`: the option `signal` was aborted; `cause` is its reason
 */
export type SourceErrorReason = "source" | "body" | "aborted"

/** The fields of {@linkcode SourceError}. */
export interface SourceErrorFields {
  /** Why the bytes could not be received; stable across releases. */
  readonly reason: SourceErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The URL of the bytes, if known. */
  readonly url?: string | undefined
  /** The original reason, of any type, unchanged. */
  readonly cause: unknown
}

const SourceErrorBase: TaggedErrorConstructor<"SourceError", SourceErrorFields> = Data.TaggedError(
  "SourceError",
)<SourceErrorFields>

/** The source or its body failed, or was aborted. Promises reject with `cause` itself. */
export class SourceError extends SourceErrorBase {}

/** The fields of {@linkcode LinkError}. */
export interface LinkErrorFields {
  /** What happened, where, and what to do. */
  readonly message: string
  /** The engine's own error. */
  readonly cause: unknown
}

const LinkErrorBase: TaggedErrorConstructor<"LinkError", LinkErrorFields> = Data.TaggedError(
  "LinkError",
)<LinkErrorFields>

/** An import does not match its declared type: the specification's `WebAssembly.LinkError`. */
export class LinkError extends LinkErrorBase {}

/**
 * Why the instantiation failed.
 *
 * - `trap`: the module trapped, in its start function or because a segment is out of bounds
 * - `exception`: a JavaScript value was thrown, by an import that the start function called or by a getter of the
 *   import object; `cause` is that value, with which promises reject
 */
export type RuntimeErrorReason = "trap" | "exception"

/** The fields of {@linkcode RuntimeError}. */
export interface RuntimeErrorFields {
  /** Why the instantiation failed; stable across releases. */
  readonly reason: RuntimeErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The engine's own error, or the value that was thrown. */
  readonly cause: unknown
}

const RuntimeErrorBase: TaggedErrorConstructor<"RuntimeError", RuntimeErrorFields> = Data
  .TaggedError("RuntimeError")<RuntimeErrorFields>

/** The module failed while it was instantiated: the specification's `WebAssembly.RuntimeError`. */
export class RuntimeError extends RuntimeErrorBase {}

/** Everything that can go wrong between a source and its module. */
export type CompileStreamingError = TypeError | CompileError | SourceError

/** Everything that can go wrong between a source and an instance of its module. */
export type InstantiateStreamingError = CompileStreamingError | LinkError | RuntimeError
