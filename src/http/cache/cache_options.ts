/**
 * The options of a cache, read and validated.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { TypeError } from "../../errors.ts"
import { toNative } from "../../native_errors.ts"
import { printText } from "../../messages/print.ts"
import type { ByteStore } from "./store.ts"

/** The options of a cache. */
export interface ModuleCacheOptions {
  /** How many bytes the modules in memory may take, by the bytes that they were compiled from. Defaults to 256 MiB. */
  readonly maxBytes?: number | undefined
  /**
   * Where bytes are kept beyond the process: a `KeyValueStore`, or `ModuleCache.directory(path)`. Whoever can write to it
   * decides what is compiled, unless there is a `secret`.
   */
  readonly store?: ByteStore | undefined
  /** With it, entries of the store carry a keyed digest (HMAC-SHA-256), and others are dropped. */
  readonly secret?: Redacted.Redacted<string> | string | undefined
  /** How long the store may take to give or keep an entry; afterwards loads go on without it. Defaults to 10 seconds. */
  readonly storeTimeout?: Duration.Input | undefined
  /**
   * Whether all loads are sent by one client, or by clients that add the same to each request. Without it, clients of
   * effect have their modules apart, and share with others, and through the store, only what the server marks as `public`
   * (or `s-maxage`): what a client adds while it sends, such as a token, is not seen here. The Promise form over the
   * platform's fetch adds nothing, and needs no such promise. Defaults to `false`.
   */
  readonly singleClient?: boolean | undefined
}

/** The options of a folder. */
export interface DirectoryOptions {
  /** How many bytes all files may have. Defaults to 1 GiB. */
  readonly maxBytes?: number | undefined
}

/** All options of a cache. */
export interface CacheSettings {
  readonly maxBytes: number
  readonly store: ByteStore | undefined
  readonly secret: Redacted.Redacted<string> | undefined
  readonly storeTimeout: Duration.Duration
  readonly singleClient: boolean
}

/** Thrown, as the platform's constructors do: there is no pipeline yet. */
const wrong = (message: string): unknown => toNative(new TypeError({ reason: "options", message }))

const malformed = (name: string, wanted: string): unknown =>
  wrong(`The option ${name} of a ModuleCache must be ${wanted}`)

const names: ReadonlyArray<string> = ["maxBytes", "store", "secret", "storeTimeout", "singleClient"]

/** An option that there is not is a mistake that would go unnoticed. */
const checkNames = (options: object, what: string, known: ReadonlyArray<string>): void => {
  if (typeof options !== "object" || options === null) {
    throw wrong(`The options of ${what} must be an object`)
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw wrong(
    `Unknown option "${printText(unknown)}" of ${what}; known: ${known.join(", ")}`,
  )
}

const isSize = (value: unknown): value is number => typeof value === "number" && value >= 0

/**
 * Reads and validates the options of a folder; throws a `TypeError` where one is malformed.
 *
 * @param path the folder
 * @param options what the caller gave
 * @returns how many bytes it may hold
 */
export const readDirectoryOptions = (path: unknown, options: DirectoryOptions = {}): number => {
  if (typeof path !== "string" || path === "") {
    throw wrong("The folder of ModuleCache.directory() must be a path")
  }
  checkNames(options, "ModuleCache.directory()", ["maxBytes"])
  const { maxBytes = 1_073_741_824 } = options
  if (isSize(maxBytes)) return maxBytes
  throw wrong("The option maxBytes of ModuleCache.directory() must be a number of bytes")
}

const isStore = (value: object): value is ByteStore =>
  ["getUint8Array", "set", "remove"].every((name) => typeof Reflect.get(value, name) === "function")

const readSecret = (value: ModuleCacheOptions["secret"]): CacheSettings["secret"] => {
  if (value === undefined) return undefined
  const secret = typeof value === "string" ? Redacted.make(value) : value
  if (!Redacted.isRedacted(secret) || typeof Redacted.value(secret) !== "string") {
    throw malformed("secret", "a string, or a Redacted of one")
  }
  if (Redacted.value(secret) === "") throw malformed("secret", "a string that is not empty")
  return secret
}

const readTimeout = (value: Duration.Input): Duration.Duration => {
  const duration = Option.getOrUndefined(Duration.fromInput(value))
  if (duration !== undefined && Duration.isPositive(duration)) return duration
  throw malformed("storeTimeout", 'a positive duration, such as "10 seconds"')
}

/**
 * Reads and validates the options of a cache; throws a `TypeError` where one is malformed.
 *
 * @param options what the caller gave
 */
export const readCacheOptions = (options: ModuleCacheOptions = {}): CacheSettings => {
  checkNames(options, "a ModuleCache", names)
  const { maxBytes = 268_435_456, secret, singleClient = false, store } = options
  if (!isSize(maxBytes)) throw malformed("maxBytes", "a number of bytes")
  if (store !== undefined && (typeof store !== "object" || store === null || !isStore(store))) {
    throw malformed("store", "a KeyValueStore, or made by ModuleCache.directory()")
  }
  if (typeof singleClient !== "boolean") throw malformed("singleClient", "true or false")
  return {
    maxBytes,
    store,
    secret: readSecret(secret),
    storeTimeout: readTimeout(options.storeTimeout ?? "10 seconds"),
    singleClient,
  }
}
