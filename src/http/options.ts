/**
 * The options of loading by URL: those of `compileStreaming`, and those for the network and the cache.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { TypeError } from "../errors.ts"
import {
  type CompileStreamingOptions,
  type ContentTypePolicy,
  type MemberReader,
  readMembers,
  readSettings,
  type Settings,
} from "../options.ts"
import { printText } from "../messages/print.ts"
import type { ModuleCacheService } from "./cache/module_cache.ts"
import { type Integrity, parseIntegrity } from "./integrity.ts"
import type { LoadError } from "./load_error.ts"

/** Retries as plain data. */
export interface RetryOptions {
  /** How many retries in a row without progress. Defaults to 5. */
  readonly times?: number | undefined
  /** The delay before the first retry; it doubles each time, with jitter. Defaults to 200 milliseconds. */
  readonly delay?: Duration.Input | undefined
  /** The longest delay. Defaults to 10 seconds. */
  readonly maxDelay?: Duration.Input | undefined
}

/** The options of `loadModule`. An unknown option is an error. */
export interface LoadModuleOptions extends CompileStreamingOptions {
  /**
   * How often to retry: a number of times, or times and delays. Counting starts over after an attempt that made progress, at
   * most 50 times. A longer wait that the server asks for (`Retry-After`) is honored, up to one minute. Defaults to 5 times.
   */
  readonly retries?: number | RetryOptions | undefined
  /** When to retry, as a `Schedule` in place of `retries`; its input is the error of the failed attempt. */
  readonly schedule?: Schedule.Schedule<unknown, LoadError> | undefined
  /** The longest wait for the response to start, and between two chunks. Defaults to 30 seconds. */
  readonly idleTimeout?: Duration.Input | undefined
  /** How long the whole load may take, all attempts and the compilation included. Defaults to 10 minutes. */
  readonly timeout?: Duration.Input | undefined
  /** The largest size of the module, decoded, in bytes. Defaults to 1 GiB, the limit of the JavaScript API. */
  readonly maxBytes?: number | undefined
  /**
   * Digests of the module in the notation of Subresource Integrity, such as `sha256-… sha384-…`. The load fails unless the
   * module has one of the digests of the strongest algorithm.
   */
  readonly integrity?: string | undefined
  /**
   * Whether to ask for the missing range after a body ended early, which requires asking for uncompressed content. Otherwise
   * the whole is fetched again, and the part already received is compared and skipped. Defaults to `true`.
   */
  readonly resume?: boolean | undefined
  /**
   * The allowed schemes, redirects included. `"file:"` allows paths and `file:` URLs, on Bun, Deno and Node: leave it out if
   * URLs are not trusted. Defaults to `["https:", "http:", "data:", "blob:"]`.
   */
  readonly protocols?: ReadonlyArray<Protocol> | undefined
  /** The cache to use, or whether to use the service `ModuleCache` if it is provided. Defaults to `true`. */
  readonly cache?:
    | ModuleCacheService
    | { readonly service: ModuleCacheService }
    | boolean
    | undefined
}

/** A scheme that can be loaded from. */
export type Protocol = "https:" | "http:" | "data:" | "blob:" | "file:"

/** The options that a download needs. */
export interface DownloadSettings {
  readonly contentType: ContentTypePolicy
  readonly idleTimeout: Duration.Duration
  readonly maxBytes: number
  readonly integrity: Integrity | undefined
  readonly resume: boolean
}

/** All options, read and validated. */
export interface LoadSettings extends DownloadSettings {
  readonly compile: Settings
  readonly schedule: Schedule.Schedule<unknown, LoadError>
  readonly timeout: Duration.Duration
  readonly protocols: ReadonlySet<string>
  readonly cache: ModuleCacheService | boolean
}

const exponential = (
  times: number,
  delay: Duration.Input,
  maxDelay: Duration.Input,
): Schedule.Schedule<unknown, LoadError> =>
  Schedule.min([Schedule.exponential(delay), Schedule.spaced(maxDelay)]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times }),
  )

/** Up to five retries, after about 0.2, 0.4, 0.8, 1.6 and 3.2 seconds: exponential backoff with jitter. */
export const defaultSchedule: Schedule.Schedule<unknown, LoadError> = exponential(
  5,
  "200 millis",
  "10 seconds",
)

/** The schemes that are allowed by default. */
const defaultProtocols: ReadonlyArray<Protocol> = ["https:", "http:", "data:", "blob:"]

/** The JavaScript API's limit on the size of a module, in bytes. */
const largestModule = 1_073_741_824

/** Whether a value has a type that `Duration.fromInput` takes. */
const isDurationInput = (value: unknown): value is Duration.Input =>
  typeof value === "object" ? value !== null : /^(?:number|bigint|string)$/.test(typeof value)

