/**
 * Prints untrusted text in messages, errors and spans. Its length is bounded, and characters that a terminal could interpret
 * are escaped. The parts of a URL that may be secret (credentials, the values of its query, its fragment) are left out.
 *
 * @see https://url.spec.whatwg.org/#url-rendering
 * @module
 */
import { escapeUnsafe } from "../binary/escape.ts"

/** The length to which text is cut, in characters. */
const longest = 200

const cut = (text: string): string => text.length > longest ? `${text.slice(0, longest)}…` : text

/**
 * Prints a text, such as a header field's value, or an engine's or a runtime's message.
 *
 * @param text any text
 */
export const printText = (text: string): string => escapeUnsafe(cut(text.slice(0, longest + 1)))

/** The length to which a path is cut, in characters: what systems allow. */
const longestPath = 4_096

/**
 * Prints a path. Its end says more than its beginning; `#` and `?` are parts of it.
 *
 * @param path any path
 */
export const printPath = (path: string): string =>
  escapeUnsafe(path.length > longestPath ? `…${path.slice(-longestPath)}` : path)

/**
 * An engine's message without the excerpt of the caller's code that JavaScriptCore adds.
 *
 * @param text the engine's message
 */
export const withoutCode = (text: string): string =>
  text.replace(/ \(evaluating '(?:(?! \(evaluating ')[^])*'\)$/, "")

/** `a=1&token=abc` as `a=…&token=…`; a pair without `=` is hidden as a whole. */
const hideValues = (query: string): string =>
  query.slice(0, longest).split("&").map((pair) => {
    const at = pair.indexOf("=")
    if (at < 0) return pair && "…"
    return at === pair.length - 1 ? pair : `${pair.slice(0, at)}=…`
  }).join("&")

/** A `data:` URL without its data: up to the comma, such as `data:application/wasm;base64`. */
const printData = (url: string): string => {
  const comma = url.slice(0, longest).indexOf(",")
  return comma < 0 ? "data:…" : `${url.slice(0, comma)},… (${url.length} characters)`
}

/**
 * Prints a URL, even a malformed one.
 *
 * @param url the URL; a malformed one too
 */
export const printUrl = (url: string): string => {
  if (/^data:/i.test(url)) return escapeUnsafe(printData(url))
  if (/^blob:/i.test(url)) {
    return `blob:${printUrl(url.slice(5, 10 * longest).replace(/^blob:/i, ""))}`
  }
  // Only the beginning: the rest would be cut anyway.
  const [withoutFragment = ""] = url.slice(0, 10 * longest).split("#", 1)
  const at = withoutFragment.indexOf("?")
  const [start, query] = at < 0
    ? [withoutFragment, ""]
    : [withoutFragment.slice(0, at), `?${hideValues(withoutFragment.slice(at + 1))}`]
  // Credentials end at the last @ of the authority; a malformed URL may have them too.
  const [, scheme = "", authority = "", path = ""] =
    /^([a-z][a-z0-9+.-]*:[\\/]*|[\\/]{2,})?([^\\/]*)([^]*)$/i.exec(start) ?? []
  const host = scheme === "" ? authority : authority.slice(authority.lastIndexOf("@") + 1)
  return cut(escapeUnsafe(`${scheme}${host}${path}${query}`))
}
