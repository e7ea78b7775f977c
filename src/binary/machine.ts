/**
 * The state machine over the items of a module: which item is next, and what an incomplete item waits
 * for. It runs over windows of bytes and keeps none; `decoder.ts` does.
 *
 * ```
 * header -> section -> count -> entry ... entry -> section ... section -> end
 *              |-> custom name -> custom payload ->|
 *                          code entry -> (complete body, if wanted) -> code entry
 * ```
 *
 * It waits in three ways only: for a few more bytes of the current item, for a known number of bytes
 * (a complete body or payload for the sink or the validator), and for an absolute offset (when skipping).
 *
 * Invariant: an attempt at an item depends only on the bytes from the item's start on, and an incomplete
 * attempt has no effect but those that the next one repeats.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import { counted } from "./counted.ts"
import type { BodyValidator, MakeBodyValidator } from "./body_validator.ts"
import { DecodeContext } from "./context.ts"
import type { DecoderLimits } from "./limits.ts"
import { NameSet } from "./collections/name_set.ts"
import { passBodies, readBodyHead } from "./sections/code_section.ts"
import { passSectionEntries, readSectionCount, readSectionEntry } from "./sections/sections.ts"
import type { DecoderSink } from "./sink.ts"
import {
  SECTION_CODE,
  SECTION_CUSTOM,
  SECTION_DATA,
  SECTION_DATA_COUNT,
  SECTION_EXPORT,
  SECTION_START,
  sectionName,
} from "./types.ts"
import { hex } from "./value_types.ts"

const STATE_HEADER = 0
const STATE_SECTION = 1
const STATE_COUNT = 2
const STATE_ENTRY = 3
const STATE_CODE_ENTRY = 4
const STATE_BODY = 5
const STATE_CUSTOM_NAME = 6
const STATE_CUSTOM_PAYLOAD = 7

/**
 * Between sections, the distance of the limit from the end of the window: longer than any header.
 * A limit of 2^53 would be a float64, and a field that changes to that from int32 makes an engine discard
 * optimised code: the second 32 MB module of a process then takes 36 ms instead of 16.
 */
const HEADER_REACH = 16

/** The header of a module: the magic number `\0asm`, and version 1. */
export const MODULE_HEADER: ReadonlyArray<number> = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const MAGIC_SIZE = 4

/** The rank of each section id in the order of sections; custom sections may stand anywhere. */
const SECTION_ORDER: ReadonlyArray<number> = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6]
const CODE_ORDER = 12

/** An item of fewer bytes is tried again with each new byte, a larger one once it has grown by an eighth. */
const EAGER_SIZE = 128

/** Reads a module item by item. */
export class ModuleMachine {
  readonly context: DecodeContext
  readonly #sink: DecoderSink | undefined
  /** The absolute offset of the first byte not consumed; beyond the window while skipping. */
  offset = 0
  /** The number of bytes from `offset` on that the next attempt needs. */
  wake = 0
  /** Whether an unknown construct was met: all further bytes are ignored. */
  isAside = false
  /** Whether the validation of a body is suspended; the next run resumes it, even without more bytes. */
  isPutOff = false
  #state = STATE_HEADER
  #sectionId = 0
  /** The absolute offset of the section's end, or -1 between sections. */
  #sectionEnd = -1
  #lastOrder = 0
  #hasCode = false
  /** The number of entries of the section that remain, including the current one. */
  #remaining = 0
  /** The function index of the next body. */
  #bodyIndex = 0
  readonly #makeValidator: MakeBodyValidator | undefined
  /** Made when the code section starts. */
  #validator: BodyValidator | undefined = undefined

  constructor(
    limits: DecoderLimits,
    defers: boolean,
    sink: DecoderSink | undefined,
    makeValidator: MakeBodyValidator | undefined,
  ) {
    this.#sink = sink
    this.context = new DecodeContext(limits, sink, makeValidator !== undefined)
    this.context.reader.defers = defers
    this.#makeValidator = makeValidator
  }

  /** Whether the last section has been read completely, and nothing of the next one. */
  get isBetweenSections(): boolean {
    return this.#state === STATE_SECTION
  }

  /** Whether bodies are buffered until complete. */
  get wantsBodies(): boolean {
    return this.#makeValidator !== undefined || this.#sink?.wantsBodies === true
  }

