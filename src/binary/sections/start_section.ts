/**
 * The start section: the index of one function without parameters and results; not a vector.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#start-section
 * @module
 */
import { readFunctionIndex } from "../constant_expression.ts"
import type { DecodeContext } from "../context.ts"

/** Reads the start function. */
export const readStartEntry = (c: DecodeContext): void => {
  const { reader: r, sink, spaces } = c
  const at = r.pos
  const index = readFunctionIndex(c)
  if (r.short) return
  const id = spaces.functionTypeId(index)
  if (spaces.types.parameterCount(id) + spaces.types.resultCount(id) > 0) {
    const message = `The start function ${index} must have no parameters and no results`
    r.fail("start-function-type", at, message)
  }
  spaces.startFunction = index
  sink?.start?.(index)
}
