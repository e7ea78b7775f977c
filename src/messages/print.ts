/**
 * What strangers wrote, for people: in messages, errors and spans. Lengths are bounded, and what a terminal might take for
 * more than text is escaped. What a URL may hold of secrets (credentials, the values of its query, its fragment) is left out.
 *
 * @see https://url.spec.whatwg.org/#url-rendering
 * @module
 */
import { escapeUnsafe } from "../binary/escape.ts"

/** A longer text is cut. */
const longest = 200

const cut = (text: string): string => text.length > longest ? `${text.slice(0, longest)}…` : text

/**
 * Prints a text: a header field's value, an engine's or a runtime's words.
 *
 * @param text any text
 */
export const printText = (text: string): string => escapeUnsafe(cut(text.slice(0, longest + 1)))

/**
 * What an engine says, without the piece of the caller's code that JavaScriptCore adds.
 *
 * @param text the engine's words
 */
export const withoutCode = (text: string): string =>
  text.replace(/ \(evaluating '(?:(?! \(evaluating ')[^])*'\)$/, "")

/** `a=1&token=abc` as `a=…&token=…`; what has no name is all value. */
const hideValues = (query: string): string =>
  query.slice(0, longest).split("&").map((pair) => {
    const at = pair.indexOf("=")
    if (at < 0) return pair && "…"
    return at === pair.length - 1 ? pair : `${pair.slice(0, at)}=…`
  }).join("&")

/** What comes after the scheme's colon and before the data's comma, such as `application/wasm;base64`. */
const printData = (url: string): string => {
  const comma = url.slice(0, longest).indexOf(",")
  return comma < 0 ? "data:…" : `${url.slice(0, comma)},… (${url.length} characters)`
}

/**
 * Prints a URL, or what was meant to be one.
 *
 * @param url the URL; a malformed one too
 */
export const printUrl = (url: string): string => {
  if (/^data:/i.test(url)) return escapeUnsafe(printData(url))
  if (/^blob:/i.test(url)) {
    return `blob:${printUrl(url.slice(5, 10 * longest).replace(/^blob:/i, ""))}`
  }
  // As far as it can matter: the rest would be cut anyway.
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
