/**
 * Stage 2: is this a response that may hold a module? The Web API's steps, in its order; each failure is a `TypeError`
 * that leaves the body untouched.
 *
 * @see https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response
 * @module
 */
import * as Effect from "effect/Effect"
import { type ResponseFacts, TypeError, type TypeErrorReason } from "../errors.ts"
import type { ContentTypePolicy } from "../options.ts"
import {
  bodyOf,
  bodyUsedOf,
  headerOf,
  isOwnResponse,
  isReadableStream,
  isResponse,
  statusOf,
  statusTextOf,
  typeOf,
  urlOf,
} from "../platform/brands.ts"
import { beneath, type ClientResponse, isClientResponse } from "./client_response.ts"
import { isWasmContentType } from "./content_type.ts"
import { explainLater } from "./explain_later.ts"
import { contentTypeIn, forUrl } from "./wording.ts"

/** A response that passed: what the following stages need of it. */
export interface CheckedResponse {
  readonly source: Response | ClientResponse
  readonly facts: ResponseFacts
  /** Whether its content type is the one that the specification demands; otherwise its first bytes have to tell. */
  readonly typed: boolean
  /** How many bytes the server says there are, where it counts the same bytes that we receive. */
  readonly declaredSize: number | undefined
}

/**
 * `Content-Length` counts encoded bytes, so it tells only of a body that came as it is.
 *
 * @param field a header field's value
 */
const declaredSizeIn = (
  field: (name: string) => string | null | undefined,
): number | undefined => {
  const length = field("content-length")
  const encoding = field("content-encoding")?.trim().toLowerCase() ?? "identity"
  return encoding === "identity" && typeof length === "string" && /^\d{1,15}$/.test(length)
    ? Number(length)
    : undefined
}

/** Across origins a browser hides whether a body was encoded; a response made by hand says what it likes. */
const declaredSizeOf = (response: Response, url: string): number | undefined =>
  url === "" || typeOf(response) === "cors"
    ? undefined
    : declaredSizeIn((name) => headerOf(response, name))

/** What a response says of itself before its body comes. */
export interface ResponseHead extends ResponseFacts {
  readonly status: number
  readonly contentType: string | null
  /** The reason phrase; may be empty. */
  readonly statusText: string
  /** The kind of response, as Fetch's filters leave it, where it is known. */
  readonly type?: Response["type"] | undefined
}

const isOk = (status: number): boolean => status >= 200 && status <= 299

/** What Fetch's filters leave of a response, in a sentence; `undefined` where they leave its body. */
const filtered = (type: string | undefined): string | undefined => {
  switch (type) {
    case "opaque":
      return 'The response is opaque, so its body cannot be read: fetch it without mode: "no-cors"'
    case "opaqueredirect":
      return 'The response is a redirect that was not followed: fetch it without redirect: "manual"'
    case "error":
      return "The response is a network error (Response.error()): there is no body"
    default:
      return undefined
  }
}

const answered = ({ status, statusText, url }: ResponseHead): string => {
  const words = `${status}${statusText && ` ${statusText}`}`
  const place = url === undefined
    ? `The response has the status ${words}`
    : `The server answered ${words} for ${url}`
  // Fetch follows redirects by itself; other clients have to be told.
  const isRedirect = status >= 300 && status <= 399 && status !== 304
  return isRedirect ? `${place}, a redirect that the client did not follow` : place
}

const refusal = (head: ResponseHead, reason: TypeErrorReason, message: string): TypeError => {
  const { contentType, status, url } = head
  return new TypeError({ reason, message, url, status, contentType })
}

/**
 * The error of a response whose content type is not accepted.
 *
 * @param head what the response says of itself
 * @param policy which content type is accepted
 */
export const contentTypeFault = (
  head: ResponseHead,
  policy: ContentTypePolicy,
): TypeError | undefined => {
  if (policy === "sniff" || isWasmContentType(head.contentType)) return undefined
  // An error page breaks two rules. The first one gives the reason; the status, which explains it, is said too.
  const told = filtered(head.type) ??
    (isOk(head.status)
      ? `The response has ${contentTypeIn(head.contentType)} instead of application/wasm${
        forUrl(head.url)
      }: fix it on the server, or pass contentType: "sniff"`
      : `${answered(head)}, with ${contentTypeIn(head.contentType)}`)
  return refusal(head, "content-type", told)
}

/**
 * The error of a response whose status is not ok.
 *
 * @param head what the response says of itself
 */
export const statusFault = (head: ResponseHead): TypeError | undefined =>
  isOk(head.status) ? undefined : refusal(head, "status", answered(head))

