/**
 * The result of full validation of a module.
 */
import { DecodeError, ModuleValidator } from "../../../src/binary/mod.ts"

/** A result of full validation. */
export interface FullVerdict {
  /** An error's code, or `ok`. */
  readonly code: string
  readonly offset: number
  readonly functionIndex: number | undefined
  readonly message: string
}

/** Fully validates the chunks of a module. Errors other than validation errors are thrown. */
export const judgeFully = (chunks: ReadonlyArray<Uint8Array>): FullVerdict => {
  const decoder = new ModuleValidator({ limits: "js-api" })
  try {
    for (const chunk of chunks) decoder.push(chunk)
    decoder.finish()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const { code, functionIndex, message, offset } = error
    return { code, functionIndex, message, offset }
  }
  return { code: "ok", functionIndex: undefined, message: "", offset: decoder.size }
}
