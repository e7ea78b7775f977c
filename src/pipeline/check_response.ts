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
  isResponse,
  statusOf,
  statusTextOf,
  typeOf,
  urlOf,
} from "../platform/brands.ts"
import { type ClientResponse, isClientResponse } from "./client_response.ts"
import { isWasmContentType } from "./content_type.ts"
import { explainLater } from "./explain_later.ts"
import { contentTypeIn, placeOf } from "./wording.ts"

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
}

const isOk = (status: number): boolean => status >= 200 && status <= 299

const answered = ({ status, statusText, url }: ResponseHead): string =>
  `The server answered ${status}${statusText && ` ${statusText}`} for ${placeOf(url)}`

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
  return refusal(
    head,
    "content-type",
    isOk(head.status)
      ? `The response has ${contentTypeIn(head.contentType)}, not "application/wasm", for ${
        placeOf(head.url)
      }: set it on the server, or pass contentType: "sniff"`
      : `${answered(head)}, with ${contentTypeIn(head.contentType)}`,
  )
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
  // 2. The platform's own brand counts, not the shape.
  if (isResponse(value)) return checkWebResponse(value, policy)
  return isClientResponse(value) ? checkClientResponse(value, policy) : notAResponse(value)
}

const notAResponse = (value: unknown): Effect.Effect<never, TypeError> => {
  const message = "The source must be a Response or a promise of one"
  const plain = new TypeError({ reason: "not-a-response", message })
  return Effect.flatMap(
    Effect.promise(() => explainLater(plain, (explanations) => explanations.notAResponse(value))),
    Effect.fail,
  )
}

const checkWebResponse = (
  response: Response,
  policy: ContentTypePolicy,
): Effect.Effect<CheckedResponse, TypeError> => {
  // The engine's stage declines before it reads a byte, and the whole is compiled: otherwise this would go round for ever.
  if (isOwnResponse(response)) {
    const message = "What stands in the place of the native function calls this library again"
    return Effect.fail(new TypeError({ reason: "not-a-response", message }))
  }
  const url = urlOf(response)
  const status = statusOf(response)
  const contentType = headerOf(response, "content-type")
  const facts = { url: url === "" ? undefined : url, status, contentType }
  const head: ResponseHead = { ...facts, statusText: statusTextOf(response) }

  // 3.–5. Content type: the whole value, ASCII case-insensitively.
  const untyped = contentTypeFault(head, policy)
  if (untyped !== undefined) return Effect.fail(untyped)

  // 6. A filtered response shows nothing of its body.
  const type = typeOf(response)
  const place = placeOf(url)
  const refuse = (reason: TypeErrorReason, message: string) =>
    Effect.fail(new TypeError({ reason, message, ...facts }))
  if (type === "opaque" || type === "opaqueredirect" || type === "error") {
    return refuse("response-type", `The response is ${type}: its body cannot be read, for ${place}`)
  }

  // 7. An ok status.
  const failed = statusFault(head)
  if (failed !== undefined) return Effect.fail(failed)

  // 9. The body must be whole. Only here is it looked at.
  if (bodyUsedOf(response) || bodyOf(response)?.locked === true) {
    return refuse(
      "body-used",
      `The body was already read or is locked, for ${place}: pass response.clone()`,
    )
  }
  return Effect.succeed({
    source: response,
    facts,
    typed: isWasmContentType(contentType),
    declaredSize: declaredSizeOf(response, url),
  })
}

/** The same steps for a response of `effect/http`, which has no type, and whose body is a stream that is made when it is run. */
const checkClientResponse = (
  response: ClientResponse,
  policy: ContentTypePolicy,
): Effect.Effect<CheckedResponse, TypeError> => {
  const { headers, status, url } = response
  const contentType = headers["content-type"] ?? null
  const facts = { url: url === "" ? undefined : url, status, contentType }
  const head: ResponseHead = { ...facts, statusText: "" }
  const fault = contentTypeFault(head, policy) ?? statusFault(head)
  if (fault !== undefined) return Effect.fail(fault)
  return Effect.succeed({
    source: response,
    facts,
    typed: isWasmContentType(contentType),
    declaredSize: declaredSizeIn((name) => headers[name]),
  })
}
