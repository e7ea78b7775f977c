/**
 * One module, validated by the library and by this engine, and checked against a policy.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { DecodeError } from "../binary/errors.ts"
import type { Fault, Refusal, ValidateResult } from "../documents.ts"
import { inspect } from "../effect.ts"
import { CompileError, type CompileStreamingError } from "../errors.ts"
import { Engine } from "../pipeline/engine.ts"
import { withFunctionName } from "../pipeline/function_names.ts"
import { proposalAt } from "../pipeline/proposals.ts"
import { printText } from "../messages/print.ts"
import type { Policy } from "../policy/policy.ts"
import { PolicyError } from "../policy/policy_error.ts"
import { ModuleFunctions } from "./disassembly.ts"

/** The library's error. Its message does not name the source, which is shown beside it. */
const faultOf = (error: CompileStreamingError, bytes: Uint8Array): Fault => {
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
  const proposal = isPlain ? proposalAt(cause, [{ offset: 0, bytes }]) : undefined
  const message = !isPlain
    ? error.message
    : proposal !== undefined
    ? `${cause.message} (${proposal})`
    : functionIndex === undefined
    ? cause.message
    : withFunctionName(
      cause.message,
      functionIndex,
      new ModuleFunctions(bytes).nameOf(functionIndex),
    )
  return { reason, code, offset, section, functionIndex, message }
}

/** The refusal, likewise without the source, which the library calls "The data". */
const refusalOf = (error: PolicyError): Refusal => ({
  rule: error.rule,
  offset: error.offset,
  section: error.section,
  import: error.import,
  export: error.export,
  missing: error.missing,
  customSection: error.customSection,
  feature: error.feature,
  ceiling: error.ceiling,
  actual: error.actual,
  message: error.message.replace(/^The data /, ""),
})

/** What the library finds. */
type Found = Pick<ValidateResult, "isValid" | "fault" | "features" | "refusal">

/** Validates with the library. */
const askLibrary = (
  bytes: Uint8Array<ArrayBuffer>,
  policy: Policy | undefined,
): Effect.Effect<Found> =>
  inspect(new Response(bytes, { headers: { "content-type": "application/wasm" } }), {
    validation: "full",
    policy,
  }).pipe(
    Effect.map(({ features }): Found => ({ isValid: true, fault: undefined, features })),
    Effect.catch((error): Effect.Effect<Found> =>
      error instanceof PolicyError
        // Reading stopped at the refusal; whether the module is valid is still unknown.
        ? Effect.map(askLibrary(bytes, undefined), (rest) => ({
          ...rest,
          refusal: refusalOf(error),
        }))
        : Effect.succeed({ isValid: false, fault: faultOf(error, bytes), features: [] })
    ),
  )

/** Validates with this engine. */
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
 * @param policy what it is checked against besides the specification
 */
export const validateModule = (
  source: string,
  bytes: Uint8Array<ArrayBuffer>,
  asksEngine: boolean,
  policy?: Policy | undefined,
): Effect.Effect<ValidateResult> =>
  Effect.gen(function* () {
    const ours = yield* askLibrary(bytes, policy)
    const engine = asksEngine ? yield* askEngine(bytes) : undefined
    return { source, size: bytes.length, engine, ...ours }
  })

/**
 * The result for a module that could not be loaded.
 *
 * @param source what it is called
 * @param cause why
 * @param message the same, for people
 */
export const unreadResult = (
  source: string,
  cause: Cause.Cause<unknown>,
  message: string,
): ValidateResult => {
  const reason: unknown = Reflect.get(Object(Cause.squash(cause)), "reason")
  return {
    source,
    size: 0,
    isValid: false,
    fault: undefined,
    engine: undefined,
    features: [],
    unread: { reason: typeof reason === "string" ? reason : undefined, message },
  }
}
