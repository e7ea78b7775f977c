/**
 * The streaming decoder: `push` chunks, then `finish`. A state machine over the items of a module.
 *
 * ```
 * header -> section -> count -> entry ... entry -> section ... section -> end
 *              |-> custom name -> custom payload ->|
 *                          code entry -> (whole body, if the sink wants it) -> code entry
 * ```
 *
 * It waits in three ways only: for a few bytes more of the item at hand, for a known number of
 * bytes (a body or payload that the sink wants whole), and until an absolute offset (what is skipped).
 *
 * Invariant: an attempt at an item is a function of the bytes from the item's start on. It is tried
 * whenever bytes arrive and once more in `finish`, so every split of the same bytes gives the same
 * verdict, code and offset. Memory: one item, the index spaces in packed form, and export names.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html
 */
import { DecodeContext } from "./context.ts"
import type { DecodeErrorCode } from "./errors.ts"
import { featureNames } from "./features.ts"
import { CORE_LIMITS, JS_API_LIMITS, type LimitsName } from "./limits.ts"
import type { ModuleSpaces } from "./module_spaces.ts"
import { NameSet } from "./name_set.ts"
import { readBodyHead } from "./sections/code_section.ts"
import { readSectionCount, readSectionEntry } from "./sections/sections.ts"
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

/** How a decoder judges. */
export interface ModuleDecoderOptions {
  /**
   * The limits that a module must keep: those of the JS API, which every engine enforces, or none
   * but those of the core specification. Default: `"js-api"`.
   */
  readonly limits?: LimitsName
  /**
   * What to do about a section, type, flag or instruction that the specification does not know:
   * fail, or stand aside and leave the verdict to an engine. Default: `"reject"`.
   */
  readonly unknown?: "reject" | "defer"
  /** Who is told what is decoded. */
  readonly sink?: DecoderSink
}

/** What made a decoder stand aside. */
export interface UnknownConstruct {
  /** Where it is, in bytes from the start of the module. */
  readonly offset: number
  /** What it is, such as `"section id"` or `"value type"`. */
  readonly what: string
}

const STATE_HEADER = 0
const STATE_SECTION = 1
const STATE_COUNT = 2
const STATE_ENTRY = 3
const STATE_CODE_ENTRY = 4
const STATE_BODY = 5
const STATE_CUSTOM_NAME = 6
const STATE_CUSTOM_PAYLOAD = 7

/** "\0asm", then version 1. */
const HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const MAGIC_SIZE = 4

/** Where each section id stands in the order of sections; custom sections stand anywhere. */
const SECTION_ORDER: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6]
const CODE_ORDER = 12

/** An item of fewer bytes is tried again with every byte, a larger one when an eighth has come. */
const EAGER_SIZE = 128
/** The least that is copied at once from a chunk to complete an item. */
const LEAST_COPY = 64
/** A larger store is given back after use, unless bodies go through it. */
const KEPT_STORE = 65_536

/**
 * Decodes the binary format of a core module as its bytes come, and checks its structure: all but
 * the instructions of function bodies.
 *
 * @example
 * ```ts
 * import { ModuleDecoder } from "@effect-wasm/compile-streaming/binary"
 *
 * const decoder = new ModuleDecoder()
 * decoder.push(Uint8Array.of(0x00, 0x61, 0x73))
 * decoder.push(Uint8Array.of(0x6d, 0x01, 0x00, 0x00, 0x00))
 * decoder.finish()
 * console.log(decoder.size) // 8
 * ```
 */
export class ModuleDecoder {
  private readonly context: DecodeContext
  private readonly sink: DecoderSink | undefined
  private state = STATE_HEADER
  /** The offset of the first byte not consumed; beyond `received` while skipping. */
  private offset = 0
  /** How many bytes have been pushed. */
  private received = 0
  /** The bytes of the incomplete item, from `offset` on: the first `held` of `store`. */
  private store: Uint8Array = new Uint8Array(256)
  private held = 0
  /** How many bytes of the item must be there before it is tried again. */
  private wake = 0
  private sectionId = 0
  private sectionEnd: number = Number.MAX_SAFE_INTEGER
  private lastOrder = 0
  private hasCode = false
  /** Entries of the section still to come, the current one included. */
  private remaining = 0
  /** Function index of the next body. */
  private bodyIndex = 0
  /** What ended the decoding, in a box as it may be any value. */
  private failure: { readonly error: unknown } | undefined = undefined
  private isFinished = false

