/**
 * Digests of bytes that come in chunks, readable at any time. Web Cryptography has none of that kind: `node:crypto` does it
 * where there is one (Bun, Deno, Node), `@noble/hashes` elsewhere, which is loaded only then.
 *
 * @module
 */
import * as Base64 from "effect/encoding/Base64"
import { findNodeBuiltin } from "../platform/node.ts"

/** The algorithms of Subresource Integrity, the weakest first. */
export const algorithms = ["sha256", "sha384", "sha512"] as const

/** An algorithm of Subresource Integrity. */
export type Algorithm = typeof algorithms[number]

/** A digest in the making. */
export interface Hasher {
  readonly update: (chunk: Uint8Array) => void
  /** The digest of what has arrived so far, in base64. More may follow. */
  readonly digest: () => string
}

/** Whether hashing costs next to nothing here. */
export const isCheap = (): boolean => findNodeBuiltin("node:crypto") !== undefined

/**
 * Loads what is needed to hash.
 *
 * @param algorithm the algorithm
 * @returns makes a hasher
 */
export const loadHasher = async (algorithm: Algorithm): Promise<() => Hasher> => {
  const crypto = findNodeBuiltin("node:crypto")
  if (crypto !== undefined) {
    return () => {
      const hash = crypto.createHash(algorithm)
      return {
        update: (chunk) => void hash.update(chunk),
        digest: () => hash.copy().digest("base64"),
      }
    }
  }
  const noble = (await import("@noble/hashes/sha2.js"))[algorithm]
  return () => {
    const hash = noble.create()
    return {
      update: (chunk) => void hash.update(chunk),
      digest: () => Base64.encode(hash.clone().digest()),
    }
  }
}
