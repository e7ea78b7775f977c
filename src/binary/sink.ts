/**
 * The interface of whatever listens to a decoder, such as the report. Every method is optional, and
 * takes numbers and windows of bytes, so that listening allocates nothing.
 *
 * `bytes` is the decoder's window: valid during the call only, and never to be written to. Indices
 * next to it (`nameStart`, `end` ...) are into `bytes`; offsets are absolute. Events follow the order
 * of the bytes; each is sent once the item that it reports has been decoded and checked completely.
 *
 * @module
 */
import type { ModuleSpaces } from "./module_spaces.ts"

/** The events of a decoder. An exception from a method ends the decoding, and is thrown by `push`. */
export interface DecoderSink {
  /** Whether `body` is to be called; each function body is then buffered until complete. Read once for each body. */
  readonly wantsBodies?: boolean

  /** Called before the first byte. The spaces fill up as the module is decoded. */
  begin?(spaces: ModuleSpaces): void
  /** A section's header has been read; its payload is `[startOffset, endOffset)`. */
  section?(id: number, startOffset: number, endOffset: number): void
  /**
   * A custom section's name has been read.
   *
   * @returns the size of the largest payload wanted with `customPayload`, in bytes; 0 for none
   */
  customSection?(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    payloadOffset: number,
    endOffset: number,
  ): number
  /** The complete payload of a custom section that was asked for. */
  customPayload?(bytes: Uint8Array, start: number, end: number): void
  /** An import; its type is the last entry of the space of its kind. `offset` is that of its first byte. */
  import?(
    kind: number,
    bytes: Uint8Array,
    moduleStart: number,
    moduleEnd: number,
    nameStart: number,
    nameEnd: number,
    offset: number,
  ): void
  /** An export; `offset` is that of its first byte. */
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
  /** An element segment's head; `mode` is 0 active, 1 passive, 2 declarative; `table` is -1 unless active. */
  elementSegment?(index: number, mode: number, table: number, count: number): void
  /** A data segment; `memory` is -1 if it is passive. */
  dataSegment?(index: number, memory: number, startOffset: number, endOffset: number): void
  /** The code section starts; it has `count` bodies, one for each function that is not imported. */
  codeStart?(count: number): void
  /** A function body at `[startOffset, endOffset)`, which includes its local declarations but not its size. */
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
  /** The module is complete and structurally valid; `size` is its size in bytes. */
  end?(size: number): void
}
