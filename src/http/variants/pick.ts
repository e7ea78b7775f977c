/**
 * Picks the first variant all of whose features this engine has.
 *
 * @module
 */
import { constVoid } from "effect/Function"
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

/** A feature that this library cannot detect, with a probe of the program's own, such as one of `wasm-feature-detect`. */
export interface ProbedFeature {
  /** Its name, for messages. */
  readonly name: string
  /** Whether the engine has the feature. */
  readonly probe: () => boolean | PromiseLike<boolean>
}

/** The members that every variant has. */
export interface VariantNeeds {
  /** Its name, for messages. Defaults to its place in the list. */
  readonly name?: string | undefined
  /** The features that it needs; empty for one that runs everywhere. */
  readonly features: ReadonlyArray<Feature | FeatureSet | ProbedFeature>
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const isProbed = (value: unknown): value is ProbedFeature =>
  isObject(value) && typeof Reflect.get(value, "name") === "string" &&
  typeof Reflect.get(value, "probe") === "function"

/** A variant's name, printed, or its place in the list. */
const nameOf = ({ name }: VariantNeeds, index: number): string =>
  name === undefined ? placeOf(index) : printText(name)

const placeOf = (index: number): string => `variant ${index + 1}`

/** A variant's name, to begin a message. */
export const subjectOf = ({ name }: VariantNeeds, index: number): string =>
  name === undefined ? `Variant ${index + 1}` : `Variant "${printText(name)}"`

/** A value in a message. */
const show = (value: unknown): string => {
  if (typeof value === "string") return `"${printText(value)}"`
  if (typeof value === "function") return "a function"
  if (typeof value === "symbol") return "a symbol"
  return isObject(value) ? "(an object without a name and a probe)" : String(value)
}

const malformed = (message: string): TypeError => new TypeError({ reason: "options", message })

/** The error of a malformed list; `undefined` if it is well-formed. */
const wrongWith = (variants: ReadonlyArray<VariantNeeds>): TypeError | undefined => {
  const list: unknown = variants
  if (!Array.isArray(list) || list.length === 0) {
    return malformed("The variants must be a list with at least one entry")
  }
  for (const [index, entry] of variants.entries()) {
    const place = placeOf(index)
    const name: unknown = isObject(entry) ? Reflect.get(entry, "name") : undefined
    if (name !== undefined && typeof name !== "string") {
      return malformed(`The name of ${place} must be a string`)
    }
    const features: unknown = isObject(entry) ? Reflect.get(entry, "features") : undefined
    if (!Array.isArray(features)) {
      return malformed(`The features of ${place} must be a list, which may be empty`)
    }
    const at = features.findIndex((feature) => !isName(feature) && !isProbed(feature))
    if (at < 0) continue
    const known = `${allNames.join(", ")}, and objects with a name and a probe`
    return malformed(`Unknown feature ${show(features[at])} of ${place}; known: ${known}`)
  }
  return undefined
}

const probeOf = (feature: ProbedFeature): Effect.Effect<boolean, SourceError> =>
  Effect.tryPromise({
    try: async () => Boolean(await feature.probe()),
    catch: (cause) => {
      const message = `The probe of the feature "${printText(feature.name)}" failed`
      return new SourceError({ reason: "source", message, cause })
    },
  })

/** The probes of one list: each is called once, however many entries have it. */
class Probes {
  readonly #answers = new Map<ProbedFeature, boolean>()
  readonly #watch: (name: string) => void

  constructor(watch: (name: string) => void) {
    this.#watch = watch
  }

  /** Whether a feature is there. */
  ask(feature: ProbedFeature): Effect.Effect<boolean, SourceError> {
    return Effect.suspend(() => {
      const known = this.#answers.get(feature)
      if (known !== undefined) return Effect.succeed(known)
      this.#watch(feature.name)
      return Effect.tap(
        probeOf(feature),
        (answer) => Effect.sync(() => void this.#answers.set(feature, answer)),
      )
    })
  }
}

/** The names of the features that the engine lacks for a variant; of those with probes, only the first. */
const missingFor = (
  { features }: VariantNeeds,
  supported: ReadonlySet<string>,
  probes: Probes,
): Effect.Effect<ReadonlyArray<string>, SourceError> =>
  Effect.gen(function* () {
    const names = features.filter((feature) => typeof feature === "string")
    const missing = expand(names).filter((name) => !supported.has(name))
    if (missing.length > 0) return missing
    for (const feature of features.filter(isProbed)) {
      if (!(yield* probes.ask(feature))) return [printText(feature.name)]
    }
    return []
  })

/** A variant that was picked, and its place in the list. */
export interface Picked<V> {
  /** The entry of the list. */
  readonly variant: V
  /** The index of the entry. */
  readonly index: number
}

/**
 * Picks the first variant that this engine runs.
 *
 * @param variants the variants, the best first
 * @param watch called with the name of each feature whose probe is called
 */
export const pick = <V extends VariantNeeds>(
  variants: ReadonlyArray<V>,
  watch: (name: string) => void = constVoid,
): Effect.Effect<Picked<V>, TypeError | SourceError | VariantError> =>
  Effect.gen(function* () {
    const wrong = wrongWith(variants)
    if (wrong !== undefined) return yield* Effect.fail(wrong)
    const supported = supportedFeatures()
    const probes = new Probes(watch)
    const missing: Array<MissingFeatures> = []
    for (const [index, variant] of variants.entries()) {
      const features = yield* missingFor(variant, supported, probes)
      if (features.length === 0) return { variant, index }
      missing.push({ variant: nameOf(variant, index), features })
    }
    const needs = missing.map(({ features, variant }) => `${variant} needs ${features.join(", ")}`)
    const message = `No variant runs on this engine: ${needs.join("; ")}. ` +
      "Add one that needs less, or update the engine"
    return yield* Effect.fail(new VariantError({ reason: "none-fits", message, missing }))
  })

/**
 * Checks that a module uses only declared features: otherwise, another engine would pick it and then fail to compile it.
 *
 * @param picked the variant that was loaded
 * @param report the report of its module
 */
export const checkUse = (
  { index, variant }: Picked<VariantNeeds>,
  report: ModuleReport,
): Effect.Effect<void, VariantError> => {
  const may = allowed(variant.features.filter((feature) => typeof feature === "string"))
  const undeclared = report.features.filter((feature) => !may.has(feature))
  if (undeclared.length === 0) return Effect.void
  const name = nameOf(variant, index)
  const message = `${subjectOf(variant, index)} uses features that its entry does not declare: ` +
    `${undeclared.join(", ")}. Add them to its features, or build it without them`
  return Effect.fail(new VariantError({ reason: "undeclared", message, variant: name, undeclared }))
}
