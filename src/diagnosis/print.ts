/**
 * Prints untrusted bytes and text safely on one line.
 *
 * @module
 */
import { escapeCharacter } from "../binary/escape.ts"
import { readCodePoint } from "./utf8.ts"

/** Letters, digits, punctuation and symbols, marks, and the plain space. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
/** Invisible characters, which may be letters or marks: U+3164, variation selectors. */
const invisible = /^\p{Default_Ignorable_Code_Point}$/u
/** Combining marks, which at the start would combine with the opening quote. */
const mark = /^\p{M}$/u

// deno-fmt-ignore
const short: ReadonlyMap<string, string> = new Map([
  ["\t", "\\t"], ["\n", "\\n"], ["\r", "\\r"], ["\\", "\\\\"],
])

const printCharacter = (character: string, first: boolean): string => {
  const known = short.get(character)
  if (known !== undefined) return known
  const shown = printable.test(character) && !invisible.test(character) &&
    !(first && mark.test(character))
  return shown ? character : escapeCharacter(character)
}

/** Joins pieces, each a printed character, up to `max`, in single or double quotes, whichever need no escaping. */
const quote = (pieces: Iterable<string>, max: number): string => {
  const taken: Array<string> = []
  let size = 0
  let more = false
  for (const piece of pieces) {
    size += piece.length
    if (size > max) {
      more = true
      break
    }
    taken.push(piece)
  }
  const mark = taken.includes('"') && !taken.includes("'") ? "'" : '"'
  const inside = taken.map((piece) => piece === mark ? `\\${mark}` : piece).join("")
  return `${mark}${inside}${mark}${more ? "…" : ""}`
}

function* piecesOfText(text: string): Generator<string> {
  let first = true
  for (const character of text) {
    yield printCharacter(character, first)
    first = false
  }
}

function* piecesOfBytes(bytes: Uint8Array): Generator<string> {
  for (let offset = 0; offset < bytes.length;) {
    const read = readCodePoint(bytes, offset)
    if (read === undefined) {
      yield `\\x${hexOfByte(bytes[offset] ?? 0)}`
      offset++
    } else {
      yield printCharacter(String.fromCodePoint(read.codePoint), offset === 0)
      offset += read.size
    }
  }
}

const hexOfByte = (byte: number): string => byte.toString(16).padStart(2, "0")

/** The default size of an {@linkcode excerpt}, in printed characters. */
const excerptSize = 60

/**
 * The first characters of a text, in quotes, as {@linkcode excerpt} prints them.
 *
 * @param text any text; lone surrogates are escaped
 * @param max the most printed characters, not counting the quotes; defaults to 60
 */
export const excerptOfText = (text: string, max: number = excerptSize): string =>
  quote(piecesOfText(text), max)

/**
 * The first characters of bytes read as UTF-8, printed safely on one line: in quotes, with control, bidirectional,
 * invisible and unassigned characters as `\u{…}`, bytes that are not UTF-8 as `\x…`, and `…` after the closing quote
 * if there are more.
 *
 * @param bytes any bytes
 * @param max the most printed characters, not counting the quotes; defaults to 60
 */
export const excerpt = (bytes: Uint8Array, max: number = excerptSize): string =>
  quote(piecesOfBytes(bytes), max)

/**
 * The first bytes in hexadecimal, as in `00 61 73 6d`, with `…` if there are more; `none` if there are none.
 *
 * @param bytes any bytes
 * @param max the most bytes; defaults to 8
 */
export const hexOf = (bytes: Uint8Array, max: number = 8): string => {
  if (bytes.length === 0) return "none"
  const shown = [...bytes.subarray(0, Math.max(0, max))].map(hexOfByte)
  return [...shown, ...(bytes.length > shown.length ? ["…"] : [])].join(" ")
}

/** A number of bytes, in words: 1 byte, 2 bytes. */
export const count = (size: number): string => size === 1 ? "1 byte" : `${size} bytes`
