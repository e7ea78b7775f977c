/**
 * Helpers of the tight loops over entries. Besides the `read...Entry` that handles every form and every
 * error, a section with many entries has a `pass...` that walks over entries in the commonest form in
 * one small loop, without the state machine between them. For the first module of a process all of this
 * is interpreted, so the time depends on how little is executed for each entry.
 *
 * Invariant: a `pass...` accepts an entry only if all of it (except skipped bytes) lies in the window,
 * and `read...Entry` would accept it with the same effect. It stops before any other entry and leaves
 * that to `read...Entry`, so that errors are raised in one place. It continues to the last byte of the
 * window: if nothing is left over, a cold process need not even compile the slow path.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html#integers
 * @module
 */

/**
 * Decodes an unsigned integer of at most three bytes: enough for any index within the JS API's limits,
 * and for nearly any size.
 *
 * @param stop where the bytes at hand end
 * @returns four times the integer, plus the number of its bytes; 0 if it has more, or is incomplete
 */
export const shortU32 = (bytes: Uint8Array, at: number, stop: number): number => {
  if (at >= stop) return 0
  const first = bytes[at] ?? 0
  if (first < 0x80) return first << 2 | 1
  if (at + 1 >= stop) return 0
  const second = bytes[at + 1] ?? 0
  if (second < 0x80) return ((first & 0x7f) | second << 7) << 2 | 2
  if (at + 2 >= stop) return 0
  const third = bytes[at + 2] ?? 0
  if (third < 0x80) return ((first & 0x7f) | (second & 0x7f) << 7 | third << 14) << 2 | 3
  return 0
}

/**
 * Passes the expression `i32.const` of an integer of at most four bytes.
 *
 * @param stop where the bytes at hand end
 * @returns the index after its `end`, or -1 if it is another expression or incomplete
 */
export const passI32Constant = (bytes: Uint8Array, start: number, stop: number): number => {
  let at = start + 1
  const last = start + 4 < stop - 1 ? start + 4 : stop - 2
  if (at > last || bytes[start] !== 0x41) return -1
  while (at < last && (bytes[at] ?? 0) >= 0x80) at++
  return (bytes[at] ?? 0) < 0x80 && bytes[at + 1] === 0x0b ? at + 2 : -1
}