/** Reads a duration. */
export const readDuration = (
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

const isMember = (value: unknown): value is object => typeof value === "object" && value !== null

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0

/** Reads `retries`, a number or an object. */
const readRetries = (reader: MemberReader): Schedule.Schedule<unknown, LoadError> | undefined => {
  const value = reader.member("retries")
  if (value === undefined) return undefined
  if (isCount(value)) return exponential(value, "200 millis", "10 seconds")
  if (!isMember(value)) throw reader.malformed("retries", "a number of times, or an object", value)
  const inner: MemberReader = {
    member: (name) => reader.read(value, name),
    malformed: (name, wanted, found) => reader.malformed(`retries.${name}`, wanted, found),
    read: reader.read,
  }
  const unknown = Object.keys(value).find((name) => !/^(?:times|delay|maxDelay)$/.test(name))
  if (unknown !== undefined) {
    throw reader.malformed("retries", "an object of times, delay and maxDelay", `${unknown}`)
  }
  const times = inner.member("times")
  if (times !== undefined && !isCount(times)) {
    throw inner.malformed("times", "a non-negative integer", times)
  }
  return exponential(
    times ?? 5,
    readDuration(inner, "delay", "200 millis"),
    readDuration(inner, "maxDelay", "10 seconds"),
  )
}

/** Reads a boolean that defaults to `true`. */
export const readBoolean = ({ malformed, member }: MemberReader, name: string): boolean => {
  const value = member(name)
  if (value === undefined || typeof value === "boolean") return value ?? true
  throw malformed(name, "true or false", value)
}

const isCache = (value: unknown): value is ModuleCacheService =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "load") === "function"

const readCache = (reader: MemberReader): ModuleCacheService | boolean => {
  const value = reader.member("cache")
  if (value === undefined) return true
  if (typeof value === "boolean" || isCache(value)) return value
  const service = isMember(value) ? reader.read(value, "service") : undefined
  if (isCache(service)) return service
  throw reader.malformed("cache", "made by ModuleCache.make, or true or false", value)
}

const isSchedule = (value: unknown): value is Schedule.Schedule<unknown, LoadError> =>
  Schedule.isSchedule(value)

const readSchedule = (reader: MemberReader): Schedule.Schedule<unknown, LoadError> => {
  const value = reader.member("schedule")
  const retries = readRetries(reader)
  if (value === undefined) return retries ?? defaultSchedule
  if (!isSchedule(value)) throw reader.malformed("schedule", "an Effect Schedule", value)
  if (retries === undefined) return value
  throw reader.malformed("retries", "absent where there is a schedule", "both")
}

const isProtocol = (value: unknown): value is Protocol =>
  typeof value === "string" && /^(?:https|http|data|blob|file):$/.test(value)

const readProtocols = ({ malformed, member }: MemberReader): ReadonlySet<string> => {
  const value = member("protocols")
  if (value === undefined) return new Set(defaultProtocols)
  if (Array.isArray(value) && value.every(isProtocol)) return new Set(value)
  throw malformed("protocols", 'an array of "https:", "http:", "data:", "blob:" and "file:"', value)
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
  throw malformed(
    "integrity",
    "one or more digests, such as sha256-…, sha384-… or sha512-… in base64",
    value,
  )
}

/** The name of every option. */
export const optionNames: ReadonlyArray<string> = [
  ...["builtins", "importedStringConstants", "contentType", "signal", "onProgress"],
  ...["expectedSize", "validation", "retries", "schedule", "idleTimeout", "timeout", "maxBytes"],
  ...["integrity", "resume", "protocols", "cache", "policy"],
]

/**
 * Fails for an unknown option: a misspelled one would otherwise go unnoticed.
 *
 * @param options what the caller gave, of any type
 * @param known the names of the options
 */
export const checkNames = (
  options: unknown,
  known: ReadonlyArray<string>,
): Effect.Effect<void, TypeError> =>
  Effect.suspend(() => {
    const unknown = isMember(options)
      ? Object.keys(options).find((name) => !known.includes(name))
      : undefined
    if (unknown === undefined) return Effect.void
    const message = `Unknown option "${printText(unknown.slice(0, 60))}"; known: ${
      known.join(", ")
    }`
    return Effect.fail(new TypeError({ reason: "options", message }))
  })

/**
 * Reads and validates all options.
 *
 * @param options what the caller gave, of any type
 */
export const readLoadSettings = (options: unknown): Effect.Effect<LoadSettings, TypeError> =>
  Effect.andThen(
    checkNames(options, optionNames),
    Effect.zipWith(
      readSettings(options),
      readMembers(options, (reader) => ({
        schedule: readSchedule(reader),
        idleTimeout: readDuration(reader, "idleTimeout", "30 seconds"),
        timeout: readDuration(reader, "timeout", "10 minutes"),
        maxBytes: readMaxBytes(reader),
        integrity: readIntegrity(reader),
        resume: readBoolean(reader, "resume"),
        protocols: readProtocols(reader),
        cache: readCache(reader),
      })),
      (compile, rest) => ({ compile, contentType: compile.contentType, ...rest }),
    ),
  )
