/**
 * The error of variants: none fits, or one needs more than it says.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"

/**
 * What is wrong with the variants.
 *
 * - `none-fits`: this engine lacks a feature that each of them needs; `missing` says which
 * - `undeclared`: the one that was loaded uses features that its entry does not declare; `undeclared` says which
 */
export type VariantErrorReason = "none-fits" | "undeclared"

/** What this engine lacks for a variant. */
export interface MissingFeatures {
  /** The variant's name, or its place in the list, such as `variant 2`. */
  readonly variant: string
  /** The features; of those with probes the first, as no further one is asked for. */
  readonly features: ReadonlyArray<string>
}

/** The fields of {@linkcode VariantError}. */
export interface VariantErrorFields {
  /** Why; stable. */
  readonly reason: VariantErrorReason
  /** What happened, with what, and what to do. */
  readonly message: string
  /** What this engine lacks, for each variant. */
  readonly missing?: ReadonlyArray<MissingFeatures> | undefined
  /** The name or the place of the variant that was loaded. */
  readonly variant?: string | undefined
  /** The features that it uses although its entry does not declare them. */
  readonly undeclared?: ReadonlyArray<string> | undefined
}

/** The constructor of the error, spelled out so that its type needs no inference. */
interface VariantErrorConstructor {
  new (
    fields: VariantErrorFields,
  ): Cause.YieldableError & { readonly _tag: "VariantError" } & Readonly<VariantErrorFields>
}

const VariantErrorBase: VariantErrorConstructor = Data.TaggedError("VariantError")<
  VariantErrorFields
>

/** No variant runs on this engine, or the one that was loaded needs more than it says. */
export class VariantError extends VariantErrorBase {}
