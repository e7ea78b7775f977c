/**
 * Explanations, loaded when something has failed: a load that goes well costs none of their bytes. Where they cannot be
 * loaded, as from a page that has gone offline, the error is what it was.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as Explanations from "./explanations.ts"

/**
 * Fails with an error, completed.
 *
 * @param plain the error without an explanation
 * @param explain fails with the one that is told
 */
export const explainLater = <E>(
  plain: E,
  explain: (explanations: typeof Explanations) => Effect.Effect<never, E>,
): Effect.Effect<never, E> =>
  Effect.flatten(
    Effect.promise(() => import("./explanations.ts").then(explain, () => Effect.fail(plain))),
  )
