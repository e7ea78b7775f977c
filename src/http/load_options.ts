/**
 * The options of loading by URL: those of `compileStreaming`, and what concerns the network.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { TypeError } from "../errors.ts"
import {
  type CompileStreamingOptions,
  type MemberReader,
  readMembers,
  readSettings,
  type Settings,
} from "../options.ts"
import { type Integrity, parseIntegrity } from "./integrity.ts"
import type { LoadError } from "./load_error.ts"
import type { ModuleCacheService } from "./module_cache.ts"

/** The options of `loadModule`. */
export interface LoadModuleOptions extends CompileStreamingOptions {
  /**
   * When to retry; its input is the error of the failed attempt. An attempt that made progress starts it over, at most
   * 50 times. Defaults to {@linkcode defaultSchedule}. If the server asks for a longer wait (`Retry-After`), that is
   * honored, capped at one minute.
   */
  readonly schedule?: Schedule.Schedule<unknown, LoadError> | undefined
  /** The longest wait without data: for the response to start, and between two chunks. Defaults to 30 seconds. */
  readonly idleTimeout?: Duration.Input | undefined
  /** How long everything may take, all attempts and the compilation included. Defaults to 10 minutes. */
  readonly timeout?: Duration.Input | undefined
  /** The largest size of the module, decoded, in bytes. Defaults to 1 GiB, the JS API's own limit. */
  readonly maxBytes?: number | undefined
  /**
   * Digests of the module in the notation of Subresource Integrity, such as `sha256-… sha384-…`: the strongest algorithm
   * counts, and any of its digests. The module is handed out only if its bytes match.
   */
  readonly integrity?: string | undefined
  /**
   * Whether the server is asked for the rest where a body broke, and so for content that is not compressed; `true`
   * by default. Otherwise the whole is fetched again, and what had come before is compared and passed over.
   */
  readonly resume?: boolean | undefined
  /** The cache to use; or whether the service `ModuleCache` is used where there is one. Defaults to `true`. */
  readonly cache?: ModuleCacheService | boolean | undefined
}

/** All options, read and judged. */
export interface LoadSettings {
  readonly compile: Settings
  readonly schedule: Schedule.Schedule<unknown, LoadError>
  readonly idleTimeout: Duration.Duration
  readonly timeout: Duration.Duration
  readonly maxBytes: number
  readonly integrity: Integrity | undefined
  readonly resume: boolean
  readonly cache: ModuleCacheService | boolean
}

/**
 * Up to five further attempts, after about 0.2, 0.4, 0.8, 1.6 and 3.2 seconds: exponential, with jitter, 10 seconds at
 * most.
 */
export const defaultSchedule: Schedule.Schedule<unknown, LoadError> = Schedule.min([
  Schedule.exponential("200 millis"),
  Schedule.spaced("10 seconds"),
]).pipe(Schedule.jittered, Schedule.upTo({ times: 5 }))

/** The JS API's limit on the size of a module. */
const largestModule = 1_073_741_824

/** What may be a duration; `Duration.fromInput` judges it. */
const isDurationInput = (value: unknown): value is Duration.Input =>
  typeof value === "object" ? value !== null : /^(?:number|bigint|string)$/.test(typeof value)

const readDuration = (
  { malformed, member }: MemberReader,
  name: string,
  otherwise: Duration.Input,
): Duration.Duration => {
  const value = member(name)
  if (value === undefined) return Duration.fromInputUnsafe(otherwise)
  const duration = isDurationInput(value)
    ? Option.getOrUndefined(Duration.fromInput(value))
    : undefined
  if (duration !== undefined && Duration.isPositive(duration)) return duration
  throw malformed(name, `a positive duration, such as "30 seconds"`, value)
}

const readBoolean = ({ malformed, member }: MemberReader, name: string): boolean => {
  const value = member(name)
  if (value === undefined || typeof value === "boolean") return value ?? true
  throw malformed(name, "true or false", value)
}

const isCache = (value: unknown): value is ModuleCacheService =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "load") === "function"

const readCache = ({ malformed, member }: MemberReader): ModuleCacheService | boolean => {
  const value = member("cache")
  if (value === undefined) return true
  if (typeof value === "boolean" || isCache(value)) return value
  throw malformed("cache", "made by ModuleCache.make, or true or false", value)
}

const isSchedule = (value: unknown): value is Schedule.Schedule<unknown, LoadError> =>
  Schedule.isSchedule(value)

const readSchedule = (
  { malformed, member }: MemberReader,
): Schedule.Schedule<unknown, LoadError> => {
  const value = member("schedule")
  if (value === undefined) return defaultSchedule
  if (isSchedule(value)) return value
  throw malformed("schedule", "an Effect Schedule", value)
}

const readMaxBytes = ({ malformed, member }: MemberReader): number => {
  const value = member("maxBytes")
  if (value === undefined) return largestModule
  if (typeof value === "number" && value >= 0) return value
  throw malformed("maxBytes", "a number of bytes", value)
}

const readIntegrity = ({ malformed, member }: MemberReader): Integrity | undefined => {
  const value = member("integrity")
  if (value === undefined) return undefined
  const integrity = typeof value === "string" ? parseIntegrity(value) : undefined
  if (integrity !== undefined) return integrity
  throw malformed("integrity", "digests such as sha256-…, sha384-… or sha512-… in base64", value)
}

/**
 * Reads and judges all options.
 *
 * @param options what the caller gave, of whatever kind
 */
export const readLoadSettings = (options: unknown): Effect.Effect<LoadSettings, TypeError> =>
  Effect.zipWith(
    readSettings(options),
    readMembers(options, (reader) => ({
      schedule: readSchedule(reader),
      idleTimeout: readDuration(reader, "idleTimeout", "30 seconds"),
      timeout: readDuration(reader, "timeout", "10 minutes"),
      maxBytes: readMaxBytes(reader),
      integrity: readIntegrity(reader),
      resume: readBoolean(reader, "resume"),
      cache: readCache(reader),
    })),
    (compile, rest) => ({ compile, ...rest }),
  )
