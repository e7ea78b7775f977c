/**
 * The service `ModuleCache`: modules that were loaded before, and loads that are on their way.
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
import type { OnProgress } from "../options.ts"
import { type ByteStore, directory } from "./byte_store.ts"
import { type CacheableLoad, CachedLoads, type SizedModule } from "./cached_load.ts"
import type { Download } from "./download.ts"
import { KeptModules } from "./kept_modules.ts"
import { type LoadModuleError, withinLimits } from "./load.ts"
import { LoadError } from "./load_error.ts"
import * as metrics from "./metrics.ts"
import { SharedLoads } from "./shared_loads.ts"
import { Shelf } from "./shelf.ts"

/** A cache of modules. */
export interface ModuleCacheService {
  /** A module from the cache, or loaded: what `loadModule` calls. */
  readonly load: (load: CacheableLoad) => Effect.Effect<WebAssembly.Module, LoadModuleError>
  /** Forgets the modules in memory; the store keeps what it has. */
  readonly clear: Effect.Effect<void>
  /** Waits until what was loaded is in the store. */
  readonly flush: Effect.Effect<void>
}

/** The options of a cache. */
export interface ModuleCacheOptions {
  /** How many bytes the modules in memory may have been compiled from, all together. Defaults to 256 MiB. */
  readonly maxBytes?: number | undefined
  /** Where bytes are kept beyond the process: a `KeyValueStore`, or `ModuleCache.directory(path)`. */
  readonly store?: ByteStore | undefined
}

/** What those who wait for a load have in common. */
interface Together {
  readonly listeners: Set<OnProgress>
  download: Download | undefined
}

const tooLarge = (url: string, actual: number, expected: number): LoadError => {
  const message = `The module at ${url} has ${actual} bytes, and maxBytes allows ${expected}`
  const facts = { url, attempts: 0, received: actual, expected, actual }
  return new LoadError({ reason: "too-large", message, ...facts })
}

/** Tells a listener everything once, and the end in any case: there is nothing to tell of what was there already. */
const follow = (onProgress: OnProgress) => {
  let ended = false
  return {
    listener: (event: Parameters<OnProgress>[0]) => {
      ended ||= event.fraction === 1
      onProgress(event)
    },
    end: (received: number) => {
      if (ended) return
      const counts = { functions: 0, declaredFunctions: 0 }
      try {
        onProgress({ received, total: received, fraction: 1, section: undefined, ...counts })
      } catch {
        // What a listener throws is its own affair.
      }
    },
  }
}

/** A load for all who wait for it: their limits, signals and listeners are their own. */
const together = (load: CacheableLoad, state: Together): CacheableLoad => {
  const tell: OnProgress = (event) => {
    for (const listener of state.listeners) listener(event)
  }
  const compile = { ...load.settings.compile, signal: undefined, onProgress: tell }
  return { ...load, settings: { ...load.settings, compile } }
}

const make = ({ maxBytes = 268_435_456, store }: ModuleCacheOptions = {}): ModuleCacheService => {
  const kept = new KeptModules(maxBytes)
  const shelf = store === undefined ? undefined : new Shelf(store)
  const cached = new CachedLoads(kept, shelf)
  const shared = new SharedLoads<SizedModule, LoadModuleError, Together>()

  const begin = (load: CacheableLoad) => {
    const state: Together = { listeners: new Set(), download: undefined }
    const begun = (download: Download) => void (state.download = download)
    return { load: cached.load(together(load, state), begun), state }
  }

  const join = (load: CacheableLoad): Effect.Effect<SizedModule, LoadModuleError> => {
    const { key, settings, transport } = load
    const follower = settings.compile.onProgress && follow(settings.compile.onProgress)
    return shared.join(
      // The first one's limit on the size ends the load for all.
      `${settings.maxBytes} ${key.module}`,
      () => begin(load),
      (done, state) => {
        if (follower !== undefined) state.listeners.add(follower.listener)
        return done.pipe(
          withinLimits(transport.url, settings, () => state.download),
          Effect.tap(({ size }) => Effect.sync(() => follower?.end(size))),
          Effect.ensuring(Effect.sync(() => {
            if (follower !== undefined) state.listeners.delete(follower.listener)
          })),
        )
      },
    )
  }

  const load: ModuleCacheService["load"] = (load) => {
    const { key, settings: { compile, maxBytes }, transport } = load
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const known = kept.get(key.module)
      if (known === undefined || known.freshness.until <= now) {
        return Effect.map(join(load), ({ module }) => module)
      }
      const { module, size } = known
      if (size > maxBytes) return Effect.fail(tooLarge(transport.url, size, maxBytes))
      if (compile.onProgress !== undefined) follow(compile.onProgress).end(size)
      return Effect.as(Metric.update(metrics.cacheHits, 1), module)
    })
  }

  return { load, clear: Effect.sync(() => kept.clear()), flush: shelf?.flush ?? Effect.void }
}

/** A cache for as long as its scope: what was loaded is in the store before it ends. */
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
 * The service `ModuleCache`, and its layers. Where a program has it, `Http.loadModule` uses it.
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
   * import { loadModule, ModuleCache } from "@effect-wasm/compile-streaming/http"
   *
   * const cache = ModuleCache.make({ maxBytes: 100_000_000 })
   * const url = "data:application/wasm;base64,AGFzbQEAAAA="
   * await Promise.all([loadModule(url, { cache }), loadModule(url, { cache })])
   * ```
   */
  static make(options?: ModuleCacheOptions): ModuleCacheService {
    return make(options)
  }

  /**
   * A cache in memory, and in a store where one is given.
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
   * A cache in memory and in the `KeyValueStore` that there is.
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
   * A folder as a store, on Bun, Deno and Node.
   *
   * @param path the folder; made when it is needed
   */
  static directory(path: string): ByteStore {
    return directory(path)
  }
}
