/**
 * Checks whether a custom section ends where its content does. If not, its size was damaged, and it goes on after that.
 *
 * @see https://github.com/WebAssembly/tool-conventions
 * @module
 */
import { decodeUtf8 } from "./utf8.ts"

/** The most entries that are read. */
const mostEntries = 100_000

/** Reads numbers and names in sequence; `at` is -1 once one does not fit. */
class Fields {
  at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  u32(): number {
    let value = 0
    for (let length = 0; length < 5 && this.at >= 0; length++) {
      const byte = this.#bytes[this.at]
      if (byte === undefined) break
      this.at++
      value += (byte & 0x7f) * 2 ** (7 * length)
      if (byte < 0x80) return value
    }
    this.at = -1
    return 0
  }

  skip(size: number): void {
    if (this.at >= 0) this.at = this.at + size > this.#bytes.length ? -1 : this.at + size
  }

  name(): Uint8Array {
    const size = this.u32()
    const start = this.at
    this.skip(size)
    return this.at < 0 ? new Uint8Array(0) : this.#bytes.subarray(start, this.at)
  }

  /** Reads a number of entries, as long as they fit. */
  times(count: number, read: () => void): void {
    for (let i = 0; i < Math.min(count, mostEntries) && this.at >= 0; i++) read()
  }

  get isAtEnd(): boolean {
    return this.at === this.#bytes.length
  }
}

/** Readers of the contents of known custom sections. */
const readers: ReadonlyMap<string, (fields: Fields) => void> = new Map([
  [
    "producers",
    (fields) =>
      fields.times(fields.u32(), () => {
        fields.name()
        fields.times(fields.u32(), () => {
          fields.name()
          fields.name()
        })
      }),
  ],
  [
    "target_features",
    (fields) =>
      fields.times(fields.u32(), () => {
        fields.skip(1)
        fields.name()
      }),
  ],
  [
    "name",
    (fields) =>
      fields.times(mostEntries, () => {
        if (fields.isAtEnd) return
        fields.skip(1)
        fields.name()
      }),
  ],
  ["sourceMappingURL", (fields) => void fields.name()],
  ["external_debug_info", (fields) => void fields.name()],
])

/**
 * Whether a custom section's content ends where the section does; `true` if the form of its content is not known.
 *
 * @param payload the section after its size: its name, then its content
 */
export const endsWithContent = (payload: Uint8Array): boolean => {
  const fields = new Fields(payload)
  const read = readers.get(decodeUtf8(fields.name().subarray(0, 40)).text)
  read?.(fields)
  return read === undefined || fields.isAtEnd
}
