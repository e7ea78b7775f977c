/**
 * The service `ModuleCache`: reuses loaded modules, and shares loads in progress.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import type { OnProgress, ProgressEvent } from "../../options.ts"
import type { LoadFailure } from "../load_error.ts"
import type { LoadState } from "../load_state.ts"
import * as metrics from "../metrics.ts"
import type { CacheableLoad } from "./cacheable.ts"
import { directory } from "./directory.ts"
import { keyOf } from "./key.ts"
import { MemoryCache } from "./memory.ts"
import {
  type DirectoryOptions,
  type ModuleCacheOptions,
  readCacheOptions,
} from "./cache_options.ts"
import { CachedLoads, keptIn, type SizedModule } from "./revalidate.ts"
import { SharedLoads } from "./shared_loads.ts"
import { type ByteStore, ModuleStore } from "./store.ts"

export type { ModuleCacheOptions } from "./cache_options.ts"

/** A cache of modules. */
export interface ModuleCacheService {
  /** Takes a module from the cache, or loads it: called by `loadModule`. */
  readonly load: (load: CacheableLoad) => Effect.Effect<WebAssembly.Module, LoadFailure>
  /** Removes the modules from memory; the store keeps its entries. */
  readonly clear: Effect.Effect<void>
  /** Waits until all pending writes to the store are done. */
  readonly flush: Effect.Effect<void>
}

/** The state that callers of a shared load have in common. */
interface Together {
  readonly listeners: Set<OnProgress>
  readonly state: LoadState
}

/** Calls a listener, and ignores what it throws. */
const tellSafely = (listener: OnProgress, event: ProgressEvent): void => {
  try {
    listener(event)
  } catch {
    // One caller's listener must not affect the others.
  }
}

/** Forwards events to a listener, and adds a final one if there was none, as for a module from the cache. */
const follow = (onProgress: OnProgress) => {
  let ended = false
  return {
    listener: (event: ProgressEvent) => {
      ended ||= event.fraction === 1
      onProgress(event)
    },
    end: (received: number) => {
      if (ended) return
      const counts = { section: undefined, functions: 0, declaredFunctions: 0 }
      tellSafely(onProgress, { received, total: received, fraction: 1, ...counts })
    },
  }
}

const make = (options?: ModuleCacheOptions): ModuleCacheService => {
  const { maxBytes, secret, singleClient, store, storeTimeout } = readCacheOptions(options)
  const memory = new MemoryCache(maxBytes)
  const moduleStore = store && new ModuleStore(store, secret, storeTimeout)
  const cached = new CachedLoads(memory, moduleStore)
  const shared = new SharedLoads<SizedModule, LoadFailure, Together>()

  const load: ModuleCacheService["load"] = (load) => {
    const request = singleClient ? { ...load.request, client: "" } : load.request
    const key = keyOf({ request, variant: load.variant })
    const follower = load.onProgress && follow(load.onProgress)
    const onProgress: OnProgress = (event) => follower?.listener(event)
    if (key === undefined) {
      load.joined(load.state)
      return Effect.flatMap(
        load.fetch({ conditions: {}, keep: false, onProgress }),
        (fetched) =>
          fetched.kind === "module"
            ? Effect.succeed(fetched.module)
            : Effect.die(new Error("A 304 to an unconditional request")),
      )
    }
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const kept = keptIn(memory, key)
      if (kept !== undefined && kept.freshness.until > now) {
        const error = load.tooLarge(kept.size)
        if (error !== undefined) return Effect.fail(error)
        follower?.end(kept.size)
        return Effect.as(Metric.update(metrics.cacheHits, 1), kept.module)
      }
      const begin = () => {
        const listeners = new Set<OnProgress>()
        const together: Together = { listeners, state: load.state }
        const tell: OnProgress = (event) => {
          for (const listener of listeners) tellSafely(listener, event)
        }
        return { load: cached.load({ key, load, onProgress: tell }), state: together }
      }
      return shared.join(`${load.limits} ${key.module}`, begin, (done, { listeners, state }) => {
        if (follower !== undefined) listeners.add(follower.listener)
        load.joined(state)
        return done.pipe(
          Effect.flatMap((loaded) => {
            const error = load.tooLarge(loaded.size)
            if (error !== undefined) return Effect.fail(error)
            follower?.end(loaded.size)
            return Effect.succeed(loaded.module)
          }),
          Effect.ensuring(Effect.sync(() => {
            if (follower !== undefined) listeners.delete(follower.listener)
          })),
        )
      })
    })
  }

  return {
    load,
    clear: Effect.sync(() => memory.clear()),
    flush: moduleStore?.flush ?? Effect.void,
  }
}
/** A cache in a scope, which waits for pending writes to the store before it closes. */
const scoped = (
  options?: ModuleCacheOptions,
): Effect.Effect<ModuleCacheService, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.sync(() => make(options)), ({ flush }) => flush)

