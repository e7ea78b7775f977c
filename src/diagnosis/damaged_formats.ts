/**
 * Recognises compressed data that was decoded as text and encoded again, by what its magic number turned into.
 *
 * @module
 */
import type { Diagnosis } from "./diagnosis.ts"
import { encode, encodings } from "./encodings.ts"
import { decodeUtf8 } from "./utf8.ts"

/** Magic numbers that remain recognisable when bytes beyond ASCII are lost. */
const formats: ReadonlyArray<readonly [name: string, magic: ReadonlyArray<number>]> = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
]

const REPLACEMENT = "\ufffd"

/** A magic number decoded as UTF-8: no byte beyond ASCII is valid. */
const replaced = (magic: ReadonlyArray<number>): string =>
  magic.map((byte) => byte < 0x80 ? String.fromCharCode(byte) : REPLACEMENT).join("")

/**
 * Recognises compressed data that was taken for text.
 *
 * @param head the first bytes
 */
export const diagnoseDamagedFormat = (head: Uint8Array): Diagnosis | undefined => {
  const { text, valid } = decodeUtf8(head.subarray(0, 64))
  if (!valid) return undefined
  const begins = [...text.replace(/^\ufeff/, "")]
  const found = formats.find(([, magic]) =>
    begins.slice(0, magic.length).join("") === replaced(magic)
  )
  if (found !== undefined) {
    return damaged(found[0], "ef bf bd stands for what was not UTF-8")
  }
  for (const [name, magic] of formats) {
    const start = begins.slice(0, magic.length).join("")
    // An ASCII byte does not change, so the text has to begin with it.
    if (start.charCodeAt(0) !== magic[0] && (magic[0] ?? 0) < 0x80) continue
    for (const encoding of encodings()) {
      const before = encode(start, encoding)
      if (before?.length === magic.length && before.every((byte, index) => byte === magic[index])) {
        return damaged(name, `it was read as ${encoding.name} and saved as UTF-8`)
      }
    }
  }
  return undefined
}

const damaged = (name: string, how: string): Diagnosis => ({
  reason: "decoded-as-text",
  what:
    `was damaged by a text conversion: it is data compressed with ${name} that was decoded as text (${how})`,
  advice: "Read, store and send the file as bytes from end to end, never as a string",
})
