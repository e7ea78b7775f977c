/**
 * What a failed fetch means, as far as runtimes tell it: by codes and names, and by their own fixed sentences where there is
 * nothing else. Never by words that a host, a path or a header may hold.
 *
 * @module
 */
import { printText } from "../../messages/print.ts"
import { isDeno } from "../../platform/runtime.ts"

const { URL } = globalThis

/** What was thrown at the bottom of a chain of causes: runtimes wrap what the network said. */
const deepest = (error: unknown, depth = 0): unknown =>
  error instanceof Error && error.cause instanceof Error && depth < 10
    ? deepest(error.cause, depth + 1)
    : error

/**
 * What an error says, in a few words that are safe to print.
 *
 * @param error what was caught
 */
export const said = (error: unknown): string => {
  const inner = deepest(error)
  const words = inner instanceof Error ? inner.message || inner.name : String(inner)
  // Deno names the URL, with all that it holds.
  return printText(words.slice(0, 1_000).replace(/\bhttps?:\/\/[^\s)"']+/g, "the URL"))
}

const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined
  return typeof code === "string" ? code : ""
}

/** Every code in a chain of causes. */
const codesOf = (error: unknown): ReadonlyArray<string> => {
  const codes: Array<string> = []
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    codes.push(codeOf(at))
  }
  return codes
}

/** What of a URL is not for everybody's eyes: credentials, query, fragment. */
const secretsOf = (url: string): ReadonlyArray<string> => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) return [url]
  const { hash, password, search, username } = parsed
  return [hash.slice(1), password, search.slice(1), username].filter((part) => part !== "")
}

/** What runtimes put beside the words, such as a path. */
const fieldsOf = (error: Error): string =>
  Object.keys(error).map((name): unknown => Reflect.get(error, name))
    .filter((value) => typeof value === "string").join(" ")

/** Whether what was received is there, as it is: it may repeat the request. */
const hasBytes = (error: Error): boolean =>
  Object.keys(error).some((name) => Reflect.get(error, name) instanceof Uint8Array)

/**
 * What was caught, for the `cause` of an error: a copy that says less, where runtimes put a URL with its secrets into their
 * words.
 *
 * @param cause what was caught
 * @param url the URL that was asked for
 */
export const discreet = (cause: unknown, url: string): unknown => {
  const secrets = secretsOf(url)
  for (let at = cause, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    const words = `${at.message} ${at.stack ?? ""} ${fieldsOf(at)}`
    if (!hasBytes(at) && !secrets.some((secret) => words.includes(secret))) continue
    const copy = new Error(said(cause))
    if (cause instanceof Error) copy.name = cause.name
    const code = codesOf(cause).find((code) => code !== "")
    return code === undefined ? copy : Object.assign(copy, { code })
  }
  return cause
}

/** Node's and Deno's own sentences of a port that Fetch does not ask. @see https://fetch.spec.whatwg.org/#port-blocking */
export const isBadPort = (error: unknown): boolean => {
  const inner = deepest(error)
  return inner instanceof Error &&
    /^(?:bad port|Fetch failed: Requests to port \d+ are blocked)$/.test(inner.message)
}

/** OpenSSL's and BoringSSL's refusals of a certificate, as Node and Bun name them. */
const certificateCode =
  /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER|GET_CRL|DECODE)|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$)/

/** How Deno begins what it says of a certificate; in front of it stands the URL, in parentheses. */
const denoCertificate = /(?:^|\): |: )invalid peer certificate: \w+/

/** Node's and Bun's codes of a decoder that was given something else. A body that ends early is another matter. */
const encodingCode =
  /^(?:Z_(?!BUF_ERROR)|ERR__ERROR_FORMAT|ZSTD_error_|(?:Zlib|Brotli\w*|Zstd\w*)Error$)/

/** Deno has no codes; this is how what its decoders say begins. None of it comes from the server. */
const denoEncoding =
  /^(?:invalid gzip header|corrupt (?:deflate|gzip) stream|deflate decompression error: (?!unexpected)|brotli error)/i

/** The runtimes' own sentences of a circle of redirects: the same the next time. */
const redirectWords: ReadonlySet<string> = new Set([
  "redirect count exceeded",
  "Maximum number of redirects (20) reached",
  "Fetch failed: Maximum number of redirects (20) reached",
])

/** Whether a certificate was refused. */
export const isCertificateRefusal = (error: unknown): boolean => {
  if (codesOf(error).some((code) => certificateCode.test(code))) return true
  const inner = deepest(error)
  return isDeno && inner instanceof Error &&
    denoCertificate.test(inner.message.replace(/\(https?:[^)]*\)/g, "(url)"))
}

/** Whether a body could not be decoded. */
export const isDecodingFailure = (error: unknown): boolean => {
  if (codesOf(error).some((code) => encodingCode.test(code))) return true
  const inner = deepest(error)
  return isDeno && inner instanceof Error && denoEncoding.test(inner.message)
}

/** Whether redirects went in a circle. */
export const isRedirectCircle = (error: unknown): boolean => {
  const inner = deepest(error)
  return codesOf(error).includes("TooManyRedirects") ||
    (inner instanceof Error && redirectWords.has(inner.message))
}
