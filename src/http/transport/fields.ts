/**
 * The header fields that loading depends on, parsed strictly: a malformed field counts as absent.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html
 * @module
 */

/** A header field's value by its name in lower case; `undefined` if there is none. */
export type Field = (name: string) => string | undefined

const digits = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}

/** A date, in milliseconds since the epoch; only in the formats that name their zone. */
const dateOf = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^[A-Z][a-z]+, [\w -]{9,12} [\d:]{8} GMT$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** The date in a field, in milliseconds since the epoch, by the server's clock. */
export const dateField = (field: Field, name: string): number | undefined => dateOf(field(name))

/** `Content-Length`, in bytes. */
export const contentLength = (field: Field): number | undefined =>
  digits(field("content-length")?.trim())

/** Whether the content is encoded, such as compressed. */
export const isEncoded = (field: Field): boolean => {
  const coding = field("content-encoding")?.trim().toLowerCase() ?? ""
  return coding !== "" && coding !== "identity"
}

/**
 * The validator for `If-Range`: a strong entity tag, or, without any tag, a `Last-Modified` at least one second before
 * `Date`, which makes it strong.
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

/** A range of the content, in bytes; `end` is exclusive. */
export interface ContentRange {
  readonly start: number
  readonly end: number
  /** The size of the whole, if it is stated. */
  readonly total: number | undefined
}

/** The `Content-Range` of a 206; `undefined` if it is missing or invalid. */
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

/** The size of the whole in the `Content-Range` of a 416, in bytes. */
export const unsatisfiedTotal = (field: Field): number | undefined =>
  digits(/^bytes \*\/(\d{1,15})$/i.exec(field("content-range")?.trim() ?? "")?.[1])

/**
 * `Retry-After`, in seconds. A date is compared with the response's `Date`, as both are by the server's clock.
 *
 * @param field the response's fields
 * @param now the time in milliseconds, used if the response has no `Date`
 */
export const retryAfter = (field: Field, now: number): number | undefined => {
  const value = field("retry-after")?.trim()
  const seconds = digits(value)
  if (seconds !== undefined) return seconds
  const date = dateOf(value)
  if (date === undefined) return undefined
  return Math.max(0, Math.ceil((date - (dateOf(field("date")) ?? now)) / 1_000))
}
