/**
 * Stage 4: decodes while streaming. The bytes pass unchanged. The first certain fault fails the pipeline without waiting for
 * the last byte: at once, or after a few more bytes, which show what happened to the module.
 *
 * If the decoder meets a construct that it does not know, it stands aside, and the engine alone decides, if possible by
 * validating the beginning of the module at once. With full validation, the decoder rejects such a construct.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import * as Effect from "effect/Effect"
import { ModuleDecoder } from "../binary/decoder.ts"
import { DecodeError } from "../binary/errors.ts"
import type { ModuleReport } from "../binary/report/module_report.ts"
import { CompileError, type TypeError } from "../errors.ts"
import { NativeCompileError } from "../platform/natives.ts"
import type { Policy } from "../policy/policy.ts"
import type { PolicyError } from "../policy/policy_error.ts"
import type { ChunkCheck, Chunks } from "./chunks.ts"
import { explainLater } from "./explain_later.ts"
import type { Extras } from "./extras.ts"
import { KeptBytes } from "./kept_bytes.ts"
import { ModuleBeginning } from "./module_beginning.ts"
import { ModuleTrace } from "./module_trace.ts"
import { patientlyChecked } from "./patient_check.ts"
import type { BytesFacts } from "./response_facts.ts"
import type { Validation } from "./validator.ts"

/** Validates a module with an engine; resolves to its error if it is rejected. */
export type AskEngine = (module: Uint8Array<ArrayBuffer>) => Promise<CompileError | undefined>

/** A decoding in progress. */
export interface Decoding {
  /**
   * The same chunks, decoded as they pass; they fail if the bytes cannot be a valid module, or break the policy.
   *
   * @param ask validates a construct that the decoder does not know, if the engine offers that
   */
  readonly decode: <E, R>(
    chunks: Chunks<E, R>,
    ask?: AskEngine,
  ) => Chunks<CompileError | TypeError | PolicyError | E, R>
  /** Fails with an error of the decoder, the engine or the first bytes' check, completed with everything that was seen. */
  readonly explain: (
    error: CompileError | TypeError,
  ) => Effect.Effect<never, CompileError | TypeError>
  /** Ends the progress, and remembers the policy's facts for a module that was compiled. */
  readonly complete: (module?: WebAssembly.Module) => void
  /** The report, as far as the module was decoded; `undefined` if none was requested. */
  readonly report: () => ModuleReport | undefined
}

/** The decoder's plain error, which is reported if its explanation cannot be loaded. */
const plainDecodeError = (error: DecodeError, { url }: BytesFacts): CompileError => {
  const { code, functionIndex, message, offset, section } = error
  const reason = code === "unsupported" ? "unsupported" : "structure"
  return new CompileError({
    reason,
    message,
    url,
    code,
    offset,
    section,
    functionIndex,
    cause: error,
  })
}

/** Whether an error can be explained; errors of a program's own engine stay as they are. */
const canBeExplained = (error: CompileError | TypeError): boolean =>
  error.reason === "content-type" ||
  (error instanceof CompileError &&
    (error.cause instanceof NativeCompileError || error.cause instanceof DecodeError))

/**
 * Begins to decode.
 *
 * @param facts the facts about the bytes
 * @param validation full validation, if it is wanted
 * @param policy the policy to check, if there is one
 * @param extras progress, a report and the check of the first bytes, as requested
 */
export const startDecoding = (
  facts: BytesFacts,
  validation: Validation | undefined,
  policy?: Policy,
  { progress, report, sniff }: Partial<Extras> = {},
): Decoding => {
  const trace = new ModuleTrace()
  const unknown = validation === undefined ? "defer" : "reject"
  const sink = report?.listener(trace) ?? trace
  const policed = policy?.begin({ url: facts.url, next: sink, features: () => decoder.features })
  const decoder: ModuleDecoder = new ModuleDecoder(
    { unknown, sink: policed ?? sink },
    validation?.makeValidator,
  )
  const kept = new KeptBytes()
  let ended = false

  const attempt = (run: () => void): CompileError | PolicyError | undefined => {
    try {
      run()
      policed?.checkDecoded(decoder)
      return undefined
    } catch (error) {
      if (error instanceof DecodeError) policed?.checkFailed(decoder)
      if (policed?.refused !== undefined) return policed.refused
      if (!(error instanceof DecodeError)) throw error
      kept.mark(error.offset)
      return plainDecodeError(error, facts)
    }
  }

  /** Validates the beginning of the module with the engine, if the decoder has met an unknown construct. */
  const askAbout = (
    beginning: ModuleBeginning,
    ask: AskEngine,
  ): Promise<CompileError | undefined> | undefined => {
    const { unknown } = decoder
    // A beginning that reaches into the code section cannot be completed to a module.
    if (trace.hasCode) beginning.release()
    if (unknown === undefined || trace.hasCode) return undefined
    return import("./complete_beginning.ts").then(({ completeBeginning }) => {
      const module = completeBeginning(beginning, unknown, trace.sectionEnd, decoder.spaces)
      return module === undefined ? undefined : ask(module)
      // If that cannot be loaded, the engine decides when it compiles the whole.
    }, () => undefined)
  }

  const checkWith = (
    ask: AskEngine | undefined,
  ): ChunkCheck<CompileError | TypeError | PolicyError> => {
    const beginning = ask === undefined ? undefined : new ModuleBeginning()
    return {
      push: (chunk) => {
        kept.push(chunk)
        const untyped = sniff?.push(chunk)
        if (untyped !== undefined) return untyped
        const error = attempt(() => decoder.push(chunk))
        progress?.advance(decoder.size, trace)
        if (error !== undefined) return error
        const { unknown } = decoder
        if (unknown !== undefined) kept.mark(unknown.offset)
        if (ask === undefined || beginning?.isKept !== true) return undefined
        beginning.push(chunk)
        return askAbout(beginning, ask)
      },
      end: () => {
        ended = true
        return sniff?.end() ?? attempt(() => decoder.finish())
      },
    }
  }

  /** Whether enough bytes after a fault were received to explain it. */
  const isEnough = (error: CompileError | TypeError | PolicyError): boolean => {
    // A broken rule needs no explanation.
    if (error._tag === "PolicyError") return true
    const { cause } = error
    const offset = cause instanceof DecodeError ? cause.offset : decoder.unknown?.offset ?? 0
    return kept.size >= kept.explainedBy(offset)
  }

  return {
    decode: (chunks, ask) => {
      const explaining = {
        isEnough,
        more: (chunk: Uint8Array) => kept.push(chunk),
        end: () => void (ended = true),
      }
      // Decoding the structure takes 0.2 ms per megabyte; validation takes 10 ms, so it runs in turns.
      if (validation === undefined) return patientlyChecked(chunks, checkWith(ask), explaining)
      const { heldBack, inTurns } = validation
      const checked = patientlyChecked(inTurns(chunks), checkWith(ask), explaining)
      return heldBack(checked, () => decoder.decoded)
    },
    explain: (error) =>
      canBeExplained(error)
        ? explainLater(
          error,
          ({ explainFailure }) => explainFailure(error, { facts, kept, ended, trace, decoder }),
        )
        : Effect.fail(error),
    complete: (module) => {
      if (module !== undefined) policed?.remember(module)
      progress?.complete()
    },
    report: () => report?.build(decoder),
  }
}
