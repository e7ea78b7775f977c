/**
 * How long a response may be reused: HTTP's rules for a private cache. Where fields contradict each other, the strictest
 * reading wins.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html
 * @module
 */
import { isBrowser } from "../../platform/runtime.ts"
import { dateField, type Field } from "../transport/fields.ts"
import type { CacheableResponse } from "./cacheable.ts"

/** What has to be known of a response to reuse its content. */
export interface Freshness {
  /** Until when it is fresh, in milliseconds; 0 if it always has to be revalidated. */
  readonly until: number
  /** Where it came from, after redirects: its validators are those of this URL. */
  readonly url: string
  /** The fields that tell. */
  readonly fields: Readonly<Record<string, string>>
}

/** The fields that tell how long content may be reused, and whether it still is the same. */
const told = ["cache-control", "expires", "date", "age", "etag", "last-modified", "vary"]

/** A longer value is not kept, and then tells nothing. */
const longestField = 4_096

const fieldsOf = (field: Field): Readonly<Record<string, string>> =>
  Object.fromEntries(told.flatMap((name) => {
    const value = field(name)
    return value === undefined || value.length > longestField ? [] : [[name, value]]
  }))

/** The directives of `Cache-Control`, each with all its arguments. */
const directivesOf = (value: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const directives = new Map<string, Array<string>>()
  // A comma within quotes separates names of fields, which tell nothing here.
  const plain = value.replace(/"[^"]*"/g, (quoted) => quoted.replace(/[",]/g, " "))
  for (const text of plain.split(",")) {
    const [name = "", argument = ""] = text.split("=", 2)
    const key = name.trim().toLowerCase()
    directives.set(key, [...directives.get(key) ?? [], argument.trim()])
  }
  return directives
}

/** Seconds; `undefined` where there are none. */
const secondsIn = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** §4.2.1: directives that contradict each other mean the shortest lifetime. */
const lifetimeOf = (
  field: Field,
  directives: ReadonlyMap<string, ReadonlyArray<string>>,
  now: number,
): number => {
  if (directives.has("no-cache")) return 0
  const maxAges = directives.get("max-age")
  if (maxAges !== undefined) {
    return 1_000 * Math.min(...maxAges.map((text) => secondsIn(text) ?? 0))
  }
  const expires = dateField(field, "expires")
  return expires === undefined ? 0 : expires - (dateField(field, "date") ?? now)
}

/** §4.2.3: how old a response already is; what makes no sense makes it too old. */
const ageOf = (field: Field, now: number): number => {
  const ages = (field("age") ?? "0").split(",").map((text) => secondsIn(text.trim()))
  const age = 1_000 * Math.max(...ages.map((seconds) => seconds ?? Number.POSITIVE_INFINITY))
  const date = dateField(field, "date")
  if (date === undefined && field("date") !== undefined) return Number.POSITIVE_INFINITY
  const apparent = Math.max(0, now - (date ?? now))
  return Math.max(age, apparent)
}

/** Fields that a page does not see: the browser adds them. */
const isSeen = (name: string): boolean =>
  !isBrowser || name === "" || name === "accept-encoding" || name === "origin"

/**
 * How long a response may be reused; `undefined` if it must not be, or if nobody could ever tell.
 *
 * @param response the response
 * @param requested the URL that was asked for
 * @param now the time in milliseconds
 */
export const freshnessOf = (
  { field, url }: Pick<CacheableResponse, "field" | "url">,
  requested: string,
  now: number,
): Freshness | undefined => {
  const directives = directivesOf(field("cache-control") ?? "")
  const vary = (field("vary") ?? "").split(",").map((name) => name.trim().toLowerCase())
  if (directives.has("no-store") || vary.includes("*")) return undefined
  const left = lifetimeOf(field, directives, now) - ageOf(field, now)
  // How long a redirect holds is not seen here: where it led is asked each time.
  const isFresh = left > 0 && url === requested && vary.every(isSeen)
  const until = isFresh ? now + left : 0
  const fields = fieldsOf(field)
  const canAsk = fields["etag"] !== undefined || fields["last-modified"] !== undefined
  return until === 0 && !canAsk ? undefined : { until, url, fields }
}

/** Fields that say nothing of who asks. */
const impersonal = /^(?:|accept-encoding|origin)$/

/**
 * Whether content is for everybody who asks the same, whatever their clients add to a request: only if the server says so.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html#section-3.5
 */
export const isForEverybody = (fields: Freshness["fields"]): boolean => {
  const directives = directivesOf(fields["cache-control"] ?? "")
  const vary = (fields["vary"] ?? "").split(",").map((name) => name.trim().toLowerCase())
  return (directives.has("public") || directives.has("s-maxage")) && !directives.has("private") &&
    vary.every((name) => impersonal.test(name))
}

/**
 * How long content may be reused after a 304, which may leave out what has not changed.
 *
 * @param before what was known
 * @param field the fields of the 304
 * @param requested the URL that was asked for
 * @param now the time in milliseconds
 */
export const renewed = (
  before: Freshness,
  field: Field,
  requested: string,
  now: number,
): Freshness | undefined => {
  const { age: _, date: __, ...lasting } = before.fields
  const fields = { ...lasting, ...fieldsOf(field) }
  return freshnessOf({ field: (name) => fields[name], url: before.url }, requested, now)
}

/**
 * Whether a 304 is about the content that is known: from the same URL, and with the same tag if it names one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html#section-4.3.3
 */
export const confirms = (
  { field, url }: Pick<CacheableResponse, "field" | "url">,
  known: Freshness,
): boolean => {
  const tag = field("etag")
  const bare = (text: string | undefined) => text?.trim().replace(/^W\//, "")
  return url === known.url && (tag === undefined || bare(tag) === bare(known.fields["etag"]))
}

/**
 * The header fields to which a server may answer 304; `undefined` if there are none.
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
