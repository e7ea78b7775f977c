/**
 * Checks whether the sizes of the sections fit the bytes. If they do, no bytes were added to a module or lost.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#sections
 * @module
 */
import type { Evidence } from "./diagnosis.ts"
import { bytesFrom, sizeOf } from "./pieces.ts"
import { headerSize } from "./wasm_header.ts"

/** The most sections that are followed. */
const mostSections = 100_000
/** The least byte that is not a section's id even in future versions, as ids are assigned from 0 up. */
const leastNonsense = 0x80

/**
 * Where the section at an offset ends according to its size, whatever its id is; -1 if its size was not kept.
 *
 * @param evidence what is known about the bytes
 * @param at the offset of its id
 */
export const endBySize = (evidence: Evidence, at: number): number => {
  const bytes = bytesFrom(evidence, at)
  let size = 0
  for (let length = 1; length <= 5; length++) {
    const byte = bytes[length]
    if (byte === undefined) return -1
    size += (byte & 0x7f) * 2 ** (7 * (length - 1))
    if (byte < 0x80) return at + 1 + length + size
  }
  return -1
}

const endOfSection = (evidence: Evidence, at: number): number =>
  (bytesFrom(evidence, at)[0] ?? leastNonsense) >= leastNonsense ? -1 : endBySize(evidence, at)

/**
 * Whether sections follow each other from an offset to the last byte, whatever their contents.
 *
 * @param evidence what is known about the bytes
 * @param from where a section begins; defaults to the end of the header
 */
export const isFramed = (evidence: Evidence, from: number = headerSize): boolean => {
  const size = sizeOf(evidence)
  if (!evidence.ended) return false
  let at = from
  for (let count = 0; at >= 0 && at < size && count < mostSections; count++) {
    at = endOfSection(evidence, at)
  }
  return at === size
}
