/**
 * The options of variants: reads and validates them, and merges those of a build with those of the call.
 *
 * @module
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TypeError } from "../../errors.ts"
import { printText } from "../../messages/print.ts"
import { type MemberReader, readMembers } from "../../options.ts"
import { isAbortSignal } from "../../platform/brands.ts"
import {
  checkNames,
  type LoadModuleOptions,
  optionNames,
  readBoolean,
  readDuration,
} from "../options.ts"

/** The options of `pickVariant`. */
export interface PickVariantOptions {
  /** Stops waiting for probes; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | null | undefined
}

/** The options of `loadVariant`: those of `loadModule`, for whichever build is loaded. */
export interface LoadVariantOptions extends LoadModuleOptions {
  /**
   * Whether to check the module against its entry. The check needs a report, so a cache is used only with `false`. Defaults
   * to `true`.
   */
  readonly checkFeatures?: boolean | undefined
}

/** The options of `pickVariant`, read and validated. */
export interface PickSettings {
  readonly signal: AbortSignal | undefined
}

/** The options of `loadVariant` for picking and checking, read and validated. */
export interface LoadVariantSettings extends PickSettings {
  readonly checkFeatures: boolean
  readonly timeout: Duration.Duration
}

const readSignal = ({ malformed, member }: MemberReader): AbortSignal | undefined => {
  const signal = member("signal")
  if (signal === undefined || signal === null) return undefined
  if (isAbortSignal(signal)) return signal
  throw malformed("signal", "an AbortSignal", signal)
}

/**
 * Reads and validates the options of `pickVariant`.
 *
 * @param options what the caller gave, of any type
 */
export const readPickOptions = (options: unknown): Effect.Effect<PickSettings, TypeError> =>
  Effect.andThen(
    checkNames(options, ["signal"]),
    readMembers(options, (reader) => ({ signal: readSignal(reader) })),
  )

/**
 * Reads and validates the options that `loadVariant` itself needs; the load validates the others.
 *
 * @param options what the caller gave, of any type
 */
export const readLoadOptions = (options: unknown): Effect.Effect<LoadVariantSettings, TypeError> =>
  Effect.andThen(
    checkNames(options, [...optionNames, "checkFeatures"]),
    readMembers(options, (reader) => ({
      signal: readSignal(reader),
      checkFeatures: readBoolean(reader, "checkFeatures"),
      timeout: readDuration(reader, "timeout", "10 minutes"),
    })),
  )

/** Drops `undefined` values, which would otherwise replace the options of the call. */
const present = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/**
 * The options with which a build is loaded.
 *
 * @param subject the build's name, to begin a message
 * @param own the options of its entry, of any type
 * @param given the options of the call, already validated
 */
export const optionsOf = (
  subject: string,
  own: unknown,
  given: LoadVariantOptions | null | undefined,
): Effect.Effect<LoadModuleOptions, TypeError> => {
  const { checkFeatures: _, ...rest } = given ?? {}
  if (own === undefined || own === null) return Effect.succeed(rest)
  if (typeof own === "object") return Effect.succeed({ ...rest, ...present(own) })
  const found = typeof own === "string" ? `"${printText(own)}"` : `a value of type ${typeof own}`
  const message = `${subject} must have an object as its options, not ${found}`
  return Effect.fail(new TypeError({ reason: "options", message }))
}
