/**
 * Picks a variant under the option `signal`, and, if it is to be loaded, the option `timeout`.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { SourceError, TypeError } from "../../errors.ts"
import { printText } from "../../messages/print.ts"
import { span } from "../../pipeline/span.ts"
import { untilAborted } from "../../pipeline/until_aborted.ts"
import { LoadError } from "../load_error.ts"
import type { LoadModuleOptions } from "../options.ts"
import { type LoadVariantOptions, optionsOf, readLoadOptions } from "./options.ts"
import { pick, type Picked, subjectOf, type VariantNeeds } from "./pick.ts"
import type { VariantError } from "./variant_error.ts"

/**
 * Picks a variant, unless the signal is aborted.
 *
 * @param variants the variants, the best first
 * @param signal the signal, if there is one
 * @param watch called with the name of each feature whose probe is called
 */
export const pickUntil = <V extends VariantNeeds>(
  variants: ReadonlyArray<V>,
  signal: AbortSignal | undefined,
  watch?: (name: string) => void,
): Effect.Effect<Picked<V>, TypeError | SourceError | VariantError> =>
  // A pick without probes is synchronous, and would win over a signal that is already aborted.
  Effect.suspend(() => signal?.aborted === true ? Effect.never : pick(variants, watch)).pipe(
    untilAborted(signal),
    span("Wasm.pickVariant"),
  )

const timedOut = (feature: string, timeout: Duration.Duration): LoadError => {
  const message = `The probe of the feature "${printText(feature)}" did not settle within ${
    Duration.format(timeout)
  }, the option timeout`
  return new LoadError({ reason: "timeout", message, url: "", attempts: 0, received: 0 })
}

/** A picked build, and how it is loaded. */
export interface ForLoad<V> {
  readonly picked: Picked<V>
  /** Whether to check the module against its entry. */
  readonly checks: boolean
  /** The options of `loadModule`. */
  readonly options: LoadModuleOptions
}

/**
 * Picks the build to be loaded. Picking has the same time limit as the load after it.
 *
 * @param variants the builds, the best first
 * @param options what the caller gave, of any type
 */
export const pickForLoad = <V extends VariantNeeds & { readonly options?: unknown }>(
  variants: ReadonlyArray<V>,
  options: LoadVariantOptions | null | undefined,
): Effect.Effect<ForLoad<V>, TypeError | SourceError | LoadError | VariantError> =>
  Effect.gen(function* () {
    const { checkFeatures, signal, timeout } = yield* readLoadOptions(options)
    let asked = ""
    const picked = yield* pickUntil(variants, signal, (name) => asked = name).pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.suspend(() => Effect.fail(timedOut(asked, timeout))),
      }),
    )
    const { index, variant } = picked
    return {
      picked,
      checks: checkFeatures,
      options: yield* optionsOf(subjectOf(variant, index), variant.options, options),
    }
  })
