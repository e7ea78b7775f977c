/**
 * Loads full validation on demand, so that other loads do not pay for it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { MakeBodyValidator } from "../binary/body_validator.ts"
import type { ValidationMode } from "../options.ts"
import type * as HeldBack from "./held_back.ts"
import type * as Turns from "./turns.ts"

/** The parts of full validation. */
export interface Validation {
  /** Makes the validator of function bodies. */
  readonly makeValidator: MakeBodyValidator
  /** Cuts chunks into slices short enough to be validated without blocking. */
  readonly inTurns: typeof Turns.inTurns
  /** Holds bytes back until they were validated. */
  readonly heldBack: typeof HeldBack.heldBack
}

let loading: Promise<Validation> | undefined

const load = (): Promise<Validation> =>
  loading ??= import("./full_validation.ts").then(
    ({ heldBack, inTurns, isTurnOver, validateBodies }) => ({
      heldBack,
      makeValidator: (context) => validateBodies(context, isTurnOver),
      inTurns,
    }),
    (reason: unknown) => {
      // Fetching this code may succeed the next time.
      loading = undefined
      throw reason
    },
  )

/** Starts loading full validation if the mode needs it, without waiting. */
export const preloadValidator = (mode: ValidationMode): Effect.Effect<void> =>
  Effect.sync(() => {
    if (mode === "full") load().catch(() => {})
  })

/** The full validation, if the mode needs it. */
export const validationOf = (mode: ValidationMode): Effect.Effect<Validation | undefined> =>
  mode === "full" ? Effect.promise(load) : Effect.succeed(undefined)
