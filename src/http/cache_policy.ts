/**
 * How long an answer may be used again: HTTP's rules for a private cache.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html
 * @module
 */
import { dateField, type Field } from "./http_fields.ts"

/** What has to be known of an answer to use its content again. */
export interface Freshness {
  /** Until when nobody has to be asked, in milliseconds; 0 where somebody always has to be. */
  readonly until: number
  /** The fields that tell. */
  readonly fields: Readonly<Record<string, string>>
}

/** The fields that tell how long content may be used again, and whether it still is the same. */
const told = ["cache-control", "expires", "date", "age", "etag", "last-modified", "vary"]

const fieldsOf = (field: Field): Readonly<Record<string, string>> =>
  Object.fromEntries(told.flatMap((name) => {
    const value = field(name)
    return value === undefined ? [] : [[name, value]]
  }))

const directivesOf = (value: string): ReadonlyMap<string, string> =>
  new Map(
    // A comma within quotes separates names of fields, which tell nothing here.
    value.replace(/"[^"]*"/g, (quoted) => quoted.replace(/[",]/g, " ")).split(",").map((text) => {
      const [name = "", argument = ""] = text.split("=", 2)
      return [name.trim().toLowerCase(), argument.trim()]
    }),
  )

const seconds = (text: string | undefined): number =>
  text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0

const lifetimeOf = (
  field: Field,
  directives: ReadonlyMap<string, string>,
  now: number,
): number => {
  if (directives.has("no-cache")) return 0
  if (directives.has("max-age")) return 1_000 * seconds(directives.get("max-age"))
  const expires = dateField(field, "expires")
  return expires === undefined ? 0 : expires - (dateField(field, "date") ?? now)
}

/**
 * How long an answer may be used again; `undefined` where it must not be, or where nobody could ever tell.
 *
 * @param field the answer's fields
 * @param now the time in milliseconds
 */
export const freshnessOf = (field: Field, now: number): Freshness | undefined => {
  const directives = directivesOf(field("cache-control") ?? "")
  if (directives.has("no-store") || field("vary")?.includes("*") === true) return undefined
  const left = lifetimeOf(field, directives, now) - 1_000 * seconds(field("age"))
  const until = left > 0 ? now + left : 0
  const fields = fieldsOf(field)
  const canAsk = fields["etag"] !== undefined || fields["last-modified"] !== undefined
  return until === 0 && !canAsk ? undefined : { until, fields }
}

/**
 * How long content may be used again after a 304, which may leave out what has not changed.
 *
 * @param before what was known
 * @param field the fields of the 304
 * @param now the time in milliseconds
 */
export const renewed = (before: Freshness, field: Field, now: number): Freshness | undefined => {
  const { age: _, date: __, ...lasting } = before.fields
  const fields = { ...lasting, ...fieldsOf(field) }
  return freshnessOf((name) => fields[name], now)
}

/**
 * The header fields with which a server may answer 304; `undefined` where it cannot.
 *
 * @param freshness what is known of the content
 */
export const conditionsOf = (
  { fields }: Freshness,
): Readonly<Record<string, string>> | undefined => {
  const { etag, "last-modified": lastModified } = fields
  if (etag === undefined && lastModified === undefined) return undefined
  return {
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
  }
}
