/**
 * Why no declarations can be made of a module.
 *
 * @module
 */

/**
 * What is wrong.
 *
 * - `incomplete`: the report ends where the decoder met something that it does not know, so imports or exports may be
 *   missing
 * - `malformed`: the report holds a type that is none; it is not one that `./binary` made
 * - `too-large`: the declarations would be longer than `maximumLength`
 */
export type DeclarationErrorReason = "incomplete" | "malformed" | "too-large"

/**
 * No declarations can be made of a report.
 *
 * @example
 * ```ts
 * import { DeclarationError, declarations } from "@effect-wasm/compile-streaming/types"
 *
 * const empty = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
 * try {
 *   declarations(empty, { maximumLength: 10 })
 * } catch (error) {
 *   if (error instanceof DeclarationError) console.log(error.reason) // too-large
 * }
 * ```
 */
export class DeclarationError extends Error {
  /** The tag of the class. */
  readonly _tag = "DeclarationError" as const
  /** The name of the class. */
  override readonly name: string = "DeclarationError"
  /** Why; stable. */
  readonly reason: DeclarationErrorReason

  /** Makes the error. */
  constructor(reason: DeclarationErrorReason, message: string) {
    super(message)
    this.reason = reason
  }
}
