/**
 * The error of adapters, for problems with the glue code itself.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"

/**
 * Why an adapter failed.
 *
 * - `argument`: the value passed as glue code is of the wrong type, such as a class instead of an object of it
 * - `not-asked`: the glue code did not ask for the module that was loaded for it
 */
export type AdapterErrorReason = "argument" | "not-asked"

/** The fields of {@linkcode AdapterError}. */
export interface AdapterErrorFields {
  /** Why the adapter failed; stable across releases. */
  readonly reason: AdapterErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The error with which the glue code failed, if it did. */
  readonly cause?: unknown
}

/** The constructor of the error, spelled out so that its type needs no inference. */
interface AdapterErrorConstructor {
  new (
    fields: AdapterErrorFields,
  ): Cause.YieldableError & { readonly _tag: "AdapterError" } & Readonly<AdapterErrorFields>
}

const AdapterErrorBase: AdapterErrorConstructor = Data.TaggedError("AdapterError")<
  AdapterErrorFields
>

/** The adapter cannot work with the glue code. */
export class AdapterError extends AdapterErrorBase {}
