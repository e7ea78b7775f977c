/**
 * Data section: where a segment goes and how long it is. The bytes themselves pass by.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html#data-section
 */
import { readConstantExpression } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_BULK_MEMORY } from "../features.ts"
import { addressType, hex } from "../value_types.ts"
import { passI32Constant, shortU32 } from "./short_forms.ts"

const ACTIVE = 0
const PASSIVE = 1
const ACTIVE_EXPLICIT = 2

/**
 * Passes segments that are passive, or active at a constant in the first memory with its 32-bit
 * addresses; moves the cursor to where the next segment begins, which may be beyond the window.
 *
 * @param count how many segments there are at most
 * @returns how many passed
 */
export function passDataEntries(c: DecodeContext, count: number): number {
  const { reader: r, sink, spaces } = c
  const { base, bytes, limit, stop } = r
  const hasMemory32 = spaces.memoryCount > 0 && !spaces.isMemory64(0)
  const first = c.dataSegmentCount
  let at = r.pos
  let passed = 0
  while (passed < count && at < stop) {
    const flags = bytes[at] ?? 0
    let sizeAt = at + 1
    if (flags === ACTIVE && hasMemory32) {
      sizeAt = passI32Constant(bytes, sizeAt, stop)
      if (sizeAt < 0) break
    } else if (flags !== PASSIVE) break
    const short = shortU32(bytes, sizeAt, stop)
    const start = sizeAt + (short & 3)
    const end = start + (short >>> 2)
    if (short === 0 || end > limit) break
    if (flags === PASSIVE) c.features |= FEATURE_BULK_MEMORY
    sink?.dataSegment?.(first + passed, flags === PASSIVE ? -1 : 0, base + start, base + end)
    at = end
    passed++
  }
  c.dataSegmentCount = first + passed
  r.pos = at
  return passed
}

/** Reads a segment's head, and leaves the end of its bytes in `skipTo`. */
export function readDataEntry(c: DecodeContext): void {
  const { reader: r, sink, spaces } = c
  const at = r.pos
  const flags = r.readU32()
  if (flags > ACTIVE_EXPLICIT) {
    const message = `Malformed data segment flags ${hex(flags)}`
    r.unknown("malformed-data-flags", at, "data segment flags", message)
  }
  let memory = -1
  if (flags !== PASSIVE) {
    const memoryAt = flags === ACTIVE ? at : r.pos
    memory = flags === ACTIVE ? 0 : r.readU32()
    if (memory >= spaces.memoryCount) {
      r.fail("unknown-memory", memoryAt, `Unknown memory ${memory}`)
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
