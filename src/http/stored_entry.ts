/**
 * A module's bytes as one value of a store: what is needed to use them again, and a digest over everything, so that damage
 * of any kind shows before a byte is compiled.
 *
 * ```text
 * "wasm-cache-1 " · SHA-256 of the rest, in base64 (44) · size of the facts (4, big endian) · facts, in JSON · bytes
 * ```
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Freshness } from "./cache_policy.ts"
import type { Hasher } from "./hasher.ts"

/** What is stored. */
export interface StoredEntry {
  /** What was asked for. */
  readonly content: string
  readonly freshness: Freshness
  readonly contentType: string | null
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const magic = encoder.encode("wasm-cache-1 ")
const digestSize = 44
const factsAt = magic.length + digestSize + 4

/**
 * Writes an entry.
 *
 * @param entry what is known of the bytes
 * @param pieces the bytes
 * @param hasher a fresh SHA-256
 */
export const encodeEntry = (
  entry: Omit<StoredEntry, "bytes">,
  pieces: ReadonlyArray<Uint8Array>,
  hasher: Hasher,
): Uint8Array => {
  const facts = encoder.encode(encodeFacts(entry))
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const value = new Uint8Array(factsAt + facts.length + size)
  value.set(magic)
  new DataView(value.buffer).setUint32(factsAt - 4, facts.length)
  value.set(facts, factsAt)
  let at = factsAt + facts.length
  for (const piece of pieces) {
    value.set(piece, at)
    at += piece.length
  }
  hasher.update(value.subarray(factsAt - 4))
  value.set(encoder.encode(hasher.digest()), magic.length)
  return value
}

/** What is known of the bytes, as it is written before them. */
const Facts = Schema.fromJsonString(Schema.Struct({
  content: Schema.String,
  freshness: Schema.Struct({
    until: Schema.Finite,
    fields: Schema.Record(Schema.String, Schema.String),
  }),
  contentType: Schema.NullOr(Schema.String),
}))

const decodeFacts = Schema.decodeUnknownOption(Facts)
const encodeFacts = Schema.encodeSync(Facts)

/**
 * Reads an entry; `undefined` where it is damaged, about something else, or of a form never written.
 *
 * @param value what the store gave
 * @param content what was asked for
 * @param hasher a fresh SHA-256
 */
export const decodeEntry = (
  value: Uint8Array,
  content: string,
  hasher: Hasher,
): StoredEntry | undefined => {
  if (value.length < factsAt || magic.some((byte, at) => byte !== value[at])) return undefined
  const digest = decoder.decode(value.subarray(magic.length, magic.length + digestSize))
  hasher.update(value.subarray(factsAt - 4))
  if (hasher.digest() !== digest) return undefined
  const size = new DataView(value.buffer, value.byteOffset).getUint32(factsAt - 4)
  const text = decoder.decode(value.subarray(factsAt, factsAt + size))
  const facts = Option.getOrUndefined(decodeFacts(text))
  if (facts === undefined || facts.content !== content) return undefined
  return { ...facts, bytes: value.subarray(factsAt + size) }
}
