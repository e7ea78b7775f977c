/**
 * Data section: where a segment goes and how long it is. The bytes themselves pass by.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html#data-section
 */
import { readConstantExpression } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"
import { FEATURE_BULK_MEMORY } from "../features.ts"
import { addressType, hex } from "../value_types.ts"

const ACTIVE = 0
const PASSIVE = 1
const ACTIVE_EXPLICIT = 2

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
