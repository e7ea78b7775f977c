/**
 * Classifies the source of a load: an HTTP request, a local URL, a file, a response, bytes, or a module.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { SourceError, TypeError } from "../../errors.ts"
import { printText } from "../../messages/print.ts"
import { isResponse } from "../../platform/brands.ts"
import { isBrowser, isBun } from "../../platform/runtime.ts"
import type { LoadError } from "../load_error.ts"
import { type Allows, badUrl, notAGet } from "./http_client.ts"

const { URL: PlatformUrl } = globalThis

/** A source of a module's bytes. */
export type BytesSource =
  | string
  | URL
  | Request
  | HttpClientRequest.HttpClientRequest
  | Response
  | PromiseLike<Response>
  | Blob
  | ArrayBuffer
  | ArrayBufferView

/** A source of a module, or a module, which is returned as it is: some runtimes can only import modules. */
export type LoadSource = BytesSource | WebAssembly.Module

/** A classified source. */
export type Target =
  | {
    readonly kind: "http"
    readonly request: HttpClientRequest.HttpClientRequest
    /** The request's own signal, besides the option `signal`. */
    readonly signal?: AbortSignal | undefined
    /** The request's options for fetch that are not the defaults. */
    readonly init?: RequestInit | undefined
    /** The request's integrity metadata; may be empty. */
    readonly integrity?: string | undefined
  }
  /** A `data:` or `blob:` URL. */
  | { readonly kind: "local"; readonly url: string }
  | { readonly kind: "file"; readonly name: string; readonly path: string | URL }
  | { readonly kind: "response"; readonly response: Response }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly kind: "module"; readonly module: WebAssembly.Module }

/** A path from the root, a relative path, or one with a drive letter. */
const pathLike = /^(?:\.{0,2}[\\/]|[a-z]:[\\/])/i

const parse = (text: string): URL | undefined => {
  try {
    return new PlatformUrl(text)
  } catch {
    return undefined
  }
}

/** The schemes that can be allowed. */
const protocols: ReadonlyArray<string> = ["https:", "http:", "data:", "blob:", "file:"]

const fromUrl = (url: URL, text: string, allows: Allows): Target | LoadError => {
  const { href, protocol } = url
  switch (protocol) {
    case "http:":
    case "https:":
      return { kind: "http", request: HttpClientRequest.get(text) }
    case "data:":
    case "blob:":
      return allows(protocol)
        ? { kind: "local", url: href }
        : badUrl(href, `the scheme ${protocol} is not in the option protocols`)
    case "file:":
      if (isBrowser) return badUrl(href, "a page cannot read files")
      return allows(protocol)
        ? { kind: "file", name: text, path: url }
        : badUrl(href, 'to read a file, pass protocols: ["file:"]')
    default: {
      const allowed = protocols.filter(allows).join(", ") || "none"
      return badUrl(
        href,
        `the scheme ${printText(protocol)} is not supported (allowed: ${allowed})`,
      )
    }
  }
}

const fromText = (text: string, allows: Allows): Target | LoadError => {
  if (text === "") return badUrl('""', "the URL is empty")
  if (!isBrowser && allows("file:") && pathLike.test(text)) {
    return { kind: "file", name: text, path: text }
  }
  const url = /^[a-z][a-z0-9+.-]*:/i.test(text) ? parse(text) : undefined
  if (url !== undefined) return fromUrl(url, text, allows)
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) return badUrl(text, "it is not a valid URL")
  // Relative: a client may complete it.
  return { kind: "http", request: HttpClientRequest.get(text) }
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

const isRequest = (value: unknown): value is Request => tagOf(value) === "Request"
const isBlob = (value: unknown): value is Blob => /^(?:Blob|File)$/.test(tagOf(value))
const isModule = (value: unknown): value is WebAssembly.Module =>
  tagOf(value) === "WebAssembly.Module"

/**
 * The members of a Request that are options of fetch, and their defaults. Runtimes may lack some; Bun's `credentials` and
 * `referrer` do not reflect what was given.
 */
