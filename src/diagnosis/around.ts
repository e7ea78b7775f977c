/**
 * A whole module with something before it or after it.
 *
 * @module
 */
import { find, holds } from "./bytes.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { isFramed } from "./framing.ts"
import { readText } from "./head_text.ts"
import { bytesFrom, sizeOf } from "./pieces.ts"
import { excerpt, hexOf } from "./print.ts"
import { hasModuleHeader, header, headerSize } from "./wasm_header.ts"

/** 1 byte, 2 bytes. */
const count = (size: number): string => size === 1 ? "1 byte" : `${size} bytes`

// Before it

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
 * Whether a size and its complement stand right before: the head of a stored block of deflate, which holds what it
 * "compresses" as it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
 */
const isStoredBlock = (head: Uint8Array, start: number): boolean =>
  start >= 5 && ((head[start - 4] ?? 0) ^ (head[start - 2] ?? 0)) === 0xff &&
  ((head[start - 3] ?? 0) ^ (head[start - 1] ?? 0)) === 0xff && (head[start - 5] ?? 0xff) < 2

/**
 * The module that stands after other bytes.
 *
 * @param head the first bytes
 */
export const diagnosePrefix = (head: Uint8Array): Diagnosis | undefined => {
  const start = find(head, header)
  if (start < 1 || isStoredBlock(head, start)) return undefined
  if (start === 3 && holds(head, "ef bb bf")) {
    return {
      reason: "bom-prefixed-module",
      what: "has a byte order mark of UTF-8 (ef bb bf) before the module",
      advice:
        "Write the file as bytes: a tool saved it as text, and may have changed more than its beginning",
    }
  }
  const [what, advice] = wordsBefore(head.subarray(0, start))
  return {
    reason: "prefixed-module",
    what: `has ${count(start)} before the module, which begins at byte ${start}: ${what}`,
    advice,
  }
}

// After it

/** A longer rest is not looked at. */
const longestRest = 4_096

/** The least that a text has to be long, where it does not end. */
const leastText = 8

const wordsAfter = (rest: Uint8Array, isAll: boolean): Words | undefined => {
  if (rest.length === 0) return undefined
  const text = ascii(rest, longestRest)
  if (rest.every((byte) => byte === 0)) {
    return ["zeros", "Remove the padding: the file or buffer is larger than the module in it"]
  }
  if (hasModuleHeader(rest)) {
    return [
      "another module",
      "Load them one by one: two files were joined, or one was written twice",
    ]
  }
  if (/^(?:\r\n)?0\r\n(?:\r\n)?$/.test(text) || /^\r\n[\da-f]{1,8}(?:;[^\r\n]*)?\r\n/i.test(text)) {
    return [
      `the end of a chunked body (${excerpt(rest, 40)})`,
      "Decode the chunked transfer coding: a server or proxy passed its frames on as content",
    ]
  }
  if (isAll && /^(?: *\r?\n[ \r\n]*| +)$/.test(text)) {
    return [
      `white space (${excerpt(rest, 40)})`,
      "Write the file as bytes: an editor, a template or a print statement added a line end",
    ]
  }
  if (/^\s*<(?:!--|(?:script|style|link|iframe|div|img)\b)/i.test(text)) {
    return [
      `markup (${excerpt(rest, 40)})`,
      "Switch off what adds it to responses, such as a development server's live reload, or keep it to HTML",
    ]
  }
  if (/^(?:\r?\n)?--[\w'()+,./:=?-]{1,70}(?:--)?\r?\n/.test(text)) {
    return [
      `a multipart boundary (${excerpt(rest, 40)})`,
      "Extract the file from the multipart body",
    ]
  }
  if ((isAll ? rest.length >= 4 : rest.length >= leastText) && readText(rest).textual) {
    return [`text (${excerpt(rest, 40)})`, "Check what writes to the response after the file"]
  }
  return undefined
}

/** Of other bytes than those that are known to be added, more than this may be a damaged section. */
const longestUnknown = 64

/** Bytes that are no section: no size fits them, and none goes on in them, as after a byte that was lost. */
const isNoSection = (evidence: Evidence, wholeAt: number, rest: Uint8Array): boolean => {
  const isRun = rest.length > 1 && rest.every((byte) => byte === rest[0])
  if (rest.length > longestUnknown && !isRun) return false
  for (let at = wholeAt; at + 1 < wholeAt + rest.length; at++) {
    if (isFramed(evidence, at)) return false
  }
  return true
}

const otherWords = (evidence: Evidence, wholeAt: number, rest: Uint8Array): Words | undefined =>
  rest.length > 0 && isNoSection(evidence, wholeAt, rest)
    ? [
      `bytes that are no section (${hexOf(rest)})`,
      "Check what writes the file: something was added after the module",
    ]
    : undefined

/** Whether zeros begin before the end of the module: then they are no padding. */
const isHole = (evidence: Evidence, wholeAt: number): boolean =>
  wholeAt > 32 && bytesFrom(evidence, wholeAt - 16).subarray(0, 17).every((byte) => byte === 0)

/**
 * What stands after a module that was whole. Other bytes than these may be a damaged section.
 *
 * @param evidence what is known
 */
export const diagnoseTrailing = (evidence: Evidence): Diagnosis | undefined => {
  const { ended, wholeAt } = evidence
  if (wholeAt === undefined || wholeAt < headerSize) return undefined
  const rest = bytesFrom(evidence, wholeAt)
  const size = sizeOf(evidence)
  const isAll = ended && wholeAt + rest.length === size
  const isHere = isAll && evidence.stop?.offset === wholeAt
  const found = wordsAfter(rest, isAll) ??
    (isHere ? otherWords(evidence, wholeAt, rest) : undefined)
  if (found === undefined || isHole(evidence, wholeAt)) return undefined
  const [what, advice] = found
  const how = ended ? count(size - wholeAt) : "more bytes"
  return {
    reason: "trailing-bytes",
    what: `has ${how} after the module, which is whole at byte ${wholeAt}: ${what}`,
    advice,
  }
}
