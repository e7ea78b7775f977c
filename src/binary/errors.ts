/**
 * The one error of the binary decoder. Programs and tests match its `code`, which is stable; its
 * message is for readers, in the vocabulary of the specification.
 *
 * Invariant: the code and offset depend on the bytes alone, never on how they are split into chunks.
 *
 * @module
 */

/** Errors of the binary format: the bytes are not the encoding of a module. */
export type MalformedCode =
  | "magic-mismatch"
  | "version-mismatch"
  | "unexpected-end"
  | "length-out-of-bounds"
  | "leb128-too-long"
  | "leb128-too-large"
  | "malformed-utf8"
  | "malformed-section-id"
  | "section-out-of-order"
  | "duplicate-section"
  | "section-size-mismatch"
  | "malformed-type-form"
  | "malformed-value-type"
  | "malformed-reference-type"
  | "malformed-heap-type"
  | "malformed-mutability"
  | "malformed-limits-flags"
  | "malformed-table-form"
  | "malformed-tag-attribute"
  | "malformed-import-kind"
  | "malformed-export-kind"
  | "malformed-element-flags"
  | "malformed-element-kind"
  | "malformed-data-flags"
  | "illegal-opcode"
  | "function-code-mismatch"
  | "data-count-mismatch"
  | "too-many-locals"

/** Validation errors in the structure of a module. */
export type InvalidCode =
  | "unknown-type"
  | "unknown-function"
  | "unknown-table"
  | "unknown-memory"
  | "unknown-global"
  | "unknown-tag"
  | "unexpected-type-form"
  | "invalid-supertype"
  | "type-mismatch"
  | "constant-expression-required"
  | "duplicate-export-name"
  | "minimum-above-maximum"
  | "memory-size"
  | "table-size"
  | "shared-memory-without-maximum"
  | "start-function-type"
  | "tag-result-type"

/** Errors in function bodies, found with full validation only. */
export type InstructionCode =
  | "unsupported"
  | "unknown-local"
  | "unknown-label"
  | "unknown-field"
  | "unknown-data-segment"
  | "unknown-element-segment"
  | "immutable-global"
  | "immutable-field"
  | "immutable-array"
  | "packed-field"
  | "not-numeric-array"
  | "invalid-alignment"
  | "malformed-memory-flags"
  | "offset-out-of-range"
  | "invalid-lane"
  | "invalid-result-arity"
  | "undeclared-function"
  | "uninitialized-local"
  | "data-count-required"
  | "instructions-after-end"
  | "misplaced-else"
  | "misplaced-catch"
  | "invalid-rethrow"
  | "malformed-block-type"
  | "malformed-catch-clause"
  | "malformed-cast-flags"
  | "malformed-fence"

/** Limits that a module exceeds: those of the JS API, and the decoder's own on names and operands. */
export type LimitCode =
  | "limit-module-size"
  | "limit-types"
  | "limit-recursion-groups"
  | "limit-recursion-group-types"
  | "limit-subtype-depth"
  | "limit-parameters"
  | "limit-results"
  | "limit-struct-fields"
  | "limit-imports"
  | "limit-functions"
  | "limit-tables"
  | "limit-table-size"
  | "limit-memories"
  | "limit-memory-pages"
  | "limit-globals"
  | "limit-tags"
  | "limit-exports"
  | "limit-element-entries"
  | "limit-data-segments"
  | "limit-body-size"
  | "limit-locals"
  | "limit-array-new-fixed"
  | "limit-name-size"
  | "limit-operands"

/** Every code that a {@link DecodeError} can carry. */
export type DecodeErrorCode = MalformedCode | InvalidCode | InstructionCode | LimitCode

/**
 * A module is malformed, invalid in its structure, or beyond a limit.
 *
 * @example
 * ```ts
 * import { DecodeError, ModuleDecoder } from "@effect-wasm/compile-streaming/binary"
 *
 * try {
 *   new ModuleDecoder().push(new TextEncoder().encode("<!doctype html>"))
 * } catch (error) {
 *   if (error instanceof DecodeError) console.log(error.code, error.offset) // magic-mismatch 0
 * }
 * ```
 */
export class DecodeError extends Error {
  /** The name of the class. */
  override readonly name: string = "DecodeError"
  /** What is wrong; stable. */
  readonly code: DecodeErrorCode
  /** Where it is wrong, in bytes from the start of the module. */
  readonly offset: number
  /** The section that the error is in, such as `"type"` or `"code"`. */
  readonly section: string | undefined
  /** The function whose body the error is in, as an index into the function index space. */
  readonly functionIndex: number | undefined

  /**
   * Makes the error.
   *
   * @param code what is wrong
   * @param offset where, in bytes from the start of the module
   * @param message what is wrong in words; the offset is added to it
   * @param section the section's name
   * @param functionIndex the function whose body it is in
   * @param place where in the function, in words that follow the offset
   */
  constructor(
    code: DecodeErrorCode,
    offset: number,
    message: string,
    section?: string,
    functionIndex?: number,
    place = "",
  ) {
    super(`${message}, at 0x${offset.toString(16)}${place}`)
    this.code = code
    this.offset = offset
    this.section = section
    this.functionIndex = functionIndex
  }
}
