/**
 * The format of a store's entry: a module's bytes, the facts needed to reuse them, and a digest of both, so that damage is
 * found before a byte is compiled. With a secret the digest is keyed (HMAC), so that only its holders can write entries.
 *
 * ```text
 * "wasm-cache-2 " · digest of the rest, in base64 (44) · size of the facts (4, big endian) · facts, in JSON · bytes
 * ```
 *
 * Of the request, only a digest is stored, because its URL and header fields may hold tokens.
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Freshness } from "./policy.ts"

/** A store's entry. */
export interface StoredEntry {
  /** The digest of the request. */
  readonly key: string
  /** Without the URL, which may hold a token. Redirected responses are not stored, so it is the request's. */
  readonly freshness: Omit<Freshness, "url">
  readonly contentType: string | null
  readonly bytes: Uint8Array
}

/** The digest of bytes, in base64: 44 characters. */
export type Digest = (bytes: Uint8Array) => string

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const magic = encoder.encode("wasm-cache-2 ")
const digestSize = 44
const factsAt = magic.length + digestSize + 4

/** The facts about the bytes, written before them. */
const Facts = Schema.fromJsonString(Schema.Struct({
  key: Schema.String,
  freshness: Schema.Struct({
    until: Schema.Finite,
    fields: Schema.Record(Schema.String, Schema.String),
  }),
  contentType: Schema.NullOr(Schema.String),
}))

const decodeFacts = Schema.decodeUnknownOption(Facts)
const encodeFacts = Schema.encodeSync(Facts)

/**
 * Writes an entry.
 *
 * @param entry the facts about the bytes
 * @param pieces the bytes
 * @param digest makes the digest
 */
export const encodeEntry = (
  entry: Omit<StoredEntry, "bytes">,
  pieces: ReadonlyArray<Uint8Array>,
  digest: Digest,
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
  value.set(encoder.encode(digest(value.subarray(factsAt - 4))), magic.length)
  return value
}

/**
 * Reads an entry; `undefined` if it is damaged, belongs to another request, or has another format.
 *
 * @param value the store's value
 * @param key the digest of the request
 * @param digest makes the digest
 */
export const decodeEntry = (
  value: Uint8Array,
  key: string,
  digest: Digest,
): StoredEntry | undefined => {
  if (value.length < factsAt || magic.some((byte, at) => byte !== value[at])) return undefined
  const told = decoder.decode(value.subarray(magic.length, magic.length + digestSize))
  if (digest(value.subarray(factsAt - 4)) !== told) return undefined
  const size = new DataView(value.buffer, value.byteOffset).getUint32(factsAt - 4)
  const text = decoder.decode(value.subarray(factsAt, factsAt + size))
  const facts = Option.getOrUndefined(decodeFacts(text))
  if (facts === undefined || facts.key !== key) return undefined
  return { ...facts, bytes: value.subarray(factsAt + size) }
}
