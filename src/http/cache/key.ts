/**
 * What a cached module is found by: the request as it goes out, and how the module is compiled.
 *
 * @module
 */
import type { CacheableLoad } from "./cacheable.ts"

/** The caller's own conversation with the server: not to be taken part in. */
const own = ["range", "if-none-match", "if-modified-since", "if-match", "if-range", "cache-control"]

/** What a module is found by. */
export interface CacheKey {
  /** The same response: URL and all header fields, so that whatever `Vary` names is in it. */
  readonly response: string
  /** The same module, of this client: the response, and how it is compiled. */
  readonly module: string
  /** The same module, whichever client asks for it. */
  readonly common: string
  /** Whether the client adds nothing to its requests: what it gets is for everybody who asks the same. */
  readonly isPlain: boolean
}

/**
 * The key of a load; `undefined` if it must not be cached.
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
