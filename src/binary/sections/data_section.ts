/**
 * The data section: the memory, offset and size of each segment. The bytes themselves are skipped.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#data-section
 * @module
 */
import { readConstantExpression } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_BULK_MEMORY } from "../features.ts"
import { addressType, hex } from "../value_types.ts"

const I32_CONST = 0x41
const END = 0x0b

const ACTIVE = 0
const PASSIVE = 1
const ACTIVE_EXPLICIT = 2

/**
 * Passes segments that are passive, or active at a constant offset in the first memory if it has 32-bit
 * addresses; moves the cursor to where the next segment begins, which may be beyond the window.
 *
 * @param count the number of segments that remain
 * @returns the number of segments passed
 */
export const passDataEntries = (c: DecodeContext, count: number): number => {
  const { reader: r, sink, spaces } = c
  const { base, bytes, limit, stop } = r
  const hasMemory32 = spaces.memoryCount > 0 && !spaces.isMemory64(0)
  // A sink that does not listen costs nothing in the loop: modules of Go have 100,000 segments.
  const listener = sink?.dataSegment === undefined ? undefined : sink
  const first = c.dataSegmentCount
  let at = r.pos
  let passed = 0
  while (passed < count && at < stop) {
    const flags = bytes[at] ?? 0
    let next = at + 1
    if (flags === ACTIVE && hasMemory32) {
      // `i32.const` of an integer of at most four bytes, as in `passI32Constant`, which would double the time if called.
      const last = next + 4 < stop - 1 ? next + 4 : stop - 2
      if (next >= last || bytes[next] !== I32_CONST) break
      next++
      while (next < last && (bytes[next] ?? 0) >= 0x80) next++
      if ((bytes[next] ?? 0) >= 0x80 || bytes[next + 1] !== END) break
      next += 2
    } else if (flags !== PASSIVE) break
    // The size, of at most three bytes, as in `shortU32`.
    if (next >= stop) break
    let size = bytes[next++] ?? 0
    if (size >= 0x80) {
      if (next >= stop) break
      const second = bytes[next++] ?? 0
      size = (size & 0x7f) | (second & 0x7f) << 7
      if (second >= 0x80) {
        if (next >= stop) break
        const third = bytes[next++] ?? 0
        if (third >= 0x80) break
        size |= third << 14
      }
    }
    const end = next + size
    if (end > limit) break
    if (flags === PASSIVE) c.features |= FEATURE_BULK_MEMORY
    if (listener !== undefined) {
      const memory = flags === PASSIVE ? -1 : 0
      listener.dataSegment?.(first + passed, memory, base + next, base + end)
    }
    at = end
    passed++
  }
  c.dataSegmentCount = first + passed
  r.pos = at
  return passed
}

/** Reads a segment's head, and sets `skipTo` to the end of its bytes. */
export const readDataEntry = (c: DecodeContext): void => {
  const { reader: r, sink, spaces } = c
  const at = r.pos
  const flags = r.readU32()
  if (flags > ACTIVE_EXPLICIT) {
    const message = `Unknown data segment flags ${hex(flags)}`
    r.unknown("malformed-data-flags", at, "data segment flags", message)
  }
  let memory = -1
  if (flags !== PASSIVE) {
    const memoryAt = flags === ACTIVE ? at : r.pos
    memory = flags === ACTIVE ? 0 : r.readU32()
    if (memory >= spaces.memoryCount) {
      r.failIndex("memory", memoryAt, memory, spaces.memoryCount)
    }
    if (r.short) return
    readConstantExpression(c, addressType(spaces.isMemory64(memory)))
  }
  const size = r.readSize("data segment")
  if (r.short) return
  if (memory < 0) c.features |= FEATURE_BULK_MEMORY
  const startOffset = r.base + r.pos
  c.skipTo = startOffset + size
  sink?.dataSegment?.(c.dataSegmentCount, memory, startOffset, c.skipTo)
  c.dataSegmentCount++
}
