/**
 * Variants as an Effect API, over any HttpClient of `effect/http`, with every failure in the error channel.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { ModuleReport } from "../../binary/report/module_report.ts"
import type { SourceError, TypeError } from "../../errors.ts"
import { span } from "../../pipeline/span.ts"
import { isModule } from "../../platform/module_brand.ts"
import type { LoadModuleError } from "../load_error.ts"
import * as Http from "../load_module.ts"
import type { LoadModuleOptions } from "../options.ts"
import type { LoadSource } from "../transport/target.ts"
import { type LoadVariantOptions, type PickVariantOptions, readPickOptions } from "./options.ts"
import { checkUse, type Picked, type VariantNeeds } from "./pick.ts"
import { pickForLoad, pickUntil } from "./pick_within_limits.ts"
import type { VariantError } from "./variant_error.ts"

export { type Feature, type FeatureSet, supportedFeatures } from "./features.ts"
export type { LoadVariantOptions, PickVariantOptions } from "./options.ts"
export type { Picked, ProbedFeature, VariantNeeds } from "./pick.ts"
export {
  type MissingFeatures,
  VariantError,
  type VariantErrorFields,
  type VariantErrorReason,
} from "./variant_error.ts"

/** A build of a module, and the features it needs. */
export interface Variant extends VariantNeeds {
  /** The build's URL, or any other source that `loadModule` takes. */
  readonly source: LoadSource
  /** Options for this build alone, such as its `integrity`. */
  readonly options?: LoadModuleOptions | undefined
}

/** A build that was loaded. */
export interface LoadedVariant<V> extends Picked<V> {
  /** The module. */
  readonly module: WebAssembly.Module
  /** The module's report; `undefined` if it was not checked against its entry. */
  readonly report: ModuleReport | undefined
}

/**
 * Picks the first variant that this engine runs, without loading it: for builds that have glue code of their own.
 *
 * @param variants the variants, the best first; entries may have further properties
 * @param options `signal`, which stops waiting for probes
 * @returns the entry and its index; fails with `VariantError` if no variant fits, with `TypeError` for a malformed list, and
 * with `SourceError` if a probe failed or the signal was aborted
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Variants } from "@effect-wasm/compile-streaming/variants"
 *
 * const program = Variants.pickVariant([
 *   { features: ["wasm-3.0", "threads"], glue: "./fast.js" },
 *   { features: [], glue: "./plain.js" },
 * ])
 * const { variant } = await Effect.runPromise(program)
 * console.log(variant.glue)
 * ```
 */
export const pickVariant = <V extends VariantNeeds>(
  variants: ReadonlyArray<V>,
  options?: PickVariantOptions | null,
): Effect.Effect<Picked<V>, TypeError | SourceError | VariantError> =>
  Effect.flatMap(readPickOptions(options), ({ signal }) => pickUntil(variants, signal))

/**
 * Loads the first variant that this engine runs, as `loadModule` does, and checks that it uses only the declared features.
 *
 * @param variants the builds, the best first; the last one usually needs nothing
 * @param options those of `loadModule`, and `checkFeatures`
 * @returns the module, its report, and the entry; fails as `loadModule` does, and with `VariantError` if no variant fits, or
 * if the loaded one uses features that its entry does not declare
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import { Variants } from "@effect-wasm/compile-streaming/variants"
 *
 * const plain = "data:application/wasm;base64,AGFzbQEAAAA="
 * const program = Variants.loadVariant([
 *   { source: "https://example.com/wide.wasm", features: ["wide-arithmetic", "memory64", "threads"] },
 *   { source: plain, features: [] },
 * ]).pipe(Effect.provide(FetchHttpClient.layer))
 * // const { module, variant } = await Effect.runPromise(program)
 * console.log(program)
 * ```
 */
export const loadVariant = <V extends Variant>(
  variants: ReadonlyArray<V>,
  options?: LoadVariantOptions | null,
): Effect.Effect<LoadedVariant<V>, LoadModuleError | VariantError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const { checks, options: own, picked } = yield* pickForLoad(variants, options)
    const { source } = picked.variant
    if (!checks || isModule(source)) {
      const module = yield* Http.loadModule(source, own)
      return { ...picked, module, report: undefined }
    }
    const { module, report } = yield* Http.loadModuleWithReport(source, own)
    yield* checkUse(picked, report)
    return { ...picked, module, report }
  }).pipe(span("Wasm.loadVariant"))
