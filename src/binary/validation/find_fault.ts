/**
 * Finds the first error in a module, with the operand stack at that point, for display. The body with the error is validated
 * once more, up to the instruction at fault.
 *
 * @module
 */
import type { BodyValidator } from "../body_validator.ts"
import type { DecodeContext } from "../context.ts"
import { ModuleDecoder } from "../decoder.ts"
import { DecodeError } from "../errors.ts"
import type { DecoderSink } from "../sink.ts"
import { FunctionValidator } from "./function_validator.ts"
import { validateBodies } from "./mod.ts"

/** An error in a module. */
export interface ModuleFault {
  /** What is wrong, and where. */
  readonly error: DecodeError
  /** The body that it is in, if it is in one. */
  readonly body: FaultyBody | undefined
}

/** A body that is not valid. */
export interface FaultyBody {
  /** The index of its function in the function index space. */
  readonly functionIndex: number
  /** Where it starts, at its local declarations, in bytes from the start of the module. */
  readonly start: number
  /** Where it ends, in bytes from the start of the module. */
  readonly end: number
  /**
   * The types of the operands in the block of the instruction at fault, before it, the topmost last, in the notation of the
   * text format. At most 1,000, the topmost ones.
   */
  readonly operands: ReadonlyArray<string>
  /** Whether the instruction is unreachable, so that operands of any type may follow below these. */
  readonly isUnreachable: boolean
}

/** Validates bodies, and revisits the one that fails. */
class WatchingValidator implements BodyValidator {
  found: FaultyBody | undefined = undefined
  readonly #c: DecodeContext
  readonly #inner: BodyValidator

  constructor(c: DecodeContext) {
    this.#c = c
    this.#inner = validateBodies(c)
  }

  validate(functionIndex: number, start: number, end: number): boolean {
    try {
      return this.#inner.validate(functionIndex, start, end)
    } catch (error) {
      if (error instanceof DecodeError) this.#look(error, functionIndex, start, end)
      throw error
    }
  }

  #look(error: DecodeError, functionIndex: number, start: number, end: number): void {
    const c = this.#c
    const { base } = c.reader
    const again = new FunctionValidator(c, undefined, Infinity)
    try {
      // Nearly always throws, as the body is cut before the instruction at fault.
      again.validate(functionIndex, start, Math.max(start, Math.min(error.offset - base, end)))
    } catch (cut) {
      if (!(cut instanceof DecodeError)) throw cut
    }
    const { isUnreachable, operands } = again.operandTexts()
    this.found = { functionIndex, start: base + start, end: base + end, operands, isUnreachable }
  }
}

/**
 * Validates a module, and returns its first error.
 *
 * @param bytes the module
 * @param sink receives events as the module is decoded, up to the error
 * @returns `undefined` for a valid module
 *
 * @example
 * ```ts
 * import { findFault } from "@effect-wasm/compile-streaming/binary"
 *
 * // A function that adds an i32 and an f32.
 * const hex = "0061736d010000000105016000017f030201000a0c010a00410143000000006a0b"
 * const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))
 * const fault = findFault(bytes)
 * console.log(fault?.error.code, fault?.body?.operands) // type-mismatch [ "i32", "f32" ]
 * ```
 */
export const findFault = (bytes: Uint8Array, sink: DecoderSink = {}): ModuleFault | undefined => {
  let watching: WatchingValidator | undefined
  const decoder = new ModuleDecoder({ sink }, (c) => (watching = new WatchingValidator(c)))
  try {
    decoder.push(bytes)
    decoder.finish()
    return undefined
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { error, body: watching?.found }
  }
}
