/**
 * Converts the pipeline's tagged errors to the values with which the specification rejects promises: an error whose
 * constructor is exactly `TypeError`, `WebAssembly.CompileError`, `LinkError` or `RuntimeError`, with the tagged error as
 * its `cause`; or, if the reason is the caller's own (a rejected source, a failing body, a throwing getter), that very
 * value. A `PolicyError` stays as it is, as the specification has no error for it.
 *
 * @module
 */
import type { InstantiateStreamingError } from "./errors.ts"
import { NativeCompileError, NativeLinkError, NativeRuntimeError } from "./platform/natives.ts"
import type { PolicyError } from "./policy/policy_error.ts"

const withCause = <E extends Error>(error: E, cause: unknown): E => {
  // Not the constructor's option, which WebAssembly's errors ignore on older engines.
  Object.defineProperty(error, "cause", { value: cause, writable: true, configurable: true })
  return error
}

const withStackOf = <E extends Error>(error: E, origin: unknown): E => {
  // A trap's own stack has the WebAssembly frames; a new one would only show the pipeline.
  if (origin instanceof Error && typeof origin.stack === "string") error.stack = origin.stack
  return error
}

/**
 * The value with which a promise is rejected for `error`.
 *
 * @param error an error of the pipeline
 */
export const toNative = (error: InstantiateStreamingError | PolicyError): unknown => {
  switch (error._tag) {
    case "PolicyError":
      return error
    case "SourceError":
      return error.cause
    case "TypeError":
      return error.thrown === true
        ? error.cause
        : withCause(new globalThis.TypeError(error.message), error)
    case "CompileError":
      return withCause(new NativeCompileError(error.message), error)
    case "LinkError":
      return withCause(new NativeLinkError(error.message), error)
    case "RuntimeError":
      return error.reason === "exception" ? error.cause : withStackOf(
        withCause(new NativeRuntimeError(error.message), error),
        error.cause,
      )
  }
}
