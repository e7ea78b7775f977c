/**
 * The function section: the type index of every function whose body is in the code section.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#function-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { readFunctionTypeIndex } from "../value_types.ts"
import { shortU32 } from "./short_forms.ts"

/**
 * Passes functions; moves the cursor.
 *
 * @param count the number of functions that remain
 * @returns the number of functions passed
 */
export const passFunctionEntries = (c: DecodeContext, count: number): number => {
  const { reader: r, spaces } = c
  const { bytes, stop } = r
  const types = spaces.types
  const typeCount = types.visibleCount
  const isAnyFunction = types.hasOnlyFunctions
  let at = r.pos
  let passed = 0
  while (passed < count && at < stop) {
    let next = at + 1
    let index = bytes[at] ?? 0
    if (index >= 0x80) {
      const short = shortU32(bytes, at, stop)
      if (short === 0) break
      index = short >>> 2
      next = at + (short & 3)
    }
    if (index >= typeCount || !(isAnyFunction || types.isFunction(types.idOf(index)))) break
    spaces.addFunction(index)
    at = next
    passed++
  }
  r.pos = at
  return passed
}

/** Reads the type of one function. */
export const readFunctionEntry = (c: DecodeContext): void => {
  const typeIndex = readFunctionTypeIndex(c)
  if (!c.reader.short) c.spaces.addFunction(typeIndex)
}
