/**
 * Decodes the Base64 at the beginning of text, whatever follows it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 * @module
 */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** The value of each character, in the standard alphabet and in that for URLs, which has - and _. */
const values: ReadonlyMap<string, number> = new Map([
  ...[...alphabet].map((character, value) => [character, value] as const),
  ["-", 62],
  ["_", 63],
])

/** The decoded bytes, and where the Base64 ends in the text. */
export interface Base64 {
  readonly bytes: Uint8Array
  readonly end: number
}

/**
 * Decodes the Base64 at the beginning of text, which may contain line ends.
 *
 * @param text any text
 * @param most the most bytes to decode
 */
export const decodeBase64 = (text: string, most: number): Base64 => {
  const bytes = new Uint8Array(Math.min(most, Math.floor(text.length * 3 / 4)))
  let size = 0
  let bits = 0
  let held = 0
  let at = 0
  for (; at < text.length && size < bytes.length; at++) {
    const character = text.charAt(at)
    if (character === "\n" || character === "\r") continue
    const value = values.get(character)
    if (value === undefined) break
    held = (held << 6 | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[size++] = held >> bits & 0xff
  }
  return { bytes: bytes.subarray(0, size), end: at }
}
