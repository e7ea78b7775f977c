/**
 * Reads the payloads of custom sections that tools agree on. Custom sections never make a module invalid,
 * so reading them is lenient: it stops at malformed data, and keeps what precedes it.
 *
 * @see https://github.com/WebAssembly/tool-conventions
 * @see https://webassembly.github.io/spec/core/appendix/custom.html
 *
 * @module
 */
import { decodeUtf8, findInvalidUtf8 } from "../utf8.ts"

/** A cursor that never fails: beyond the end, or at malformed data, it is `isBroken` and returns zeros. */
class LenientCursor {
  readonly bytes: Uint8Array
  pos: number
  end: number
  isBroken = false

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes
    this.pos = start
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.isBroken || this.pos >= this.end
  }

  readByte(): number {
    if (this.pos >= this.end) {
      this.isBroken = true
      return 0
    }
    return this.bytes[this.pos++] ?? 0
  }

  readU32(): number {
    let result = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.readByte()
      result += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return this.isBroken ? 0 : result
    }
    this.isBroken = true
    return 0
  }

  /** Reads a size, which must fit into the payload. */
  readSize(): number {
    const size = this.readU32()
    if (size <= this.end - this.pos) return size
    this.isBroken = true
    return 0
  }

  readName(): string {
    const size = this.readSize()
    const start = this.pos
    this.pos += size
    return decodeText(this.bytes, start, this.pos)
  }
}

