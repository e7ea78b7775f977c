/**
 * Places in a module, by what was remembered of it while it passed. For messages.
 *
 * @module
 */
import { sectionName } from "../binary/types.ts"
import type { ModuleTrace } from "./module_trace.ts"

/**
 * The name of the section that holds an offset.
 *
 * @param trace what was remembered
 * @param offset where, from the module's start
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
 * Where the body of a function begins, with its local declarations; `undefined` where it was not received.
 *
 * @param trace what was remembered
 * @param functionIndex the function
 */
export const bodyStart = (trace: ModuleTrace, functionIndex: number): number | undefined => {
  const index = functionIndex - trace.importedFunctions
  return index >= 0 && index < trace.seen ? trace.starts[index] : undefined
}

/**
 * The function whose body holds an offset: the last one that begins before it, within the code section.
 *
 * @param trace what was remembered
 * @param offset where, from the module's start
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
 * Where the last bodies begin, and which function the first of them is of.
 *
 * @param trace what was remembered
 * @param most how many of them at most
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
