/**
 * Reads bytes from literals in program sources: lists of numbers and characters, and strings with escapes.
 *
 * @module
 */

/** The most bytes that are read: the first ones suffice to recognise a format. */
const most = 32

const gap = String.raw`(?:\s|\/\/[^\n]{0,200}\n|\/\*[^*]{0,200}\*\/)*`
const cast = String.raw`(?:\((?:byte|char|u?int8_t|unsigned char|u8)\)\s*)?`
const escape = String.raw`\\(?:x[\da-f]{1,2}|u\{?[\da-f]{1,4}\}?|[0-7]{1,3}|[^\n])`
/** One number, in hexadecimal, decimal, octal or as a character, and the comma or the end after it. */
const item = new RegExp(
  String
    .raw`${gap}${cast}(?:0x([\da-f]{1,2})|(-?\d{1,3})|b?'([^'\\\n]|${escape})')(?:_?u8|u)?${gap}(?:,|(?=[\])}])|$)`,
  "iy",
)

/** The letters that, after a backslash, denote control characters. */
const controls: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["t", 9],
  ["n", 10],
  ["v", 11],
  ["f", 12],
  ["r", 13],
  ["e", 27],
])

/** The value of an escape sequence; above 255 if it is not a byte. */
const unescape = (sequence: string): number => {
  const hex = /^\\(?:x|u\{?)([\da-f]+)/i.exec(sequence)?.[1]
  if (hex !== undefined) return Number.parseInt(hex, 16)
  if (/^\\[0-7]/.test(sequence)) return Number.parseInt(sequence.slice(1), 8)
  const letter = sequence.charAt(1)
  return controls.get(letter) ?? letter.charCodeAt(0)
}

/** A list of numbers. */
export interface NumberList {
  readonly bytes: Uint8Array
  /** Whether any number is in hexadecimal. */
  readonly isHex: boolean
}

/**
 * Reads the first numbers of a list.
 *
 * @param text the source
 * @param start where the list begins
 */
export const readNumbers = (text: string, start: number): NumberList => {
  const bytes: Array<number> = []
  let isHex = false
  item.lastIndex = start
  while (bytes.length < most) {
    const read = item.exec(text)
    if (read === null) break
    const [, hex, digits, character = ""] = read
    if (hex !== undefined) isHex = true
    const value = hex !== undefined ? Number.parseInt(hex, 16) : digits !== undefined
      // An octal number begins with a zero.
      ? Number.parseInt(digits, /^0[0-7]+$/.test(digits) ? 8 : 10)
      : character.startsWith("\\")
      ? unescape(character)
      : character.charCodeAt(0)
    if (value < -128 || value > 255) break
    bytes.push(value & 0xff)
    if (text[item.lastIndex - 1] !== ",") break
  }
  return { bytes: Uint8Array.from(bytes), isHex }
}

const escaped = new RegExp(escape, "iy")
/** What stands between adjacent strings, which are one value. */
const joint = /["']\s*\+?\s*[LbB]?["']/y

/**
 * Reads the first bytes of a string, up to a character that is not a byte.
 *
 * @param text the source
 * @param start where its first character is, after the quote
 * @param quote the quote that ends it
 */
export const readString = (text: string, start: number, quote: string): Uint8Array => {
  const bytes: Array<number> = []
  for (let at = start; at < text.length && bytes.length < most;) {
    const character = text.charAt(at)
    if (character === quote) {
      joint.lastIndex = at
      if (!joint.test(text)) break
      at = joint.lastIndex
      continue
    }
    let value = character.charCodeAt(0)
    let size = 1
    if (character === "\\") {
      escaped.lastIndex = at
      const sequence = escaped.exec(text)?.[0]
      if (sequence !== undefined) value = unescape(sequence)
      // A backslash before a line end continues the line.
      size = sequence?.length ?? 2
      at += size
      if (sequence === undefined) continue
    } else at += size
    if (value > 0xff) break
    bytes.push(value)
  }
  return Uint8Array.from(bytes)
}

/**
 * The index after a string and those joined to it; the length of the text if it does not end.
 *
 * @param text the source
 * @param start where its first character is, after the quote
 * @param quote the quote that ends it
 */
export const endOfString = (text: string, start: number, quote: string): number => {
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "\\") at++
    if (character !== quote) continue
    joint.lastIndex = at
    if (!joint.test(text)) return at + 1
    at = joint.lastIndex - 1
  }
  return text.length
}
