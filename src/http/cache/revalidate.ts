/**
 * One load through a cache:
 *
 * ```text
 * in memory, stale? ──► revalidate: 304 ──► the module         200 ──► keep, store
 * in the store, fresh? ──► compile its bytes
 *               stale? ──► revalidate: 304 ──► compile its bytes
 * nowhere? ──► fetch ──► keep, store
 * ```
 *
 * Only complete modules are kept. A stored entry that does not compile is removed and fetched again; one that merely fails
 * the options of one caller stays for the others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html#section-4.3
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { OnProgress } from "../../options.ts"
import type { LoadFailure } from "../load_error.ts"
import * as metrics from "../metrics.ts"
import type { CacheableLoad, Fetched } from "./cacheable.ts"
import type { CacheKey } from "./key.ts"
import type { KeptModule, MemoryCache } from "./memory.ts"
import {
  conditionsOf,
  confirms,
  type Freshness,
  freshnessOf,
  isForEverybody,
  renewed,
} from "./policy.ts"
import type { ModuleStore } from "./store.ts"

/** A module, and the size of its bytes. */
export type SizedModule = Pick<KeptModule, "module" | "size">

/** A load, its keys, and its listener. */
export interface KeyedLoad {
  readonly key: CacheKey
  readonly load: Omit<CacheableLoad, "joined" | "state" | "onProgress">
  readonly onProgress: OnProgress
}

/** Content that is known already. */
interface Known {
  readonly freshness: Freshness
  /** Whether this client received it; otherwise it is shared between clients. */
  readonly isOwn: boolean
  /** Its module; `undefined` if the stored bytes are of no use. */
  readonly module: Effect.Effect<SizedModule | undefined, LoadFailure>
}

/**
 * The module in memory for a client: its own, or a shared one.
 *
 * @param memory modules in memory
 * @param key the keys of the load
 */
export const keptIn = (memory: MemoryCache, key: CacheKey): KeptModule | undefined => {
  const own = memory.get(key.module)
  if (own !== undefined || key.isPlain) return own
  const common = memory.get(key.common)
  return common !== undefined && isForEverybody(common.freshness.fields) ? common : undefined
}

/** Loads modules through memory and store. */
export class CachedLoads {
  readonly #memory: MemoryCache
  readonly #store: ModuleStore | undefined

  /**
   * @param memory modules in memory
   * @param store their bytes beyond the process
   */
  constructor(memory: MemoryCache, store: ModuleStore | undefined) {
    this.#memory = memory
    this.#store = store
  }

