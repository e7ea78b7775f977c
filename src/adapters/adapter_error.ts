/**
 * The error of adapters: what no module, no response and no import is to blame for.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"

/**
 * Why an adapter failed.
 *
 * - `argument`: what was passed as the glue code is none: no function, the class in place of an object
 * - `not-asked`: the glue code did not take the module that was loaded for it
 */
export type AdapterErrorReason = "argument" | "not-asked"

/** The fields of {@linkcode AdapterError}. */
export interface AdapterErrorFields {
  /** Why; stable. */
  readonly reason: AdapterErrorReason
  /** What happened, with what, and what to do. */
  readonly message: string
  /** What the glue code failed with, if it did. */
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

/** The glue code and the adapter do not fit. */
export class AdapterError extends AdapterErrorBase {}
