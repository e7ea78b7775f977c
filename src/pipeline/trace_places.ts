/**
 * Looks up places in the record of a module, for messages.
 *
 * @module
 */
import { sectionName } from "../binary/types.ts"
import type { ModuleTrace } from "./module_trace.ts"

/**
 * The name of the section that contains an offset.
 *
 * @param trace the record of the module
 * @param offset the offset, in bytes from the module's start
 */
export const sectionAt = ({ sections }: ModuleTrace, offset: number): string | undefined => {
  for (let i = 0; i < sections.length; i += 3) {
    const start = sections[i + 1] ?? 0
    const end = sections[i + 2] ?? 0
    if (offset >= start && offset < end) return sectionName(sections[i] ?? -1)
  }
  return undefined
}

/**
 * The offset of a function's body, from its local declarations on; `undefined` if it was not received.
 *
 * @param trace the record of the module
 * @param functionIndex the function
 */
export const bodyStart = (trace: ModuleTrace, functionIndex: number): number | undefined => {
  const index = functionIndex - trace.importedFunctions
  return index >= 0 && index < trace.seen ? trace.starts[index] : undefined
}

/**
 * The function whose body contains an offset: the last one that begins before it, within the code section.
 *
 * @param trace the record of the module
 * @param offset the offset, in bytes from the module's start
 */
export const functionAt = (trace: ModuleTrace, offset: number): number | undefined => {
  let low = 0
  let high = trace.seen
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((trace.starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  if (low === 0 || sectionAt(trace, offset) !== "code") return undefined
  return trace.importedFunctions + low - 1
}

/**
 * The offsets of the last function bodies, and the index of the first of these functions.
 *
 * @param trace the record of the module
 * @param most the largest number of bodies
 */
export const lastBodies = (
  trace: ModuleTrace,
  most: number,
): { readonly firstIndex: number; readonly starts: ReadonlyArray<number> } => {
  const first = Math.max(0, trace.seen - most)
  return {
    firstIndex: trace.importedFunctions + first,
    starts: [...trace.starts.subarray(first, trace.seen)],
  }
}