/**
 * Checks a response, and reads what is needed of it.
 *
 * @param value what the source resolved to
 * @param policy which content type is accepted
 */
export const checkResponse = (
  value: unknown,
  policy: ContentTypePolicy,
): Effect.Effect<CheckedResponse, TypeError> => {
  // Looking at a value may call code of whoever made it, or replaced what belongs to the platform.
  let branded = false
  try {
    // 2. The platform's own brand counts, not the shape.
    if (isResponse(value)) {
      branded = true
      return checkWebResponse(value, policy, urlOf(value))
    }
    return isClientResponse(value) ? checkClientResponse(value, policy) : notAResponse(value)
  } catch (cause) {
    return branded ? unreadable(cause) : notAResponse(value, cause)
  }
}

const unreadable = (cause: unknown): Effect.Effect<never, TypeError> => {
  const message = "The response cannot be read: something has replaced what belongs to the platform"
  return Effect.fail(new TypeError({ reason: "not-a-response", message, cause }))
}

/**
 * Fails for a source that is no response.
 *
 * @param value what the source resolved to
 * @param cause what was thrown when it was looked at, if anything was
 */
export const notAResponse = (value: unknown, cause?: unknown): Effect.Effect<never, TypeError> => {
  const message = "The source must be a Response or a promise for one"
  const plain = new TypeError({ reason: "not-a-response", message, cause })
  return Effect.flatMap(
    Effect.promise(() =>
      explainLater(plain, (explanations) => explanations.notAResponse(value, cause))
    ),
    Effect.fail,
  )
}

/** The error of a body that somebody has read, or is reading. */
export const bodyUsed = (facts: ResponseFacts): TypeError => {
  const message = `The body was already read or is locked${
    forUrl(facts.url)
  }: a body can be read only once, so call response.clone() before reading it`
  return new TypeError({ reason: "body-used", message, ...facts })
}

const checkWebResponse = (
  response: Response,
  policy: ContentTypePolicy,
  url: string,
): Effect.Effect<CheckedResponse, TypeError> => {
  // The engine's stage declines before it reads a byte, and the whole is compiled: otherwise this would go round forever.
  if (isOwnResponse(response)) {
    const message = "What stands in the place of the native function calls this library again"
    return Effect.fail(new TypeError({ reason: "not-a-response", message }))
  }
  const status = statusOf(response)
  const contentType = headerOf(response, "content-type")
  const type = typeOf(response)
  const facts = { url: url === "" ? undefined : url, status, contentType }
  const head: ResponseHead = { ...facts, statusText: statusTextOf(response), type }

  // 3.–5. Content type: the whole value, ASCII case-insensitively.
  const untyped = contentTypeFault(head, policy)
  if (untyped !== undefined) return Effect.fail(untyped)

  // 6. A filtered response shows nothing of its body.
  const hidden = filtered(type)
  if (hidden !== undefined) return Effect.fail(refusal(head, "response-type", hidden))

  // 7. An ok status.
  const failed = statusFault(head)
  if (failed !== undefined) return Effect.fail(failed)

  // 9. The body must be whole. Only here is it looked at.
  const body: unknown = bodyUsedOf(response) || bodyOf(response)
  if (body === true || (isReadableStream(body) && body.locked)) return Effect.fail(bodyUsed(facts))
  if (body !== null && !isReadableStream(body)) return notAResponse(response)
  return Effect.succeed({
    source: response,
    facts,
    typed: isWasmContentType(contentType),
    declaredSize: declaredSizeOf(response, url),
  })
}

/** A client's response is judged as the platform's beneath it; where there is none, by what it says of itself. */
const checkClientResponse = (
  response: ClientResponse,
  policy: ContentTypePolicy,
): Effect.Effect<CheckedResponse, TypeError> => {
  const found = beneath(response)
  if (found.kind === "web") return checkWebResponse(found.response, policy, response.url)
  if (found.kind === "unreadable") return notAResponse(found.value)
  const { headers, status, url } = response
  const contentType = headers["content-type"] ?? null
  const facts = { url: url === "" ? undefined : url, status, contentType }
  const head: ResponseHead = { ...facts, statusText: "" }
  const fault = contentTypeFault(head, policy) ?? statusFault(head)
  if (fault !== undefined) return Effect.fail(fault)
  if (found.used) return Effect.fail(bodyUsed(facts))
  return Effect.succeed({
    source: response,
    facts,
    typed: isWasmContentType(contentType),
    declaredSize: declaredSizeIn((name) => headers[name]),
  })
}
