/**
 * The data count section: the number of data segments, so that bodies can refer to them before they are decoded.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#data-count-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { FEATURE_BULK_MEMORY } from "../features.ts"

/** Reads the count. */
export const readDataCountEntry = (c: DecodeContext): void => {
  const { limits, reader: r } = c
  const at = r.pos
  const count = r.readU32()
  if (count > limits.dataSegments) {
    const message = `${count} data segments exceed the maximum of ${limits.dataSegments}`
    r.fail("limit-data-segments", at, message)
  }
  if (r.short) return
  c.spaces.dataCount = count
  c.features |= FEATURE_BULK_MEMORY
}
