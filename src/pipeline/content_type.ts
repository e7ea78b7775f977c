/**
 * The check for `application/wasm`, as the Web API demands: the whole value is compared, without MIME parsing.
 *
 * @see https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response
 * @module
 */

/** Fetch's HTTP tab or space. */
const isTabOrSpace = (code: number): boolean => code === 0x09 || code === 0x20

/**
 * Strips HTTP tabs and spaces from both ends. `String.prototype.trim` would also strip form feed and U+00A0, and a regular
 * expression takes quadratic time on a long run of spaces.
 */
const trimmed = (value: string): string => {
  let start = 0
  let end = value.length
  while (start < end && isTabOrSpace(value.charCodeAt(start))) start++
  while (end > start && isTabOrSpace(value.charCodeAt(end - 1))) end--
  return value.slice(start, end)
}

/** Lowercases ASCII letters only: U+212A, the Kelvin sign, must not become a `k`. */
const toAsciiLower = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * Whether the value of a `Content-Type` field is `application/wasm`.
 *
 * @param value the field's value; `null` if it is missing
 */
export const isWasmContentType = (value: string | null): boolean =>
  value !== null && toAsciiLower(trimmed(value).slice(0, 20)) === "application/wasm"
