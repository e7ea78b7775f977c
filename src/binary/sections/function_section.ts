/**
 * Function section: the type of every function whose body the code section holds.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html#function-section
 */
import type { DecodeContext } from "../context.ts"
import { readFunctionTypeIndex } from "../value_types.ts"

/** Reads the type of one function. */
export function readFunctionEntry(c: DecodeContext): void {
  const typeIndex = readFunctionTypeIndex(c)
  if (!c.reader.short) c.spaces.addFunction(typeIndex)
}
