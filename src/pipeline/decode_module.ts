/**
 * Stage 4: decoding while it streams. The bytes pass unchanged; the first certain fault fails the pipeline, long before the
 * last byte is received: at once, or after a few more bytes that tell what happened to them.
 *
 * Where the decoder meets what it does not know, it stands aside, and the engine alone decides: it is asked about the
 * beginning of the module at once, if it can be. With full validation, the decoder refuses that too.
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

/** Asks an engine about a module; resolves to its error, if it refuses it. */
export type AskEngine = (module: Uint8Array<ArrayBuffer>) => Promise<CompileError | undefined>

/** A decoding in progress. */
export interface Decoding {
  /**
   * The same chunks, decoded as they pass; they fail where the bytes cannot be a valid module, or break the policy.
   *
   * @param ask who is asked about what the decoder does not know, if anybody can be
   */
  readonly decode: <E, R>(
    chunks: Chunks<E, R>,
    ask?: AskEngine,
  ) => Chunks<CompileError | TypeError | PolicyError | E, R>
  /** Fails with what the decoder, the engine or the look at the first bytes found, completed with everything that was seen. */
  readonly explain: (
    error: CompileError | TypeError,
  ) => Effect.Effect<never, CompileError | TypeError>
  /** The module is there, if it was compiled: the last word of progress. */
  readonly complete: (module?: WebAssembly.Module) => void
  /** What is in the module, as far as it was decoded; `undefined` where no report was asked for. */
  readonly report: () => ModuleReport | undefined
}

/** The decoder's error as it is: what a person is told where its explanation cannot be loaded. */
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

/** What an engine of one's own says in its own words stays as it is. */
const canBeExplained = (error: CompileError | TypeError): boolean =>
  error.reason === "content-type" ||
  (error instanceof CompileError &&
    (error.cause instanceof NativeCompileError || error.cause instanceof DecodeError))

/**
 * Begins to decode.
 *
 * @param facts what is known of the bytes
 * @param validation checks function bodies, if they are to be checked
 * @param policy what the module may and must be
 * @param extras what else was asked for
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

  /** What the decoder does not know it leaves to an engine, if there is one to ask. */
  const askAbout = (
    beginning: ModuleBeginning,
    ask: AskEngine,
  ): Promise<CompileError | undefined> | undefined => {
    const { unknown } = decoder
    // From the code on there is no beginning that could be a module.
    if (trace.hasCode) beginning.release()
    if (unknown === undefined || trace.hasCode) return undefined
    return import("./complete_beginning.ts").then(({ completeBeginning }) => {
      const module = completeBeginning(beginning, unknown, trace.sectionEnd, decoder.spaces)
      return module === undefined ? undefined : ask(module)
      // Where that cannot be loaded, the whole is compiled.
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

  /** Whether what was received explains a fault: what follows it says what happened. */
  const isEnough = (error: CompileError | TypeError | PolicyError): boolean => {
    // A policy's rule needs no bytes behind it.
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
      // Structure takes a fifth of a millisecond a megabyte, validation ten.
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
