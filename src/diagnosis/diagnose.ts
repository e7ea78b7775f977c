/**
 * Runs the recognisers in order of certainty: first what the bytes prove, then what text suggests, then the hints of the URL
 * and the content type, and last the sizes.
 *
 * @module
 */
import { advise } from "./advice.ts"
import { diagnoseTrailing } from "./after.ts"
import { diagnosePackedPrefix, diagnosePrefix } from "./before.ts"
import { diagnoseDamage, diagnoseLostBytes, diagnoseZeros } from "./damage.ts"
import { diagnoseDamagedFormat } from "./damaged_formats.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { readText } from "./head_text.ts"
import { diagnoseMagicNumber } from "./magic_numbers.ts"
import { sizeOf } from "./pieces.ts"
import { count, hexOf } from "./print.ts"
import { diagnoseMarkedText, diagnosePlainText, diagnoseWide } from "./text_formats.ts"
import { diagnoseHeader, hasMagic, hasModuleHeader } from "./wasm_header.ts"

/** The number of bytes that are read as text; more would not help to recognise it. */
const textSize = 1_024
/** The number of bytes for program sources, which may begin with a licence. */
const sourceSize = 8_192

const brotliType = /^[\t ]*application\/(?:x-)?br(?:otli)?[\t ]*(?:;|$)/i

/** Recognises Brotli by the URL or the content type only, as it has no magic number. */
const diagnoseBrotli = (
  head: Uint8Array,
  path: string,
  contentType: string,
): Diagnosis | undefined => {
  const hint = /\.br$/i.test(path)
    ? "the URL ends in .br"
    : brotliType.test(contentType)
    ? "the Content-Type says so"
    : undefined
  if (hint === undefined || head.length < 4 || hasMagic(head)) return undefined
  return {
    reason: "brotli",
    what:
      `is not a WebAssembly module: it looks like data compressed with Brotli (${hint}; it begins with ${
        hexOf(head, 4)
      })`,
    advice: "Serve it with Content-Encoding: br, or decompress it first",
  }
}

/** Names the section whose end is missing, if there is one. */
const incomplete = ({ stop }: Evidence): string =>
  stop?.section === undefined ? "" : `; the ${stop.section} section is incomplete`

const shortfall = (evidence: Evidence): Diagnosis | undefined => {
  const { declaredSize, ended, stop } = evidence
  if (!ended) return undefined
  const size = sizeOf(evidence)
  const isShort = declaredSize !== undefined && size < declaredSize
  if (!isShort && stop?.isAtEnd !== true) return undefined
  return {
    reason: "truncated",
    what: `is cut short: it ends after ${
      isShort ? `${size} of ${declaredSize} bytes` : count(size)
    }${incomplete(evidence)}`,
    advice: "Load it again; if that does not help, compare its size with the file that was built",
  }
}

const emptyBody = ({ declaredSize = 0 }: Evidence): Diagnosis => ({
  reason: "empty",
  what: declaredSize > 0 ? `is empty (0 of ${count(declaredSize)})` : "is empty (0 bytes)",
  advice: "Check the size of the file, and that the server or a proxy sends its body",
})

const recognise = (evidence: Evidence): Diagnosis | undefined => {
  const { ended, head, stop } = evidence
  if (head.length === 0) return ended ? emptyBody(evidence) : undefined
  if (hasModuleHeader(head)) {
    if (stop === undefined) return shortfall(evidence)
    return diagnoseTrailing(evidence) ?? diagnoseDamage(evidence) ?? shortfall(evidence)
  }
  const path = /^[^?#]*/.exec(evidence.url ?? "")?.[0] ?? ""
  const contentType = evidence.contentType ?? ""
  const text = readText(head.subarray(0, textSize))
  const longer = text.textual ? readText(head.subarray(0, sourceSize)) : text
  const isWhole = ended && sizeOf(evidence) <= textSize
  return diagnoseMagicNumber(head, path) ??
    diagnoseWide(head) ??
    diagnoseHeader(head, ended) ??
    diagnoseLostBytes(head) ??
    (text.text.startsWith("--") ? diagnoseMarkedText(text) : undefined) ??
    diagnosePackedPrefix(head) ??
    diagnosePrefix(head) ??
    diagnoseDamagedFormat(head) ??
    diagnoseZeros(evidence) ??
    diagnoseMarkedText(text, longer.textual ? longer : text) ??
    diagnosePlainText(text, { ended: isWhole, path, contentType }) ??
    diagnoseBrotli(head, path, contentType) ??
    (evidence.declaredSize === undefined ? undefined : shortfall(evidence))
}

/** Recognises a part of the file, sent with status 206 although all of it was requested. */
const partOf = (
  { contentRange, head, status }: Evidence,
  isCut: boolean,
): Diagnosis | undefined => {
  if (status !== 206) return undefined
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(contentRange?.trim() ?? "")
  const [, first, last, size] = range ?? []
  if (first === "0" && size !== "*" && Number(last) + 1 === Number(size)) return undefined
  // Content-Range is hidden (by CORS) or missing, so only the bytes can show that there is more.
  if (range === null && !isCut && hasMagic(head)) return undefined
  const which = range === null ? "" : `: bytes ${first} to ${last} of ${size}`
  return {
    reason: "truncated",
    what: `is only a part of the file${which} (status 206)`,
    advice:
      "Request it without a Range field; if there was none, check the proxy or service worker in between",
  }
}

/**
 * Recognises what bytes are if they are not a WebAssembly core module, or how a module was damaged.
 *
 * Returns `undefined` for a core module, unless the evidence proves that it was damaged in transit, and for too few bytes:
 * call again with more.
 *
 * @param evidence what is known about the bytes
 * @returns what they are, or `undefined` if nothing is recognised
 */
export const diagnose = (evidence: Evidence): Diagnosis | undefined => {
  const found = recognise(evidence)
  if (found === undefined || found.reason === "truncated") {
    return partOf(evidence, found !== undefined) ?? found
  }
  return advise(found, evidence)
}