  /** Loads a module that is not fresh in memory. */
  load(keyed: KeyedLoad): Effect.Effect<SizedModule, LoadFailure> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const known = yield* this.#known(keyed)
      if (known === undefined) return yield* this.#fetch(keyed)
      if (known.freshness.until <= now) return yield* this.#revalidate(keyed, known)
      const module = yield* known.module
      return module === undefined
        ? yield* this.#fetch(keyed)
        : yield* this.#hit(keyed, module, known.freshness)
    })
  }

  /** Finds content in memory or in the store. */
  #known(keyed: KeyedLoad): Effect.Effect<Known | undefined> {
    return Effect.gen({ self: this }, function* () {
      const { key, load } = keyed
      const kept = keptIn(this.#memory, key)
      if (kept !== undefined) {
        const isOwn = this.#memory.get(key.module) === kept
        return { freshness: kept.freshness, isOwn, module: Effect.succeed(kept) }
      }
      const entry = yield* this.#store?.read(key.response) ?? Effect.succeed(undefined)
      if (entry === undefined) return undefined
      if (!key.isPlain && !isForEverybody(entry.freshness.fields)) return undefined
      const { bytes, contentType } = entry
      const freshness = { ...entry.freshness, url: load.request.url }
      const size = bytes.length
      const module = load.compile({ bytes, contentType }).pipe(
        Effect.map((module): SizedModule | undefined => ({ module, size })),
        Effect.catch((error) =>
          // A digest, a size or a policy that this caller does not accept says nothing about the entry.
          error._tag === "PolicyError"
            ? Effect.fail(error)
            : error._tag === "LoadError"
            ? Effect.succeed(undefined)
            : Effect.as(this.#store?.remove(key.response) ?? Effect.void, undefined)
        ),
      )
      return { freshness, isOwn: key.isPlain, module }
    })
  }

  #fetch(keyed: KeyedLoad): Effect.Effect<SizedModule, LoadFailure> {
    return Effect.flatMap(
      this.#request(keyed, {}),
      (fetched) =>
        fetched.kind === "module"
          ? this.#remember(keyed, fetched)
          : Effect.die(new Error("A 304 to an unconditional request")),
    )
  }

  #request(
    { load, onProgress }: KeyedLoad,
    conditions: Readonly<Record<string, string>>,
  ): Effect.Effect<Fetched, LoadFailure> {
    return load.fetch({ conditions, keep: this.#store !== undefined, onProgress })
  }

  /** Revalidates known content with a conditional request. */
  #revalidate(
    keyed: KeyedLoad,
    { freshness, isOwn, module }: Known,
  ): Effect.Effect<SizedModule, LoadFailure> {
    return Effect.gen({ self: this }, function* () {
      const conditions = conditionsOf(freshness)
      if (conditions === undefined) return yield* this.#fetch(keyed)
      const fetched = yield* this.#request(keyed, conditions)
      if (fetched.kind === "module") return yield* this.#remember(keyed, fetched)
      const isConfirmed = (isOwn || fetched.response.isUrlStated) &&
        confirms(fetched.response, freshness)
      const same = isConfirmed ? yield* module : undefined
      if (same === undefined) return yield* this.#fetch(keyed)
      const now = yield* Clock.currentTimeMillis
      const { request } = keyed.load
      const fresh = renewed(freshness, fetched.response.field, request.url, now)
      return yield* this.#hit(keyed, same, fresh)
    })
  }

  #hit(
    { key }: KeyedLoad,
    { module, size }: SizedModule,
    freshness: Freshness | undefined,
  ): Effect.Effect<SizedModule> {
    return Effect.suspend(() => {
      if (freshness !== undefined) this.#keep(key, { module, size, freshness })
      return this.#forgetUnless(freshness, key).pipe(
        Effect.andThen(Metric.update(metrics.cacheHits, 1)),
        Effect.as({ module, size }),
      )
    })
  }

  #keep(key: CacheKey, kept: KeptModule, isCommon = false): void {
    this.#memory.set(isCommon ? key.common : key.module, kept)
  }

  #forgetUnless(freshness: Freshness | undefined, key: CacheKey): Effect.Effect<void> {
    if (freshness !== undefined) return Effect.void
    this.#memory.delete(key.module)
    return this.#forget(key)
  }

  /** Removes a stored entry; only for a plain client, as another's response says nothing about a shared entry. */
  #forget(key: CacheKey): Effect.Effect<void> {
    return key.isPlain && this.#store !== undefined ? this.#store.remove(key.response) : Effect.void
  }

  #remember(
    { key, load: { request } }: KeyedLoad,
    { bytes, module, response, size }: Extract<Fetched, { kind: "module" }>,
  ): Effect.Effect<SizedModule> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const freshness = freshnessOf(response, request.url, now)
      const isSame = freshness?.url === request.url
      const isCommon = isSame && response.isUrlStated && isForEverybody(freshness.fields)
      if (freshness !== undefined) this.#keep(key, { module, size, freshness }, isCommon)
      // A redirected response is not stored: its URL would have to be stored too, and may hold a token.
      const write = isSame && (key.isPlain || isCommon) && bytes !== undefined
        ? this.#store?.write(
          key.response,
          {
            freshness: { until: freshness.until, fields: freshness.fields },
            contentType: response.contentType,
          },
          bytes,
        )
        : this.#forget(key)
      return this.#forgetUnless(freshness, key).pipe(
        Effect.andThen(write ?? Effect.void),
        Effect.as({ module, size }),
      )
    })
  }
}
