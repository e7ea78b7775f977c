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

/** What Deno puts before the words of its HTTP client. */
const denoPrefix = /^error sending request .*?: client error \(\w+\): /
/** What Bun adds for programmers: the URL, which is named already, and advice. */
const bunSuffix = /(?: fetching "the URL")?\. For more information, pass `verbose: true` .*$/

/** The message of an error, safe to print. */
const messageOf = (error: unknown): string => {
  const words = error instanceof Error ? error.message || error.name : String(error)
  // Deno's messages contain the whole URL, secrets included.
  const withoutUrl = words.slice(0, 1_000).replace(/\bhttps?:\/\/[^\s)"']+/g, "the URL")
  return printText(withoutUrl.replace(denoPrefix, "").replace(bunSuffix, "").trim())
}

/**
 * The message of the innermost error, safe to print.
 *
 * @param error what was caught
 */
export const said = (error: unknown): string => messageOf(deepest(error))

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

/** The words for a connection that was closed or reset; Bun does not tell which. */
export const closed = "the connection was closed"
const noTls = "the TLS handshake failed. Does the server speak TLS on this port?"
const notHttp = "the response is not valid HTTP"

/** Failures of the network: what their codes or messages begin with, and words that do not depend on the runtime. */
const networkFailures: ReadonlyArray<readonly [begins: RegExp, words: string]> = [
  [/^(?:tcp connect error: )?(?:ECONNREFUSED|Connection ?[Rr]efused)/, "connection refused"],
  [
    /^(?:ENOTFOUND|EAI_|getaddrinfo |FailedToResolve|dns error)/,
    "the host name cannot be resolved",
  ],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|Connection ?Closed|Connection reset)/i, closed],
  // Deno: a body that ended too early, or was not valid HTTP.
  [/^error reading a body from connection/, closed],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)/, "the connection timed out"],
  [/^(?:tcp connect error: )?Connection timed out/, "the connection timed out"],
  [/^(?:EHOSTUNREACH|ENETUNREACH)/, "the host cannot be reached from here"],
  [/^tcp connect error: N.* (?:route|unreachable)/, "the host cannot be reached from here"],
  [/^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION|PACKET_LENGTH)|received corrupt message)/, noTls],
  [/^(?:HPE_|Response does not match the HTTP|invalid HTTP|Malformed_HTTP|InvalidHTTP)/, notHttp],
  [/^(?:InvalidContentLength|UND_ERR_RES_CONTENT_LENGTH|invalid content-length)/, notHttp],
  [/^UnrequestedUpgrade/, notHttp],
  [/^(?:UND_ERR_HEADERS_OVERFLOW|message head is too large)/, "the response's header is too large"],
]

/**
 * Why the network failed, safe to print.
 *
 * @param error what was caught
 */
export const whyFailed = (error: unknown): string => {
  const facts = [...codesOf(error), messageOf(deepest(error))]
  for (const [pattern, words] of networkFailures) {
    if (facts.some((fact) => pattern.test(fact))) return words
  }
  return said(error)
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
