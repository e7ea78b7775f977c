/**
 * The one content type, compared as the Web API demands: the whole value, no MIME parsing.
 *
 * @see https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response
 * @module
 */

/** Fetch's HTTP tab or space at either end; `String.prototype.trim` would take form feed and U+00A0 too. */
const edges = /^[\t ]+|[\t ]+$/g

/** ASCII letters alone change case: U+212A, the Kelvin sign, must not become a `k`. */
const toAsciiLower = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * Whether the value of a `Content-Type` field is `application/wasm`.
 *
 * @param value the field's value, `null` where it is missing
 */
export const isWasmContentType = (value: string | null): boolean =>
  value !== null && toAsciiLower(value.replace(edges, "")) === "application/wasm"