const defaults: Readonly<Record<string, unknown>> = {
  cache: "default",
  ...(isBun ? {} : { credentials: "same-origin", referrer: "about:client" }),
  keepalive: false,
  mode: "cors",
  redirect: "follow",
  referrerPolicy: "",
}

const initOf = (request: Request): RequestInit | undefined => {
  const entries = Object.entries(defaults).flatMap(([name, usual]) => {
    const value: unknown = Reflect.get(request, name)
    // Fetch rejects the mode "navigate", which only the browser itself may use.
    return value === undefined || value === usual || value === "navigate" ? [] : [[name, value]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

const fromRequest = (request: Request): Target | TypeError => {
  const { headers, integrity, method, signal, url } = request
  if (method !== "GET") return notAGet(method, url)
  return {
    kind: "http",
    request: HttpClientRequest.get(url, { headers: Object.fromEntries(headers) }),
    signal,
    init: initOf(request),
    integrity,
  }
}

const notASource = (value: unknown): TypeError => {
  const message = "The source must be a URL, a Request, a Response, a Blob, bytes or a " +
    `WebAssembly.Module: got ${
      value === null || value === undefined ? String(value) : printText(tagOf(value))
    }`
  return new TypeError({ reason: "options", message })
}

/** The text of a URL object of any implementation. */
const hrefOf = (value: object): string | undefined => {
  const href: unknown = Reflect.get(value, "href")
  return typeof href === "string" ? href : undefined
}

const isBuffer = (value: object): value is ArrayBufferLike =>
  /^(?:Shared)?ArrayBuffer$/.test(tagOf(value))

/** Copies bytes, as the caller may write to them during the load; an error if their buffer was transferred. */
const bytesOf = (value: object): Uint8Array | TypeError | undefined => {
  try {
    if (ArrayBuffer.isView(value)) {
      return new Uint8Array(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    }
    return isBuffer(value) ? new Uint8Array(new Uint8Array(value)) : undefined
  } catch (cause) {
    const message = "The bytes cannot be read: their ArrayBuffer was transferred elsewhere"
    return new TypeError({ reason: "options", message, cause })
  }
}

const targetOf = (source: unknown, allows: Allows): Target | LoadError | TypeError => {
  if (typeof source === "string") return fromText(source, allows)
  if (typeof source !== "object" || source === null) return notASource(source)
  if (HttpClientRequest.isHttpClientRequest(source)) return { kind: "http", request: source }
  if (isResponse(source)) return { kind: "response", response: source }
  if (isModule(source)) return { kind: "module", module: source }
  if (isRequest(source)) return fromRequest(source)
  const bytes = bytesOf(source)
  if (bytes instanceof TypeError) return bytes
  if (bytes !== undefined) return { kind: "bytes", bytes, contentType: "application/wasm" }
  const href = hrefOf(source)
  return href === undefined ? notASource(source) : fromText(href, allows)
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function"

/** Waits for a promise for a response, or for the bytes of a Blob. */
const settle = (source: unknown): Effect.Effect<unknown, SourceError> => {
  const wait = (run: () => PromiseLike<unknown>) =>
    Effect.tryPromise({
      try: async () => await run(),
      catch: (cause) => {
        const message = "The source failed: its promise was rejected"
        return new SourceError({ reason: "source", message, cause })
      },
    })
  if (isBlob(source)) return wait(() => source.arrayBuffer())
  return isThenable(source) ? wait(() => source) : Effect.succeed(source)
}

/**
 * Classifies a source.
 *
 * @param source a URL, a request, a response or a promise for one, a Blob, bytes, or a module
 * @param allows which schemes are allowed
 */
export const readTarget = (
  source: unknown,
  allows: Allows,
): Effect.Effect<Target, LoadError | TypeError | SourceError> =>
  Effect.flatMap(
    Effect.suspend(() => settle(source)),
    (settled): Effect.Effect<Target, LoadError | TypeError> => {
      const target = targetOf(settled, allows)
      return "kind" in target ? Effect.succeed(target) : Effect.fail(target)
    },
  )
