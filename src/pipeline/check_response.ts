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
import { printText, printUrl } from "../messages/print.ts"
import type { ResponseHead, ResponseStory } from "./response_facts.ts"
import { contentTypeIn, forUrl } from "../messages/wording.ts"

/** A response that passed: what the following stages need of it. */
export interface CheckedResponse {
  readonly source: Response | ClientResponse
  readonly facts: ResponseFacts
  /** Whether its content type is the one that the specification demands; otherwise its first bytes have to tell. */
  readonly typed: boolean
  /** How many bytes the server says there are, where it counts the same bytes that we receive. */
  readonly declaredSize: number | undefined
  /** What else it says of itself, for a diagnosis. */
  readonly story?: (() => ResponseStory) | undefined
}

/**
 * `Content-Length` counts encoded bytes, so it tells only of a body that is not encoded.
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

/** A file has no server that could give it a type: there Deno's native function asks for none. */
const isFile = (url: string): boolean => url.startsWith("file:")

const isOk = (status: number): boolean => status >= 200 && status <= 299

const fault = (head: ResponseHead, reason: TypeErrorReason, message: string): TypeError => {
  const { contentType, status, url } = head
  return new TypeError({ reason, message, url, status, contentType })
}

/**
 * The error of a response whose content type is not accepted. An error page has the wrong status first.
 *
 * @param head what the response says of itself
 * @param policy which content type is accepted
 */
export const contentTypeFault = (
  head: ResponseHead,
  policy: ContentTypePolicy,
): TypeError | undefined => {
  if (policy === "sniff" || isWasmContentType(head.contentType) || !isOk(head.status)) {
    return undefined
  }
  const message = `The response has ${contentTypeIn(head.contentType)}, not application/wasm${
    forUrl(head.url)
  }`
  return fault(head, "content-type", message)
}

/**
 * The error of a response whose status is not ok.
 *
 * @param head what the response says of itself
 */
export const statusFault = (head: ResponseHead): TypeError | undefined => {
  const { status, statusText, url } = head
  if (isOk(status)) return undefined
  const words = `${status}${statusText && ` ${statusText}`}`
  return fault(head, "status", `The response has status ${words}${forUrl(url)}`)
}

/** Fetch's filters leave no body of these. */
const filterFault = (head: ResponseHead): TypeError | undefined =>
  head.type === "opaque" || head.type === "opaqueredirect" || head.type === "error"
    ? fault(head, "response-type", `The response is of type ${head.type}: its body cannot be read`)
    : undefined

/** The error with what to do. */
const refuse = (plain: TypeError, head: ResponseHead): Effect.Effect<never, TypeError> =>
  explainLater(plain, ({ explainResponse }) => Effect.fail(explainResponse(plain, head)))

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
  const message =
    "The response cannot be read: the platform's own classes or methods have been replaced"
  return Effect.fail(new TypeError({ reason: "not-a-response", message, cause }))
}

/**
 * Fails for a source that is no response.
 *
 * @param value what the source resolved to
 * @param cause what was thrown when it was looked at, if anything was
 */
export const notAResponse = (value: unknown, cause?: unknown): Effect.Effect<never, TypeError> => {
  const message = "The source is not a Response or a promise of one"
  const plain = new TypeError({ reason: "not-a-response", message, cause })
  return explainLater(plain, (told) => Effect.fail(told.notAResponse(value, cause)))
}

/** The error of a body that somebody has read, or is reading. */
export const bodyUsed = (facts: ResponseFacts): TypeError => {
  const message = `The body has already been read, or is locked${forUrl(facts.url)}. ` +
    "Fetch it again, or call response.clone() before the first reading"
  return new TypeError({ reason: "body-used", message, ...facts })
}

const checkWebResponse = (
  response: Response,
  policy: ContentTypePolicy,
  url: string,
): Effect.Effect<CheckedResponse, TypeError> => {
  // The engine's stage declines before it reads a byte, and the whole is compiled: otherwise this would go round forever.
  if (isOwnResponse(response)) {
    const message =
      "The native compileStreaming() was replaced by a function that calls this library again"
    return Effect.fail(new TypeError({ reason: "not-a-response", message }))
  }
  const status = statusOf(response)
  const contentType = headerOf(response, "content-type")
  const type = typeOf(response)
  const facts = { url: url === "" ? undefined : printUrl(url), status, contentType }
  const head: ResponseHead = {
    ...facts,
    statusText: printText(statusTextOf(response)),
    type,
    redirected: Reflect.get(response, "redirected") === true,
  }

  // 3.–7. A filtered response shows nothing of its body; an error page has another type as a matter of course. So the
  // specification's first step, the content type, is told last. All of them are TypeErrors.
  const typed = isWasmContentType(contentType) || isFile(url)
  const refused = filterFault(head) ?? statusFault(head) ??
    (typed ? undefined : contentTypeFault(head, policy))
  if (refused !== undefined) return refuse(refused, head)

  // 9. The body must be whole. Only here is it looked at.
  const body: unknown = bodyUsedOf(response) || bodyOf(response)
  if (body === true || (isReadableStream(body) && body.locked)) return Effect.fail(bodyUsed(facts))
  if (body !== null && !isReadableStream(body)) return notAResponse(response)
  return Effect.succeed({
    source: response,
    facts,
    typed,
    declaredSize: declaredSizeOf(response, url),
    story: () => ({
      redirected: head.redirected === true,
      contentEncoding: headerOf(response, "content-encoding"),
      contentRange: headerOf(response, "content-range"),
    }),
  })
}

/** A client's response is checked as the platform's beneath it; where there is none, by what it says of itself. */
const checkClientResponse = (
  response: ClientResponse,
  policy: ContentTypePolicy,
): Effect.Effect<CheckedResponse, TypeError> => {
  const found = beneath(response)
  if (found.kind === "web") return checkWebResponse(found.response, policy, response.url)
  if (found.kind === "unreadable") return notAResponse(found.value)
  const { headers, status, url } = response
  const contentType = headers["content-type"] ?? null
  const facts = { url: url === "" ? undefined : printUrl(url), status, contentType }
  const head: ResponseHead = { ...facts, statusText: "" }
  const refused = statusFault(head) ?? contentTypeFault(head, policy)
  if (refused !== undefined) return refuse(refused, head)
  if (found.used) return Effect.fail(bodyUsed(facts))
  return Effect.succeed({
    source: response,
    facts,
    typed: isWasmContentType(contentType),
    declaredSize: declaredSizeIn((name) => headers[name]),
    story: () => ({
      redirected: false,
      contentEncoding: headers["content-encoding"] ?? null,
      contentRange: headers["content-range"] ?? null,
    }),
  })
}
