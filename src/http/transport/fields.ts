/**
 * The header fields that loading depends on, read strictly: what does not have the form of its specification is not there.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html
 * @module
 */

/** A header field's value by its name in lower case; `undefined` where there is none. */
export type Field = (name: string) => string | undefined

const digits = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}

/** A date in milliseconds; only the forms that name their zone. */
const dateOf = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^[A-Z][a-z]+, [\w -]{9,12} [\d:]{8} GMT$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** When the answer was made, by the server's clock, in milliseconds. */
export const dateField = (field: Field, name: string): number | undefined => dateOf(field(name))

/** `Content-Length`. */
export const contentLength = (field: Field): number | undefined =>
  digits(field("content-length")?.trim())

/** Whether what comes over the connection is not the content itself, but a coding of it. */
export const isEncoded = (field: Field): boolean => {
  const coding = field("content-encoding")?.trim().toLowerCase() ?? ""
  return coding !== "" && coding !== "identity"
}

/**
 * What `If-Range` may be asked with: a strong entity tag; where there is no tag at all, a date of modification that is at
 * least a second older than the answer, so that nothing can have changed within that second.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.5
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-8.8.2.2
 */
export const strongValidator = (field: Field): string | undefined => {
  const tag = field("etag")?.trim()
  if (tag !== undefined) return /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag) ? tag : undefined
  const modified = dateOf(field("last-modified"))
  const date = dateOf(field("date"))
  return modified !== undefined && date !== undefined && date - modified >= 1_000
    ? field("last-modified")
    : undefined
}

/** What of the content an answer holds: from `start` to `end`, which is not part of it. */
export interface ContentRange {
  readonly start: number
  readonly end: number
  /** The size of the whole, where it is told. */
  readonly total: number | undefined
}

/** `Content-Range` of a part; `undefined` where it is missing or makes no sense. */
export const contentRange = (field: Field): ContentRange | undefined => {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(
    field("content-range")?.trim() ?? "",
  )
  const start = digits(match?.[1])
  const last = digits(match?.[2])
  const total = digits(match?.[3])
  if (start === undefined || last === undefined || last < start) return undefined
  return total !== undefined && last >= total ? undefined : { start, end: last + 1, total }
}

/** The size of the whole that comes with a 416. */
export const unsatisfiedTotal = (field: Field): number | undefined =>
  digits(/^bytes \*\/(\d{1,15})$/i.exec(field("content-range")?.trim() ?? "")?.[1])

/**
 * The seconds for which the server asks to wait. A date is told by the server's clock where the answer has one.
 *
 * @param field the answer's fields
 * @param now the time in milliseconds, where the answer has none
 */
export const retryAfter = (field: Field, now: number): number | undefined => {
  const value = field("retry-after")?.trim()
  const seconds = digits(value)
  if (seconds !== undefined) return seconds
  const date = dateOf(value)
  if (date === undefined) return undefined
  return Math.max(0, Math.ceil((date - (dateOf(field("date")) ?? now)) / 1_000))
}
