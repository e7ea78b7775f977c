/**
 * The beginning of a module, kept until its code, so that an engine can be asked about what the decoder does not know: a
 * section, a type, a flag of a later version. The beginning up to the end of that section, completed to a module of its
 * own, is valid for an engine that knows it. So 32 MB need not be read before one that does not says so.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import type { UnknownConstruct } from "../binary/decoder.ts"
import type { ModuleSpaces } from "../binary/module_spaces.ts"
import { SECTION_CODE, SECTION_DATA } from "../binary/types.ts"

/** A longer beginning is left to the engine as it comes. */
const longest = 1_048_576
/** More functions or segments than this are not made up. */
const mostMadeUp = 100_000

/** The bytes of a number in LEB128. */
const u32 = (value: number): Array<number> => {
  const bytes: Array<number> = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return [...bytes, value]
}

/** A section of entries that are all alike. */
const sectionOf = (id: number, count: number, entry: ReadonlyArray<number>): Array<number> => {
  const head = u32(count)
  const section = [id, ...u32(head.length + count * entry.length), ...head]
  for (let index = 0; index < count; index++) section.push(...entry)
  return section
}

/** A body that is valid forevery type: no locals, `unreachable`. */
const anyBody = [3, 0, 0x00, 0x0b]
/** A passive segment without bytes. */
const noData = [1, 0]

/** The end of a section whose id is unknown; `undefined` where its size has not come, or is no number. */
const endOfSection = (bytes: Uint8Array, offset: number): number | undefined => {
  let size = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes[offset + 1 + index]
    if (byte === undefined) return undefined
    size += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return offset + 2 + index + size
  }
  return undefined
}

/** Keeps the beginning of a module while it may be asked for. */
export class ModuleBeginning {
  #chunks: Array<Uint8Array> | undefined = []
  #size = 0

  /** A chunk has come; it is kept as it is. */
  push(chunk: Uint8Array): void {
    this.#chunks?.push(chunk)
    this.#size += chunk.byteLength
    if (this.#size > longest) this.release()
  }

  /** It will not be asked for. */
  release(): void {
    this.#chunks = undefined
  }

  /** Whether it can still be asked for. */
  get isKept(): boolean {
    return this.#chunks !== undefined
  }

  /**
   * The module that an engine can be asked about, once; `undefined` while the section has not come, and afterwards.
   *
   * @param unknown what the decoder met
   * @param sectionEnd where its section ends, as far as the decoder read it
   * @param spaces what was declared before
   */
  complete(
    unknown: UnknownConstruct,
    sectionEnd: number,
    spaces: ModuleSpaces,
  ): Uint8Array<ArrayBuffer> | undefined {
    if (this.#chunks === undefined) return undefined
    const bytes = new Uint8Array(this.#size)
    let at = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
    const end = unknown.what === "section id" ? endOfSection(bytes, unknown.offset) : sectionEnd
    if (end === undefined || end > this.#size) {
      this.#chunks = [bytes]
      return undefined
    }
    this.release()
    const functions = spaces.functionCount - spaces.importedFunctionCount
    const segments = Math.max(spaces.dataCount, 0)
    if (functions + segments > mostMadeUp) return undefined
    const rest = [
      ...(functions > 0 ? sectionOf(SECTION_CODE, functions, anyBody) : []),
      ...(segments > 0 ? sectionOf(SECTION_DATA, segments, noData) : []),
    ]
    const module = new Uint8Array(end + rest.length)
    module.set(bytes.subarray(0, end))
    module.set(rest, end)
    return module
  }
}
