/**
 * Full validation, loaded when it is asked for: those who do not pay nothing for it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { MakeBodyValidator } from "../binary/body_validator.ts"
import type { ValidationMode } from "../options.ts"

let loading: Promise<MakeBodyValidator> | undefined

const load = (): Promise<MakeBodyValidator> =>
  loading ??= import("../binary/validation/mod.ts").then(
    ({ validateBodies }) => validateBodies,
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

/** The validator of function bodies that a mode needs, if it needs one. */
export const validatorOf = (mode: ValidationMode): Effect.Effect<MakeBodyValidator | undefined> =>
  mode === "full" ? Effect.promise(load) : Effect.succeed(undefined)
