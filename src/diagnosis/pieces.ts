/**
 * Access to bytes by offset, if only some pieces of them were kept.
 *
 * @module
 */
import type { Evidence, Piece } from "./diagnosis.ts"

/**
 * The piece that holds the most bytes from an offset on; `undefined` if the byte there was not kept.
 *
 * @param evidence what is known about the bytes
 * @param offset the offset in the whole
 */
export const pieceAt = (evidence: Evidence, offset: number): Piece | undefined => {
  const all = [{ offset: 0, bytes: evidence.head }, ...evidence.pieces ?? []]
  let best: Piece | undefined
  for (const piece of all) {
    const end = piece.offset + piece.bytes.length
    if (piece.offset > offset || end <= offset) continue
    if (best === undefined || end > best.offset + best.bytes.length) best = piece
  }
  return best
}

/**
 * The bytes from an offset on, as far as they were kept.
 *
 * @param evidence what is known about the bytes
 * @param offset the offset in the whole
 */
export const bytesFrom = (evidence: Evidence, offset: number): Uint8Array => {
  const piece = pieceAt(evidence, offset)
  return piece === undefined ? new Uint8Array(0) : piece.bytes.subarray(offset - piece.offset)
}

/** The number of bytes received. */
export const sizeOf = ({ head, size }: Evidence): number => size ?? head.length
