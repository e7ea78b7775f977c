/**
 * Explains why a response cannot hold a module, and what to do, from its type, status, content type and URL.
 *
 * @module
 */
import { isServed } from "../diagnosis/mod.ts"
import { TypeError } from "../errors.ts"
import type { ResponseHead } from "./response_facts.ts"
import { contentTypeIn, forUrl } from "../messages/wording.ts"

/** Messages about filtered responses, by their type, with advice. */
const filtered: Readonly<Record<string, string>> = {
  opaque:
    'The response is opaque, so its body cannot be read. Fetch it without mode: "no-cors", and let the server allow this origin (CORS)',
  opaqueredirect:
    'The response is a redirect that was not followed. Fetch it without redirect: "manual"',
  error: "The response is a network error (Response.error()). Fetch it again",
}

const statusAdvice = (status: number): string => {
  if (status === 304) {
    return "It has no body: remove the conditional header fields from the request, or use the copy that they are about"
  }
  // Fetch follows redirects by default; other clients may not.
  if (status >= 300 && status <= 399) return "Let the client follow redirects"
  switch (status) {
    case 401:
    case 407:
      return "Log in, or send credentials with the request"
    case 403:
      return "Check the permissions of the file, and whether a signed URL has expired"
    case 404:
    case 410:
      return "Check the path, and that the file was deployed"
    case 416:
      return "Request it without a Range field"
    case 408:
    case 425:
    case 429:
    case 503:
    case 504:
      return "Try again later; loadModule of @effect-wasm/compile-streaming/http does so by itself"
    default:
      return status >= 500 ? "Check the server's log" : "Check the request"
  }
}

const sniff = 'pass contentType: "sniff"'

const isPage = (type: string): boolean => /^\s*(?:text\/html|application\/xhtml\+xml)\b/.test(type)

const typeAdvice = ({ contentType, redirected, status, url }: ResponseHead): string => {
  const type = contentType?.toLowerCase() ?? ""
  if (status === 204 || status === 205) {
    return `It has no content (status ${status}): request the file itself`
  }
  if (/^\s*multipart\//.test(type)) return "It is in parts: request it without a Range field"
  if (
    /^\s*application\/(?:x-)?(?:gzip|zip|tar|brotli|br|zstd|7z-compressed|xz|bzip2?)\b/.test(type)
  ) {
    return "It is compressed or packed: serve the module itself, with Content-Encoding where it is compressed"
  }
  if (/^\s*application\/wasm\s*[;,]/.test(type)) {
    return `The type must have no parameters, and appear only once: remove the rest, or ${sniff}`
  }
  if (url === undefined && isPage(type)) {
    return "It is an HTML page: check where its body comes from"
  }
  if (url === undefined) {
    const made =
      `Make the Response with headers: { "content-type": "application/wasm" }, or ${sniff}`
    return type === "" ? made : `${made}, if its body is a module`
  }
  if (!isServed(url)) {
    const scheme = url.slice(0, url.indexOf(":") + 1)
    return `Give the ${scheme} URL's data the type application/wasm, or ${sniff}`
  }
  if (isPage(type)) {
    return redirected === true
      ? "It is a page, after a redirect: often a login page. Check where the request was redirected to"
      : "The server answered with an HTML page, probably the fallback page of a single-page application or a login page. " +
        "Check the path"
  }
  if (/\b(?:json|xml|javascript)\b/.test(type)) {
    return "It is likely a message or another file. Check the path"
  }
  return `Let the server send application/wasm for .wasm files, or ${sniff}`
}

/**
 * The error of a response, completed with advice.
 *
 * @param plain the error
 * @param head the head of the response
 */
export const explainResponse = (plain: TypeError, head: ResponseHead): TypeError => {
  const { reason } = plain
  const { contentType, status, type, url } = head
  const told = (message: string) => new TypeError({ reason, message, url, status, contentType })
  switch (reason) {
    case "response-type":
      return told(`${filtered[type ?? ""] ?? plain.message}${forUrl(url)}`)
    case "status": {
      const redirect = status >= 300 && status <= 399 && status !== 304
      return told(
        `${plain.message}${redirect ? ", a redirect that was not followed" : ""}. ${
          statusAdvice(status)
        }`,
      )
    }
    default:
      return told(
        `The response has ${contentTypeIn(contentType)}${
          contentType === null ? "; expected" : " instead of"
        } application/wasm${forUrl(url)}. ${typeAdvice(head)}`,
      )
  }
}