  /**
   * What the decoder met that the specification does not know, with `unknown: "defer"`; it looks
   * at no byte after that.
   */
  unknown: UnknownConstruct | undefined = undefined

  constructor(options: ModuleDecoderOptions = {}) {
    const limits = options.limits === "core" ? CORE_LIMITS : JS_API_LIMITS
    this.sink = options.sink
    this.context = new DecodeContext(limits, options.sink)
    this.context.reader.defers = options.unknown === "defer"
    this.sink?.begin?.(this.context.spaces)
  }

  /** The index spaces decoded so far. */
  get spaces(): ModuleSpaces {
    return this.context.spaces
  }

  /** How many bytes have been pushed. */
  get size(): number {
    return this.received
  }

  /** The features that the structure has shown so far, oldest first. */
  get features(): string[] {
    return featureNames(this.context.features)
  }

  /**
   * Decodes the next bytes of the module. The chunk is not kept; it may be empty.
   *
   * @throws {DecodeError} as soon as the bytes cannot be the beginning of a valid module
   */
  push(chunk: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure.error
    if (this.isFinished) throw new TypeError("Cannot push a chunk: the decoder is finished")
    try {
      this.feed(chunk)
    } catch (error) {
      this.end({ error })
      throw error
    }
  }

  /**
   * Ends the module.
   *
   * @throws {DecodeError} if it is incomplete, or its sections do not agree
   */
  finish(): void {
    if (this.failure !== undefined) throw this.failure.error
    if (this.isFinished) return
    try {
      if (this.unknown === undefined) this.checkEnd()
    } catch (error) {
      this.end({ error })
      throw error
    }
    this.end(undefined)
  }

  private end(failure: { readonly error: unknown } | undefined): void {
    this.failure = failure
    this.isFinished = true
    this.held = 0
    this.store = new Uint8Array(0)
    this.context.reader.bytes = this.store
  }

  // Windows

  /** Runs over the chunk, after completing the item that the last one left incomplete. */
  private feed(chunk: Uint8Array): void {
    const size = chunk.length
    const chunkOffset = this.received
    this.received = chunkOffset + size
    if (this.unknown !== undefined) return
    let copied = 0
    while (this.held > 0) {
      if (copied === size) return
      const missing = this.wake - this.held
      const count = Math.min(size - copied, missing > LEAST_COPY ? missing : LEAST_COPY)
      this.hold(chunk, copied, copied + count)
      copied += count
      if (this.held < this.wake) continue
      const from = this.offset
      this.run(this.store, from, 0, this.held)
      if (this.unknown !== undefined) return
      if (this.offset >= chunkOffset) {
        // What follows is in the chunk itself: go on there, without copies.
        this.held = 0
        this.releaseStore()
      } else if (this.offset > from) {
        this.store.copyWithin(0, this.offset - from, this.held)
        this.held -= this.offset - from
      }
    }
    if (this.offset >= this.received) return
    this.run(chunk, chunkOffset, this.offset - chunkOffset, size)
    if (this.unknown === undefined && this.offset < this.received) {
      this.hold(chunk, this.offset - chunkOffset, size)
    }
  }

