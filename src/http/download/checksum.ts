/**
 * A 64-bit checksum, to notice that content changed when a server sends it again. It need not resist attackers, who could
 * have sent anything in the first place. One pass, and independent of the split into chunks.
 *
 * For browsers, where SHA-256 in JavaScript takes longer than compiling; elsewhere `node:crypto` is faster.
 *
 * @module
 */
import type { Hasher } from "../hasher.ts"

/** The checksum of bytes that are received in chunks. */
export class Checksum implements Hasher {
  #a = 0x9e3779b9 | 0
  #b = 0x85ebca6b | 0
  /** The bytes of an incomplete word, little-endian. */
  #word = 0
  #bits = 0
  #size = 0

  /** Adds bytes. */
  update(chunk: Uint8Array): void {
    const { length } = chunk
    this.#size += length
    let a = this.#a
    let b = this.#b
    let at = 0
    // Complete the word that the last chunk began.
    while (this.#bits > 0 && at < length) {
      this.#word |= (chunk[at++] ?? 0) << this.#bits
      this.#bits += 8
      if (this.#bits < 32) continue
      a = mixA(a, this.#word)
      b = mixB(b, this.#word)
      this.#word = 0
      this.#bits = 0
    }
    const whole = at + ((length - at) & ~3)
    for (; at < whole; at += 4) {
      const word = (chunk[at] ?? 0) | ((chunk[at + 1] ?? 0) << 8) | ((chunk[at + 2] ?? 0) << 16) |
        ((chunk[at + 3] ?? 0) << 24)
      a = mixA(a, word)
      b = mixB(b, word)
    }
    for (; at < length; at++) {
      this.#word |= (chunk[at] ?? 0) << this.#bits
      this.#bits += 8
    }
    this.#a = a
    this.#b = b
  }

  /** The checksum of what was added so far; more may be added. */
  digest(): string {
    const a = mixA(mixA(this.#a, this.#word), this.#size)
    const b = mixB(mixB(this.#b, this.#word), this.#size)
    return `${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}`
  }
}

const mixA = (state: number, word: number): number => {
  const mixed = Math.imul(state ^ word, 0x2c1b3c6d)
  return (mixed << 13) | (mixed >>> 19)
}

const mixB = (state: number, word: number): number => {
  const mixed = Math.imul(state + word, 0x297a2d39) ^ word
  return (mixed << 17) | (mixed >>> 15)
}
