/**
 * Whether the sizes of the sections fit the bytes: then nothing was added to a module on its way, and nothing lost.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#sections
 * @module
 */
import type { Evidence } from "./diagnosis.ts"
import { bytesFrom, sizeOf } from "./pieces.ts"
import { headerSize } from "./wasm_header.ts"

/** More sections than this prove no more. */
const mostSections = 100_000
/** What no section's id is, now or ever: they are counted up from 0. */
const leastNonsense = 0x80

/**
 * Where the section at an offset ends by its size, whatever its id is; -1 where none is at hand.
 *
 * @param evidence what is known
 * @param at where the id stands
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
 * Whether sections follow each other from an offset to the last byte, whatever is in them.
 *
 * @param evidence what is known
 * @param from where a section begins: behind the header if absent
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
