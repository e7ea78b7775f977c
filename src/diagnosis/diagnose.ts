/**
 * The order in which evidence is weighed: what the bytes prove, then what text suggests, then what the URL and the content
 * type hint at, and last the sizes.
 *
 * @module
 */
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { HEAD_SIZE } from "./diagnosis.ts"
import { readText } from "./head_text.ts"
import { diagnoseMagicNumber } from "./magic_numbers.ts"
import { hexOf } from "./print.ts"
import { diagnoseMarkedText, diagnosePlainText } from "./text_formats.ts"
import {
  diagnoseHeader,
  diagnoseMangled,
  diagnosePrefix,
  diagnoseShortfall,
  hasMagic,
  hasModuleHeader,
} from "./wasm_header.ts"

const brotliType = /^[\t ]*application\/(?:x-)?br(?:otli)?[\t ]*(?:;|$)/i

/** Brotli has no magic number, so that only the names tell. */
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
    what: `Looks like data compressed with Brotli (${hint}, and it begins with ${hexOf(head, 4)})`,
    advice: "Serve it with Content-Encoding: br, or unpack it",
  }
}

/** How many bytes came: what was said, or what is at hand, where that is all. */
const sizeOf = ({ head, size }: Evidence): number | undefined =>
  size ?? (head.length < HEAD_SIZE ? head.length : undefined)

const shortfall = (evidence: Evidence, isModule: boolean): Diagnosis | undefined => {
  const size = sizeOf(evidence)
  const { declaredSize, ended } = evidence
  if (!ended || size === undefined || declaredSize === undefined || !(size < declaredSize)) {
    return undefined
  }
  return diagnoseShortfall(isModule, size, declaredSize)
}

/**
 * Says what a body is that is not a WebAssembly core module, from its first bytes.
 *
 * The first bytes of a core module give `undefined`, unless the body ended short of its declared size, or its sections show
 * that it was mangled on its way. So does a body of which too little came to tell: ask again with more.
 *
 * @param evidence what is known of the body
 * @returns what it is, or `undefined` where nothing is recognised
 */
export const diagnose = (evidence: Evidence): Diagnosis | undefined => {
  const head = evidence.head.subarray(0, HEAD_SIZE)
  const { ended } = evidence
  if (head.length === 0 && ended && !(Number(evidence.size) > 0)) {
    const { declaredSize = 0 } = evidence
    return {
      reason: "empty",
      what: declaredSize > 0
        ? `An empty body: none of ${declaredSize} declared bytes came`
        : "An empty body: it has no bytes at all",
      advice:
        "Check that the file at this URL is not empty, and that the server or a proxy sends its body",
    }
  }
  if (hasModuleHeader(head)) return diagnoseMangled(head) ?? shortfall(evidence, true)
  const path = /^[^?#]*/.exec(evidence.url ?? "")?.[0] ?? ""
  const contentType = evidence.contentType ?? ""
  const text = readText(head)
  return diagnoseMagicNumber(head, path) ??
    diagnoseHeader(head, ended) ??
    diagnoseMarkedText(text) ??
    diagnosePrefix(head) ??
    diagnosePlainText(text, { ended, path, contentType }) ??
    diagnoseBrotli(head, path, contentType) ??
    shortfall(evidence, false)
}
