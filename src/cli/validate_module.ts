/**
 * One module, validated by the library and by this engine.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { DecodeError } from "../binary/errors.ts"
import type { Fault, ValidateResult } from "../documents.ts"
import { inspect } from "../effect.ts"
import { CompileError, type CompileStreamingError } from "../errors.ts"
import { Engine } from "../pipeline/engine.ts"
import { printText } from "../pipeline/print.ts"

/** The library's own words, without what it is about, which is told beside them. */
const faultOf = (error: CompileStreamingError): Fault => {
  if (!(error instanceof CompileError)) {
    const { message, reason } = error
    return {
      reason,
      message,
      code: undefined,
      offset: undefined,
      section: undefined,
      functionIndex: undefined,
    }
  }
  const { cause, code, functionIndex, offset, reason, section } = error
  const isPlain = (reason === "structure" || reason === "unsupported") &&
    cause instanceof DecodeError
  const message = isPlain ? cause.message : error.message
  return { reason, code, offset, section, functionIndex, message }
}

/** What this engine says of the bytes. */
const askEngine = (
  bytes: Uint8Array<ArrayBuffer>,
): Effect.Effect<ValidateResult["engine"]> =>
  Effect.flatMap(Engine, ({ validate }) => {
    if (validate === undefined) return Effect.succeed(undefined)
    return validate(bytes, {}).pipe(
      Effect.map(() => ({ isValid: true, message: undefined })),
      Effect.catch(({ message }) =>
        Effect.succeed({ isValid: false, message: printText(message) })
      ),
    )
  })

/**
 * Validates a module.
 *
 * @param source what it is called
 * @param bytes all of it
 * @param asksEngine whether this engine is asked too
 */
export const validateModule = (
  source: string,
  bytes: Uint8Array<ArrayBuffer>,
  asksEngine: boolean,
): Effect.Effect<ValidateResult> =>
  Effect.gen(function* () {
    const response = new Response(bytes, { headers: { "content-type": "application/wasm" } })
    const ours = yield* inspect(response, { validation: "full" }).pipe(
      Effect.map(({ features }) => ({ isValid: true, fault: undefined, features })),
      Effect.catch((error) =>
        Effect.succeed({ isValid: false, fault: faultOf(error), features: [] })
      ),
    )
    const engine = asksEngine ? yield* askEngine(bytes) : undefined
    return { source, size: bytes.length, engine, ...ours }
  })
