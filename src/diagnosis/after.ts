/**
 * Recognises a complete module with something after it.
 *
 * @module
 */
import { find } from "./bytes.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { endBySize, isFramed } from "./framing.ts"
import { readText } from "./head_text.ts"
import { endsWithContent } from "./known_custom.ts"
import { bytesFrom, sizeOf } from "./pieces.ts"
import { excerpt, hexOf } from "./print.ts"
import { header, headerSize } from "./wasm_header.ts"

/** What follows a module, and what to do about it. */
type Words = readonly [what: string, advice: string]

/** The most bytes after the module that are examined. */
const longestRest = 4_096

/** The fewest bytes that are recognised as text if more may follow. */
const leastText = 8

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, longestRest))

const isZeros = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

const asBytes =
  "Write the file as bytes: an editor, a template or a print statement added a line end"

/** White space, the end-of-file mark of DOS, and zeros; a tab or zero may not come first, as it may be a section's id. */
// deno-lint-ignore no-control-regex
const filler = /^(?: *\r?\n| +|\x1a)[ \t\r\n\0\x1a]*$/

const fillerWords = (rest: Uint8Array, text: string): Words => {
  const names = [
    ...(/[ \t\r\n]/.test(text) ? ["white space"] : []),
    ...(text.includes("\x1a") ? ["the end-of-file mark of DOS"] : []),
    ...(text.includes("\0") ? ["zeros"] : []),
  ]
  const advice = names.length === 1 && names[0] === "white space"
    ? asBytes
    : "Write the file as bytes: a tool that handles text or whole blocks added this"
  return [`${names.join(" and ")} (${excerpt(rest, 40)})`, advice]
}

/** Another module, immediately after the first or after filler. */
const secondModule = (rest: Uint8Array): Words | undefined => {
  const start = find(rest.subarray(0, longestRest), header)
  if (start < 0) return undefined
  const between = rest.subarray(0, start)
  if (!between.every((byte) => byte === 0 || byte === 0xff) && !filler.test(ascii(between))) {
    return undefined
  }
  return [
    start === 0 ? "another module" : `${hexOf(between)}, then another module`,
    "Load them one by one: two files were joined, or one was written twice",
  ]
}

const wordsAfter = (rest: Uint8Array, isAll: boolean): Words | undefined => {
  if (rest.length === 0) return undefined
  const text = ascii(rest)
  if (isZeros(rest)) {
    return ["zeros", "Remove the padding: the file or buffer is larger than the module in it"]
  }
  const second = secondModule(rest)
  if (second !== undefined) return second
  if (/^(?:\r\n)?0\r\n(?:\r\n)?$/.test(text) || /^\r\n[\da-f]{1,8}(?:;[^\r\n]*)?\r\n/i.test(text)) {
    return [
      `the end of a chunked body (${excerpt(rest, 40)})`,
      "Decode the chunked transfer coding: a server or proxy passed its frames on as content",
    ]
  }
  if (isAll && filler.test(text)) return fillerWords(rest, text)
  if (
    /^\s*<(?:!--|!doctype\b|(?:html|head|body|script|style|link|iframe|div|img)\b)/i.test(text)
  ) {
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
    return textWords(rest)
  }
  return undefined
}

const textWords = (
  rest: Uint8Array,
): Words => [`text (${excerpt(rest, 40)})`, "Check what writes to the response after the file"]

/** More bytes than this, if not of a known kind, may be a damaged section. */
const longestUnknown = 64
/** This many equal bytes are not a section. */
const leastRun = 16

/** Whether bytes are not a section, not even one with a wrong id, or one that lost a byte. */
const isNoSection = (evidence: Evidence, wholeAt: number, rest: Uint8Array): boolean => {
  if (rest.length > longestUnknown) return false
  // A section with only its id wrong.
  const end = endBySize(evidence, wholeAt)
  if (end >= 0 && isFramed(evidence, end)) return false
  for (let at = wholeAt; at + 1 < wholeAt + rest.length; at++) {
    if (isFramed(evidence, at)) return false
  }
  return true
}

/** Describes bytes of no known kind at whose first byte the decoder stopped, as no valid section begins there. */
const otherWords = (
  evidence: Evidence,
  wholeAt: number,
  rest: Uint8Array,
  isAll: boolean,
): Words | undefined => {
  const advice = "Check what writes the file: something was added after the module"
  const isRun = rest.length >= leastRun && rest.every((byte) => byte === rest[0])
  if (isRun && (isAll || rest.length >= longestRest)) {
    return [`each is ${hexOf(rest.subarray(0, 1))}`, advice]
  }
  if (!isAll || rest.length === 0 || !isNoSection(evidence, wholeAt, rest)) return undefined
  return readText(rest).textual ? textWords(rest) : [hexOf(rest), advice]
}

/** More zeros than this after a mere header are not the padding of an empty module. */
const longestPadding = 16

/** Whether zeros replace the module's content, or begin before its end, so that they are not padding. */
const isHole = (evidence: Evidence, wholeAt: number, rest: Uint8Array): boolean =>
  wholeAt === headerSize
    ? rest.length > longestPadding && isZeros(rest)
    : wholeAt > 32 && isZeros(bytesFrom(evidence, wholeAt - 16).subarray(0, 17))

/** Whether the last section ends before its content does, so that the bytes after it belong to it. */
const isCutCustom = (evidence: Evidence, wholeAt: number): boolean => {
  const { lastCustom } = evidence
  if (lastCustom === undefined || lastCustom >= wholeAt) return false
  const payload = bytesFrom(evidence, lastCustom).subarray(0, wholeAt - lastCustom)
  return payload.length === wholeAt - lastCustom && !endsWithContent(payload)
}

/** A clause such as `1 extra byte follows` or `12 zero bytes follow`. */
const following = (size: number, kind: string): string =>
  size === 1 ? `1 ${kind} byte follows` : `${size} ${kind} bytes follow`

/**
 * Describes what follows a complete module; `undefined` if the bytes may be a damaged section.
 *
 * @param evidence what is known
 */
export const diagnoseTrailing = (evidence: Evidence): Diagnosis | undefined => {
  const { ended, stop, wholeAt } = evidence
  if (wholeAt === undefined || wholeAt < headerSize) return undefined
  const rest = bytesFrom(evidence, wholeAt)
  const size = sizeOf(evidence)
  const isAll = ended && wholeAt + rest.length === size
  if (isCutCustom(evidence, wholeAt)) return undefined
  const found = wordsAfter(rest, isAll) ??
    (stop?.offset === wholeAt ? otherWords(evidence, wholeAt, rest, isAll) : undefined)
  if (found === undefined || isHole(evidence, wholeAt, rest)) return undefined
  const [what, advice] = found
  const follows = !ended
    ? `more bytes follow: ${what}`
    : isZeros(rest)
    ? following(size - wholeAt, "zero")
    : `${following(size - wholeAt, "extra")}: ${what}`
  return {
    reason: "trailing-bytes",
    what: `is a complete module that ends at byte ${wholeAt}; ${follows}`,
    advice,
  }
}
