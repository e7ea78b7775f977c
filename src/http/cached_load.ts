/**
 * One load through a cache:
 *
 * ```text
 * in memory, stale? ──► ask: 304 ──► the module         200 ──► keep, store
 * in the store, fresh? ──► compile its bytes
 *               stale? ──► ask: 304 ──► compile its bytes
 * nowhere? ──► load ──► keep, store
 * ```
 *
 * Only what was loaded to its end is kept. What the store has and does not compile is dropped, and loaded again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html
 * @module
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { bytesTransport } from "./bytes_transport.ts"
import type { CacheKey } from "./cache_key.ts"
import { conditionsOf, type Freshness, freshnessOf, renewed } from "./cache_policy.ts"
import type { Download } from "./download.ts"
import type { KeptModule, KeptModules } from "./kept_modules.ts"
import { type Loaded, loadFrom, type LoadModuleError } from "./load.ts"
import type { LoadSettings } from "./load_options.ts"
import * as metrics from "./metrics.ts"
import type { Shelf } from "./shelf.ts"
import type { StoredEntry } from "./stored_entry.ts"
import type { Transport } from "./transport.ts"

/** A load that goes through a cache. */
export interface CacheableLoad {
  readonly key: CacheKey
  readonly transport: Transport
  readonly settings: LoadSettings
}

/** A module, and the size of its bytes. */
export type SizedModule = Pick<KeptModule, "module" | "size">

/** Loads modules, and remembers them. */
export class CachedLoads {
  readonly #kept: KeptModules
  readonly #shelf: Shelf | undefined

  /**
   * @param kept modules in memory
   * @param shelf their bytes beyond the process
   */
  constructor(kept: KeptModules, shelf: Shelf | undefined) {
    this.#kept = kept
    this.#shelf = shelf
  }

  /**
   * Loads a module that is not fresh in memory.
   *
   * @param load what to load
   * @param begun is given the download, to tell how far it has come
   */
  load(
    load: CacheableLoad,
    begun: (download: Download) => void,
  ): Effect.Effect<SizedModule, LoadModuleError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const kept = this.#kept.get(load.key.module)
      if (kept !== undefined) {
        return yield* this.#ask(load, begun, kept.freshness, Effect.succeedSome(kept))
      }
      const entry = yield* this.#shelf?.read(load.key.content) ?? Effect.succeed(undefined)
      if (entry === undefined) return yield* this.#fetch(load, begun)
      const stored = this.#compileStored(load, entry)
      if (entry.freshness.until <= now) {
        return yield* this.#ask(load, begun, entry.freshness, stored)
      }
      const compiled = Option.getOrUndefined(yield* stored)
      if (compiled === undefined) return yield* this.#fetch(load, begun)
      return yield* this.#hit(load, compiled, entry.freshness)
    })
  }

  #fetch(
    load: CacheableLoad,
    begun: (download: Download) => void,
    conditions: Readonly<Record<string, string>> = {},
  ): Effect.Effect<SizedModule, LoadModuleError> {
    return Effect.flatMap(
      this.#request(load, begun, conditions),
      (loaded) =>
        loaded.kind === "module"
          ? this.#remember(load, loaded)
          : Effect.die(new Error("Nobody asked for a 304")),
    )
  }

  #request(
    { settings, transport }: CacheableLoad,
    begun: (download: Download) => void,
    conditions: Readonly<Record<string, string>>,
  ): Effect.Effect<Loaded, LoadModuleError> {
    return loadFrom(transport, settings, { conditions, keep: this.#shelf !== undefined, begun })
  }

  /** Asks whether what is known still holds. */
  #ask(
    load: CacheableLoad,
    begun: (download: Download) => void,
    freshness: Freshness,
    known: Effect.Effect<Option.Option<SizedModule>>,
  ): Effect.Effect<SizedModule, LoadModuleError> {
    const conditions = conditionsOf(freshness)
    if (conditions === undefined) return this.#fetch(load, begun)
    return Effect.flatMap(this.#request(load, begun, conditions), (loaded) => {
      if (loaded.kind === "module") return this.#remember(load, loaded)
      return Effect.flatMap(
        Effect.zip(known, Clock.currentTimeMillis),
        ([same, now]) =>
          Option.isNone(same)
            ? this.#fetch(load, begun)
            : this.#hit(load, same.value, renewed(freshness, loaded.answer.field, now)),
      )
    })
  }

  #hit(
    { key }: CacheableLoad,
    { module, size }: SizedModule,
    freshness: Freshness | undefined,
  ): Effect.Effect<SizedModule> {
    return Effect.suspend(() => {
      let forget: Effect.Effect<void> = Effect.void
      if (freshness === undefined) {
        this.#kept.delete(key.module)
        forget = this.#shelf?.remove(key.content) ?? Effect.void
      } else this.#kept.set(key.module, { module, size, freshness })
      return Effect.as(Effect.andThen(forget, Metric.update(metrics.cacheHits, 1)), {
        module,
        size,
      })
    })
  }

  #remember(
    { key }: CacheableLoad,
    { answer, bytes, module, size }: Extract<Loaded, { kind: "module" }>,
  ): Effect.Effect<SizedModule> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const freshness = freshnessOf(answer.field, now)
      const { content } = key
      if (freshness === undefined) {
        this.#kept.delete(key.module)
        return Effect.as(this.#shelf?.remove(content) ?? Effect.void, { module, size })
      }
      this.#kept.set(key.module, { module, size, freshness })
      const { contentType } = answer.head
      const write = bytes && this.#shelf?.write({ content, freshness, contentType }, bytes)
      return Effect.as(write ?? Effect.void, { module, size })
    })
  }

  /** The module of stored bytes; none where they are not those that are asked for, or do not compile here. */
  #compileStored(
    { key, settings, transport }: CacheableLoad,
    { bytes, contentType }: StoredEntry,
  ): Effect.Effect<Option.Option<SizedModule>> {
    const stored = bytesTransport(transport.url, contentType, bytes)
    const once = { ...settings, schedule: Schedule.recurs(0), resume: false }
    return loadFrom(stored, once).pipe(
      Effect.map((loaded) =>
        loaded.kind === "module" ? Option.some(loaded) : Option.none<SizedModule>()
      ),
      Effect.catch(() =>
        Effect.as(this.#shelf?.remove(key.content) ?? Effect.void, Option.none<SizedModule>())
      ),
    )
  }
}
