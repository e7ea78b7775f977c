/**
 * Explanations, loaded when something has failed: a load that goes well costs none of their bytes. Where they cannot be
 * loaded, as from a page that has gone offline, the error is what it was.
 *
 * @module
 */
import type * as Explanations from "./explanations.ts"

/**
 * Completes an error.
 *
 * @param plain the error without an explanation
 * @param explain makes the one that is told
 */
export const explainLater = <E extends object>(
  plain: E,
  explain: (explanations: typeof Explanations) => E | Promise<E>,
): Promise<E> => import("./explanations.ts").then(explain, () => plain)
