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
  /** The limit on the modules in memory, in bytes of the binaries they were compiled from. Defaults to 256 MiB. */
  readonly maxBytes?: number | undefined
  /**
   * Keeps bytes beyond the process: a `KeyValueStore`, or `ModuleCache.directory(path)`. Without a `secret`, whoever can
   * write to the store decides what is compiled.
   */
  readonly store?: ByteStore | undefined
  /** Authenticates the store's entries with HMAC-SHA-256; entries that do not match are dropped. */
  readonly secret?: Redacted.Redacted<string> | string | undefined
  /** How long one operation of the store may take before loads continue without it. Defaults to 10 seconds. */
  readonly storeTimeout?: Duration.Input | undefined
  /**
   * Asserts that all loads are sent by one client, or by clients that add the same to each request. The cache cannot see
   * what a client adds while it sends, such as a token; so by default each Effect client has its own modules, and shares,
   * with others and through the store, only responses marked as `public` or `s-maxage`. The Promise API adds nothing, and
   * does not need this. Defaults to `false`.
   */
  readonly singleClient?: boolean | undefined
}

/** The options of `ModuleCache.directory`. */
export interface DirectoryOptions {
  /** The limit on all files together, in bytes. Defaults to 1 GiB. */
  readonly maxBytes?: number | undefined
}

/** All options of a cache, read and validated. */
export interface CacheSettings {
  readonly maxBytes: number
  readonly store: ByteStore | undefined
  readonly secret: Redacted.Redacted<string> | undefined
  readonly storeTimeout: Duration.Duration
  readonly singleClient: boolean
}

/** A native error, to be thrown as the platform's constructors do: no Effect runs here. */
const wrong = (message: string): unknown => toNative(new TypeError({ reason: "options", message }))

const malformed = (name: string, wanted: string): unknown =>
  wrong(`The option ${name} of a ModuleCache must be ${wanted}`)

const names: ReadonlyArray<string> = ["maxBytes", "store", "secret", "storeTimeout", "singleClient"]

/** Throws for an unknown option: a misspelled one would otherwise go unnoticed. */
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
 * Reads and validates the options of a folder; throws a `TypeError` if one is malformed.
 *
 * @param path the folder
 * @param options what the caller gave
 * @returns `maxBytes`
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
 * Reads and validates the options of a cache; throws a `TypeError` if one is malformed.
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
