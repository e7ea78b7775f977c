/**
 * What a cached module is found by: what was asked for, and how it was compiled.
 *
 * @module
 */
import * as UrlParams from "effect/http/UrlParams"
import { printIntegrity } from "./integrity.ts"
import type { LoadSettings } from "./load_options.ts"
import type { Target } from "./target.ts"

/** What a cached module is found by. */
export interface CacheKey {
  /** What was asked for: the same bytes. */
  readonly content: string
  /** The same module: what was asked for, and the options that matter. */
  readonly module: string
}

/** The caller's own conversation with the server: not to be taken part in. */
const own = ["range", "if-none-match", "if-modified-since", "if-match", "if-range", "cache-control"]

/**
 * The key of a load; `undefined` where nothing is to be cached.
 *
 * @param target what is loaded
 * @param settings the options
 */
export const cacheable = (target: Target, settings: LoadSettings): CacheKey | undefined => {
  if (target.kind !== "http") return undefined
  const { headers, hash: _, urlParams } = target.request
  if (own.some((name) => headers[name] !== undefined)) return undefined
  // Another identity, another language: the answer may be another one.
  const fields = Object.entries(headers).sort(([a], [b]) => a < b ? -1 : 1)
  const [url] = target.url.split("#")
  // A client may still complete the URL: then the parameters are not in it yet. As text, for JSON would hide secret ones.
  const content = JSON.stringify([url, UrlParams.toString(urlParams), fields])
  const { expectedSize: __, onProgress: ___, signal: ____, ...compile } = settings.compile
  const integrity = settings.integrity === undefined ? "" : printIntegrity(settings.integrity)
  return { content, module: JSON.stringify([content, compile, integrity]) }
}
