/**
 * Stage 2: checks that the source is a response that may hold a module, as the Web API demands. Each failure is a
 * `TypeError`, and leaves the body untouched.
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

/** A response that passed the checks, with what the following stages need. */
export interface CheckedResponse {
  readonly source: Response | ClientResponse
  readonly facts: ResponseFacts
  /** Whether its content type is the one that the specification demands; otherwise its first bytes are checked. */
  readonly typed: boolean
  /** The `Content-Length`, in bytes, if it counts the bytes that are received here. */
  readonly declaredSize: number | undefined
  /** Further facts about the response, for a diagnosis. */
  readonly story?: (() => ResponseStory) | undefined
}

/**
 * The `Content-Length` of a body without a coding; otherwise it counts encoded bytes.
 *
 * @param field a header field's value by its name
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

/** Ignored across origins, where a browser hides `Content-Encoding`, and for a constructed response, which has no URL. */
const declaredSizeOf = (response: Response, url: string): number | undefined =>
  url === "" || typeOf(response) === "cors"
    ? undefined
    : declaredSizeIn((name) => headerOf(response, name))

/** No server gives a file a content type, so Deno's native function does not demand one of `file:` URLs either. */
const isFile = (url: string): boolean => url.startsWith("file:")

const isOk = (status: number): boolean => status >= 200 && status <= 299

const fault = (head: ResponseHead, reason: TypeErrorReason, message: string): TypeError => {
  const { contentType, status, url } = head
  return new TypeError({ reason, message, url, status, contentType })
}

/**
 * The error of a response whose content type is not accepted. Of an error page, the status is reported instead.
 *
 * @param head the head of the response
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
 * @param head the head of the response
 */
export const statusFault = (head: ResponseHead): TypeError | undefined => {
  const { status, statusText, url } = head
  if (isOk(status)) return undefined
  const words = `${status}${statusText && ` ${statusText}`}`
  return fault(head, "status", `The response has status ${words}${forUrl(url)}`)
}

/** The error of a filtered response: Fetch removes its body. */
const filterFault = (head: ResponseHead): TypeError | undefined =>
  head.type === "opaque" || head.type === "opaqueredirect" || head.type === "error"
    ? fault(head, "response-type", `The response is of type ${head.type}: its body cannot be read`)
    : undefined

/** Fails with an error, completed with advice. */
const refuse = (plain: TypeError, head: ResponseHead): Effect.Effect<never, TypeError> =>
  explainLater(plain, ({ explainResponse }) => Effect.fail(explainResponse(plain, head)))

/**
 * Checks a response, and reads what the following stages need.
 *
 * @param value what the source resolved to
 * @param policy which content type is accepted
 */
export const checkResponse = (
  value: unknown,
  policy: ContentTypePolicy,
): Effect.Effect<CheckedResponse, TypeError> => {
  // Reading the value may run foreign code: a getter, a proxy's trap, or a replacement of a platform function.
  let branded = false
  try {
    // 2. The platform's own brand decides, not the shape.
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
 * Fails for a source that is not a response.
 *
 * @param value what the source resolved to
 * @param cause what was thrown when it was read, if anything was
 */
export const notAResponse = (value: unknown, cause?: unknown): Effect.Effect<never, TypeError> => {
  const message = "The source is not a Response or a promise of one"
  const plain = new TypeError({ reason: "not-a-response", message, cause })
  return explainLater(plain, (told) => Effect.fail(told.notAResponse(value, cause)))
}

/** The error of a body that was read, or is locked. */
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
  // Failing before a byte is read makes the engine stage compile the whole instead; otherwise the recursion would never end.
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

  // 3.–7. The specification checks the content type first. Here it is last: a filtered response hides it, and an error page
  // has another one anyway, so these faults say more. All of them are TypeErrors.
  const typed = isWasmContentType(contentType) || isFile(url)
  const refused = filterFault(head) ?? statusFault(head) ??
    (typed ? undefined : contentTypeFault(head, policy))
  if (refused !== undefined) return refuse(refused, head)

  // 9. The body must be unused. It is first touched here.
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

/** Checks a client's response: by the platform's response beneath it, or, if there is none, by its own fields. */
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
