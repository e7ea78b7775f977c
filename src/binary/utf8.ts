/**
 * UTF-8 of names: what TextDecoder would accept in fatal mode, without making a string, and with
 * the place of the fault. A byte order mark is a character like any other.
 *
 * Source: https://webassembly.github.io/spec/core/binary/values.html#names
 */

/**
 * Finds the first byte sequence that is not UTF-8.
 *
 * @returns the index of the sequence's first byte, or -1 if there is none
 */
export function findInvalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const lead = bytes[at] ?? 0
    // Nearly every name is ASCII.
    if (lead < 0x80) {
      at++
      continue
    }
    const next = at + (lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)
    if (lead < 0xc2 || lead > 0xf4 || next > end) return at
    // The first continuation byte is the one with narrower bounds: no over-long forms, no
    // surrogates, nothing above U+10FFFF.
    const second = bytes[at + 1] ?? 0
    if (second < (lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80)) return at
    if (second > (lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf)) return at
    for (let i = at + 2; i < next; i++) {
      if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return at
    }
    at = next
  }
  return -1
}

// Taken at import: programs put their own in its place.
const { TextDecoder } = globalThis

let decoder: InstanceType<typeof TextDecoder> | undefined

/** Decodes bytes that {@link findInvalidUtf8} has passed. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  // The first 1,000 names of a process: 1-3 ms so, 11-14 character by character.
  decoder ??= new TextDecoder("utf-8", { ignoreBOM: true })
  // A copy, because a browser's TextDecoder may refuse shared memory.
  return decoder.decode(bytes.slice(start, end))
}
