/**
 * Bytes as lines of hexadecimal digits, each with its offset.
 *
 * @module
 */
import { make } from "./dom.ts"
import { place } from "./numbers.ts"

/** The number of bytes per line: fewer on a phone, so that a marked byte is visible without scrolling. */
const wideOf = (): number => (matchMedia("(width < 600px)").matches ? 8 : 16)

/**
 * Lines of bytes.
 *
 * @param bytes the bytes
 * @param start their offset in the module
 * @param marked the offset of the byte to mark, if there is one
 */
export const hexLines = (bytes: Uint8Array, start: number, marked?: number): HTMLElement => {
  const pre = make("pre", { class: "hex", tabindex: 0, role: "group", "aria-label": "Bytes" })
  const wide = wideOf()
  for (let at = 0; at < bytes.length; at += wide) {
    if (at > 0) pre.append("\n")
    pre.append(make("span", { class: "offset" }, place(start + at).padStart(8)), "  ")
    for (const [index, byte] of bytes.subarray(at, at + wide).entries()) {
      const text = byte.toString(16).padStart(2, "0")
      const isMarked = start + at + index === marked
      pre.append(isMarked ? make("mark", {}, text) : text, " ")
    }
  }
  return pre
}
