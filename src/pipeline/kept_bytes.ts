/**
 * The bytes of a module that are kept for a diagnosis: all that a load which goes well pays for one.
 *
 * - The first 64 KiB. What happens to a file on its way shows where sections begin, at the latest at the code section,
 *   whose id is an LF and whose size is no ASCII; in most modules all of that is within the first 8 KiB, and 64 KiB hold a
 *   type section of any but the largest modules with garbage collected types.
 * - The last 16 KiB before the chunk at hand, and that chunk: what follows a module, and what surrounds a fault.
 * - What surrounds the place where the decoder stopped or stood aside: from 16 KiB before it to 32 KiB after it, whatever the
 *   chunks are.
 *
 * @module
 */

import type { Piece } from "../diagnosis/diagnosis.ts"

/** How many first bytes are kept. */
export const HEAD_SIZE = 65_536
/** How many bytes are kept before the chunk at hand. */
const TAIL_SIZE = 16_384
/** How many bytes after a fault explain it: enough for what most damage leaves, and a load still ends soon. */
const EXPLAINED_SIZE = 32_768
/** How many bytes of a chunk are given to a diagnosis. */
const CHUNK_SIZE = 65_536

/** Keeps what a diagnosis needs. */
export class KeptBytes {
  /** How many bytes were received. */
  size = 0
  #head: Uint8Array = new Uint8Array(1_024)
  #headSize = 0
  #tail: Uint8Array = new Uint8Array(0)
  #tailSize = 0
  #chunk: Uint8Array = new Uint8Array(0)
  #marked: { readonly offset: number; bytes: Uint8Array } | undefined
  #markedEnd = 0

  /**
   * How many bytes explain a fault: what follows it says what happened.
   *
   * @param offset where the fault is
   */
  explainedBy(offset: number): number {
    return offset + EXPLAINED_SIZE
  }

  /** A chunk was received. It is held until the next one. */
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

  /** The end of the chunk at hand becomes a part of what was before the next one. */
  #keepTail(): void {
    const chunk = this.#chunk
    if (chunk.length === 0) return
    const part = chunk.length > TAIL_SIZE ? chunk.subarray(-TAIL_SIZE) : chunk
    const needed = this.#tailSize + part.length
    if (needed > this.#tail.length) {
      // Twice as much as is kept, so that not every chunk moves it.
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

  /** What surrounds a place in the chunk at hand is kept for good; the first such place counts. */
  mark(offset: number): void {
    if (this.#marked !== undefined) return
    this.#marked = this.#recent(Math.max(0, offset - TAIL_SIZE))
    this.#markedEnd = this.explainedBy(offset)
    this.#growMarked(this.size - this.#chunk.length)
  }

  /** What follows a marked place is kept too, from the chunk at hand. */
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

  /** Bytes from an offset on, or from the first one that is at hand. */
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

  /** All that is kept, the beginning first; the last one reaches to the last byte. */
  get pieces(): ReadonlyArray<Piece> {
    const last = this.#recent(Math.max(0, this.size - CHUNK_SIZE))
    const first = { offset: 0, bytes: this.head }
    return this.#marked === undefined ? [first, last] : [first, this.#marked]
  }
}
