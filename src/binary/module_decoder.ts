/**
 * The decoder with the validator of function bodies at hand.
 */
import { StreamDecoder, type StreamDecoderOptions } from "./decoder.ts"
import { validateBodies } from "./validation/mod.ts"

/**
 * What of a module is checked.
 *
 * - `structure`: all but the instructions of function bodies
 * - `full`: everything that the specification's validation demands
 */
export type Validation = "structure" | "full"

/** How a decoder judges. */
export interface ModuleDecoderOptions extends StreamDecoderOptions {
  /** What is checked. Default: `"structure"`. */
  readonly validation?: Validation
}

/**
 * Decodes the binary format of a core module as its bytes come, and checks its structure, or with
 * `validation: "full"` all of it: WebAssembly 3.0, threads and legacy exceptions.
 *
 * Full validation holds one function body at a time, and checks it when it is whole.
 *
 * @example Structure
 * ```ts
 * import { ModuleDecoder } from "@effect-wasm/compile-streaming/binary"
 *
 * const decoder = new ModuleDecoder()
 * decoder.push(Uint8Array.of(0x00, 0x61, 0x73))
 * decoder.push(Uint8Array.of(0x6d, 0x01, 0x00, 0x00, 0x00))
 * decoder.finish()
 * console.log(decoder.size) // 8
 * ```
 *
 * @example All of it
 * ```ts
 * import { DecodeError, ModuleDecoder } from "@effect-wasm/compile-streaming/binary"
 *
 * // A function that adds an i32 and an f32.
 * const hex = "0061736d010000000105016000017f030201000a0c010a00410143000000006a0b"
 * const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))
 * const decoder = new ModuleDecoder({ validation: "full" })
 * try {
 *   decoder.push(bytes)
 *   decoder.finish()
 * } catch (error) {
 *   if (error instanceof DecodeError) console.log(error.code, error.offset) // type-mismatch 31
 * }
 * ```
 * @see https://webassembly.github.io/spec/core/valid/index.html
 */
export class ModuleDecoder extends StreamDecoder {
  /**
   * Starts at the first byte of a module.
   *
   * @param options how to judge, and whom to tell
   */
  constructor(options: ModuleDecoderOptions = {}) {
    super(options, options.validation === "full" ? validateBodies : undefined)
  }
}
