/**
 * Classifies the failures of fetch: by error codes and names, or, if a runtime has none, by its own fixed messages. Never by
 * text that a host, a path or a header could contain.
 *
 * @module
 */
import { printText } from "../../messages/print.ts"
import { isDeno } from "../../platform/runtime.ts"

const { URL } = globalThis

/** The innermost error of a chain of causes: runtimes wrap the network's own error. */
const deepest = (error: unknown, depth = 0): unknown =>
  error instanceof Error && error.cause instanceof Error && depth < 10
    ? deepest(error.cause, depth + 1)
    : error

/**
 * The message of the innermost error, safe to print.
 *
 * @param error what was caught
 */
export const said = (error: unknown): string => {
  const inner = deepest(error)
  const words = inner instanceof Error ? inner.message || inner.name : String(inner)
  // Deno's messages contain the whole URL, secrets included.
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

/** The parts of a URL that may be secret: credentials, query, fragment. */
const secretsOf = (url: string): ReadonlyArray<string> => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) return [url]
  const { hash, password, search, username } = parsed
  return [hash.slice(1), password, search.slice(1), username].filter((part) => part !== "")
}

/** The strings that runtimes attach to an error, such as a path. */
const fieldsOf = (error: Error): string =>
  Object.keys(error).map((name): unknown => Reflect.get(error, name))
    .filter((value) => typeof value === "string").join(" ")

/** Whether an error holds raw received bytes, in which the server may have echoed the request. */
const hasBytes = (error: Error): boolean =>
  Object.keys(error).some((name) => Reflect.get(error, name) instanceof Uint8Array)

/**
 * The `cause` for an error of this library: what was caught, or, if that contains secrets of the URL, a redacted copy.
 *
 * @param cause what was caught
 * @param url the requested URL
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

/** Whether Node or Deno refused a bad port of Fetch. @see https://fetch.spec.whatwg.org/#port-blocking */
export const isBadPort = (error: unknown): boolean => {
  const inner = deepest(error)
  return inner instanceof Error &&
    /^(?:bad port|Fetch failed: Requests to port \d+ are blocked)$/.test(inner.message)
}

/** The codes of OpenSSL and BoringSSL for a refused certificate, as Node and Bun report them. */
const certificateCode =
  /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER|GET_CRL|DECODE)|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$)/

/** How Deno's message about a certificate begins, after the URL in parentheses. */
const denoCertificate = /(?:^|\): |: )invalid peer certificate: \w+/

/** Node's and Bun's codes for a body in another coding. A truncated body is a connection failure, so it is excluded. */
const encodingCode =
  /^(?:Z_(?!BUF_ERROR)|ERR__ERROR_FORMAT|ZSTD_error_|(?:Zlib|Brotli\w*|Zstd\w*)Error$)/

/** How the messages of Deno's decoders begin, as Deno has no codes. None of this text is the server's. */
const denoEncoding =
  /^(?:invalid gzip header|corrupt (?:deflate|gzip) stream|deflate decompression error: (?!unexpected)|brotli error)/i

/** The runtimes' messages for too many redirects. */
const redirectWords: ReadonlySet<string> = new Set([
  "redirect count exceeded",
  "Maximum number of redirects (20) reached",
  "Fetch failed: Maximum number of redirects (20) reached",
])

/** Whether the server's certificate was refused. */
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

/** Whether there were too many redirects, as in a loop. */
export const isRedirectCircle = (error: unknown): boolean => {
  const inner = deepest(error)
  return codesOf(error).includes("TooManyRedirects") ||
    (inner instanceof Error && redirectWords.has(inner.message))
}
