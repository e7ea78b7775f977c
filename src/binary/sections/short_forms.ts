/**
 * What the tight loops over entries have in common. The sections with many entries have, next to
 * the `read...Entry` that knows every form and every fault, a `pass...` that walks over entries of
 * the commonest form in one small loop, without the state machine between them: on the first module
 * of a process all of this is interpreted, and what counts is how little is executed an entry.
 *
 * Invariant: a `pass...` takes an entry only if it lies in the window whole (but for bytes that are
 * skipped) and `read...Entry` would take it, with the same effect. It stops before anything else,
 * and leaves that to `read...Entry`: so errors come from one place. It goes on up to the last byte of
 * the window: where nothing is left over, a cold process need not even compile the other way.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html#integers
 * @module
 */

/**
 * Decodes an unsigned integer of three bytes at most, which any index within the JS API's limits
 * and nearly any size is.
 *
 * @param stop where the bytes at hand stop
 * @returns four times the integer, plus the number of its bytes; 0 if it has more, or stops short
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
 * Passes the expression `i32.const` of an integer of four bytes at most.
 *
 * @param stop where the bytes at hand stop
 * @returns the index behind its `end`, or -1 if it is another expression or stops short
 */
export const passI32Constant = (bytes: Uint8Array, start: number, stop: number): number => {
  let at = start + 1
  const last = start + 4 < stop - 1 ? start + 4 : stop - 2
  if (at > last || bytes[start] !== 0x41) return -1
  while (at < last && (bytes[at] ?? 0) >= 0x80) at++
  return (bytes[at] ?? 0) < 0x80 && bytes[at + 1] === 0x0b ? at + 2 : -1
}
