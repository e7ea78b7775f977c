/**
 * What the chaos server answers to a request: from a step of a scenario and the request's fields to a head, a body and
 * what becomes of them on the way. No network here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
import { gzipSync } from "node:zlib"
import type { Content } from "./content.ts"

/** What the server says by which its content can be told from another one. */
export type Validators =
  | "strong"
  | "weak"
  | "none"
  /** `Last-Modified` long before `Date`: strong by RFC 9110, 8.8.2.2. */
  | "dated"
  /** `Last-Modified` in the very second of `Date`: weak. */
  | "fresh"
  /** A strong tag and a date. */
  | "strong-dated"
  /** A weak tag and a date, which must not be used then (RFC 9110, 13.1.5). */
  | "weak-dated"

/** What the server makes of `Range`. */
export type Ranges =
  | "honour"
  /** The whole, with 200. */
  | "ignore"
  /** A part of the content of this step, whatever `If-Range` says; with the validators of that content. */
  | "careless"
  /** A part of the content of this step under the validators of the first one. */
  | "liar"
  /** A part that begins later, and says so. */
  | "shifted"
  /** The same part that says to be what was asked for. */
  | "mislabelled"
  /** `Content-Range` with another total. */
  | "wrong-total"
  /** `Content-Range` that nobody can read. */
  | "malformed"
  /** No `Content-Range`. */
  | "unlabelled"
  /** `Content-Range` says less than what comes. */
  | "overlong"
  /** Less than what was asked for, as a server may. */
  | "short"
  /** A total of `*`, as a server may. */
  | "unknown-total"
  | "multipart"
  /** 416. */
  | "unsatisfiable"

/** How a body comes to its end. */
export interface Cut {
  /** The offset in the content (in the coded body where there is a coding) before which it stops. */
  readonly at: number
  readonly by: "reset" | "end" | "stall"
  /** Whether `at` counts from the answer's first byte, its head. */
  readonly head?: boolean
  /** Whether it comes together with the bytes before it. */
  readonly atOnce?: boolean
}

/** What one request gets. Without any member: an honest answer. */
export interface Step {
  /** Which of the contents; the first unless told. */
  readonly version?: number
  /** Another status than 200 or 206; then there is a page and no content, unless `whole`. */
  readonly status?: number
  /** The content under `status`. */
  readonly whole?: boolean
  /** Fields set over the usual ones; `null` takes one away. */
  readonly fields?: Readonly<Record<string, string | null>>
  readonly ranges?: Ranges
  readonly framing?: "length" | "chunked" | "close"
  /** Added to the true `Content-Length`. */
  readonly claim?: number
  /** `gzip` whatever the request accepts; `broken` has a block of no type; `half` ends early as if it were all. */
  readonly coding?: "gzip" | "broken" | "half"
  /** Bytes of the body that are turned over: offset (from its end if below zero) and count. */
  readonly spoilt?: readonly [at: number, count: number]
  readonly cut?: Cut
  /** The body in pieces of so many bytes, with so many milliseconds between them. */
  readonly pace?: readonly [bytes: number, pause: number]
  /** Milliseconds before the head. */
  readonly delay?: number
  /** 404 for a request that comes sooner than so many milliseconds after the one before. */
  readonly notBefore?: number
}

/** The fields of a request that matter. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly fields: ReadonlyMap<string, string>
}

/** An answer, before it meets the network. */
export interface Answer {
  readonly status: number
  readonly head: Uint8Array
  /** The body as it is without framing. */
  readonly body: Uint8Array
  readonly chunked: boolean
  /** Where the body begins in the content. */
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

/** What `If-Range` may hold for these validators; `undefined` where no part may be asked for. */
export const strongValidator = (validators: Validators, version: number): string | undefined => {
  const fields = validatorFields(validators, version, 0)
  if (validators === "dated") return fields["last-modified"]
  return validators === "strong" || validators === "strong-dated" ? fields["etag"] : undefined
}

const packed = (bytes: Uint8Array, coding: Step["coding"]): Uint8Array => {
  if (coding === undefined) return bytes
  const whole = gzipSync(bytes)
  if (coding === "half") return whole.subarray(0, whole.length >> 1)
  // Behind the ten bytes of the header come the bits of the first block: the last one, of type 3, which there is not.
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

/** What a step makes of `Range: bytes=first-`: where the part begins and ends, and what it is called. */
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

/** What of a content a request gets. */
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
  // A body that is coded on the fly has no parts.
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
 * Makes the answer.
 *
 * @param now the time that `Date` tells
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
    // Where the connection is to be closed anyway, Node 20 takes a cut between chunks for the end.
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
