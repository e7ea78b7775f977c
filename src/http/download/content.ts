/**
 * The facts about the content being loaded, over all attempts, and how each response relates to it: whether its body
 * continues where the last one stopped, starts over, or is of no use. Pure functions over a state.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-range-requests
 * @module
 */
import { counted } from "../../binary/counted.ts"
import {
  contentLength,
  type ContentRange,
  contentRange,
  type Field,
  isEncoded,
  strongValidator,
  unsatisfiedTotal,
} from "../transport/fields.ts"
import type { TransportResponse } from "../transport/transport.ts"

/** The facts about the content. */
export interface ContentState {
  /** The size of the content in bytes, if it is certain. */
  readonly total: number | undefined
  /** The offset in the content at which the current body has to end. */
  readonly end: number | undefined
  /** The response's URL, after redirects; the rest must have the same one. */
  readonly url: string | undefined
  /** A strong validator of the bytes received. */
  readonly validator: string | undefined
  /** Whether to request ranges from this server. */
  readonly usesRanges: boolean
  /** Whether to ask for the coding `identity`: ranges of an encoded form would not be ranges of the content. */
  readonly asksForIdentity: boolean
  /** Whether the server has sent an unrequested and useless part before. */
  readonly sentPart: boolean
}

/**
 * The state before the first response.
 *
 * @param usesRanges whether to request ranges at all
 * @param asksForIdentity whether to ask for the coding `identity`
 */
export const unknownContent = (usesRanges: boolean, asksForIdentity: boolean): ContentState => ({
  total: undefined,
  end: undefined,
  url: undefined,
  validator: undefined,
  usesRanges,
  asksForIdentity,
  sentPart: false,
})

/** Starts over, but keeps what was learned about the server. */
export const startOver = (
  { asksForIdentity, sentPart, usesRanges }: ContentState,
): ContentState => ({ ...unknownContent(usesRanges, asksForIdentity), sentPart })

/** The value of `If-Range`; `undefined` if the rest cannot be requested. */
export const rangeValidator = (state: ContentState, position: number): string | undefined =>
  state.usesRanges && position > 0 ? state.validator : undefined

/** How a response's body can be used. */
export type BodyUse =
  /** The content from its first byte. */
  | { readonly kind: "whole"; readonly state: ContentState }
  /** The rest of the content, or a part of the rest. */
  | { readonly kind: "rest"; readonly state: ContentState }
  /** Nothing is left to receive. */
  | { readonly kind: "complete" }
  /** The content has changed since the load began. */
  | { readonly kind: "changed"; readonly message: string }
  /** The response does not match the request; another attempt may help. */
  | { readonly kind: "unusable"; readonly message: string; readonly state: ContentState }
  /** The response does not match the request, and another attempt would not help. */
  | { readonly kind: "refused"; readonly message: string; readonly total: number | undefined }

/** An unusable answer to a range request: from now on the whole is requested. */
const unusable = (state: ContentState, message: string): BodyUse => ({
  kind: "unusable",
  message,
  state: { ...state, usesRanges: false },
})

/** The predicate of a message about an unrequested part. */
const unaskedPart = (range: ContentRange | undefined): string =>
  range === undefined
    ? "sent a part that was not asked for, and does not say which (status 206)"
    : `sent a part that was not asked for, bytes ${range.start} to ${range.end - 1} of ${
      range.total ?? "an unknown number"
    } (status 206)`

/**
 * The use of a successful response to a request for the whole.
 *
 * @param state the facts so far
 * @param position how many bytes were received before
 * @param response the response
 * @param isCallersRange whether the caller's own request has a `Range`, which then counts as the whole
 */
export const useOfWhole = (
  state: ContentState,
  position: number,
  response: TransportResponse,
  isCallersRange: boolean,
): BodyUse => {
  const { field, head, url } = response
  // Content-Encoding may be among the hidden fields.
  const encoded = isEncoded(field) || !response.showsAllFields
  const length = encoded ? undefined : contentLength(field)
  const isPart = head.status === 206 && !isCallersRange
  const range = isPart ? contentRange(field) : undefined
  const validator = encoded ? undefined : strongValidator(field)
  const hasNoRanges = field("accept-ranges")?.trim().toLowerCase() === "none"
  const usesRanges = state.usesRanges && !hasNoRanges
  if (isPart && range?.start !== 0) {
    const message = unaskedPart(range)
    // Tolerated once: another node behind the same host may answer correctly.
    return state.sentPart
      ? { kind: "refused", message, total: range?.total }
      : { kind: "unusable", message, state: { ...state, sentPart: true } }
  }
  // A part with the first bytes is useful only if the rest can be requested.
  const isCut = range?.total !== undefined && range.end < range.total
  if (isCut && (!usesRanges || validator === undefined || position > 0)) {
    return { kind: "refused", message: unaskedPart(range), total: range.total }
  }
  const total = range === undefined ? length : range.total
  if (position > 0 && total !== undefined && (state.total ?? total) !== total) {
    return { kind: "changed", message: `it has ${counted(total, "byte")} now, not ${state.total}` }
  }
  return {
    kind: "whole",
    state: {
      ...state,
      total,
      end: range?.end ?? length,
      url,
      validator,
      usesRanges,
    },
  }
}

/**
 * The use of a 206 to a request for the rest. It continues the content only if it is of the same representation: it has the
 * same URL and the same strong validator.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-15.3.7.3
 */
export const useOfRest = (
  state: ContentState,
  position: number,
  { field, url }: TransportResponse,
): BodyUse => {
  if (url !== state.url) return unusable(state, "redirected a request for the rest elsewhere")
  const range = contentRange(field)
  if (range === undefined) return unusable(state, "sent a part without saying which")
  if (range.start === 0 && range.end === position && state.end === position) {
    // The server sends the same beginning, whatever is requested.
    return { kind: "refused", message: unaskedPart(range), total: range.total }
  }
  if (range.start !== position) {
    return unusable(state, `sent the part from byte ${range.start} instead of ${position}`)
  }
  if (isEncoded(field)) return unusable(state, "sent a part of an encoded form")
  const stated = statedValidator(state, field)
  if (stated === undefined) return unusable(state, "sent a part without its validator")
  if (stated !== state.validator) {
    return { kind: "changed", message: "it has another validator now" }
  }
  if (range.total !== undefined && (state.total ?? range.total) !== range.total) {
    return unusable(state, `says that there are ${range.total} bytes, after ${state.total}`)
  }
  if ((contentLength(field) ?? range.end - range.start) !== range.end - range.start) {
    return unusable(state, "sent a part of another size than it says")
  }
  return {
    kind: "rest",
    state: { ...state, total: state.total ?? range.total, end: range.end },
  }
}

/** The response's validator of the kind that was sent as `If-Range`. */
const statedValidator = ({ validator }: ContentState, field: Field): string | undefined =>
  field(validator?.startsWith('"') === true ? "etag" : "last-modified")?.trim()

/** The use of a 416 to a request for the rest. */
export const useOfUnsatisfied = (
  state: ContentState,
  position: number,
  { field, url }: TransportResponse,
): BodyUse => {
  const total = unsatisfiedTotal(field)
  if (url !== state.url) return unusable(state, "redirected a request for the rest elsewhere")
  if (total === position) return { kind: "complete" }
  if (total !== undefined && total < position) {
    return { kind: "changed", message: `it has ${counted(total, "byte")} now` }
  }
  return unusable(state, "refused to send the rest")
}