const ModuleCacheBase: Context.ServiceClass<
  ModuleCache,
  "@effect-wasm/compile-streaming/ModuleCache",
  ModuleCacheService
> = Context.Service<ModuleCache, ModuleCacheService>()("@effect-wasm/compile-streaming/ModuleCache")

/**
 * The service `ModuleCache`, and its layers. `Http.loadModule` uses it if it is provided.
 *
 * Each client has modules of its own, except for those that the server marks as `public`, unless `singleClient` asserts that
 * one client sends all loads. Build the client's layer only once: each build is a client of its own.
 *
 * Concurrent loads of one module share one download and one compilation, which continues as long as any caller waits. The
 * first caller's `schedule` and `idleTimeout` apply; `timeout`, `signal` and `onProgress` are per caller. A module is
 * reused for as long as `Cache-Control` allows, and then revalidated. Failures are not cached.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import { loadModule, ModuleCache } from "@effect-wasm/compile-streaming/http/effect"
 *
 * const url = "data:application/wasm;base64,AGFzbQEAAAA="
 * const program = Effect.all([loadModule(url), loadModule(url)], { concurrency: "unbounded" })
 * const modules = await Effect.runPromise(program.pipe(
 *   Effect.provide(ModuleCache.layerMemory({ maxBytes: 100_000_000 })),
 *   Effect.provide(FetchHttpClient.layer),
 * ))
 * console.assert(modules.length === 2)
 * ```
 */
export class ModuleCache extends ModuleCacheBase {
  /**
   * Makes a cache, for the option `cache` of `loadModule`.
   *
   * @param options its limit, and its store
   *
   * @example
   * ```ts
   * import * as Effect from "effect/Effect"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import { loadModule, ModuleCache } from "@effect-wasm/compile-streaming/http/effect"
   *
   * const cache = ModuleCache.make({ maxBytes: 100_000_000 })
   * const program = loadModule("data:application/wasm;base64,AGFzbQEAAAA=", { cache })
   * await Effect.runPromise(Effect.provide(program, FetchHttpClient.layer))
   * ```
   */
  static make(options?: ModuleCacheOptions): ModuleCacheService {
    return make(options)
  }

  /**
   * A cache in memory, and in a store if one is given.
   *
   * @param options its limit, and its store
   */
  static layer(options?: ModuleCacheOptions): Layer.Layer<ModuleCache> {
    return Layer.effect(ModuleCache, scoped(options))
  }

  /**
   * A cache in memory.
   *
   * @param options its limit
   */
  static layerMemory(options?: Omit<ModuleCacheOptions, "store">): Layer.Layer<ModuleCache> {
    return Layer.effect(ModuleCache, scoped(options))
  }

  /**
   * A cache in memory and in the provided `KeyValueStore`.
   *
   * @param options its limit
   */
  static layerKeyValueStore(
    options?: Omit<ModuleCacheOptions, "store">,
  ): Layer.Layer<ModuleCache, never, KeyValueStore.KeyValueStore> {
    return Layer.effect(
      ModuleCache,
      Effect.flatMap(KeyValueStore.KeyValueStore, (store) => scoped({ ...options, store })),
    )
  }

  /**
   * A folder as a store, on Bun, Deno and Node. Only its owner can read the files.
   *
   * @param path the folder; created when needed
   * @param options how many bytes it may hold
   */
  static directory(path: string, options?: DirectoryOptions): ByteStore {
    return directory(path, options)
  }
}