  private hold(chunk: Uint8Array, start: number, end: number): void {
    const needed = this.held + end - start
    if (needed > this.store.length) {
      const larger = new Uint8Array(Math.max(needed, this.store.length * 2))
      larger.set(this.store.subarray(0, this.held))
      this.store = larger
    }
    this.store.set(
      start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end),
      this.held,
    )
    this.held = needed
  }

  private releaseStore(): void {
    if (this.store.length <= KEPT_STORE || this.sink?.wantsBodies === true) return
    this.store = new Uint8Array(256)
  }

  // The state machine

  /** Decodes items from `bytes[from, end)` until one is incomplete; moves `offset` past the rest. */
  private run(bytes: Uint8Array, base: number, from: number, end: number): void {
    const c = this.context
    const r = c.reader
    r.bytes = bytes
    r.base = base
    r.pos = from
    let start = from
    for (;;) {
      start = r.pos
      if (start > end) break
      r.short = false
      r.setLimit(this.sectionEnd - base, end)
      switch (this.state) {
        case STATE_HEADER:
          this.readHeader()
          break
        case STATE_SECTION:
          this.readSection()
          break
        case STATE_COUNT: {
          const count = readSectionCount(c, this.sectionId)
          if (r.short) break
          this.startEntries(count)
          break
        }
        case STATE_ENTRY:
          readSectionEntry(c, this.sectionId)
          if (r.short) break
          if (c.skipTo >= 0) {
            r.pos = c.skipTo - base
            c.skipTo = -1
          }
          if (c.pendingParts === 0) this.endEntry()
          break
        case STATE_CODE_ENTRY:
          this.readCodeEntry()
          break
        case STATE_BODY:
          this.readBody(end)
          break
        case STATE_CUSTOM_NAME:
          this.readCustomName()
          break
        case STATE_CUSTOM_PAYLOAD:
          this.readCustomPayload(end)
          break
      }
      if (r.short) break
    }
    this.offset = base + start
    if (r.short) this.fallShort(start, end)
  }

  /** Notes what an incomplete attempt waits for. */
  private fallShort(start: number, end: number): void {
    const r = this.context.reader
    if (r.unknownWhat !== "") {
      this.unknown = { offset: r.unknownOffset, what: r.unknownWhat }
      this.held = 0
      return
    }
    const have = end - start
    if (this.state === STATE_BODY || this.state === STATE_CUSTOM_PAYLOAD) {
      this.wake = r.need - start
    } else if (have < EAGER_SIZE) {
      this.wake = have + 1
    } else {
      const rest = this.sectionEnd - (r.base + start)
      this.wake = Math.min(Math.max(r.need - start, have + (have >>> 3)), rest)
      if (this.wake <= have) this.wake = have + 1
    }
  }

  private readHeader(): void {
    const r = this.context.reader
    for (let i = 0; i < HEADER.length; i++) {
      const byte = r.readByte()
      if (r.short) return
      if (byte === HEADER[i]) continue
      if (i < MAGIC_SIZE) {
        const expected = hex(HEADER[i] ?? 0)
        r.fail(
          "magic-mismatch",
          i,
          `Magic header not detected: expected ${expected}, found ${hex(byte)}`,
        )
      } else r.fail("version-mismatch", i, "Unknown binary version")
    }
    this.state = STATE_SECTION
  }

  private readSection(): void {
    const c = this.context
    const r = c.reader
    r.section = undefined
    r.functionIndex = -1
    const at = r.pos
    const id = r.readByte()
    if (r.short) return
    const order = SECTION_ORDER[id]
    if (order === undefined) {
      r.unknown("malformed-section-id", at, "section id", `Malformed section id ${hex(id)}`)
      return
    }
    r.section = sectionName(id)
    if (id !== SECTION_CUSTOM) this.checkOrder(at, order)
    const sizeAt = r.pos
    const size = r.readU32()
    if (r.short) return
    const startOffset = r.base + r.pos
    if (startOffset + size > c.limits.moduleSize) {
      r.fail("limit-module-size", sizeAt, `Module size above ${c.limits.moduleSize} bytes`)
    }
    if (id !== SECTION_CUSTOM) this.lastOrder = order
    this.sectionId = id
    this.sectionEnd = startOffset + size
    this.sink?.section?.(id, startOffset, this.sectionEnd)
    if (id === SECTION_CUSTOM) this.state = STATE_CUSTOM_NAME
    else if (id === SECTION_START || id === SECTION_DATA_COUNT) {
      this.remaining = 1
      this.state = STATE_ENTRY
    } else this.state = STATE_COUNT
  }

  private checkOrder(at: number, order: number): void {
    const r = this.context.reader
    if (order === this.lastOrder) {
      r.fail("duplicate-section", at, "Unexpected content after last section: duplicate section")
    }
    if (order < this.lastOrder) {
      r.fail(
        "section-out-of-order",
        at,
        "Unexpected content after last section: section out of order",
      )
    }
    if (order > CODE_ORDER) this.checkCodePresence(r.base + at)
  }

  /** Fails if functions were declared and the code section can no longer come. */
  private checkCodePresence(offset: number): void {
    const { reader: r, spaces } = this.context
    const count = spaces.functionCount - spaces.importedFunctionCount
    if (this.hasCode || count === 0) return
    r.failAt("function-code-mismatch", offset, INCONSISTENT_CODE)
  }

  private startEntries(count: number): void {
    this.remaining = count
    if (this.sectionId === SECTION_CODE) {
      this.hasCode = true
      this.bodyIndex = this.context.spaces.importedFunctionCount
      this.state = STATE_CODE_ENTRY
      this.sink?.codeStart?.(count)
    } else this.state = STATE_ENTRY
    if (count === 0) this.endSection()
  }

  private endEntry(): void {
    this.remaining--
    if (this.remaining === 0) this.endSection()
  }

  private endSection(): void {
    const r = this.context.reader
    if (r.base + r.pos !== this.sectionEnd) {
      const left = this.sectionEnd - r.base - r.pos
      r.fail("section-size-mismatch", r.pos, `Section size mismatch: ${left} bytes left`)
    }
    this.leaveSection()
  }

  private leaveSection(): void {
    // The names are needed only while there are more to come.
    if (this.sectionId === SECTION_EXPORT) this.context.exportNames = new NameSet()
    this.sectionEnd = Number.MAX_SAFE_INTEGER
    this.state = STATE_SECTION
  }

  private readCodeEntry(): void {
    const c = this.context
    const r = c.reader
    r.functionIndex = this.bodyIndex
    const start = readBodyHead(c, this.bodyIndex)
    if (r.short) return
    this.sink?.functionBody?.(this.bodyIndex, r.base + start, c.bodyEnd)
    if (this.sink?.wantsBodies === true) {
      r.pos = start
      this.state = STATE_BODY
    } else {
      r.pos = c.bodyEnd - r.base
      this.bodyIndex++
      this.endEntry()
    }
  }

  private readBody(end: number): void {
    const c = this.context
    const r = c.reader
    const start = r.pos
    const bodyEnd = c.bodyEnd - r.base
    if (bodyEnd > end) {
      this.waitUntil(bodyEnd)
      return
    }
    this.sink?.body?.(this.bodyIndex, r.bytes, start, bodyEnd, r.base + start)
    r.pos = bodyEnd
    this.bodyIndex++
    this.state = STATE_CODE_ENTRY
    this.endEntry()
  }

  private readCustomName(): void {
    const r = this.context.reader
    r.readName("custom section name")
    if (r.short) return
    const payloadOffset = r.base + r.pos
    const wanted = this.sink?.customSection?.(
      r.bytes,
      r.nameStart,
      r.nameEnd,
      payloadOffset,
      this.sectionEnd,
    ) ?? 0
    if (wanted > 0 && this.sectionEnd - payloadOffset <= wanted) {
      this.state = STATE_CUSTOM_PAYLOAD
      return
    }
    r.pos = this.sectionEnd - r.base
    this.leaveSection()
  }

  private readCustomPayload(end: number): void {
    const r = this.context.reader
    const payloadEnd = this.sectionEnd - r.base
    if (payloadEnd > end) {
      this.waitUntil(payloadEnd)
      return
    }
    this.sink?.customPayload?.(r.bytes, r.pos, payloadEnd)
    r.pos = payloadEnd
    this.leaveSection()
  }

  /** Waits for the bytes up to an index of the window. */
  private waitUntil(index: number): void {
    const r = this.context.reader
    r.short = true
    r.need = index
  }

  // The end

  private checkEnd(): void {
    const r = this.context.reader
    const size = this.received
    if (this.offset <= size) {
      // The last attempt at what is held: the item may have waited for more before being tried.
      this.run(this.store, this.offset, 0, this.held)
      if (this.unknown !== undefined) return
    }
    if (this.state !== STATE_SECTION || this.offset !== size) this.failEnd("unexpected-end")
    r.section = undefined
    this.checkCodePresence(size)
    const dataCount = this.context.spaces.dataCount
    if (dataCount > 0 && this.lastOrder < (SECTION_ORDER[SECTION_DATA] ?? 0)) {
      r.failAt("data-count-mismatch", size, INCONSISTENT_DATA)
    }
    this.sink?.end?.(size)
  }

  private failEnd(code: DecodeErrorCode): never {
    return this.context.reader.failAt(code, this.received, "Unexpected end")
  }
}

const INCONSISTENT_CODE = "Function and code section have inconsistent lengths"
const INCONSISTENT_DATA = "Data count and data section have inconsistent lengths"
