/**
 * The decoder with the validator of function bodies at hand, for those who check modules without an engine. It is a class of
 * its own, so that a decoder alone does not draw the table of instructions in.
 *
 * @module
 */
import { ModuleDecoder, type ModuleDecoderOptions } from "../decoder.ts"
import { validateBodies } from "./mod.ts"

/**
 * Validates a core module as its bytes come: its structure, and every instruction of its functions. It knows WebAssembly
 * 3.0, threads and legacy exceptions.
 *
 * It holds one function body at a time, and checks it when it is whole.
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
   * @param options what to reject, and whom to tell
   */
  constructor(options: ModuleDecoderOptions = {}) {
    super(options, (c) => validateBodies(c))
  }
}
