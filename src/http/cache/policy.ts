/**
 * How long a response may be reused: HTTP's rules for a private cache. If fields contradict each other, the strictest
 * reading applies.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html
 * @module
 */
import { isBrowser } from "../../platform/runtime.ts"
import { dateField, type Field } from "../transport/fields.ts"
import type { CacheableResponse } from "./cacheable.ts"

/** The facts about a response that are needed to reuse its content. */
export interface Freshness {
  /** The time until which it is fresh, in milliseconds since the epoch; 0 if it always has to be revalidated. */
  readonly until: number
  /** The response's URL, after redirects, for which its validators hold. */
  readonly url: string
  /** The header fields that decide. */
  readonly fields: Readonly<Record<string, string>>
}

/** The header fields that decide how long content may be reused, and whether it is unchanged. */
const told = ["cache-control", "expires", "date", "age", "etag", "last-modified", "vary"]

/** The longest field value that is kept, in characters; a longer one counts as absent. */
const longestField = 4_096

const fieldsOf = (field: Field): Readonly<Record<string, string>> =>
  Object.fromEntries(told.flatMap((name) => {
    const value = field(name)
    return value === undefined || value.length > longestField ? [] : [[name, value]]
  }))

/** The directives of `Cache-Control`, each with all its arguments. */
const directivesOf = (value: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const directives = new Map<string, Array<string>>()
  // A comma within quotes separates field names, as in `no-cache="a, b"`, not directives.
  const plain = value.replace(/"[^"]*"/g, (quoted) => quoted.replace(/[",]/g, " "))
  for (const text of plain.split(",")) {
    const [name = "", argument = ""] = text.split("=", 2)
    const key = name.trim().toLowerCase()
    directives.set(key, [...directives.get(key) ?? [], argument.trim()])
  }
  return directives
}

/** A number of seconds; `undefined` if the text is none. */
const secondsIn = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** The freshness lifetime (§4.2.1), in milliseconds: the shortest of contradicting directives. */
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

/** The age of a response (§4.2.3), in milliseconds; malformed fields make it infinite. */
const ageOf = (field: Field, now: number): number => {
  const ages = (field("age") ?? "0").split(",").map((text) => secondsIn(text.trim()))
  const age = 1_000 * Math.max(...ages.map((seconds) => seconds ?? Number.POSITIVE_INFINITY))
  const date = dateField(field, "date")
  if (date === undefined && field("date") !== undefined) return Number.POSITIVE_INFINITY
  const apparent = Math.max(0, now - (date ?? now))
  return Math.max(age, apparent)
}

/** Whether a field that `Vary` names is part of the key: most that a browser adds are hidden from the page. */
const isSeen = (name: string): boolean =>
  !isBrowser || name === "" || name === "accept-encoding" || name === "origin"

/**
 * How long a response may be reused; `undefined` if it must not be, or can be neither fresh nor revalidated.
 *
 * @param response the response
 * @param requested the requested URL
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
  // The redirect's own lifetime is not visible here, so a redirected response is always revalidated.
  const isFresh = left > 0 && url === requested && vary.every(isSeen)
  const until = isFresh ? now + left : 0
  const fields = fieldsOf(field)
  const canAsk = fields["etag"] !== undefined || fields["last-modified"] !== undefined
  return until === 0 && !canAsk ? undefined : { until, url, fields }
}

/** Names in `Vary` that do not depend on the user. */
const impersonal = /^(?:|accept-encoding|origin)$/

/**
 * Whether the server says that content may be shared between clients, whatever these add to their requests.
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
 * How long content may be reused after a 304, which may omit fields that have not changed.
 *
 * @param before the facts known before
 * @param field the fields of the 304
 * @param requested the requested URL
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
 * Whether a 304 confirms the known content: it has the same URL, and the same entity tag if it has one.
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
 * The header fields of a conditional request; `undefined` if there is no validator.
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
