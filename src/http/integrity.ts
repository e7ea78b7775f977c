/**
 * The option `integrity`, in the notation of Subresource Integrity: one digest of the strongest algorithm has to match.
 *
 * @see https://www.w3.org/TR/sri-2/#parse-metadata
 * @module
 */
import { type Algorithm, algorithms } from "./hasher.ts"

/** Digests, one of which has to match. */
export interface Integrity {
  readonly algorithm: Algorithm
  /** In base64. */
  readonly digests: ReadonlyArray<string>
}

/** Characters of a digest in base64, padding included. */
const lengths: Readonly<Record<Algorithm, number>> = { sha256: 44, sha384: 64, sha512: 88 }

/** A digest in padded base64, from base64 or base64url with or without padding; `undefined` if it is neither. */
const digestOf = (text: string, algorithm: Algorithm): string | undefined => {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  const bare = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "")
  const digest = bare.padEnd(Math.ceil(bare.length / 4) * 4, "=")
  return digest.length === lengths[algorithm] ? digest : undefined
}

/**
 * Reads integrity metadata; unknown algorithms and malformed digests are ignored.
 *
 * @param text such as `sha256-… sha384-…`
 * @returns `undefined` if it has no usable digest
 */
export const parseIntegrity = (text: string): Integrity | undefined => {
  let found: Integrity | undefined
  for (const item of text.split(/[\t\n\f\r ]+/)) {
    const [, name, rest] = /^([A-Za-z0-9]+)-([^?]+)(?:\?.*)?$/.exec(item) ?? []
    const algorithm = algorithms.find((known) => known === name?.toLowerCase())
    if (algorithm === undefined || rest === undefined) continue
    const digest = digestOf(rest, algorithm)
    if (digest === undefined) continue
    const order = found === undefined
      ? 1
      : algorithms.indexOf(algorithm) - algorithms.indexOf(found.algorithm)
    if (order > 0) found = { algorithm, digests: [digest] }
    else if (order === 0) found = { algorithm, digests: [...found?.digests ?? [], digest] }
  }
  return found
}

/** In the notation of Subresource Integrity. */
export const printIntegrity = ({ algorithm, digests }: Integrity): string =>
  digests.map((digest) => `${algorithm}-${digest}`).join(" ")
