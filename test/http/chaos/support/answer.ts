/**
 * The responses of the chaos server: from a step of a scenario and the request's fields to a header, a body and their
 * faults. No network here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
import { gzipSync } from "node:zlib"
import type { Content } from "./content.ts"

/** The validators that identify a version of the content. */
export type Validators =
  | "strong"
  | "weak"
  | "none"
  /** `Last-Modified` long before `Date`: strong by RFC 9110, 8.8.2.2. */
  | "dated"
  /** `Last-Modified` in the same second as `Date`: weak. */
  | "fresh"
  /** A strong tag and a date. */
  | "strong-dated"
  /** A weak tag and a date, which must not be used then (RFC 9110, 13.1.5). */
  | "weak-dated"

/** How the server handles `Range`. */
export type Ranges =
  | "honour"
  /** The whole, with 200. */
  | "ignore"
  /** A part of the content of this step, whatever `If-Range` says; with the validators of that content. */
  | "careless"
  /** A part of the content of this step under the validators of the first one. */
  | "liar"
  /** A range that begins later, and says so. */
  | "shifted"
  /** The same range, labelled as the requested one. */
  | "mislabelled"
  /** `Content-Range` with another total. */
  | "wrong-total"
  /** A malformed `Content-Range`. */
  | "malformed"
  /** No `Content-Range`. */
  | "unlabelled"
  /** More bytes than `Content-Range` says. */
  | "overlong"
  /** Less than requested, as servers may send. */
  | "short"
  /** A total of `*`, as servers may send. */
  | "unknown-total"
  | "multipart"
  /** 416. */
  | "unsatisfiable"

/** A premature end of a body. */
export interface Cut {
  /** The offset in the content (in the coded body where there is a coding) before which it stops. */
  readonly at: number
  readonly by: "reset" | "end" | "stall"
  /** Whether `at` counts from the first byte of the response's header. */
  readonly head?: boolean
  /** Whether it happens together with the bytes before it. */
  readonly atOnce?: boolean
}

/** The response to one request. Without any member: a correct response. */
export interface Step {
  /** The version of the content. Defaults to the first. */
  readonly version?: number
  /** A status other than 200 or 206; the body is then a page instead of the content, unless `whole`. */
  readonly status?: number
  /** The content under `status`. */
  readonly whole?: boolean
  /** Fields that replace the usual ones; `null` removes one. */
  readonly fields?: Readonly<Record<string, string | null>>
  readonly ranges?: Ranges
  readonly framing?: "length" | "chunked" | "close"
  /** Added to the true `Content-Length`. */
  readonly claim?: number
  /** `gzip` whatever the request accepts; `broken` has a block of no type; `half` ends early as if it were all. */
  readonly coding?: "gzip" | "broken" | "half"
  /** Bytes of the body that are inverted: offset (from its end if below zero) and count. */
  readonly spoilt?: readonly [at: number, count: number]
  readonly cut?: Cut
  /** The size of the pieces of the body in bytes, and the pause between them in milliseconds. */
  readonly pace?: readonly [bytes: number, pause: number]
  /** The delay before the header, in milliseconds. */
  readonly delay?: number
  /** 404 for a request that arrives less than this many milliseconds after the previous one. */
  readonly notBefore?: number
}

/** The relevant parts of a request. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly fields: ReadonlyMap<string, string>
}

/** A response, before it is sent. */
export interface Answer {
  readonly status: number
  readonly head: Uint8Array
  /** The body without framing. */
  readonly body: Uint8Array
  readonly chunked: boolean
  /** The offset of the body in the content. */
  readonly offset: number
}

const text = new TextEncoder()

/** Long ago, and the same second as `Date`. */
const dateOf = (validators: Validators, version: number, now: number): string =>
  new Date(
    validators === "fresh" ? now : Date.UTC(2024, 0, 1 + version, 12),
  ).toUTCString()

/** The validators' fields for a version of the content. */
export const validatorFields = (
  validators: Validators,
  version: number,
  now: number,
): Readonly<Record<string, string>> => {
  const tag = `"v${version}"`
  const date = { "last-modified": dateOf(validators, version, now) }
  switch (validators) {
    case "strong":
      return { etag: tag }
    case "weak":
      return { etag: `W/${tag}` }
    case "none":
      return {}
    case "dated":
    case "fresh":
      return date
    case "strong-dated":
      return { etag: tag, ...date }
    case "weak-dated":
      return { etag: `W/${tag}`, ...date }
  }
}

/** The allowed value of `If-Range` for these validators; `undefined` if no range may be requested. */
export const strongValidator = (validators: Validators, version: number): string | undefined => {
  const fields = validatorFields(validators, version, 0)
  if (validators === "dated") return fields["last-modified"]
  return validators === "strong" || validators === "strong-dated" ? fields["etag"] : undefined
}

const packed = (bytes: Uint8Array, coding: Step["coding"]): Uint8Array => {
  if (coding === undefined) return bytes
  const whole = gzipSync(bytes)
  if (coding === "half") return whole.subarray(0, whole.length >> 1)
  // After the ten bytes of the header, the first block's bits say: last block, of type 3, which does not exist.
  if (coding === "broken") whole.fill(0xff, 10)
  return whole
}

const firstOf = (range: string | undefined): number | undefined => {
  const found = /^bytes=(\d+)-$/.exec(range ?? "")?.[1]
  return found === undefined ? undefined : Number(found)
}

const reasons: Readonly<Record<number, string>> = { 200: "OK", 206: "Partial Content" }

