/**
 * The error of variants: none fits, or one uses features that it does not declare.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"

/**
 * What is wrong with the variants.
 *
 * - `none-fits`: this engine lacks features of every variant; `missing` lists them
 * - `undeclared`: the loaded variant uses features that its entry does not declare; `undeclared` lists them
 */
export type VariantErrorReason = "none-fits" | "undeclared"

/** The features that this engine lacks for a variant. */
export interface MissingFeatures {
  /** The variant's name, or its place in the list, such as `variant 2`. */
  readonly variant: string
  /** The features; of those with probes only the first, after which no further probe is called. */
  readonly features: ReadonlyArray<string>
}

/** The fields of {@linkcode VariantError}. */
export interface VariantErrorFields {
  /** What is wrong; stable across releases. */
  readonly reason: VariantErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** The features that this engine lacks, for each variant. */
  readonly missing?: ReadonlyArray<MissingFeatures> | undefined
  /** The name or the place of the loaded variant. */
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

/** No variant runs on this engine, or the loaded one uses features that it does not declare. */
export class VariantError extends VariantErrorBase {}
