/**
 * Incremental digests, readable at any time. Web Cryptography digests only whole buffers, so `node:crypto` is used on Bun,
 * Deno and Node, and `@noble/hashes` elsewhere, loaded on demand.
 *
 * @module
 */
import * as Base64 from "effect/encoding/Base64"
import { findNodeBuiltin } from "../platform/node.ts"

/** The algorithms of Subresource Integrity, the weakest first. */
export const algorithms = ["sha256", "sha384", "sha512"] as const

/** An algorithm of Subresource Integrity. */
export type Algorithm = typeof algorithms[number]

/** An incremental digest. */
export interface Hasher {
  readonly update: (chunk: Uint8Array) => void
  /** The digest of the bytes so far, in base64. More may follow. */
  readonly digest: () => string
}

/** Whether hashing is native, and so costs next to nothing. */
export const isCheap = (): boolean => findNodeBuiltin("node:crypto") !== undefined

/**
 * Loads an implementation of a hash function.
 *
 * @param algorithm the algorithm
 * @returns a function that makes a hasher
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
