/**
 * The ways in which an attempt may end early without failing the whole load.
 *
 * @module
 */
import type { LoadError } from "../load_error.ts"

/** The attempt failed; another one may continue where it stopped. */
export interface AttemptFailed {
  readonly _tag: "AttemptFailed"
  readonly error: LoadError
}

/** The content no longer begins with the bytes that were compiled: the compilation has to start again. */
export interface ContentChanged {
  readonly _tag: "ContentChanged"
  readonly error: LoadError
}

/** A later stage rejected a chunk. */
export interface Rejected<E> {
  readonly _tag: "Rejected"
  readonly error: E
}

/** The ends of an attempt. */
export type AttemptEnd<E> = AttemptFailed | ContentChanged | Rejected<E>

/** Makes {@linkcode AttemptFailed}. */
export const attemptFailed = (error: LoadError): AttemptFailed => ({ _tag: "AttemptFailed", error })

/** Makes {@linkcode ContentChanged}. */
export const contentChanged = (error: LoadError): ContentChanged => ({
  _tag: "ContentChanged",
  error,
})

/** Makes {@linkcode Rejected}. */
export const rejected = <E>(error: E): Rejected<E> => ({ _tag: "Rejected", error })

/** Whether the error of a `Wasm.fetchAttempt` span is a failed attempt. */
export const isAttemptFailed = (error: unknown): error is AttemptFailed =>
  typeof error === "object" && error !== null && Reflect.get(error, "_tag") === "AttemptFailed"
