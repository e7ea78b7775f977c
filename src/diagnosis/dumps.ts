/**
 * Modules as tools dump them: xxd, od, hexdump, hexyl, Format-Hex of PowerShell. In bytes, in words of two or four bytes from
 * the lowest, or in bits; in hexadecimal, octal or decimal, or as characters.
 *
 * @module
 */
import { type Content, contentOf } from "./contents.ts"

/** `\0asm` in the forms that are not one hexadecimal number a byte, from the least that is certain. */
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

/** The offset before the first bytes, if there is one, and what frames it. */
const start = /^[│|]?\s*(?:0x)?0{3,16}h?\s*[:│|]?\s+/

/** The tools' heads have a few lines. */
const mostLines = 12
const longestLine = 200

/** Bytes in hexadecimal: each by itself, or in groups. */
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

/** What the bytes are that text in hexadecimal begins with. */
export const contentInHex = (text: string): Content | undefined => contentOf(hexBytes(text))

/**
 * What is dumped; `undefined` where text is no dump of a module.
 *
 * @param text the first bytes as text
 */
export const contentOfDump = (text: string): Content | undefined => {
  const lines = text.slice(0, mostLines * longestLine).split("\n", mostLines)
  for (const [index, line] of lines.entries()) {
    const offset = start.exec(line)?.[0]
    // The first line may do without its offset: od and xxd can leave it out.
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
