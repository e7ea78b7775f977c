/**
 * Which variant? The first whose every feature this engine has.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { ModuleReport } from "../../binary/report/module_report.ts"
import { SourceError, TypeError } from "../../errors.ts"
import { printText } from "../../messages/print.ts"
import {
  allNames,
  allowed,
  expand,
  type Feature,
  type FeatureSet,
  isName,
  supportedFeatures,
} from "./features.ts"
import { type MissingFeatures, VariantError } from "./variant_error.ts"

/** A feature that this library has no probe for, with one of the program's own, such as of `wasm-feature-detect`. */
export interface ProbedFeature {
  /** Its name, for messages. */
  readonly name: string
  /** Whether it is there. */
  readonly probe: () => boolean | PromiseLike<boolean>
}

/** What every variant says of itself. */
export interface VariantNeeds {
  /** Its name, for messages. Defaults to its place in the list. */
  readonly name?: string | undefined
  /** The features that it needs; none for one that runs everywhere. */
  readonly features: ReadonlyArray<Feature | FeatureSet | ProbedFeature>
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const isProbed = (value: unknown): value is ProbedFeature =>
  isObject(value) && typeof Reflect.get(value, "name") === "string" &&
  typeof Reflect.get(value, "probe") === "function"

/** The name of a variant as it is printed. */
export const nameOf = ({ name }: VariantNeeds, index: number): string =>
  name === undefined ? `number ${index + 1}` : printText(name)

const malformed = (message: string): TypeError => new TypeError({ reason: "options", message })

/** What is wrong with the list; `undefined` where nothing is. */
const wrongWith = (variants: ReadonlyArray<VariantNeeds>): TypeError | undefined => {
  const list: unknown = variants
  if (!Array.isArray(list) || list.length === 0) {
    return malformed("The variants must be a list with at least one entry")
  }
  for (const entry of variants) {
    const features: unknown = isObject(entry) ? Reflect.get(entry, "features") : undefined
    if (!Array.isArray(features)) {
      return malformed("Each variant must have a list of features, which may be empty")
    }
    const unknown: unknown = features.find((feature) => !isName(feature) && !isProbed(feature))
    if (unknown !== undefined) {
      const text = typeof unknown === "string" ? `feature "${printText(unknown)}"` : "such feature"
      return malformed(
        `There is no ${text}; known features: ${
          allNames.join(", ")
        }, and objects with a name and a probe`,
      )
    }
  }
  return undefined
}

/** The names of the features that a variant needs and that are not there. */
const missingFor = (
  { features }: VariantNeeds,
  supported: ReadonlySet<string>,
): Effect.Effect<ReadonlyArray<string>, SourceError> => {
  const names = features.filter((feature) => typeof feature === "string")
  const missing = expand(names).filter((name) => !supported.has(name))
  const probed = features.filter(isProbed)
  if (probed.length === 0 || missing.length > 0) return Effect.succeed(missing)
  return Effect.map(
    Effect.forEach(probed, ({ name, probe }) =>
      Effect.map(
        Effect.tryPromise({
          try: async () => await probe(),
          catch: (cause) => {
            const message = `The probe of the feature "${printText(name)}" failed`
            return new SourceError({ reason: "source", message, cause })
          },
        }),
        (isThere) => isThere ? [] : [printText(name)],
      )),
    (lists) => lists.flat(),
  )
}

/** A variant that was picked, and its place in the list. */
export interface Picked<V> {
  /** The entry of the list. */
  readonly variant: V
  /** Its place, from 0. */
  readonly index: number
}

/**
 * Picks the first variant that this engine runs.
 *
 * @param variants the variants, the best first
 */
export const pick = <V extends VariantNeeds>(
  variants: ReadonlyArray<V>,
): Effect.Effect<Picked<V>, TypeError | SourceError | VariantError> =>
  Effect.gen(function* () {
    const wrong = wrongWith(variants)
    if (wrong !== undefined) return yield* Effect.fail(wrong)
    const supported = supportedFeatures()
    const missing: Array<MissingFeatures> = []
    for (const [index, variant] of variants.entries()) {
      const features = yield* missingFor(variant, supported)
      if (features.length === 0) return { variant, index }
      missing.push({ variant: nameOf(variant, index), features })
    }
    const needs = missing.map(({ features, variant }) => `${variant} needs ${features.join(", ")}`)
    const message = `No variant runs on this engine: ${needs.join("; ")}. ` +
      "Add one that needs less, or update the engine"
    return yield* Effect.fail(new VariantError({ reason: "none-fits", message, missing }))
  })

/**
 * Checks that a module uses no more than its entry says: on another engine it would be picked and then refused.
 *
 * @param picked the variant that was loaded
 * @param report what is in its module
 */
export const checkUse = (
  { index, variant }: Picked<VariantNeeds>,
  report: ModuleReport,
): Effect.Effect<void, VariantError> => {
  const may = allowed(variant.features.filter((feature) => typeof feature === "string"))
  const undeclared = report.features.filter((feature) => !may.has(feature))
  if (undeclared.length === 0) return Effect.void
  const name = nameOf(variant, index)
  const message = `The variant ${name} uses features that its entry does not have: ` +
    `${undeclared.join(", ")}. Add them to its features, or build it without them`
  return Effect.fail(new VariantError({ reason: "undeclared", message, variant: name, undeclared }))
}
