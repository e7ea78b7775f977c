/**
 * What a request names: something to be asked for over HTTP, a file, or data.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { TypeError } from "../errors.ts"
import { isBrowser } from "../platform/runtime.ts"
import { LoadError } from "./load_error.ts"

const { URL } = globalThis

/** What is to be loaded. */
export type Target =
  | {
    readonly kind: "http"
    readonly url: string
    readonly request: HttpClientRequest.HttpClientRequest
  }
  | { readonly kind: "file"; readonly url: string; readonly path: string | URL }
  | { readonly kind: "data"; readonly url: string }

/** From the root, from here, or from a drive. */
const pathLike = /^(?:\.{0,2}[\\/]|[a-z]:[\\/])/i

/** As much of a URL as belongs in a message. */
const shortened = (url: string): string => url.length > 200 ? `${url.slice(0, 200)}…` : url

const refuse = (url: string, why: string, cause?: unknown): LoadError =>
  new LoadError({
    reason: "url",
    message: `Cannot load ${shortened(url)}: ${why}`,
    url,
    attempts: 0,
    received: 0,
    cause,
  })

const parse = (text: string): URL | LoadError => {
  const base: unknown = isBrowser ? Reflect.get(globalThis, "location")?.href : undefined
  try {
    return new URL(text, typeof base === "string" ? base : undefined)
  } catch (cause) {
    return refuse(text, "not a valid URL; a file path must begin with /, ./ or ../", cause)
  }
}

const fromUrl = (url: URL): Target | LoadError => {
  const { href, password, protocol, username } = url
  switch (protocol) {
    case "http:":
    case "https:":
      return username === "" && password === ""
        ? { kind: "http", url: href, request: HttpClientRequest.get(href) }
        : refuse(url.origin + url.pathname, "credentials belong in a header, not in the URL")
    case "data:":
      return { kind: "data", url: href }
    case "file:":
      return isBrowser
        ? refuse(href, "a page cannot read files")
        : { kind: "file", url: href, path: url }
    default:
      return refuse(href, `the scheme ${protocol} is not http:, https:, file: or data:`)
  }
}

const fromText = (text: string): Target | LoadError => {
  if (!isBrowser && pathLike.test(text)) return { kind: "file", url: text, path: text }
  const url = parse(text)
  return url instanceof LoadError ? url : fromUrl(url)
}

/** A client may still complete its URL, so that is not judged here, where it tells nothing. */
const fromRequest = (
  request: HttpClientRequest.HttpClientRequest,
): Target | LoadError | TypeError => {
  if (request.method !== "GET") {
    const message = `The request must be a GET, to be made again: got ${request.method}`
    return new TypeError({ reason: "options", message, url: request.url })
  }
  const url = Option.getOrUndefined(HttpClientRequest.toUrl(request))
  if (url === undefined) return { kind: "http", url: request.url, request }
  const target = fromUrl(url)
  return !(target instanceof LoadError) && target.kind === "http" ? { ...target, request } : target
}

const targetOf = (
  request: string | URL | HttpClientRequest.HttpClientRequest,
): Target | LoadError | TypeError => {
  if (HttpClientRequest.isHttpClientRequest(request)) return fromRequest(request)
  const text = textOf(request)
  return text === undefined ? notAUrl(request) : fromText(text)
}

/** A URL of whichever implementation is its text. */
const textOf = (request: unknown): string | undefined => {
  if (typeof request === "string") return request
  if (typeof request !== "object" || request === null) return undefined
  try {
    const href: unknown = Reflect.get(request, "href")
    return typeof href === "string" ? href : undefined
  } catch {
    return undefined
  }
}

const notAUrl = (request: unknown): TypeError => {
  const kind = Object.prototype.toString.call(request).slice(8, -1)
  const advice = kind === "Response" || kind === "Promise"
    ? ": pass a response or a promise for one to compileStreaming"
    : ""
  const message =
    `The URL must be a string, a URL or a request of effect/http: got ${kind}${advice}`
  return new TypeError({ reason: "options", message })
}

/**
 * What a request names.
 *
 * @param request a URL, a path, or a request with headers of its own
 */
export const readTarget = (
  request: string | URL | HttpClientRequest.HttpClientRequest,
): Effect.Effect<Target, LoadError | TypeError> =>
  Effect.suspend((): Effect.Effect<Target, LoadError | TypeError> => {
    const target = targetOf(request)
    return "kind" in target ? Effect.succeed(target) : Effect.fail(target)
  })
