/**
 * A decoder that also validates function bodies, to check modules without an engine. It is a separate class, so that the
 * decoder alone does not import the table of instructions.
 *
 * @module
 */
import { ModuleDecoder, type ModuleDecoderOptions } from "../decoder.ts"
import { validateBodies } from "./mod.ts"

/**
 * Validates a core module as its bytes arrive: its structure, and every instruction of its functions. Supports WebAssembly
 * 3.0, threads, wide arithmetic and legacy exceptions.
 *
 * Buffers one function body at a time, and checks it once it is complete.
 *
 * @example
 * ```ts
 * import { DecodeError, ModuleValidator } from "@effect-wasm/compile-streaming/binary"
 *
 * // A function that adds an i32 and an f32.
 * const hex = "0061736d010000000105016000017f030201000a0c010a00410143000000006a0b"
 * const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))
 * const validator = new ModuleValidator()
 * try {
 *   validator.push(bytes)
 *   validator.finish()
 * } catch (error) {
 *   if (error instanceof DecodeError) console.log(error.code, error.offset) // type-mismatch 31
 * }
 * ```
 * @see https://webassembly.github.io/spec/core/valid/index.html
 */
export class ModuleValidator extends ModuleDecoder {
  /**
   * Starts at the first byte of a module.
   *
   * @param options what to reject, and the sink
   */
  constructor(options: ModuleDecoderOptions = {}) {
    super(options, (c) => validateBodies(c))
  }
}
