/**
 * What is at hand of bytes of which only some were kept.
 *
 * @module
 */
import type { Evidence, Piece } from "./diagnosis.ts"

/**
 * The piece that holds the most from an offset on; `undefined` where that byte was not kept.
 *
 * @param evidence what is known
 * @param offset where
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
 * The bytes from an offset on, as far as they are at hand.
 *
 * @param evidence what is known
 * @param offset where
 */
export const bytesFrom = (evidence: Evidence, offset: number): Uint8Array => {
  const piece = pieceAt(evidence, offset)
  return piece === undefined ? new Uint8Array(0) : piece.bytes.subarray(offset - piece.offset)
}

/** How many bytes were received. */
export const sizeOf = ({ head, size }: Evidence): number => size ?? head.length
