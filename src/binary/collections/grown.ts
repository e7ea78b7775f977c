/**
 * Larger copies of typed arrays: at least twice the size, so that growth takes linear time in total.
 *
 * @module
 */

/**
 * A larger copy of integers.
 *
 * @param ints the integers
 * @param needed the least length of the copy
 */
export const grownInts = (ints: Int32Array, needed: number): Int32Array => {
  const larger = new Int32Array(Math.max(needed, ints.length * 2))
  larger.set(ints)
  return larger
}

/**
 * A larger copy of bytes.
 *
 * @param bytes the bytes
 * @param needed the least length of the copy
 */
export const grownBytes = (bytes: Uint8Array, needed: number): Uint8Array => {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2))
  larger.set(bytes)
  return larger
}
