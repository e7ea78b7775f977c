/**
 * Bytes as lines of hexadecimal digits, with the place of each line.
 *
 * @module
 */
import { make } from "./dom.ts"
import { place } from "./numbers.ts"

/** On a phone there is room for fewer bytes, and what is marked is to be seen. */
const wideOf = (): number => (matchMedia("(width < 600px)").matches ? 8 : 16)

/**
 * Lines of bytes.
 *
 * @param bytes the bytes
 * @param start where they are in the module
 * @param marked the place of the byte to mark, if there is one
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
