/**
 * The keys of cached modules: the outgoing request, and how the module is compiled.
 *
 * @module
 */
import type { CacheableLoad } from "./cacheable.ts"

/** Fields with which the caller makes range or conditional requests, or controls caching: such loads are not cached. */
const own = ["range", "if-none-match", "if-modified-since", "if-match", "if-range", "cache-control"]

/** The keys of a load. */
export interface CacheKey {
  /** Identifies the response: the URL and all header fields, which include any that `Vary` may name. */
  readonly response: string
  /** Identifies the module within this client: the response, and how it is compiled. */
  readonly module: string
  /** Identifies the module across clients. */
  readonly common: string
  /** Whether the client adds nothing to its requests, so that its responses suit everybody with the same request. */
  readonly isPlain: boolean
}

/**
 * The keys of a load; `undefined` if it must not be cached.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html#section-4.1
 */
export const keyOf = (
  { request: { client, headers, url }, variant }: Pick<CacheableLoad, "request" | "variant">,
): CacheKey | undefined => {
  if (own.some((name) => headers[name] !== undefined)) return undefined
  const fields = Object.entries(headers).sort(([a], [b]) => a < b ? -1 : 1)
  const response = JSON.stringify([url, fields])
  const common = JSON.stringify([response, variant])
  const isPlain = client === ""
  return { response, module: isPlain ? common : `${client} ${common}`, common, isPlain }
}
