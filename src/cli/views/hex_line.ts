/**
 * The bytes around an offset, with a mark below the byte at the offset.
 *
 * @module
 */
import type { Style } from "../terminal/style.ts"
import { offsetText } from "../terminal/numbers.ts"

/** The most bytes shown, and the most of them before the offset. */
const most = 16
const before = 8

/** The widths of the margin and of a byte, in columns. */
const margin = 4
const perByte = 3

const hex = (byte: number): string => byte.toString(16).padStart(2, "0")

const visible = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·"

/**
 * Two lines: bytes in hexadecimal and as text, and the mark.
 *
 * @param bytes the whole module
 * @param offset the byte to mark; may be the end of the module
 * @param width how wide the lines may be, in columns
 * @param style the looks
 */
export const hexLines = (
  bytes: Uint8Array,
  offset: number,
  width: number,
  style: Style,
): ReadonlyArray<string> => {
  if (!(offset >= 0 && offset <= bytes.length) || bytes.length === 0) return []
  const label = offsetText(Math.max(0, offset - before))
  const room = Math.floor((width - margin - label.length - 2) / perByte)
  const count = Math.max(4, Math.min(most, room))
  const start = Math.max(0, offset - Math.min(before, count >> 1))
  const shown = [...bytes.subarray(start, start + count)]
  const marked = offset - start
  const first = offsetText(start)
  const cells = shown.map((byte, at) => at === marked ? style.bad(hex(byte)) : hex(byte))
  const text = shown.map(visible).join("")
  const used = margin + first.length + 2 + perByte * count
  const withText = used + 2 + text.length <= width
  const filler = " ".repeat(perByte * (count - shown.length))
  return [
    `${" ".repeat(margin)}${style.faint(first)}  ${cells.join(" ")}${
      withText ? `${filler}  ${style.faint(text)}` : ""
    }`,
    `${" ".repeat(margin + first.length + 2 + perByte * marked)}${style.bad("^^")}`,
  ]
}
