/**
 * What is remembered of a module while it passes: enough to say where in it an engine found a fault, and how far the
 * reading has come. It listens to the decoder.
 *
 * Packed and bounded: 4 bytes for each function body, three numbers for each of the first sections, few names.
 *
 * @module
 */
import { grownInts } from "../binary/collections/grown.ts"
import type { ModuleSpaces } from "../binary/module_spaces.ts"
import type { DecoderSink } from "../binary/sink.ts"
import { SECTION_CODE, SECTION_CUSTOM, sectionName } from "../binary/types.ts"

/** More sections than this are not remembered; there are 13 and custom ones. */
const maximumSections = 1_024
/** A larger name section is let pass: it would be kept for messages alone. */
const maximumNames = 1_048_576

/** Whether a custom section is the name section: by its bytes, as a process's first decoding of text takes 2 to 4 ms. */
const isName = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 4 && bytes[start] === 0x6e && bytes[start + 1] === 0x61 &&
  bytes[start + 2] === 0x6d && bytes[start + 3] === 0x65

/** Listens to a decoder. */
export class ModuleTrace implements DecoderSink {
  /** Function bodies that the module declares. */
  declared = 0
  /** Function bodies that were begun. */
  seen = 0
  /** Whether the code section was begun. */
  hasCode = false
  /** The section that is being read, by its name in the specification. */
  current: string | undefined = undefined
  /** Id, start and end of each section, in turn. */
  readonly sections: Array<number> = []
  /** Where function bodies begin, with their local declarations: the first `seen` of these. */
  starts: Int32Array = new Int32Array(0)
  /** The payload of the name section, where it has arrived and is not too large: read only for an error. */
  names: Uint8Array | undefined = undefined
  spaces: ModuleSpaces | undefined = undefined
  /** The last section that was begun and is not custom. */
  lastId = 0
  /** Where the section that is being read ends, or the last one did. */
  sectionEnd = 8
  #keepsNames = false

  /** How many functions are imported: they come first in the function index space. */
  get importedFunctions(): number {
    return this.spaces?.importedFunctionCount ?? 0
  }

  // What the decoder tells.

  begin(spaces: ModuleSpaces): void {
    this.spaces = spaces
  }

  section(id: number, startOffset: number, endOffset: number): void {
    // Of more custom sections than that, the last one is remembered in place of the one before.
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
      // The declared count is a claim; what grows is what has arrived.
      this.starts = grownInts(this.starts, 256)
    }
    this.starts[this.seen++] = startOffset
  }

  end(): void {
    this.current = undefined
  }
}