/** Decodes text; if it is not UTF-8, each byte becomes a character. */
const decodeText = (bytes: Uint8Array, start: number, end: number): string => {
  if (findInvalidUtf8(bytes, start, end) < 0) return decodeUtf8(bytes, start, end)
  let text = ""
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

/** A tool, language or SDK that took part in making a module. */
export interface Producer {
  /** `"language"`, `"processed-by"` or `"sdk"`. */
  readonly field: string
  /** Its name, as it is in the module: not safe to print. */
  readonly name: string
  /** Its version, as it is in the module: not safe to print. */
  readonly version: string
}

/** Reads a `producers` section. */
export const decodeProducers = (bytes: Uint8Array, start: number, end: number): Array<Producer> => {
  const cursor = new LenientCursor(bytes, start, end)
  const producers: Array<Producer> = []
  for (let fields = cursor.readU32(); fields > 0 && !cursor.isAtEnd; fields--) {
    const field = cursor.readName()
    for (let values = cursor.readU32(); values > 0 && !cursor.isAtEnd; values--) {
      const name = cursor.readName()
      const version = cursor.readName()
      if (!cursor.isBroken) producers.push({ field, name, version })
    }
  }
  return producers
}

/** Reads a `target_features` section: `+simd128`, `-threads`, `=atomics`. */
export const decodeTargetFeatures = (
  bytes: Uint8Array,
  start: number,
  end: number,
): Array<string> => {
  const cursor = new LenientCursor(bytes, start, end)
  const features: Array<string> = []
  for (let count = cursor.readU32(); count > 0 && !cursor.isAtEnd; count--) {
    const prefix = String.fromCharCode(cursor.readByte())
    const name = cursor.readName()
    if (!cursor.isBroken) features.push(prefix + name)
  }
  return features
}

/** Reads a section that is a single name: `sourceMappingURL`, `external_debug_info`. */
export const decodeSingleName = (
  bytes: Uint8Array,
  start: number,
  end: number,
): string | undefined => {
  const cursor = new LenientCursor(bytes, start, end)
  const name = cursor.readName()
  return cursor.isBroken ? undefined : name
}

/** Reads a `build_id` section, as hexadecimal digits. */
export const decodeBuildId = (
  bytes: Uint8Array,
  start: number,
  end: number,
): string | undefined => {
  const cursor = new LenientCursor(bytes, start, end)
  const size = cursor.readSize()
  // Some tools omit the size; then the whole payload is the id.
  if (cursor.isBroken || size !== end - cursor.pos) cursor.pos = start
  cursor.isBroken = false
  let text = ""
  while (cursor.pos < end) text += cursor.readByte().toString(16).padStart(2, "0")
  return text
}

const DYLINK_NEEDED = 2

/** Reads the needed libraries from a `dylink.0` section, or from its predecessor `dylink`. */
export const decodeNeededLibraries = (
  bytes: Uint8Array,
  start: number,
  end: number,
  isOldForm: boolean,
): Array<string> => {
  const cursor = new LenientCursor(bytes, start, end)
  const needed: Array<string> = []
  if (isOldForm) {
    // The size and alignment of the memory and of the table precede the names.
    for (let i = 0; i < 4; i++) cursor.readU32()
    readNames(cursor, needed)
    return needed
  }
  while (!cursor.isAtEnd) {
    const id = cursor.readByte()
    const subsectionEnd = cursor.readSize() + cursor.pos
    if (id === DYLINK_NEEDED) readNames(cursor, needed)
    cursor.pos = subsectionEnd
  }
  return needed
}

const readNames = (cursor: LenientCursor, names: Array<string>): void => {
  for (let count = cursor.readU32(); count > 0 && !cursor.isAtEnd; count--) {
    const name = cursor.readName()
    if (!cursor.isBroken) names.push(name)
  }
}

const NAMES_OF_MODULE = 0
const NAMES_OF_FUNCTIONS = 1

/**
 * The `name` section: the module's name, and the names of functions. These are looked up in the payload's
 * bytes, so that no string is made before it is asked for.
 */
export class NameSection {
  /** The module's name, if it has one. */
  readonly moduleName: string | undefined
  readonly #bytes: Uint8Array
  readonly #functionsStart: number
  readonly #functionsEnd: number
  /** Pairs of a function index and where its name is, sorted by index; of several names, the first is first. */
  #entries: Uint32Array | undefined = undefined

  /**
   * Reads the module's name, and locates the names of functions.
   *
   * @param payload the section's payload, without the section's name; retained, not copied
   */
  constructor(payload: Uint8Array) {
    const cursor = new LenientCursor(payload, 0, payload.length)
    let moduleName: string | undefined
    let functionsStart = 0
    let functionsEnd = 0
    while (!cursor.isAtEnd) {
      const id = cursor.readByte()
      const end = cursor.readSize() + cursor.pos
      if (cursor.isBroken) break
      if (id === NAMES_OF_MODULE) moduleName = cursor.readName()
      else if (id === NAMES_OF_FUNCTIONS) {
        functionsStart = cursor.pos
        functionsEnd = end
      }
      cursor.pos = end
    }
    this.#bytes = payload
    this.moduleName = moduleName
    this.#functionsStart = functionsStart
    this.#functionsEnd = functionsEnd
  }

  /** The number of names of functions. */
  get functionNameCount(): number {
    return this.#index().length / 2
  }

  /** The name of a function, or `undefined`. */
  functionName(functionIndex: number): string | undefined {
    const entries = this.#index()
    let low = 0
    let high = entries.length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((entries[middle * 2] ?? 0) < functionIndex) low = middle + 1
      else high = middle
    }
    if (entries[low * 2] !== functionIndex) return undefined
    const at = entries[low * 2 + 1] ?? 0
    return new LenientCursor(this.#bytes, at, this.#functionsEnd).readName()
  }

  /** Finds where the names of functions are, on first use. */
  #index(): Uint32Array {
    if (this.#entries !== undefined) return this.#entries
    const cursor = new LenientCursor(this.#bytes, this.#functionsStart, this.#functionsEnd)
    const count = Math.min(cursor.readU32(), (this.#functionsEnd - this.#functionsStart) >>> 1)
    const entries = new Uint32Array(count * 2)
    let found = 0
    let previous = -1
    let isSorted = true
    while (found < count && !cursor.isAtEnd) {
      const functionIndex = cursor.readU32()
      const at = cursor.pos
      const size = cursor.readSize()
      if (cursor.isBroken) break
      cursor.pos += size
      entries[found * 2] = functionIndex
      entries[found * 2 + 1] = at
      if (functionIndex < previous) isSorted = false
      previous = functionIndex
      found++
    }
    const whole = entries.subarray(0, found * 2)
    // The specification requires ascending indices, but some tools do not comply.
    this.#entries = isSorted ? whole : sortPairs(whole)
    return this.#entries
  }
}

/**
 * Sorts pairs by their first numbers, stably. A radix sort on 16 bits at a time, so that it takes linear time for any
 * input.
 */
const sortPairs = (pairs: Uint32Array): Uint32Array => {
  let from = pairs
  for (let shift = 0; shift < 32; shift += 16) {
    const ends = new Uint32Array(0x1_0000)
    for (let at = 0; at < from.length; at += 2) addTo(ends, digitAt(from, at, shift), 1)
    for (let digit = 1; digit < ends.length; digit++) addTo(ends, digit, ends[digit - 1] ?? 0)
    const to = new Uint32Array(from.length)
    for (let at = from.length - 2; at >= 0; at -= 2) {
      const place = 2 * addTo(ends, digitAt(from, at, shift), -1)
      to[place] = from[at] ?? 0
      to[place + 1] = from[at + 1] ?? 0
    }
    from = to
  }
  return from
}

const digitAt = (pairs: Uint32Array, at: number, shift: number): number =>
  ((pairs[at] ?? 0) >>> shift) & 0xffff

/** Adds to an element; returns the sum. */
const addTo = (numbers: Uint32Array, index: number, value: number): number => {
  const sum = (numbers[index] ?? 0) + value
  numbers[index] = sum
  return sum
}