  /** Decodes items from `bytes[from, end)` until one is incomplete; moves `offset` past the rest. */
  run(bytes: Uint8Array, base: number, from: number, end: number): void {
    const c = this.context
    const r = c.reader
    r.bytes = bytes
    r.base = base
    r.pos = from
    this.isPutOff = false
    let start = from
    for (;;) {
      start = r.pos
      if (start > end) break
      r.short = false
      r.setLimit(this.#sectionEnd < 0 ? end + HEADER_REACH : this.#sectionEnd - base, end)
      switch (this.#state) {
        case STATE_HEADER:
          this.#readHeader()
          break
        case STATE_SECTION:
          this.#readSection()
          break
        case STATE_COUNT: {
          const count = readSectionCount(c, this.#sectionId)
          if (r.short) break
          this.#startEntries(count)
          break
        }
        case STATE_ENTRY:
          if (this.#passEntries()) continue
          readSectionEntry(c, this.#sectionId)
          if (r.short) break
          if (c.skipTo >= 0) {
            r.pos = c.skipTo - base
            c.skipTo = -1
          }
          if (c.pendingParts === 0) this.#endEntry()
          break
        case STATE_CODE_ENTRY:
          if (this.#passBodies()) continue
          this.#readCodeEntry()
          break
        case STATE_BODY:
          this.#readBody(end)
          break
        case STATE_CUSTOM_NAME:
          this.#readCustomName()
          break
        case STATE_CUSTOM_PAYLOAD:
          this.#readCustomPayload(end)
          break
      }
      if (r.short) break
    }
    this.offset = base + start
    if (r.short) this.#fallShort(start, end)
  }

  /** Sets what an incomplete attempt waits for. */
  #fallShort(start: number, end: number): void {
    const r = this.context.reader
    if (r.unknownWhat !== "") {
      this.isAside = true
      return
    }
    const have = end - start
    if (this.#state === STATE_BODY || this.#state === STATE_CUSTOM_PAYLOAD) {
      this.wake = r.need - start
    } else if (have < EAGER_SIZE) {
      this.wake = have + 1
    } else {
      this.wake = Math.min(Math.max(r.need - start, have + (have >>> 3)), r.limit - start)
      if (this.wake <= have) this.wake = have + 1
    }
  }

  #readHeader(): void {
    const r = this.context.reader
    for (let i = 0; i < MODULE_HEADER.length; i++) {
      const byte = r.readByte()
      if (r.short) return
      if (byte === MODULE_HEADER[i]) continue
      if (i < MAGIC_SIZE) {
        const expected = hex(MODULE_HEADER[i] ?? 0)
        r.fail(
          "magic-mismatch",
          i,
          `Not a WebAssembly module: byte ${i} of the header is ${hex(byte)}, expected ${expected}`,
        )
      } else r.fail("version-mismatch", i, "Unknown version of the binary format")
    }
    this.#state = STATE_SECTION
  }

  #readSection(): void {
    const c = this.context
    const r = c.reader
    r.section = undefined
    r.functionIndex = -1
    const at = r.pos
    const id = r.readByte()
    if (r.short) return
    const order = SECTION_ORDER[id]
    if (order === undefined) {
      r.unknown("malformed-section-id", at, "section id", `Unknown section id ${hex(id)}`)
      return
    }
    r.section = sectionName(id)
    if (id !== SECTION_CUSTOM) this.#checkOrder(at, order)
    const sizeAt = r.pos
    const size = r.readU32()
    if (r.short) return
    const startOffset = r.base + r.pos
    if (startOffset + size > c.limits.moduleSize) {
      r.fail("limit-module-size", sizeAt, `The module would exceed ${c.limits.moduleSize} bytes`)
    }
    if (id !== SECTION_CUSTOM) this.#lastOrder = order
    this.#sectionId = id
    this.#sectionEnd = startOffset + size
    this.#sink?.section?.(id, startOffset, this.#sectionEnd)
    if (id === SECTION_CUSTOM) this.#state = STATE_CUSTOM_NAME
    else if (id === SECTION_START || id === SECTION_DATA_COUNT) {
      this.#remaining = 1
      this.#state = STATE_ENTRY
    } else this.#state = STATE_COUNT
  }

  /** The name of the last section that was not custom. */
  get #lastSection(): string {
    return sectionName(SECTION_ORDER.lastIndexOf(this.#lastOrder)) ?? ""
  }

  #checkOrder(at: number, order: number): void {
    const r = this.context.reader
    if (order === this.#lastOrder) {
      r.fail("duplicate-section", at, `There is a second ${r.section} section`)
    }
    if (order < this.#lastOrder) {
      r.fail(
        "section-out-of-order",
        at,
        `The ${r.section} section must not follow the ${this.#lastSection} section`,
      )
    }
    if (order > CODE_ORDER) this.#checkCodePresence(r.base + at)
  }

  /** Fails if functions were declared and the code section can no longer follow. */
  #checkCodePresence(offset: number): void {
    const { reader: r, spaces } = this.context
    const count = spaces.functionCount - spaces.importedFunctionCount
    if (this.#hasCode || count === 0) return
    r.failAt(
      "function-code-mismatch",
      offset,
      `The function section declares ${counted(count, "function")}, but there is no code section`,
    )
  }

  #startEntries(count: number): void {
    this.#remaining = count
    if (this.#sectionId === SECTION_CODE) {
      this.#hasCode = true
      this.#bodyIndex = this.context.spaces.importedFunctionCount
      this.#state = STATE_CODE_ENTRY
      this.#validator = this.#makeValidator?.(this.context)
      this.#sink?.codeStart?.(count)
    } else this.#state = STATE_ENTRY
    if (count === 0) this.#endSection()
  }

  #endEntry(): void {
    this.#endEntries(1)
  }

