/**
 * A module whose bytes lost their highest bit, as by a transfer of 7 bits: the sizes of its sections, read anew.
 *
 * @module
 */
import type { Evidence } from "./diagnosis.ts"
import { sizeOf } from "./pieces.ts"

/** The order of the sections by id; custom sections (0) stand anywhere. */
const order: ReadonlyArray<number> = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6]
/** In a shorter one no section has a size of two bytes. */
const shortest = 128
/** More than any module needs, fewer than a search could take long for. */
const mostSteps = 20_000
const mostSections = 1_000
/** By chance a decoder passes so many sections behind one whose size it misread. */
const mostByChance = 2
const fewestSections = 3
/** A shorter beginning may be followed by chance. */
const leastHead = 256

/** Where sections begin by their sizes as they are, up to where the decoder stopped: the last ones. */
const plainStarts = (head: Uint8Array, stop: number): ReadonlyArray<number> => {
  const starts: Array<number> = []
  for (let at = 8; at <= stop && at < head.length;) {
    starts.push(at)
    if (starts.length > mostByChance + 1) starts.shift()
    let size = 0
    let bytes = 1
    for (; bytes <= 5; bytes++) {
      const byte = head[at + bytes] ?? 0
      size += (byte & 0x7f) * 2 ** (7 * (bytes - 1))
      if (byte < 0x80) break
    }
    at += 1 + bytes + size
  }
  return starts
}

/**
 * Whether the sections follow each other where each size is read as one whose bytes lost the bit that says "more follows".
 *
 * @param evidence what is known of bytes that are all ASCII
 */
export const isStripped = (evidence: Evidence): boolean => {
  const { ended, head, stop } = evidence
  // What was misread shows soon: a decoder does not pass all that was kept by chance.
  if (head.length < shortest || stop === undefined || stop.offset > head.length) return false
  // What the decoder passed by its sizes was not misread, up to the last few sections.
  const [firstMisread = 8] = plainStarts(head, stop.offset)
  const total = ended ? sizeOf(evidence) : undefined
  let steps = 0
  /** `misread` counts the sections from the first on whose size is read anew. */
  const follow = (at: number, last: number, count: number, misread: number): boolean => {
    if (at === total) return misread > 0
    if (at >= head.length) {
      return total === undefined && misread > 1 && count >= fewestSections &&
        head.length >= leastHead
    }
    if (++steps > mostSteps || count > mostSections) return false
    const rank = order[head[at] ?? 0xff]
    if (rank === undefined || (rank > 0 && rank <= last)) return false
    let size = 0
    for (let bytes = 1; bytes <= 5; bytes++) {
      const byte = head[at + bytes]
      if (byte === undefined) return false
      size += byte * 2 ** (7 * (bytes - 1))
      // A size has no zeros at its end, or is padded to five bytes.
      if (byte === 0 && bytes > 1 && bytes < 5) continue
      const next = at + 1 + bytes + size
      if (total !== undefined && next > total) break
      // Of a custom section the name has to fit, of any other something has to be there.
      if (rank === 0 && !(1 + (head[at + bytes + 1] ?? 0) <= size)) continue
      if (size === 0) continue
      if (next > head.length && total !== undefined && next !== total) {
        // It ends beyond what was kept: what follows cannot be seen.
        if (misread > 0 || bytes > 1) return count + 1 >= fewestSections
        continue
      }
      if (misread === 0 && bytes > 1 && at < firstMisread) continue
      const since = misread > 0 || bytes > 1 ? misread + 1 : 0
      if (follow(next, Math.max(rank, last), count + 1, since)) return true
    }
    return false
  }
  return follow(8, 0, 0, 0)
}
