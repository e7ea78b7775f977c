/**
 * Recognises a module, plain or packed, with something before it.
 *
 * @module
 */
import { find, holds } from "./bytes.ts"
import { packedForm } from "./contents.ts"
import type { Diagnosis } from "./diagnosis.ts"
import { readText } from "./head_text.ts"
import { formatOf } from "./magic_numbers.ts"
import { count, excerpt, hexOf } from "./print.ts"
import { header } from "./wasm_header.ts"

/** What stands before a module, and what to do about it. */
type Words = readonly [what: string, advice: string]

const ascii = (bytes: Uint8Array, most: number): string =>
  String.fromCharCode(...bytes.subarray(0, most))

const wordsBefore = (before: Uint8Array): Words => {
  const text = ascii(before, 1_024)
  if (/^HTTP\/\d/.test(text)) {
    return [
      `the head of an HTTP response (${excerpt(before, 40)})`,
      "Pass on the body alone: a proxy, a cache or a recording kept the head with it",
    ]
  }
  if (/^[\da-f]{1,8}(?:;[^\r\n]*)?\r\n$/i.test(text)) {
    return [
      `a chunk size (${excerpt(before, 40)})`,
      "Decode the chunked transfer coding: a server or proxy passed its frames on as content",
    ]
  }
  if (
    /<b>(?:warning|notice|deprecated|fatal error)<\/b>|^(?:php )?(?:warning|notice|deprecated)\b/i
      .test(text)
  ) {
    return [
      `the output of a script (${excerpt(before, 40)})`,
      "Fix what the script warns of, and switch off the display of errors where it sends the file",
    ]
  }
  if (/^\s+$/.test(text) && before.length < 1_024) {
    return [
      `white space (${excerpt(before, 40)})`,
      "Check the script that sends the file for output before it, such as a blank line before <?php",
    ]
  }
  if (before.every((byte) => byte === 0)) {
    return [
      "zeros",
      "Pass the bytes, not the buffer that holds them: of a Buffer of Node, slice buffer by byteOffset and byteLength",
    ]
  }
  if (readText(before).textual) {
    return [
      `text (${excerpt(before, 40)})`,
      "Check what writes to the response before the file, such as a warning or a log line",
    ]
  }
  return [
    `bytes that are not part of it (${hexOf(before)})`,
    "Pass the module's bytes alone: of a Buffer of Node, slice buffer by byteOffset and byteLength; of a container, the file inside",
  ]
}

/**
 * Whether a size and its complement stand immediately before: the header of a stored block of deflate, whose data is not
 * compressed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
 */
const isStoredBlock = (head: Uint8Array, start: number): boolean =>
  start >= 5 && ((head[start - 4] ?? 0) ^ (head[start - 2] ?? 0)) === 0xff &&
  ((head[start - 3] ?? 0) ^ (head[start - 1] ?? 0)) === 0xff && (head[start - 5] ?? 0xff) < 2

/**
 * Recognises a module after other bytes.
 *
 * @param head the first bytes
 */
export const diagnosePrefix = (head: Uint8Array): Diagnosis | undefined => {
  const start = find(head, header)
  if (start < 1 || isStoredBlock(head, start)) return undefined
  if (start === 3 && holds(head, mark)) return afterMark("the module", asBytes)
  const [what, advice] = wordsBefore(head.subarray(0, start))
  return {
    reason: "prefixed-module",
    what: `has ${count(start)} before the module, which begins at byte ${start}: ${what}`,
    advice,
  }
}

/** The byte order mark of UTF-8. */
const mark = "ef bb bf"
const asBytes =
  "Write the file as bytes: a tool saved it as text, and may have changed more than its beginning"

const afterMark = (name: string, advice: string): Diagnosis => ({
  reason: "bom-prefixed-module",
  what: `has a UTF-8 byte order mark (${mark}) before ${name}`,
  advice,
})

/** Whether the prefix is certainly not part of the data: a byte order mark, an HTTP head or a chunk size. */
const isFrame = (head: Uint8Array, start: number): boolean =>
  (start === 3 && holds(head, mark)) ||
  /^(?:HTTP\/\d[^]*\r?\n\r?\n|[\da-f]{1,8}(?:;[^\r\n]*)?\r\n)$/i.test(ascii(head, start))

/** The most bytes, and the most lines, before packed data. */
const farthest = 4_096
const mostLines = 100

/**
 * Where packed data may begin after a prefix: after a byte order mark, and after each line of text.
 *
 * @param head the first bytes
 */
export function* startsAfterPrefix(head: Uint8Array): Generator<number> {
  if (holds(head, mark)) yield 3
  // A script that begins with `#!` may unpack the data after it, so it is not a mere prefix.
  if (holds(head, "23 21")) return
  for (let at = 0, lines = 0; at < Math.min(head.length, farthest) && lines < mostLines; at++) {
    const byte = head[at] ?? 0
    if (byte === 0x0a) {
      lines++
      yield at + 1
    }
    // Only text may precede it, which may contain escape and bytes beyond ASCII.
    if (byte < 0x20 && byte !== 0x1b && (byte < 0x09 || byte > 0x0d)) return
  }
}

/**
 * The diagnosis of packed data after a prefix.
 *
 * @param head the first bytes
 * @param start where the data begins
 * @param name what the data is
 */
export const beforePacked = (head: Uint8Array, start: number, name: string): Diagnosis => {
  if (start === 3 && holds(head, mark)) return afterMark(name, `${asBytes}; then decompress it`)
  const [what, advice] = wordsBefore(head.subarray(0, start))
  return {
    reason: "prefixed-module",
    what: `has ${count(start)} before ${name}, which begins at byte ${start}: ${what}`,
    advice: `${advice}; then decompress it`,
  }
}

/**
 * Recognises compressed data or an archive after other bytes.
 *
 * @param head the first bytes
 */
export const diagnosePackedPrefix = (head: Uint8Array): Diagnosis | undefined => {
  for (const start of startsAfterPrefix(head)) {
    const data = head.subarray(start)
    const form = packedForm(data)
    // After a line of text, a magic number of two bytes proves nothing.
    if (form === undefined || (formatOf(data)?.guess === true && !isFrame(head, start))) continue
    return beforePacked(head, start, form.name)
  }
  return undefined
}
