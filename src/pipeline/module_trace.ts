/**
 * A record of a module's structure, made from the decoder's events: enough to locate an engine's error, and to report
 * progress.
 *
 * Packed and bounded: 4 bytes for each function body, three numbers for each of the first sections, and the name section if
 * it is small.
 *
 * @module
 */
import { grownInts } from "../binary/collections/grown.ts"
import type { ModuleSpaces } from "../binary/module_spaces.ts"
import type { DecoderSink } from "../binary/sink.ts"
import { SECTION_CODE, SECTION_CUSTOM, sectionName } from "../binary/types.ts"

/** How many sections are recorded: there are 13, and any number of custom ones. */
const maximumSections = 1_024
/** The largest name section that is kept, in bytes: it is needed only for messages. */
const maximumNames = 1_048_576

/** Whether a custom section is the name section. Compares bytes, as the first use of a TextDecoder takes 2 to 4 ms. */
const isName = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 4 && bytes[start] === 0x6e && bytes[start + 1] === 0x61 &&
  bytes[start + 2] === 0x6d && bytes[start + 3] === 0x65

/** Listens to a decoder. */
export class ModuleTrace implements DecoderSink {
  /** The number of function bodies that the module declares. */
  declared = 0
  /** The number of function bodies that have begun. */
  seen = 0
  /** Whether the code section has begun. */
  hasCode = false
  /** The current section, by its name in the specification. */
  current: string | undefined = undefined
  /** Id, start and end of each section, in turn. */
  readonly sections: Array<number> = []
  /** The offsets of the function bodies, from their local declarations on; only the first `seen` are valid. */
  starts: Int32Array = new Int32Array(0)
  /** The payload of the name section, once it has arrived and if it is not too large. Read only for an error. */
  names: Uint8Array | undefined = undefined
  spaces: ModuleSpaces | undefined = undefined
  /** The id of the last section that is not custom. */
  lastId = 0
  /** The end of the last section that has begun. */
  sectionEnd = 8
  #keepsNames = false

  /** The number of imported functions, which come first in the function index space. */
  get importedFunctions(): number {
    return this.spaces?.importedFunctionCount ?? 0
  }

  // The decoder's events.

  begin(spaces: ModuleSpaces): void {
    this.spaces = spaces
  }

  section(id: number, startOffset: number, endOffset: number): void {
    // Beyond the limit, each custom section replaces the one before.
    const { sections } = this
    const last = sections.length - 3
    const isMore = last >= 3 * maximumSections && sections[last] === SECTION_CUSTOM
    const at = isMore ? last : sections.length
    sections[at] = id
    sections[at + 1] = startOffset
    sections[at + 2] = endOffset
    this.current = sectionName(id)
    this.sectionEnd = endOffset
    if (id === SECTION_CODE) this.hasCode = true
    if (id !== SECTION_CUSTOM) this.lastId = id
  }

  customSection(bytes: Uint8Array, nameStart: number, nameEnd: number): number {
    this.#keepsNames = this.names === undefined && isName(bytes, nameStart, nameEnd)
    return this.#keepsNames ? maximumNames : 0
  }

  customPayload(bytes: Uint8Array, start: number, end: number): void {
    if (this.#keepsNames) this.names = bytes.slice(start, end)
  }

  codeStart(count: number): void {
    this.declared = count
  }

  functionBody(_functionIndex: number, startOffset: number): void {
    if (this.seen === this.starts.length) {
      // Grown by the bodies that have arrived, as the declared count cannot be trusted.
      this.starts = grownInts(this.starts, 256)
    }
    this.starts[this.seen++] = startOffset
  }

  end(): void {
    this.current = undefined
  }
}
