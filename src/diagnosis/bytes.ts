/**
 * Byte patterns, written as the hexadecimal that a person would look up.
 *
 * @module
 */

const parse = (pattern: string): ReadonlyArray<number> =>
  pattern.split(" ").map((byte) => Number.parseInt(byte, 16))

/**
 * Whether bytes hold a pattern at an offset.
 *
 * @param bytes any bytes
 * @param pattern bytes in hexadecimal, separated by spaces
 * @param offset where they have to stand
 */
export const holds = (bytes: Uint8Array, pattern: string, offset: number = 0): boolean =>
  parse(pattern).every((byte, index) => bytes[offset + index] === byte)

/**
 * Where bytes hold a pattern first; -1 where they don't.
 *
 * @param bytes any bytes
 * @param pattern bytes in hexadecimal, separated by spaces
 */
export const find = (bytes: Uint8Array, pattern: string, from: number = 0): number => {
  const wanted = parse(pattern)
  for (let offset = from; offset + wanted.length <= bytes.length; offset++) {
    if (wanted.every((byte, index) => bytes[offset + index] === byte)) return offset
  }
  return -1
}
