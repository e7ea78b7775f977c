/**
 * Searches for byte patterns, written in hexadecimal as they appear in documentation.
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
 * @param offset where the pattern has to be
 */
export const holds = (bytes: Uint8Array, pattern: string, offset: number = 0): boolean =>
  parse(pattern).every((byte, index) => bytes[offset + index] === byte)

/**
 * The offset of the first occurrence of a pattern, or -1.
 *
 * @param bytes any bytes
 * @param pattern bytes in hexadecimal, separated by spaces
 * @param from where to begin the search
 */
export const find = (bytes: Uint8Array, pattern: string, from: number = 0): number => {
  const wanted = parse(pattern)
  for (let offset = from; offset + wanted.length <= bytes.length; offset++) {
    if (wanted.every((byte, index) => bytes[offset + index] === byte)) return offset
  }
  return -1
}
