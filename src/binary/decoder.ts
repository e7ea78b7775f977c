/**
 * The streaming decoder: `push` chunks, then `finish`. This file manages the bytes: the windows that
 * the state machine of `machine.ts` runs over, and the incomplete item between two chunks.
 *
 * Invariant: an item is tried whenever enough bytes have arrived, and once more in `finish`, so the
 * result, code and offset do not depend on how the bytes are split. Memory: one item, the index spaces
 * in packed form, and the export names while the export section is decoded.
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

/** The options of a decoder. */
export interface ModuleDecoderOptions {
  /**
   * The limits to enforce: those of the JS API, as every engine does, or only those of the core
   * specification. Defaults to `"js-api"`.
   */
  readonly limits?: LimitsName
  /**
   * What to do about a section, type, flag or instruction that is not in the specification: fail, or
   * stand aside and leave the decision to an engine. Defaults to `"reject"`.
   */
  readonly unknown?: "reject" | "defer"
  /** Receives events as the module is decoded. */
  readonly sink?: DecoderSink
}

/** A construct that is not in the specification, at which a decoder stood aside. */
export interface UnknownConstruct {
  /** Where it is, in bytes from the start of the module. */
  readonly offset: number
  /** What it is, such as `"section id"` or `"value type"`. */
  readonly what: string
}

/**
 * A chunk as a plain `Uint8Array`. An engine that has also seen Node's `Buffer` in a loop compiles it to
 * check, at each access, which of the two it has.
 */
const plain = (chunk: Uint8Array): Uint8Array => {
  if (chunk.constructor === Uint8Array) return chunk
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

/** The fewest bytes copied at once from a chunk to complete an item. */
const LEAST_COPY = 64
/** The initial size of the store, in bytes. */
const LEAST_STORE = 256
/** A store larger than this, in bytes, is released after use, unless bodies are buffered in it. */
const KEPT_STORE = 65_536

/**
 * Decodes the binary format of a core module as its bytes arrive, and checks its structure: everything
 * but the instructions of function bodies. {@link ModuleValidator} checks those too.
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
  /** The number of bytes that have been pushed. */
  #received = 0
  /** The bytes of the incomplete item, from the machine's offset on: the first `held` of `store`. */
  #store: Uint8Array = new Uint8Array(LEAST_STORE)
  #held = 0
  /** What ended the decoding; wrapped, as a sink may throw any value, `undefined` included. */
  #failure: { readonly error: unknown } | undefined = undefined
  #isFinished = false

  /**
   * Starts at the first byte of a module.
   *
   * @param options what to reject, and the sink
   * @param makeValidator makes the validator of function bodies; if absent, they are not checked
   */
  constructor(options: ModuleDecoderOptions = {}, makeValidator?: MakeBodyValidator) {
    const limits = options.limits === "core" ? CORE_LIMITS : JS_API_LIMITS
    this.#sink = options.sink
    const defers = options.unknown === "defer"
    this.#machine = new ModuleMachine(limits, defers, options.sink, makeValidator)
    this.#sink?.begin?.(this.#machine.context.spaces)
  }

  /**
   * With `unknown: "defer"`: the first construct that is not in the specification, if there was one. The
   * decoder ignores all bytes after it.
   */
  get unknown(): UnknownConstruct | undefined {
    if (!this.#machine.isAside) return undefined
    const reader = this.#machine.context.reader
    return { offset: reader.unknownOffset, what: reader.unknownWhat }
  }

  /** Whether the last section has been read completely, and nothing of the next one. */
  get isBetweenSections(): boolean {
    return this.#machine.isBetweenSections
  }

  /**
   * Whether the validation of a body is suspended, so that the event loop can run. The next `push`, which may be of an
   * empty chunk, or `finish` resumes it.
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

  /** The number of bytes that have been pushed. */
  get size(): number {
    return this.#received
  }

  /** The offset of the first byte not yet decoded (and validated, if bodies are); beyond `size` while bytes are skipped. */
  get decoded(): number {
    return this.#machine.offset
  }

  /** The features found in use so far, oldest first; those of bodies are included only if bodies are validated. */
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
      // Releases the chunk: the caller may reuse it.
      this.#machine.context.reader.bytes = this.#store
    } catch (error) {
      this.#end({ error })
      throw error
    }
  }

  /**
   * Ends the module.
   *
   * @throws {DecodeError} if it is incomplete, or its sections are inconsistent
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

  /** Ends the decoding, and releases all bytes. */
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
        // The rest is in the chunk itself: continue there, without copying.
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

  /** Runs over the held bytes: all that have arrived and are not consumed. */
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

  /** Drops the first of the held bytes. */
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

  /** Releases a large store. */
  #releaseStore(): void {
    if (this.#store.length <= KEPT_STORE || this.#machine.wantsBodies) return
    this.#store = new Uint8Array(LEAST_STORE)
  }

  /** Tries the held bytes once more, and checks that the module is complete. */
  #checkEnd(): void {
    const machine = this.#machine
    if (machine.isAside) return
    machine.context.mayPutOff = false
    if (machine.offset <= this.#received) {
      // The machine may have been waiting for more bytes before trying this item.
      machine.run(this.#store, machine.offset, 0, this.#held)
      if (machine.isAside) return
    }
    machine.checkEnd(this.#received)
  }
}
