/**
 * Full validation, loaded when it is asked for: those who do not pay nothing for it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { MakeBodyValidator } from "../binary/body_validator.ts"
import type { ValidationMode } from "../options.ts"
import type * as HeldBack from "./held_back.ts"
import type * as Turns from "./turns.ts"

/** What full validation needs. */
export interface Validation {
  /** Makes what checks function bodies. */
  readonly makeValidator: MakeBodyValidator
  /** Chunks in slices that are short enough to be validated at once. */
  readonly inTurns: typeof Turns.inTurns
  /** Bytes that wait until they were checked. */
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
      // A module that could not be fetched may be there the next time.
      loading = undefined
      throw reason
    },
  )

/** Begins to load what a mode needs, without waiting for it. */
export const preloadValidator = (mode: ValidationMode): Effect.Effect<void> =>
  Effect.sync(() => {
    if (mode === "full") load().catch(() => {})
  })

/** What a mode needs to validate function bodies, if it does. */
export const validationOf = (mode: ValidationMode): Effect.Effect<Validation | undefined> =>
  mode === "full" ? Effect.promise(load) : Effect.succeed(undefined)
