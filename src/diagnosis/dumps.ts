/**
 * Recognises modules in dumps: those of xxd, od, hexdump, hexyl, and PowerShell's Format-Hex. The units are bytes, bits, or
 * little-endian words of two or four bytes; the notation is hexadecimal, octal, decimal or characters.
 *
 * @module
 */
import { type Content, contentOf } from "./contents.ts"

/** `\0asm` in the forms other than one hexadecimal number for each byte, with as much as is needed to be certain. */
const words: ReadonlyArray<RegExp> = [
  /^000\s+141\s+163\s+155\b/,
  /^\\0\s+a\s+s\s+m\b/,
  /^0?60400\s+0?66563\b/,
  /^6100\s+6d73\b/i,
  /^6d736100\s+00000001\b/i,
  /^0{8}\s+01100001\s+01110011\s+01101101\b/,
  /^0+\s+0*97\s+115\s+109\b/,
  /^24832\s+28019\b/,
  /^1836278016\s+1\b/,
]

/** The offset before the first bytes, with its frame if there is one. */
const start = /^[│|]?\s*(?:0x)?0{3,16}h?\s*[:│|]?\s+/

/** The most lines that are read, as some tools print a heading first. */
const mostLines = 12
const longestLine = 200

/** The first bytes of text in hexadecimal, singly or in groups. */
const hexBytes = (text: string): Uint8Array => {
  const bytes: Array<number> = []
  const next = /[\s,:┊-]*(?:0x|\\x)?([\da-f]{2})/iy
  while (bytes.length < 16) {
    const found = next.exec(text)
    if (found === null) break
    bytes.push(Number.parseInt(found[1] ?? "", 16))
  }
  return Uint8Array.from(bytes)
}

/** The content of text in hexadecimal. */
export const contentInHex = (text: string): Content | undefined => contentOf(hexBytes(text))

/**
 * The content of a dump; `undefined` if text is not the dump of a module.
 *
 * @param text the first bytes as text
 */
export const contentOfDump = (text: string): Content | undefined => {
  const lines = text.slice(0, mostLines * longestLine).split("\n", mostLines)
  for (const [index, line] of lines.entries()) {
    const offset = start.exec(line)?.[0]
    // The first line may lack an offset, which od and xxd can omit.
    if (offset === undefined && index > 0) continue
    const whole = line.trim()
    for (const rest of offset === undefined ? [whole] : [whole, line.slice(offset.length)]) {
      if (words.some((form) => form.test(rest))) return { name: "a module", isPacked: false }
      const content = contentInHex(rest)
      if (content !== undefined) return content
    }
    if (offset !== undefined) return undefined
  }
  return undefined
}