const headOf = (status: number, fields: ReadonlyMap<string, string>): Uint8Array => {
  const lines = [...fields].map(([name, value]) => `${name}: ${value}`)
  return text.encode(
    [`HTTP/1.1 ${status} ${reasons[status] ?? "Chaos"}`, ...lines, "", ""].join("\r\n"),
  )
}

/** The response of a step to `Range: bytes=first-`: where the range begins and ends, and how it is labelled. */
const partOf = (
  ranges: Ranges,
  first: number,
  size: number,
): { readonly start: number; readonly end: number; readonly label: string | undefined } => {
  const last = size - 1
  const later = Math.min(first + 7, last)
  switch (ranges) {
    case "shifted":
      return { start: later, end: size, label: `bytes ${later}-${last}/${size}` }
    case "mislabelled":
      return { start: later, end: size, label: `bytes ${first}-${last}/${size}` }
    case "wrong-total":
      return { start: first, end: size, label: `bytes ${first}-${last}/${size + 11}` }
    case "malformed":
      return { start: first, end: size, label: `bytes from ${first}` }
    case "overlong":
      return {
        start: first,
        end: size,
        label: `bytes ${first}-${Math.max(first, last - 5)}/${size}`,
      }
    case "unlabelled":
    case "multipart":
      return { start: first, end: size, label: undefined }
    case "short": {
      const end = Math.max(first + 1, first + ((size - first) >> 1))
      return { start: first, end, label: `bytes ${first}-${end - 1}/${size}` }
    }
    case "unknown-total":
      return { start: first, end: size, label: `bytes ${first}-${last}/*` }
    default:
      return { start: first, end: size, label: `bytes ${first}-${last}/${size}` }
  }
}

/** The part of a content that a request gets. */
interface Part {
  readonly status: number
  readonly body: Uint8Array
  readonly offset: number
  readonly fields: Readonly<Record<string, string>>
}

const selectPart = (
  step: Step,
  asked: Asked,
  validators: Validators,
  body: Uint8Array,
  now: number,
): Part => {
  const ranges = step.ranges ?? "honour"
  const version = step.version ?? 0
  const offered: Record<string, string> = ranges === "ignore" || step.coding !== undefined
    ? {}
    : { "accept-ranges": "bytes" }
  const own = validatorFields(validators, ranges === "liar" ? 0 : version, now)
  const whole = { status: 200, body, offset: 0, fields: { ...offered, ...own } }
  const first = firstOf(asked.fields.get("range"))
  // A body that is encoded on the fly has no ranges.
  if (first === undefined || ranges === "ignore" || step.coding !== undefined) return whole
  const condition = asked.fields.get("if-range")
  const heedless = ranges === "careless" || ranges === "liar" || ranges === "unsatisfiable"
  if (!heedless && condition !== undefined && condition !== strongValidator(validators, version)) {
    return whole
  }
  if (first >= body.length || ranges === "unsatisfiable") {
    const fields = { "content-range": `bytes */${body.length}` }
    return { status: 416, body: new Uint8Array(0), offset: 0, fields }
  }
  const { end, label, start } = partOf(ranges, first, body.length)
  const multipart: Record<string, string> = ranges === "multipart"
    ? { "content-type": "multipart/byteranges; boundary=chaos" }
    : {}
  const named: Record<string, string> = label === undefined ? {} : { "content-range": label }
  const fields = { ...whole.fields, ...multipart, ...named }
  return { status: 206, body: body.slice(start, end), offset: start, fields }
}

const page = text.encode("<!doctype html><title>Not a module</title>")

/**
 * Makes the response.
 *
 * @param now the time for `Date`
 */
export const answerTo = (
  step: Step,
  asked: Asked,
  validators: Validators,
  contents: ReadonlyArray<Content>,
  now: number = Date.now(),
): Answer => {
  const content = contents[step.version ?? 0]
  if (content === undefined) throw new Error(`No content ${step.version}`)
  const paged = step.status !== undefined && step.whole !== true
  const part: Part = paged
    ? { status: 0, body: page, offset: 0, fields: { "content-type": "text/html" } }
    : selectPart(step, asked, validators, packed(content.bytes, step.coding), now)
  const body = part.body.slice()
  const [spoiltAt, spoiltCount] = step.spoilt ?? [0, 0]
  const spoiltFrom = spoiltAt < 0 ? Math.max(0, body.length + spoiltAt) : spoiltAt
  for (let at = spoiltFrom; at < spoiltFrom + spoiltCount && at < body.length; at++) {
    body[at] = (body[at] ?? 0) ^ 0xff
  }
  const status = step.status ?? part.status
  const framing = step.framing ?? "length"
  const fields = new Map(Object.entries({
    date: new Date(now).toUTCString(),
    // With `close`, Node 20 takes a cut between chunks for the end of the body.
    connection: step.cut === undefined ? "close" : "keep-alive",
    "content-type": "application/wasm",
    ...(framing === "length" ? { "content-length": String(body.length + (step.claim ?? 0)) } : {}),
    ...(framing === "chunked" ? { "transfer-encoding": "chunked" } : {}),
    ...(step.coding === undefined ? {} : { "content-encoding": "gzip" }),
    ...part.fields,
  }))
  for (const [name, value] of Object.entries(step.fields ?? {})) {
    if (value === null) fields.delete(name)
    else fields.set(name, value)
  }
  return {
    status,
    head: headOf(status, fields),
    body: asked.method === "HEAD" ? new Uint8Array(0) : body,
    chunked: framing === "chunked",
    offset: part.offset,
  }
}