  #endEntries(count: number): void {
    this.#remaining -= count
    if (this.#remaining === 0) this.#endSection()
  }

  /** Passes entries in the commonest form; returns whether there were any. */
  #passEntries(): boolean {
    const r = this.context.reader
    const start = r.pos
    this.#endEntries(passSectionEntries(this.context, this.#sectionId, this.#remaining))
    return r.pos > start
  }

  /** Passes bodies in the commonest form; returns whether there were any. */
  #passBodies(): boolean {
    if (this.wantsBodies) return false
    const c = this.context
    const start = c.reader.pos
    const count = passBodies(c, this.#bodyIndex, this.#remaining)
    this.#bodyIndex += count
    if (c.isBodyWanted) {
      c.isBodyWanted = false
      this.#remaining -= count
      this.#state = STATE_BODY
    } else this.#endEntries(count)
    return c.reader.pos > start
  }

  #endSection(): void {
    const r = this.context.reader
    const left = this.#sectionEnd - r.base - r.pos
    if (left !== 0) {
      r.functionIndex = -1
      const message = `The section has ${counted(left, "byte")} left after its last entry`
      r.fail("section-size-mismatch", r.pos, message)
    }
    this.#leaveSection()
  }

  #leaveSection(): void {
    // The names serve to find duplicates, so they are not needed after the section.
    if (this.#sectionId === SECTION_EXPORT) this.context.exportNames = new NameSet()
    this.#sectionEnd = -1
    this.#state = STATE_SECTION
  }

  #readCodeEntry(): void {
    const c = this.context
    const r = c.reader
    r.functionIndex = this.#bodyIndex
    const start = readBodyHead(c, this.#bodyIndex)
    if (r.short) return
    this.#sink?.functionBody?.(this.#bodyIndex, r.base + start, c.bodyEnd)
    if (this.wantsBodies) {
      r.pos = start
      this.#state = STATE_BODY
    } else {
      r.pos = c.bodyEnd - r.base
      this.#bodyIndex++
      this.#endEntry()
    }
  }

  #readBody(end: number): void {
    const c = this.context
    const r = c.reader
    const start = r.pos
    const bodyEnd = c.bodyEnd - r.base
    if (bodyEnd > end) {
      this.#waitUntil(bodyEnd)
      return
    }
    if (this.#validator?.validate(this.#bodyIndex, start, bodyEnd) === false) {
      this.isPutOff = true
      this.#waitUntil(bodyEnd)
      return
    }
    if (r.short) return
    const sink = this.#sink
    if (sink?.wantsBodies === true) {
      sink.body?.(this.#bodyIndex, r.bytes, start, bodyEnd, r.base + start)
    }
    r.pos = bodyEnd
    this.#bodyIndex++
    this.#state = STATE_CODE_ENTRY
    this.#endEntry()
  }

  #readCustomName(): void {
    const r = this.context.reader
    r.readName("custom section name")
    if (r.short) return
    const payloadOffset = r.base + r.pos
    const wanted = this.#sink?.customSection?.(
      r.bytes,
      r.nameStart,
      r.nameEnd,
      payloadOffset,
      this.#sectionEnd,
    ) ?? 0
    if (wanted > 0 && this.#sectionEnd - payloadOffset <= wanted) {
      this.#state = STATE_CUSTOM_PAYLOAD
      return
    }
    r.pos = this.#sectionEnd - r.base
    this.#leaveSection()
  }

  #readCustomPayload(end: number): void {
    const r = this.context.reader
    const payloadEnd = this.#sectionEnd - r.base
    if (payloadEnd > end) {
      this.#waitUntil(payloadEnd)
      return
    }
    this.#sink?.customPayload?.(r.bytes, r.pos, payloadEnd)
    r.pos = payloadEnd
    this.#leaveSection()
  }

  /** Waits for the bytes up to an index of the window. */
  #waitUntil(index: number): void {
    const r = this.context.reader
    r.short = true
    r.need = index
  }

  /** Checks that a module of `size` bytes, all of which have been run over, is complete. */
  checkEnd(size: number): void {
    const r = this.context.reader
    if (this.#state !== STATE_SECTION || this.offset !== size) {
      r.failAt("unexpected-end", size, "The bytes end before the module does")
    }
    r.section = undefined
    this.#checkCodePresence(size)
    const dataCount = this.context.spaces.dataCount
    if (dataCount > 0 && this.#lastOrder < (SECTION_ORDER[SECTION_DATA] ?? 0)) {
      const message = `The data count section declares ${dataCount}, but there is no data section`
      r.failAt("data-count-mismatch", size, message)
    }
    this.#sink?.end?.(size)
  }
}
