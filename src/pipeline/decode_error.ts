/**
 * What the decoder refused, told with what the bytes are instead, where they are no module at all.
 *
 * @module
 */
import type { DecodeError } from "../binary/errors.ts"
import { diagnose } from "../diagnosis/mod.ts"
import { CompileError } from "../errors.ts"
import type { BytesFacts } from "./decode_module.ts"

/** What was seen of the bytes when the decoder failed. */
export interface SeenBytes {
  /** The first of them. */
  readonly head: Uint8Array
  /** How many came. */
  readonly size: number
  /** Whether no more would have come. */
  readonly ended: boolean
}

/** What the bytes are, in the middle of a sentence: a module with a fault, or something else. */
const whatIs = (what: string): string => {
  const inside = /^[A-Z][a-z ]/.test(what) ? what.charAt(0).toLowerCase() + what.slice(1) : what
  return /^a (module|component)/.test(inside) ? inside : `not a WebAssembly module: ${inside}`
}

/**
 * The decoder's error, told with what the bytes are if they are no module at all.
 *
 * @param error the decoder's error
 * @param seen what was seen of the bytes
 * @param facts what was known of them
 */
export const explainDecodeError = (
  error: DecodeError,
  { ended, head, size }: SeenBytes,
  facts: BytesFacts,
): CompileError => {
  const { code, functionIndex, offset, section } = error
  const { contentType, declaredSize, url } = facts
  const diagnosis = diagnose({
    head,
    ended,
    size,
    ...(declaredSize === undefined ? {} : { declaredSize }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(url === undefined ? {} : { url }),
  })
  const place = url === undefined ? "" : ` from ${url}`
  const fields = { url, code, offset, section, functionIndex, cause: error }
  if (diagnosis !== undefined) {
    const message = `The bytes${place} are ${whatIs(diagnosis.what)}. ${diagnosis.advice}`
    return new CompileError({ reason: diagnosis.reason, message, ...fields })
  }
  if (ended && code === "unexpected-end") {
    const message = `The module${place} is truncated: it ends after ${size} bytes, ` +
      `${
        section === undefined ? "before it is complete" : `inside its ${section} section`
      }. The download was interrupted, or the file is incomplete`
    return new CompileError({ reason: "truncated", message, ...fields })
  }
  if (code === "unsupported") {
    const message =
      `The module${place} uses something this validator does not support: ${error.message}`
    return new CompileError({ reason: "unsupported", message, ...fields })
  }
  // Inside of a function, the message says where.
  const where = section === undefined || functionIndex !== undefined
    ? ""
    : `, in the ${section} section`
  const message = `The module${place} is not valid: ${error.message}${where}`
  return new CompileError({ reason: "structure", message, ...fields })
}
