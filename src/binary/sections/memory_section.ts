/**
 * The memory section: the limits of each memory, and whether it is 64-bit or shared.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { addMemory, readMemoryType } from "../value_types.ts"

/** Reads one memory. */
export const readMemoryEntry = (c: DecodeContext): void => {
  readMemoryType(c)
  if (!c.reader.short) addMemory(c)
}

/** Checks that `count` more memories are within the limit. */
export const checkMemoryCount = (c: DecodeContext, at: number, count: number): void => {
  if (c.spaces.memoryCount + count > c.limits.memories) {
    c.reader.fail("limit-memories", at, `There are more than ${c.limits.memories} memories`)
  }
}
