/**
 * The error of a module for which no declarations can be made.
 *
 * @module
 */

/**
 * Why no declarations can be made.
 *
 * - `incomplete`: the report ends at a construct that the decoder does not know, so imports or exports may be missing
 * - `malformed`: the report contains a malformed import, export or type, so it was not made by this library
 * - `too-large`: the declarations would be longer than `maximumLength`
 */
export type DeclarationErrorReason = "incomplete" | "malformed" | "too-large"

/**
 * No declarations can be made for a module.
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
  /** Why no declarations can be made; stable across releases. */
  readonly reason: DeclarationErrorReason

  /** Makes the error. */
  constructor(reason: DeclarationErrorReason, message: string) {
    super(message)
    this.reason = reason
  }
}
