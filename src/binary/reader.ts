/**
 * A cursor over the bytes at hand, used for one attempt at one item.
 *
 * Two ends matter. A read past the bytes at hand makes the attempt `short`: from then on every read
 * returns 0 and every check passes, and the item is tried again with more bytes. A read past `limit`,
 * where the enclosing section or body ends, is an error.
 *
 * Invariant: the outcome of an attempt depends only on the bytes from the item's start. An error found
 * with few bytes is also the one found with more.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html
 * @module
 */
import { counted } from "./counted.ts"
import { DecodeError, type DecodeErrorCode } from "./errors.ts"
import { findInvalidUtf8 } from "./utf8.ts"

/** What has an index. */
export type Indexed = "function" | "global" | "memory" | "table" | "tag" | "type"

/** The message for a section or body that ends in the middle of an item. */
export const ENDS_TOO_EARLY = "The section or function body ends too early"

const NO_BYTES: Uint8Array = new Uint8Array(0)

/** Locates an error more precisely than the cursor can. */
export interface ErrorPlace {
  /** The absolute offset of an error that was found at `offset`. */
  offsetOf(code: DecodeErrorCode, offset: number): number
  /** The text to append to the message. */
  describe(code: DecodeErrorCode): string
}

/** The cursor. Its fields are plain for speed; the decoder sets them. */
export class Reader {
  /** The window: the bytes at hand. */
  bytes: Uint8Array = NO_BYTES
  /** The index of the next byte to read. */
  pos = 0
  /** The index at which the window or the enclosing section ends, whichever is smaller. */
  stop = 0
  /** The index at which the enclosing section or body ends; it may be beyond the window. */
  limit = 0
  /** The absolute offset of the window's first byte. */
  base = 0
  /** Whether the attempt ran out of bytes, or met an unknown construct: its result is void. */
  short = false
  /** If short: the index up to which bytes must be present before another attempt can get further. */
  need = 0
  /** Whether to stand aside at an unknown construct instead of failing. */
  defers = false
  /** The unknown construct that was met, or "". */
  unknownWhat = ""
  /** The absolute offset of that construct. */
  unknownOffset = 0
  /** The name of the current section, for errors. */
  section: string | undefined = undefined
  /** The function whose body is being read, for errors; -1 outside of bodies. */
  functionIndex = -1
  /** Locates errors inside of instructions. */
  place: ErrorPlace | undefined = undefined
  /** The length of the longest name that is buffered until complete, in bytes. */
  longestName: number = Infinity
  /** Where the last name read starts and ends, in the window. */
  nameStart = 0
  nameEnd = 0
  /** The halves of the last 64-bit integer read. */
  low = 0
  high = 0

  /** Fails at an index of the window, unless the attempt is short; returns 0. */
  fail(code: DecodeErrorCode, index: number, message: string): 0 {
    if (!this.short) this.failAt(code, this.base + index, message)
    return 0
  }

  /** Fails at an absolute offset. */
  failAt(code: DecodeErrorCode, offset: number, message: string): never {
    const functionIndex = this.functionIndex < 0 ? undefined : this.functionIndex
    const place = this.place
    if (place === undefined) {
      throw new DecodeError(code, offset, message, this.section, functionIndex)
    }
    const known = place.offsetOf(code, offset)
    throw new DecodeError(code, known, message, this.section, functionIndex, place.describe(code))
  }

  /** Fails or stands aside at a construct that is not in the specification; returns 0. */
  unknown(code: DecodeErrorCode, index: number, what: string, message: string): 0 {
    if (this.short) return 0
    if (!this.defers) return this.fail(code, index, message)
    this.short = true
    this.unknownWhat = what
    this.unknownOffset = this.base + index
    return 0
  }

  /** Moves the limit to an index of the window, which may be beyond it. */
  setLimit(limit: number, end: number): void {
    this.limit = limit
    this.stop = limit < end ? limit : end
  }

