/**
 * What is known of the content that is being loaded, over all attempts; and what each response means for it: whether its body
 * continues where the last one stopped, starts over, or is of no use. Pure functions over a state.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-range-requests
 * @module
 */
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

/** The content, as far as it is known. */
export interface ContentState {
  /** How many bytes there are, if that is truly known. */
  readonly total: number | undefined
  /** Where the body that is being read is to end. */
  readonly end: number | undefined
  /** Where the content came from, after redirects: only there is the rest of it. */
  readonly url: string | undefined
  /** A strong validator of what was received. */
  readonly validator: string | undefined
  /** Whether this server is to be asked for ranges. */
  readonly usesRanges: boolean
  /** Whether content without a coding is asked for, whose offsets are those of the content. */
  readonly asksForIdentity: boolean
  /** Whether a part was sent that was not asked for, and is of no use. */
  readonly sentPart: boolean
}

/**
 * Nothing is known yet.
 *
 * @param usesRanges whether the server is to be asked for ranges at all
 * @param asksForIdentity whether content without a coding is asked for
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

/** Starts over. What was learnt of the server stays. */
export const startOver = (
  { asksForIdentity, sentPart, usesRanges }: ContentState,
): ContentState => ({ ...unknownContent(usesRanges, asksForIdentity), sentPart })

/** What to send as `If-Range`, if the rest can be asked for. */
export const rangeValidator = (state: ContentState, position: number): string | undefined =>
  state.usesRanges && position > 0 ? state.validator : undefined

/** What a response's body is good for. */
export type BodyUse =
  /** The content from its first byte. */
  | { readonly kind: "whole"; readonly state: ContentState }
  /** The rest of the content, or a part of the rest. */
  | { readonly kind: "rest"; readonly state: ContentState }
  /** Nothing is left to receive. */
  | { readonly kind: "complete" }
  /** It is not the content that was begun. */
  | { readonly kind: "changed"; readonly message: string }
  /** It is not what was asked for. */
  | { readonly kind: "unusable"; readonly message: string; readonly state: ContentState }
  /** It is not what was asked for, and would not be the next time. */
  | { readonly kind: "refused"; readonly message: string; readonly total: number | undefined }

/** A server that does that once is asked for the whole from now on. */
const unusable = (state: ContentState, message: string): BodyUse => ({
  kind: "unusable",
  message,
  state: { ...state, usesRanges: false },
})

/** A part that was not asked for, by its `Content-Range`, as a predicate. */
const unaskedPart = (range: ContentRange | undefined): string =>
  range === undefined
    ? "sent a part that was not asked for, and does not say which (status 206)"
    : `sent a part that was not asked for, bytes ${range.start} to ${range.end - 1} of ${
      range.total ?? "an unknown number"
    } (status 206)`

/**
 * A response whose status is ok and whose body starts at the first byte.
 *
 * @param state what is known
 * @param position how many bytes were received before
 * @param response the response
 * @param isCallersRange whether the caller asked for a range himself, which then is his whole
 */
export const useOfWhole = (
  state: ContentState,
  position: number,
  response: TransportResponse,
  isCallersRange: boolean,
): BodyUse => {
  const { field, head, url } = response
  // Behind hidden fields there may be a coding.
  const encoded = isEncoded(field) || !response.showsAllFields
  const length = encoded ? undefined : contentLength(field)
  const isPart = head.status === 206 && !isCallersRange
  const range = isPart ? contentRange(field) : undefined
  const validator = encoded ? undefined : strongValidator(field)
  const hasNoRanges = field("accept-ranges")?.trim().toLowerCase() === "none"
  const usesRanges = state.usesRanges && !hasNoRanges
  if (isPart && range?.start !== 0) {
    const message = unaskedPart(range)
    // Another node may answer otherwise, once.
    return state.sentPart
      ? { kind: "refused", message, total: range?.total }
      : { kind: "unusable", message, state: { ...state, sentPart: true } }
  }
  // The beginning is of use where the rest can be asked for.
  const isCut = range?.total !== undefined && range.end < range.total
  if (isCut && (!usesRanges || validator === undefined || position > 0)) {
    return { kind: "refused", message: unaskedPart(range), total: range.total }
  }
  const total = range === undefined ? length : range.total
  if (position > 0 && total !== undefined && (state.total ?? total) !== total) {
    return { kind: "changed", message: `it has ${total} bytes now, not ${state.total}` }
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
 * A response of status 206 to a request for the rest. It continues the content only if it says to be of the very same
 * representation: from the same URL, with the same strong validator.
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
    // The same beginning, whatever is asked for.
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

/** The validator of the kind that was asked with. */
const statedValidator = ({ validator }: ContentState, field: Field): string | undefined =>
  field(validator?.startsWith('"') === true ? "etag" : "last-modified")?.trim()

/** A response of status 416 to a request for the rest. */
export const useOfUnsatisfied = (
  state: ContentState,
  position: number,
  { field, url }: TransportResponse,
): BodyUse => {
  const total = unsatisfiedTotal(field)
  if (url !== state.url) return unusable(state, "redirected a request for the rest elsewhere")
  if (total === position) return { kind: "complete" }
  if (total !== undefined && total < position) {
    return { kind: "changed", message: `it has ${total} bytes now` }
  }
  return unusable(state, "refused to send the rest")
}
