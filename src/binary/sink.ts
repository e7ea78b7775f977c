/**
 * Who listens to a decoder: nobody, the report, the validator of function bodies. Every method is
 * optional and is called with numbers and windows of bytes, so that listening allocates nothing.
 *
 * `bytes` is the decoder's window: valid during the call only, and never to be written to. Indices
 * next to it (`nameStart`, `end` ...) are into `bytes`; what is called an offset is absolute. Events
 * come in the order of the bytes, each when what it tells has been decoded and checked whole.
 *
 * @module
 */
import type { ModuleSpaces } from "./module_spaces.ts"

/** The events of a decoder. What a method throws passes through `push`, and ends the decoding. */
export interface DecoderSink {
  /** Ask for `body`: each function body is then held until it is whole. Read once a body. */
  readonly wantsBodies?: boolean

  /** Before the first byte. The spaces fill up as the module is decoded. */
  begin?(spaces: ModuleSpaces): void
  /** A section's header has been read; its payload is `[startOffset, endOffset)`. */
  section?(id: number, startOffset: number, endOffset: number): void
  /**
   * A custom section's name has been read.
   *
   * @returns the largest payload, in bytes, that is wanted with `customPayload`; 0 for none
   */
  customSection?(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    payloadOffset: number,
    endOffset: number,
  ): number
  /** The whole payload of the custom section that was asked for. */
  customPayload?(bytes: Uint8Array, start: number, end: number): void
  /** An import; its type is the last entry of the space of its kind. `offset` is absolute, of its first byte. */
  import?(
    kind: number,
    bytes: Uint8Array,
    moduleStart: number,
    moduleEnd: number,
    nameStart: number,
    nameEnd: number,
    offset: number,
  ): void
  /** An export; `offset` is absolute, of its first byte. */
  export?(
    kind: number,
    index: number,
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    offset: number,
  ): void
  /** The start function. */
  start?(functionIndex: number): void
  /** An element segment's head; `mode` is 0 active, 1 passive, 2 declarative; `table` or -1. */
  elementSegment?(index: number, mode: number, table: number, count: number): void
  /** A data segment; `memory` is -1 if it is passive. */
  dataSegment?(index: number, memory: number, startOffset: number, endOffset: number): void
  /** The code section starts: it has `count` bodies, of the functions that are not imported. */
  codeStart?(count: number): void
  /** A function body, `[startOffset, endOffset)` with its local declarations, without its size. */
  functionBody?(functionIndex: number, startOffset: number, endOffset: number): void
  /**
   * The bytes of that body, if `wantsBodies`.
   *
   * @param bodyOffset the absolute offset of `bytes[start]`, the first local declaration's count
   */
  body?(
    functionIndex: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    bodyOffset: number,
  ): void
  /** The module is whole and structurally valid; `size` is its size in bytes. */
  end?(size: number): void
}
