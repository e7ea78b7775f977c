/**
 * The streaming decoder: `push` chunks, then `finish`. This file holds the bytes: the windows that
 * the state machine of `machine.ts` runs over, and the incomplete item between two chunks.
 *
 * Invariant: an item is tried whenever enough bytes have arrived, and once more in `finish`; so every
 * split of the same bytes gives the same result, code and offset. Memory: one item, the index spaces
 * in packed form, and the names of exports while that section lasts.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import type { MakeBodyValidator } from "./body_validator.ts"
import { featureNames } from "./features.ts"
import { grownBytes } from "./collections/grown.ts"
import { CORE_LIMITS, JS_API_LIMITS, type LimitsName } from "./limits.ts"
import { ModuleMachine } from "./machine.ts"
import type { ModuleSpaces } from "./module_spaces.ts"
import type { DecoderSink } from "./sink.ts"

export { MODULE_HEADER } from "./machine.ts"

/** How a decoder decodes. */
export interface ModuleDecoderOptions {
  /**
   * The limits that a module must keep: those of the JS API, which every engine enforces, or none
   * but those of the core specification. Defaults to `"js-api"`.
   */
  readonly limits?: LimitsName
  /**
   * What to do about a section, type, flag or instruction that the specification does not know:
   * fail, or stand aside and leave it to an engine. Defaults to `"reject"`.
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

/**
 * A chunk as a plain `Uint8Array`: for a loop that has met Node's `Buffer` too, engines make code
 * that asks each time which of the two it is.
 */
const plain = (chunk: Uint8Array): Uint8Array => {
  if (chunk.constructor === Uint8Array) return chunk
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

/** The least that is copied at once from a chunk to complete an item. */
const LEAST_COPY = 64
/** The size of the store to begin with. */
const LEAST_STORE = 256
/** A larger store is given back after use, unless bodies go through it. */
const KEPT_STORE = 65_536

/**
 * Decodes the binary format of a core module as its bytes come, and checks its structure: all but
 * the instructions of function bodies. {@link ModuleValidator} checks those too.
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
  readonly #machine: ModuleMachine
  readonly #sink: DecoderSink | undefined
  /** How many bytes have been pushed. */
  #received = 0
  /** The bytes of the incomplete item, from the machine's offset on: the first `held` of `store`. */
  #store: Uint8Array = new Uint8Array(LEAST_STORE)
  #held = 0
  /** What ended the decoding, in a box as it may be any value. */
  #failure: { readonly error: unknown } | undefined = undefined
  #isFinished = false

  /**
   * Starts at the first byte of a module.
   *
   * @param options what to reject, and whom to tell
   * @param makeValidator makes what checks function bodies; without it they are not looked at
   */
  constructor(options: ModuleDecoderOptions = {}, makeValidator?: MakeBodyValidator) {
    const limits = options.limits === "core" ? CORE_LIMITS : JS_API_LIMITS
    this.#sink = options.sink
    const defers = options.unknown === "defer"
    this.#machine = new ModuleMachine(limits, defers, options.sink, makeValidator)
    this.#sink?.begin?.(this.#machine.context.spaces)
  }

  /**
   * What the decoder met that the specification does not know, with `unknown: "defer"`; it looks
   * at no byte after that.
   */
  get unknown(): UnknownConstruct | undefined {
    if (!this.#machine.isAside) return undefined
    const reader = this.#machine.context.reader
    return { offset: reader.unknownOffset, what: reader.unknownWhat }
  }

  /** Whether the last section was read whole, and nothing of the next one. */
  get isBetweenSections(): boolean {
    return this.#machine.isBetweenSections
  }

  /**
   * Whether the validation of a body was put off, so that the event loop can go round. Nothing is lost: the next `push`,
   * which may be of no bytes, and `finish` go on with it.
   */
  get isPutOff(): boolean {
    return this.#machine.isPutOff
  }

  /** Whether function bodies are validated. */
  get validatesBodies(): boolean {
    return this.#machine.context.validatesBodies
  }

  /** The index spaces decoded so far. */
  get spaces(): ModuleSpaces {
    return this.#machine.context.spaces
  }

  /** How many bytes have been pushed. */
  get size(): number {
    return this.#received
  }

  /** How many bytes have been decoded, and validated where bodies are: the first byte that is not, or that is skipped to. */
  get decoded(): number {
    return this.#machine.offset
  }

  /** The features that have been seen in use so far, oldest first; bodies show theirs if they are checked. */
  get features(): Array<string> {
    return featureNames(this.#machine.context.features)
  }

  /**
   * Decodes the next bytes of the module. The chunk is not kept; it may be empty.
   *
   * @throws {DecodeError} as soon as the bytes cannot be the beginning of a valid module
   */
  push(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#isFinished) throw new TypeError("Cannot push a chunk: the decoder is finished")
    try {
      this.#feed(plain(chunk))
      // The chunk is the caller's again.
      this.#machine.context.reader.bytes = this.#store
    } catch (error) {
      this.#end({ error })
      throw error
    }
  }

  /**
   * Ends the module.
   *
   * @throws {DecodeError} if it is incomplete, or its sections do not agree
   */
  finish(): void {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#isFinished) return
    try {
      this.#checkEnd()
    } catch (error) {
      this.#end({ error })
      throw error
    }
    this.#end(undefined)
  }

  /** Ends for good: holds no bytes any more. */
  #end(failure: { readonly error: unknown } | undefined): void {
    this.#failure = failure
    this.#isFinished = true
    this.#held = 0
    this.#store = new Uint8Array(0)
    this.#machine.context.reader.bytes = this.#store
  }

  /** Runs over the chunk, after completing the item that the last one left incomplete. */
  #feed(chunk: Uint8Array): void {
    const machine = this.#machine
    const size = chunk.length
    const chunkOffset = this.#received
    this.#received = chunkOffset + size
    if (machine.isAside) return
    if (machine.isPutOff) {
      this.#hold(chunk, 0, size)
      this.#runHeld()
      return
    }
    let copied = 0
    while (this.#held > 0) {
      if (copied === size) return
      const missing = machine.wake - this.#held
      const count = Math.min(size - copied, missing > LEAST_COPY ? missing : LEAST_COPY)
      this.#hold(chunk, copied, copied + count)
      copied += count
      if (this.#held < machine.wake) continue
      const from = machine.offset
      machine.run(this.#store, from, 0, this.#held)
      if (machine.isAside) return
      if (machine.isPutOff) {
        this.#hold(chunk, copied, size)
        this.#letGo(machine.offset - from)
        return
      }
      if (machine.offset >= chunkOffset) {
        // What follows is in the chunk itself: go on there, without copies.
        this.#held = 0
        this.#releaseStore()
      } else this.#letGo(machine.offset - from)
    }
    if (machine.offset >= this.#received) return
    machine.run(chunk, chunkOffset, machine.offset - chunkOffset, size)
    if (!machine.isAside && machine.offset < this.#received) {
      this.#hold(chunk, machine.offset - chunkOffset, size)
    }
  }

  /** Runs over what is held: all bytes that have arrived and are not consumed. */
  #runHeld(): void {
    const machine = this.#machine
    const from = machine.offset
    machine.run(this.#store, from, 0, this.#held)
    if (machine.isAside) return
    if (machine.offset < this.#received) this.#letGo(machine.offset - from)
    else {
      this.#held = 0
      this.#releaseStore()
    }
  }

  /** Drops the first bytes of what is held. */
  #letGo(count: number): void {
    if (count === 0) return
    this.#store.copyWithin(0, count, this.#held)
    this.#held -= count
  }

  /** Keeps bytes of the incomplete item. */
  #hold(chunk: Uint8Array, start: number, end: number): void {
    const needed = this.#held + end - start
    if (needed > this.#store.length) this.#store = grownBytes(this.#store, needed)
    this.#store.set(
      start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end),
      this.#held,
    )
    this.#held = needed
  }

  /** Gives a large store back. */
  #releaseStore(): void {
    if (this.#store.length <= KEPT_STORE || this.#machine.wantsBodies) return
    this.#store = new Uint8Array(LEAST_STORE)
  }

  /** Tries what is held once more, and checks that the module is whole. */
  #checkEnd(): void {
    const machine = this.#machine
    if (machine.isAside) return
    machine.context.mayPutOff = false
    if (machine.offset <= this.#received) {
      // The last attempt at what is held: the item may have waited for more before being tried.
      machine.run(this.#store, machine.offset, 0, this.#held)
      if (machine.isAside) return
    }
    machine.checkEnd(this.#received)
  }
}
