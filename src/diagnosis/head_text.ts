/**
 * Decodes the first bytes as text, in UTF-8 or UTF-16, and makes a diagnosis that quotes it.
 *
 * @module
 */
import type { Diagnosis, DiagnosisReason } from "./diagnosis.ts"
import { excerptOfText } from "./print.ts"
import { decodeUtf8 } from "./utf8.ts"

/** The first bytes as text. */
export interface HeadText {
  /** The characters after a byte order mark and white space. */
  readonly text: string
  /** Whether all bytes are text: valid in the encoding, and without control characters that do not occur in text. */
  readonly textual: boolean
  /** Whether the encoding is UTF-16 rather than UTF-8. */
  readonly utf16: boolean
}

/** Whether a string has no control characters but tabs, line ends and escape, and no lone surrogates. */
const isText = (text: string): boolean => {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const white = code >= 0x09 && code <= 0x0d
    if (code < 0x20 && !white && code !== 0x1b) return false
    if (code === 0x7f || (code >= 0xd800 && code <= 0xdfff)) return false
  }
  return true
}

/** Whether every other byte, from a start of 0 or 1, is printable ASCII, and those between are 0. */
const isSpread = (head: Uint8Array, start: number): boolean =>
  [0, 2, 4, 6].every((offset) => {
    const byte = head[start + offset] ?? 0
    return head[1 - start + offset] === 0 && byte >= 0x20 && byte < 0x7f
  })

/** The byte order of UTF-16, from its mark or from ASCII with every other byte 0; `undefined` if it is not UTF-16. */
const byteOrder = (head: Uint8Array): "big" | "little" | undefined => {
  if (head[0] === 0xff && head[1] === 0xfe) return "little"
  if (head[0] === 0xfe && head[1] === 0xff) return "big"
  if (head.length < 8) return undefined
  if (isSpread(head, 0)) return "little"
  return isSpread(head, 1) ? "big" : undefined
}

const decodeUtf16 = (head: Uint8Array, order: "big" | "little"): string => {
  let text = ""
  for (let offset = 0; offset + 1 < head.length; offset += 2) {
    const first = head[offset] ?? 0
    const second = head[offset + 1] ?? 0
    text += String.fromCharCode(order === "big" ? (first << 8) | second : (second << 8) | first)
  }
  return text
}

/**
 * Decodes the first bytes as text; accepts any bytes.
 *
 * @param head the first bytes
 */
export const readText = (head: Uint8Array): HeadText => {
  const order = byteOrder(head)
  // `trimStart` treats the byte order mark, U+FEFF, as white space.
  if (order !== undefined) {
    const all = decodeUtf16(head, order)
    // The last code unit may be half a surrogate pair.
    return { text: all.trimStart(), textual: isText(all.slice(0, -1)), utf16: true }
  }
  const { text, valid } = decodeUtf8(head)
  return { text: text.trimStart(), textual: valid && isText(text), utf16: false }
}

/**
 * Makes a diagnosis that quotes the text.
 *
 * @param reason the reason
 * @param name what the text is, with an article
 * @param text the text
 * @param advice what to do about it
 * @param verb how certain the finding is; defaults to `"is"`
 */
export const quoting = (
  reason: DiagnosisReason,
  name: string,
  text: string,
  advice: string,
  verb: "is" | "looks like" = "is",
): Diagnosis => ({
  reason,
  what: `is not a WebAssembly module: it ${verb} ${name} (${excerptOfText(text)})`,
  advice,
})
