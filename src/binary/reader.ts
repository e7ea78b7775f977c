/**
 * A cursor over the bytes at hand, used for one attempt at one item.
 *
 * Two ends matter. `end` is where the bytes at hand stop: reading past it makes the attempt `short`,
 * every further read returns 0 and no check fails any more, so that the item is tried again with
 * more bytes. `limit` is where the enclosing section or body stops: reading past it is an error.
 *
 * Invariant: what an attempt finds depends only on the bytes from the item's start. An error found
 * with few bytes is the error found with more.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html
 * @module
 */
import { DecodeError, type DecodeErrorCode } from "./errors.ts"
import { findInvalidUtf8 } from "./utf8.ts"

/** A section or body is over in the middle of something. */
export const ENDS_TOO_EARLY = "The section or function body ends too early"

const NO_BYTES: Uint8Array = new Uint8Array(0)

/** Where a fault is, for those who know it better than the cursor. */
export interface ErrorPlace {
  /** The absolute offset of a fault that was met at `offset`. */
  offsetOf(code: DecodeErrorCode, offset: number): number
  /** What is to be added to the message. */
  describe(code: DecodeErrorCode): string
}

/** The cursor; its fields are plain for speed, and the decoder sets them. */
export class Reader {
  /** The window: the bytes at hand. */
  bytes: Uint8Array = NO_BYTES
  /** The next byte to read, an index into the window. */
  pos = 0
  /** Where the window's bytes, or the enclosing section's, stop: the smaller of the two. */
  stop = 0
  /** Where the enclosing section or body stops, an index that may be beyond the window. */
  limit = 0
  /** The absolute offset of the window's first byte. */
  base = 0
  /** The attempt ran out of bytes, or met something unknown: nothing of it counts. */
  short = false
  /** If short: the index up to which bytes must be there before another attempt can get further. */
  need = 0
  /** Stand aside at what the specification does not know, instead of failing. */
  defers = false
  /** What was met that the specification does not know, or "". */
  unknownWhat = ""
  /** Where it was met. */
  unknownOffset = 0
  /** The name of the current section, for errors. */
  section: string | undefined = undefined
  /** The function whose body it is, for errors; -1 outside of bodies. */
  functionIndex = -1
  /** Inside of instructions: who knows where that is. */
  place: ErrorPlace | undefined = undefined
  /** The longest name, in bytes, that is held until it is whole. */
  longestName: number = Infinity
  /** The bytes of the last name read. */
  nameStart = 0
  nameEnd = 0
  /** The halves of the last 64-bit integer read. */
  low = 0
  high = 0

  /** Fails at an index of the window, unless this attempt does not count; returns 0. */
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

  /** Meets something outside of the specification: fails, or stands aside; returns 0. */
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

  /** The cold end of every read: the section is over, or the bytes at hand are. */
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

  /** Passes a signed integer of 32 bits; its value does not matter to the structure. */
  skipS32(): void {
    this.#skipSigned(28, 0x78)
  }

  /** Passes a signed integer of 64 bits. */
  skipS64(): void {
    this.#skipSigned(63, 0x7f)
  }

  /** `signs`: the bits of the last byte, at `lastShift`, that must all be the sign. */
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

  /** Reads a signed integer of 33 bits. */
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
   * Reads the count of a vector whose entries have a byte each at least, so that a count beyond the
   * section is a fault at once.
   */
  readCount(maximum: number, code: DecodeErrorCode, what: string): number {
    const at = this.pos
    const count = this.readU32()
    if (count > maximum) {
      return this.fail(code, at, `${count} ${what} exceed the maximum of ${maximum}`)
    }
    if (count > this.limit - this.pos) {
      return this.fail(
        "length-out-of-bounds",
        at,
        `${count} ${what} do not fit: the section has only ${this.limit - this.pos} bytes left`,
      )
    }
    return count
  }

  /** Reads a size in bytes of something that must fit into the section. */
  readSize(what: string): number {
    const at = this.pos
    const size = this.readU32()
    if (size > this.limit - this.pos) {
      return this.fail(
        "length-out-of-bounds",
        at,
        `A ${what} of ${size} bytes does not fit into the section, of which only ${
          this.limit - this.pos
        } bytes left`,
      )
    }
    return size
  }

  /** Reads a name and leaves where it is in `nameStart` and `nameEnd`. */
  readName(what: string): void {
    this.readUncheckedName(what)
    this.checkName(what)
  }

  /** The same without {@link checkName}. */
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