  /** The slow path of every read: fails at the end of the section, or is short at the end of the window. */
  #lack(count: number): 0 {
    if (this.short) return 0
    if (this.pos + count > this.limit) {
      return this.fail("unexpected-end", this.limit, ENDS_TOO_EARLY)
    }
    this.short = true
    this.need = this.pos + count
    return 0
  }

  readByte(): number {
    const pos = this.pos
    if (pos >= this.stop) return this.#lack(1)
    this.pos = pos + 1
    return this.bytes[pos] ?? 0
  }

  /** The next byte without consuming it. */
  peekByte(): number {
    const pos = this.pos
    if (pos >= this.stop) return this.#lack(1)
    return this.bytes[pos] ?? 0
  }

  skip(count: number): void {
    if (this.pos + count > this.stop) this.#lack(count)
    else this.pos += count
  }

  readU32(): number {
    const pos = this.pos
    if (pos < this.stop) {
      const byte = this.bytes[pos] ?? 0
      if (byte < 0x80) {
        this.pos = pos + 1
        return byte
      }
    }
    return this.#readLongU32()
  }

  #readLongU32(): number {
    const bytes = this.bytes
    const stop = this.stop
    let result = 0
    let pos = this.pos
    for (let shift = 0;; shift += 7, pos++) {
      if (pos >= stop) {
        this.pos = pos
        return this.#lack(1)
      }
      const byte = bytes[pos] ?? 0
      if (shift === 28 && byte > 0x0f) {
        this.pos = pos
        return byte >= 0x80 ? this.#failTooLong() : this.#failTooLarge()
      }
      result |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.pos = pos + 1
        return result >>> 0
      }
    }
  }

  /** Reads an unsigned 64-bit integer into `low` and `high`. */
  readU64(): void {
    this.low = 0
    this.high = 0
    for (let shift = 0;; shift += 7) {
      if (this.pos >= this.stop) {
        this.#lack(1)
        return
      }
      const byte = this.bytes[this.pos] ?? 0
      if (shift === 63) {
        if (byte >= 0x80) {
          this.#failTooLong()
          return
        }
        if (byte > 1) {
          this.#failTooLarge()
          return
        }
      }
      this.pos++
      const bits = byte & 0x7f
      if (shift < 28) this.low |= bits << shift
      else if (shift === 28) {
        this.low |= bits << 28
        this.high = bits >>> 4
      } else this.high |= bits << (shift - 32)
      if (byte < 0x80) break
    }
    this.low >>>= 0
    this.high >>>= 0
  }

  /** Skips a signed 32-bit integer; its value does not matter to the structure. */
  skipS32(): void {
    this.#skipSigned(28, 0x78)
  }

  /** Skips a signed 64-bit integer. */
  skipS64(): void {
    this.#skipSigned(63, 0x7f)
  }

  /** `signs`: the bits of the last byte, at `lastShift`, that must all equal the sign bit. */
  #skipSigned(lastShift: number, signs: number): void {
    for (let shift = 0;; shift += 7) {
      if (this.pos >= this.stop) {
        this.#lack(1)
        return
      }
      const byte = this.bytes[this.pos] ?? 0
      if (shift === lastShift && !this.#isLastSignedByte(byte, signs)) return
      this.pos++
      if (byte < 0x80) return
    }
  }

  /** Reads a signed 33-bit integer. */
  readS33(): number {
    const pos = this.pos
    if (pos + 1 < this.stop) {
      const byte = this.bytes[pos] ?? 0
      if (byte < 0x80) {
        this.pos = pos + 1
        return byte < 0x40 ? byte : byte - 0x80
      }
      const high = this.bytes[pos + 1] ?? 0
      if (high < 0x80) {
        this.pos = pos + 2
        const value = (byte & 0x7f) | (high << 7)
        return high < 0x40 ? value : value - 0x4000
      }
    }
    return this.#readLongS33()
  }

  #readLongS33(): number {
    let result = 0
    for (let shift = 0;; shift += 7) {
      if (this.pos >= this.stop) return this.#lack(1)
      const byte = this.bytes[this.pos] ?? 0
      if (shift === 28 && !this.#isLastSignedByte(byte, 0x70)) return 0
      this.pos++
      result += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return (byte & 0x40) === 0 ? result : result - 2 ** (shift + 7)
    }
  }

  #isLastSignedByte(byte: number, signs: number): boolean {
    const sign = byte & signs
    if (byte >= 0x80) this.#failTooLong()
    else if (sign !== 0 && sign !== signs) this.#failTooLarge()
    else return true
    return false
  }

  #failTooLong(): 0 {
    return this.fail("leb128-too-long", this.pos, "An integer (LEB128) has too many bytes")
  }

  #failTooLarge(): 0 {
    return this.fail("leb128-too-large", this.pos, "An integer (LEB128) is too large for its type")
  }

  /**
   * Reads the count of a vector. Each entry takes at least one byte, so a count above the number of
   * bytes that are left in the section is an error at once.
   */
  readCount(maximum: number, code: DecodeErrorCode, what: string): number {
    const at = this.pos
    const count = this.readU32()
    if (count > maximum) {
      return this.fail(code, at, `${count} ${what} exceed the maximum of ${maximum}`)
    }
    if (count > this.limit - this.pos) {
      return this.#failNoRoom(at, `number of ${what} is ${count}`)
    }
    return count
  }

  /** Fails because the module has fewer of something than an index needs. */
  failIndex(what: Indexed, at: number, index: number, count: number): 0 {
    const message = `There is no ${what} ${index}: the module has ${counted(count, what)}`
    return this.fail(`unknown-${what}`, at, message)
  }

  #failNoRoom(at: number, what: string): 0 {
    const left = this.limit - this.pos
    const message = `The ${what}, but the section has ${counted(left, "byte")} left`
    return this.fail("length-out-of-bounds", at, message)
  }

  /** Reads the size, in bytes, of an item that must fit into the section. */
  readSize(what: string): number {
    const at = this.pos
    const size = this.readU32()
    if (size > this.limit - this.pos) {
      return this.#failNoRoom(at, `size of the ${what} is ${counted(size, "byte")}`)
    }
    return size
  }

  /** Reads a name, and sets `nameStart` and `nameEnd`. */
  readName(what: string): void {
    this.readUncheckedName(what)
    this.checkName(what)
  }

  /** Reads a name without {@link checkName}. */
  readUncheckedName(what: string): void {
    const at = this.pos
    const size = this.readSize(what)
    if (size > this.longestName) {
      const message = `The ${what} has ${size} bytes, the maximum is ${this.longestName}`
      this.unknown("limit-name-size", at, "long name", message)
    }
    const start = this.pos
    this.skip(size)
    this.nameStart = start
    this.nameEnd = start + size
  }

  /** Checks that the last name read is UTF-8. */
  checkName(what: string): void {
    if (this.short) return
    const invalid = findInvalidUtf8(this.bytes, this.nameStart, this.nameEnd)
    if (invalid >= 0) this.fail("malformed-utf8", invalid, `The ${what} is not valid UTF-8`)
  }
}
