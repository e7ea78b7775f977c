/**
 * Decodes UTF-8 one character at a time, so that invalid bytes can be located. Strict: no surrogates, no overlong forms.
 *
 * @see https://encoding.spec.whatwg.org/#utf-8-decoder
 * @module
 */

/** A character and the number of bytes that it takes. */
interface CodePoint {
  readonly codePoint: number
  readonly size: number
}

/** The size of the sequence that a byte leads, in bytes; 0 if it leads none. */
const sizeOf = (lead: number): number => {
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

const isContinuation = (byte: number | undefined): boolean =>
  byte !== undefined && (byte & 0xc0) === 0x80

/** Whether the second byte excludes overlong forms, surrogates, and code points above U+10FFFF. */
const fits = (lead: number, second: number): boolean => {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0
    case 0xed:
      return second < 0xa0
    case 0xf0:
      return second >= 0x90
    case 0xf4:
      return second < 0x90
    default:
      return true
  }
}

/**
 * The character at an offset; `undefined` if there is none, or only the beginning of one.
 *
 * @param bytes any bytes
 * @param offset where to read
 */
export const readCodePoint = (bytes: Uint8Array, offset: number): CodePoint | undefined => {
  const lead = bytes[offset]
  if (lead === undefined) return undefined
  const size = sizeOf(lead)
  if (size === 0) return undefined
  if (size === 1) return { codePoint: lead, size }
  let codePoint = lead & (0x7f >> size)
  for (let i = 1; i < size; i++) {
    const byte = bytes[offset + i]
    if (byte === undefined || !isContinuation(byte)) return undefined
    if (i === 1 && !fits(lead, byte)) return undefined
    codePoint = (codePoint << 6) | (byte & 0x3f)
  }
  return { codePoint, size }
}

/** Whether the bytes from an offset to the end are the beginning of a character that is cut off. */
const isCutOff = (bytes: Uint8Array, offset: number): boolean => {
  const lead = bytes[offset] ?? 0
  const left = bytes.length - offset
  if (left >= sizeOf(lead)) return false
  for (let i = 1; i < left; i++) if (!isContinuation(bytes[offset + i])) return false
  return left < 2 || fits(lead, bytes[offset + 1] ?? 0)
}

/** Bytes as text. */
export interface Decoded {
  /** The text, with U+FFFD for each byte that is not UTF-8. */
  readonly text: string
  /** Whether all bytes are UTF-8, except for a last character that may be cut off. */
  readonly valid: boolean
}

/**
 * Decodes any bytes as text.
 *
 * @param bytes any bytes
 */
export const decodeUtf8 = (bytes: Uint8Array): Decoded => {
  let text = ""
  let valid = true
  for (let offset = 0; offset < bytes.length;) {
    const read = readCodePoint(bytes, offset)
    if (read === undefined && isCutOff(bytes, offset)) break
    if (read === undefined) valid = false
    text += String.fromCodePoint(read?.codePoint ?? 0xfffd)
    offset += read?.size ?? 1
  }
  return { text, valid }
}
