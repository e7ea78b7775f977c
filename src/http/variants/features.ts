/**
 * The features that a build may need: their names, the features they include, and whether this engine has them.
 *
 * The names are those of a module's report. Support is detected by validating small modules that each need one feature,
 * never from the user agent.
 *
 * @module
 */
import { FEATURE_NAMES } from "../../binary/features.ts"
import { engineFeatures } from "../../pipeline/engine_features.ts"

/** The name of a WebAssembly feature. */
export type Feature = (typeof FEATURE_NAMES)[number]

/** The features of a version of the specification. */
export type FeatureSet = "wasm-1.0" | "wasm-2.0" | "wasm-3.0"

const first: ReadonlyArray<Feature> = ["mutable-globals"]
const second: ReadonlyArray<Feature> = [
  ...first,
  ...["sign-extension", "saturating-float-to-int", "multi-value"] as const,
  ...["reference-types", "bulk-memory", "simd"] as const,
]
const third: ReadonlyArray<Feature> = [
  ...second,
  ...["relaxed-simd", "memory64", "table64", "multi-memory", "extended-const"] as const,
  ...["tail-calls", "exceptions", "typed-function-references", "gc"] as const,
]

/** The versions of the specification, and the features of each. */
const featureSets: ReadonlyMap<string, ReadonlyArray<Feature>> = new Map([
  ["wasm-1.0", first],
  ["wasm-2.0", second],
  ["wasm-3.0", third],
])

/** The features that another one is built upon: a build that declares it may use them too. */
const basis: ReadonlyMap<string, ReadonlyArray<Feature>> = new Map<string, ReadonlyArray<Feature>>([
  ["relaxed-simd", ["simd"]],
  ["typed-function-references", ["reference-types"]],
  ["gc", ["typed-function-references", "reference-types"]],
  ["exceptions", ["reference-types"]],
  // Tags belong to both proposals; a report lists them under the newer name.
  ["legacy-exceptions", ["exceptions"]],
])

/** Every name that an entry may have, for messages. */
export const allNames: ReadonlyArray<string> = [...FEATURE_NAMES, ...featureSets.keys()]

/** Whether a value is the name of a feature or of a set of features. */
export const isName = (name: unknown): name is Feature | FeatureSet =>
  typeof name === "string" && allNames.includes(name)

/** The features that the names stand for, each once. */
export const expand = (wanted: ReadonlyArray<string>): ReadonlyArray<string> => {
  const features = wanted.flatMap((name): ReadonlyArray<string> => featureSets.get(name) ?? [name])
  return [...new Set(features)]
}

/** The features that a build may use if its entry has these names. */
export const allowed = (wanted: ReadonlyArray<string>): ReadonlySet<string> => {
  const features = expand(wanted)
  return new Set([...features, ...features.flatMap((name) => basis.get(name) ?? [])])
}

/**
 * The features that this engine has.
 *
 * A page that is not cross-origin isolated has no threads: it cannot share memories with workers.
 *
 * @see https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated
 */
export const supportedFeatures = (): ReadonlySet<Feature> => {
  const known = engineFeatures()
  const canShare = Reflect.get(globalThis, "crossOriginIsolated") !== false
  return new Set(
    FEATURE_NAMES.filter((name) => known.get(name) === true && (name !== "threads" || canShare)),
  )
}
