/**
 * Recognises a module whose bytes lost their highest bit, as in a 7-bit transfer, by restoring the sizes of its sections.
 *
 * @module
 */
import type { Evidence } from "./diagnosis.ts"
import { sizeOf } from "./pieces.ts"

/** The order of the sections by id; custom sections (0) stand anywhere. */
const order: ReadonlyArray<number> = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6]
/** In a module shorter than this, in bytes, no section has a size of two bytes. */
const shortest = 128
/** The most steps of the search: more than any module needs, and few enough to be fast. */
const mostSteps = 20_000
/** The greatest depth of the search: more sections than a real module has. */
const mostSections = 256
const fewestSections = 3
/** In fewer bytes than this, sections may seem to follow each other by chance. */
const leastHead = 256

const TYPE = 1
const CODE = 10
/** The bytes with which types begin. */
const forms: ReadonlySet<number> = new Set([0x60, 0x5f, 0x5e, 0x50, 0x4f, 0x4e])
/** The instruction that ends a body. */
const END = 0x0b
/** The number of bodies in a row that is not a coincidence. */
const enoughBodies = 5
/** The most bytes of a count, or of a body's size, unless it is padded. */
const longestCount = 3

/** The numbers that may have been encoded at an offset, one for each possible number of bytes. */
function* numbersAt(
  head: Uint8Array,
  at: number,
): Generator<readonly [value: number, end: number]> {
  let value = 0
  for (let size = 1; size <= longestCount && at + size <= head.length; size++) {
    value += (head[at + size - 1] ?? 0) * 2 ** (7 * (size - 1))
    yield [value, at + size]
  }
}

/** Whether bodies follow each other, each ending with `end`. They do not if bytes were dropped. */
const bodiesFollow = (head: Uint8Array, at: number, left: number): boolean => {
  if (left === 0 || at >= head.length) return true
  for (const [size, start] of numbersAt(head, at)) {
    const next = start + size
    if (size < 2) continue
    if (next > head.length) return true
    if (head[next - 1] === END && bodiesFollow(head, next, left - 1)) return true
  }
  return false
}

/** Whether a code section's payload may begin at an offset. */
const isCode = (head: Uint8Array, at: number): boolean =>
  [...numbersAt(head, at)].some(([count, start]) =>
    bodiesFollow(head, start, Math.min(count, enoughBodies))
  )

/** Whether a type section's payload may begin at an offset. */
const isTypes = (head: Uint8Array, at: number): boolean =>
  [...numbersAt(head, at)].some(([, start]) => forms.has(head[start] ?? 0))

/**
 * Whether the sections follow each other if their sizes are read as LEB128 whose bytes lost the continuation bit.
 *
 * @param evidence what is known about the bytes, which are all ASCII
 */
export const isStripped = (evidence: Evidence): boolean => {
  const { ended, head, stop } = evidence
  if (head.length < shortest || stop === undefined) return false
  const total = ended ? sizeOf(evidence) : undefined
  let steps = 0
  const follow = (at: number, last: number, count: number, longer: boolean): boolean => {
    if (at === total) return longer && count >= 1
    if (at >= head.length) {
      return total === undefined && longer && count >= fewestSections && head.length >= leastHead
    }
    if (++steps > mostSteps || count > mostSections) return false
    const rank = order[head[at] ?? 0xff]
    if (rank === undefined || (rank > 0 && rank <= last)) return false
    let size = 0
    for (let bytes = 1; bytes <= 5; bytes++) {
      const byte = head[at + bytes]
      if (byte === undefined) return false
      size += byte * 2 ** (7 * (bytes - 1))
      // The last byte of a size is zero only if it is padded to five bytes.
      if (byte === 0 && bytes > 1 && bytes < 5) continue
      const next = at + 1 + bytes + size
      // The first size that lost bits is that of the section in which the decoder stopped.
      const isFirst = !longer && bytes > 1
      if (isFirst && !(at < stop.offset && stop.offset < next)) continue
      if (!longer && bytes === 1 && at < stop.offset && stop.offset < next) continue
      if (total !== undefined && next > total) break
      // The name of a custom section has to fit; other sections must not be empty.
      if (rank === 0 && !(1 + (head[at + bytes + 1] ?? 0) <= size)) continue
      if (size === 0) continue
      if (head[at] === TYPE && !isTypes(head, at + bytes + 1)) continue
      if (head[at] === CODE && !isCode(head, at + bytes + 1)) continue
      if (next > head.length && total !== undefined && next !== total) {
        // The section ends beyond the bytes that were kept, so the next one cannot be checked.
        if (longer || bytes > 1) return count + 1 >= fewestSections
        continue
      }
      if (follow(next, Math.max(rank, last), count + 1, longer || bytes > 1)) return true
    }
    return false
  }
  return follow(8, 0, 0, false)
}
