/**
 * Keeps the bytes of a module that a diagnosis may need; the only cost of diagnoses for a successful load.
 *
 * - The first 64 KiB. Damage in transit shows where sections begin, at the latest at the code section, whose id is an LF and
 *   whose size is not ASCII. In most modules that is within the first 8 KiB; 64 KiB hold the type section of all but the
 *   largest GC modules.
 * - The current chunk and the 16 KiB before it: they hold what follows a module, and what surrounds a fault.
 * - The surroundings of the place where the decoder stopped or stood aside: from 16 KiB before it to 32 KiB after it,
 *   independently of the chunks.
 *
 * @module
 */

import type { Piece } from "../diagnosis/diagnosis.ts"

/** How many of the first bytes are kept. */
export const HEAD_SIZE = 65_536
/** How many bytes are kept before the current chunk. */
const TAIL_SIZE = 16_384
/** How many bytes after a fault are awaited to explain it: enough for most kinds of damage, and the load still ends soon. */
const EXPLAINED_SIZE = 32_768
/** How many bytes of a chunk a diagnosis gets. */
const CHUNK_SIZE = 65_536

/** Keeps the bytes that a diagnosis needs. */
export class KeptBytes {
  /** The number of bytes received. */
  size = 0
  #head: Uint8Array = new Uint8Array(1_024)
  #headSize = 0
  #tail: Uint8Array = new Uint8Array(0)
  #tailSize = 0
  #chunk: Uint8Array = new Uint8Array(0)
  #marked: { readonly offset: number; bytes: Uint8Array } | undefined
  #markedEnd = 0

  /**
   * How many bytes must be received to explain a fault from what follows it.
   *
   * @param offset the offset of the fault
   */
  explainedBy(offset: number): number {
    return offset + EXPLAINED_SIZE
  }

  /** Adds a received chunk, which is referenced until the next one. */
  push(chunk: Uint8Array): void {
    this.#keepTail()
    this.#chunk = chunk
    this.size += chunk.length
    this.#growMarked(this.size - chunk.length)
    if (this.#headSize === HEAD_SIZE) return
    const part = chunk.subarray(0, HEAD_SIZE - this.#headSize)
    const needed = this.#headSize + part.length
    if (needed > this.#head.length) {
      const larger = new Uint8Array(Math.min(HEAD_SIZE, Math.max(needed, 4 * this.#head.length)))
      larger.set(this.#head.subarray(0, this.#headSize))
      this.#head = larger
    }
    this.#head.set(part, this.#headSize)
    this.#headSize = needed
  }

  /** Copies the end of the current chunk, before the next one replaces it. */
  #keepTail(): void {
    const chunk = this.#chunk
    if (chunk.length === 0) return
    const part = chunk.length > TAIL_SIZE ? chunk.subarray(-TAIL_SIZE) : chunk
    const needed = this.#tailSize + part.length
    if (needed > this.#tail.length) {
      // Twice the size that is kept, so that not every chunk moves the bytes.
      const kept = this.#tail.subarray(0, this.#tailSize).subarray(-TAIL_SIZE)
      const size = Math.min(2 * TAIL_SIZE, Math.max(needed, 2 * this.#tail.length))
      const larger = size > this.#tail.length ? new Uint8Array(size) : this.#tail
      larger.set(kept)
      this.#tail = larger
      this.#tailSize = kept.length
    }
    this.#tail.set(part, this.#tailSize)
    this.#tailSize += part.length
  }

  /** The first bytes. */
  get head(): Uint8Array {
    return this.#head.subarray(0, this.#headSize)
  }

  /** Keeps the surroundings of a place in the current chunk. Only the first call has an effect. */
  mark(offset: number): void {
    if (this.#marked !== undefined) return
    this.#marked = this.#recent(Math.max(0, offset - TAIL_SIZE))
    this.#markedEnd = this.explainedBy(offset)
    this.#growMarked(this.size - this.#chunk.length)
  }

  /** Adds what follows the marked place in the current chunk. */
  #growMarked(chunkOffset: number): void {
    const marked = this.#marked
    if (marked === undefined) return
    const { bytes, offset } = marked
    const end = offset + bytes.length
    if (end >= this.#markedEnd) return
    const more = this.#chunk.subarray(end - chunkOffset, this.#markedEnd - chunkOffset)
    marked.bytes = new Uint8Array(bytes.length + more.length)
    marked.bytes.set(bytes)
    marked.bytes.set(more, bytes.length)
  }

  /** The bytes from an offset on, or from the first one that is still kept. */
  #recent(from: number): Piece {
    const chunkOffset = this.size - this.#chunk.length
    const tail = this.#tail.subarray(0, this.#tailSize).subarray(-TAIL_SIZE)
    const tailOffset = chunkOffset - tail.length
    const start = Math.max(from, tailOffset)
    const before = tail.subarray(Math.min(start - tailOffset, tail.length))
    const inChunk = Math.max(0, start - chunkOffset)
    const after = this.#chunk.subarray(inChunk, inChunk + CHUNK_SIZE)
    const bytes = new Uint8Array(before.length + after.length)
    bytes.set(before)
    bytes.set(after, before.length)
    return { offset: start, bytes }
  }

  /** All kept bytes: the first ones, and those around the marked place or, without one, the last ones. */
  get pieces(): ReadonlyArray<Piece> {
    const last = this.#recent(Math.max(0, this.size - CHUNK_SIZE))
    const first = { offset: 0, bytes: this.head }
    return this.#marked === undefined ? [first, last] : [first, this.#marked]
  }
}
