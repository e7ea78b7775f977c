/**
 * Loads the explanations of errors on demand, so that successful loads do not pay for them. If they cannot be loaded, as on
 * a page that has gone offline, the plain error is reported.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Explanations from "./explanations.ts"

/**
 * Fails with an error, explained if possible.
 *
 * @param plain the error without an explanation
 * @param explain fails with the explained error
 */
export const explainLater = <E>(
  plain: E,
  explain: (explanations: typeof Explanations) => Effect.Effect<never, E>,
): Effect.Effect<never, E> =>
  Effect.flatten(
    Effect.promise(() => import("./explanations.ts").then(explain, () => Effect.fail(plain))),
  )
