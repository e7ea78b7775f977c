/**
 * The Effect metrics of loading.
 *
 * @module
 */
import * as Metric from "effect/Metric"

/** Requests that were made. */
export const attempts: Metric.Counter<number> = Metric.counter("wasm_http_attempts", {
  description: "Requests made to load modules",
})

/** Bodies that continued one that had broken off. */
export const resumes: Metric.Counter<number> = Metric.counter("wasm_http_resumes", {
  description: "Downloads that resumed where an earlier body broke off",
})

/** Bytes of bodies, decoded; bytes that were fetched twice count twice. */
export const bytes: Metric.Counter<number> = Metric.counter("wasm_http_bytes", {
  description: "Bytes received of modules",
})

/** Modules that needed no download. */
export const cacheHits: Metric.Counter<number> = Metric.counter("wasm_http_cache_hits", {
  description: "Modules that needed no download",
})

/** The time from the call to the module, in milliseconds. */
export const timeToModule: Metric.Histogram<number> = Metric.histogram(
  "wasm_http_time_to_module",
  {
    description: "Milliseconds from the call to the module",
    boundaries: Metric.exponentialBoundaries({ start: 1, factor: 2, count: 20 }),
  },
)

/** Failed operations of a store, without which loads continued. */
export const storeFailures: Metric.Counter<number> = Metric.counter("wasm_http_store_failures", {
  description: "Failures of the cache's store; loads continue without it",
})
