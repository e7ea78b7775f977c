/**
 * Loads the first of several builds of a module that this engine can run. Support is detected by probing the engine, never
 * from the user agent.
 *
 * ```ts
 * import { loadVariant } from "@effect-wasm/compile-streaming/variants"
 *
 * const { module, variant } = await loadVariant([
 *   { name: "nothing needed", source: "data:application/wasm;base64,AGFzbQEAAAA=", features: [] },
 * ])
 * console.assert(module instanceof WebAssembly.Module && variant.name === "nothing needed")
 * ```
 *
 * {@linkcode Variants} is the same as an Effect API.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import type { SourceError, TypeError } from "../../errors.ts"
import { toNative } from "../../native_errors.ts"
import { isModule } from "../../platform/module_brand.ts"
import { runPromise } from "../../run_promise.ts"
import { loadModule, loadModuleWithReport } from "../promise.ts"
import type { LoadError } from "../load_error.ts"
import {
  type LoadedVariant,
  type LoadVariantOptions,
  type Picked,
  pickVariant as pickEffect,
  type PickVariantOptions,
  type Variant,
  type VariantError,
  type VariantNeeds,
} from "./effect.ts"
import { checkUse } from "./pick.ts"
import { pickForLoad } from "./pick_within_limits.ts"

export type { LoadModuleOptions } from "../options.ts"
export type { LoadSource } from "../transport/target.ts"
export type { ModuleReport } from "../../binary/report/module_report.ts"
export {
  type Feature,
  type FeatureSet,
  type LoadedVariant,
  type LoadVariantOptions,
  type MissingFeatures,
  type Picked,
  type PickVariantOptions,
  type ProbedFeature,
  supportedFeatures,
  type Variant,
  VariantError,
  type VariantErrorFields,
  type VariantErrorReason,
  type VariantNeeds,
} from "./effect.ts"
export * as Variants from "./effect.ts"

const run = <A>(
  program: Effect.Effect<A, TypeError | SourceError | LoadError | VariantError>,
): Promise<A> =>
  runPromise(
    program,
    (error) =>
      error._tag === "VariantError" || error._tag === "LoadError" ? error : toNative(error),
  )

/**
 * Picks the first variant that this engine runs, without loading it: for builds that have glue code of their own.
 *
 * @param variants the variants, the best first; entries may have further properties
 * @param options `signal`, which stops waiting for probes
 * @returns a promise for the entry and its index. It rejects with a `VariantError` if no variant fits, and with a native
 * `TypeError` for a malformed list
 *
 * @example
 * ```ts
 * import { pickVariant } from "@effect-wasm/compile-streaming/variants"
 *
 * const { variant } = await pickVariant([
 *   { features: ["wasm-3.0", "threads"], glue: "./fast.js" },
 *   { features: [], glue: "./plain.js" },
 * ])
 * console.log(variant.glue)
 * ```
 */
export const pickVariant = <V extends VariantNeeds>(
  variants: ReadonlyArray<V>,
  options?: PickVariantOptions | null,
): Promise<Picked<V>> => run(pickEffect(variants, options))

/**
 * Loads the first variant that this engine runs, as `loadModule` does, and checks that it uses only the declared features.
 *
 * @param variants the builds, the best first; the last one usually needs nothing
 * @param options those of `loadModule`, and `checkFeatures`
 * @returns a promise for the module, its report, and the entry. It rejects as `loadModule` does, and with a `VariantError`
 * if no variant fits, or if the loaded one uses features that its entry does not declare
 *
 * @example
 * ```ts
 * import { loadVariant } from "@effect-wasm/compile-streaming/variants"
 *
 * const { index } = await loadVariant([
 *   { source: "data:application/wasm;base64,AGFzbQEAAAA=", features: ["wasm-1.0"] },
 * ], { timeout: "1 minute" })
 * console.assert(index === 0)
 * ```
 */
export const loadVariant = async <V extends Variant>(
  variants: ReadonlyArray<V>,
  options?: LoadVariantOptions | null,
): Promise<LoadedVariant<V>> => {
  const { checks, options: own, picked } = await run(pickForLoad(variants, options))
  const { source } = picked.variant
  if (!checks || isModule(source)) {
    return { ...picked, module: await loadModule(source, own), report: undefined }
  }
  const { module, report } = await loadModuleWithReport(source, own)
  await run(checkUse(picked, report))
  return { ...picked, module, report }
}
