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
/** More sections than a real module has: the search goes no deeper. */
const mostSections = 256
const fewestSections = 3
/** A shorter beginning may be followed by chance. */
const leastHead = 256

const TYPE = 1
const CODE = 10
/** The forms of types. */
const forms: ReadonlySet<number> = new Set([0x60, 0x5f, 0x5e, 0x50, 0x4f, 0x4e])
/** The instruction that ends a body. */
const END = 0x0b
/** So many bodies in a row are no accident. */
const enoughBodies = 5
/** Sizes and counts have no more bytes than this, but for padded ones. */
const longestCount = 3

/** The numbers that a place may hold, by how many bytes are taken for it. */
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

/** Whether bodies follow each other, each with its end: where bytes were dropped, they do not. */
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
 * Whether the sections follow each other where each size is read as one whose bytes lost the bit that says "more follows".
 *
 * @param evidence what is known of bytes that are all ASCII
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
      // A size has no zeros at its end, or is padded to five bytes.
      if (byte === 0 && bytes > 1 && bytes < 5) continue
      const next = at + 1 + bytes + size
      // The first size that lost bits is that of the section in which the decoder lost the thread.
      const isFirst = !longer && bytes > 1
      if (isFirst && !(at < stop.offset && stop.offset < next)) continue
      if (!longer && bytes === 1 && at < stop.offset && stop.offset < next) continue
      if (total !== undefined && next > total) break
      // Of a custom section the name has to fit, of any other something has to be there.
      if (rank === 0 && !(1 + (head[at + bytes + 1] ?? 0) <= size)) continue
      if (size === 0) continue
      if (head[at] === TYPE && !isTypes(head, at + bytes + 1)) continue
      if (head[at] === CODE && !isCode(head, at + bytes + 1)) continue
      if (next > head.length && total !== undefined && next !== total) {
        // It ends beyond what was kept: what follows cannot be seen.
        if (longer || bytes > 1) return count + 1 >= fewestSections
        continue
      }
      if (follow(next, Math.max(rank, last), count + 1, longer || bytes > 1)) return true
    }
    return false
  }
  return follow(8, 0, 0, false)
}
