/**
 * Adapts advice to the source of the bytes: a server, a file, or a Response that a program constructed.
 *
 * @module
 */
import type { Diagnosis, Evidence } from "./diagnosis.ts"

/** Whether the bytes are from a server, unlike those of files, data URLs and constructed Responses. */
export const isServed = (url: string | undefined): boolean =>
  url !== undefined && /^https?:/i.test(url)

/** For each reason, the content coding that would undo it. */
const codings: ReadonlyMap<string, RegExp> = new Map([
  ["gzip", /\b(?:x-)?gzip\b/i],
  ["brotli", /\bbr\b/i],
  ["zstd", /\bzstd\b/i],
  ["zlib", /\bdeflate\b/i],
  ["deflate", /\bdeflate\b/i],
])

const compressed = (diagnosis: Diagnosis, evidence: Evidence): string => {
  const { contentEncoding, url } = evidence
  const coding = codings.get(diagnosis.reason)
  if (coding === undefined) return diagnosis.advice
  if (typeof contentEncoding === "string" && coding.test(contentEncoding)) {
    if (url === undefined) {
      return "Pipe the body through DecompressionStream first: the Content-Encoding of a Response made by hand decodes nothing"
    }
    return `The Content-Encoding is ${
      JSON.stringify(contentEncoding)
    } already, so it was compressed twice: compress it once`
  }
  if (!isServed(url) && diagnosis.advice.startsWith("Serve it")) {
    return diagnosis.advice.replace(
      /^Serve it with (.*), or decompress it first$/,
      "Decompress it first, or let a server send it with $1",
    )
  }
  return diagnosis.advice
}

const page = (diagnosis: Diagnosis, { redirected, status, url }: Evidence): string => {
  if (!isServed(url)) return diagnosis.advice.replace(/: the server .*$/, "")
  if (redirected === true) {
    return "Check where the request was redirected to: this is often a login page, or the page for missing files"
  }
  return status === 200
    ? "Check the path: with status 200, it is likely the fallback page of a single-page application or a login page"
    : diagnosis.advice
}

/**
 * The same diagnosis, with adapted advice.
 *
 * @param diagnosis what was found
 * @param evidence what is known about the bytes
 */
export const advise = (diagnosis: Diagnosis, evidence: Evidence): Diagnosis => {
  switch (diagnosis.reason) {
    case "html":
      return { ...diagnosis, advice: page(diagnosis, evidence) }
    case "brotli":
    case "deflate":
    case "gzip":
    case "zlib":
    case "zstd":
      return { ...diagnosis, advice: compressed(diagnosis, evidence) }
    default:
      return diagnosis
  }
}
