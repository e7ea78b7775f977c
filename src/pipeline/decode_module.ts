/**
 * Stage 4: decoding while it streams. The bytes pass unchanged; the first certain fault fails the pipeline at once, long
 * before the last byte has come.
 *
 * Where the decoder meets what it does not know, it stands aside, and the engine alone decides: it is asked about the
 * beginning of the module at once, if it can be. With full validation, the decoder refuses that too.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import type { MakeBodyValidator } from "../binary/body_validator.ts"
import { ModuleDecoder } from "../binary/decoder.ts"
import { DecodeError } from "../binary/errors.ts"
import type { ModuleReport, ModuleReportBuilder } from "../binary/report.ts"
import { HEAD_SIZE } from "../diagnosis/diagnosis.ts"
import { CompileError } from "../errors.ts"
import { NativeCompileError } from "../platform/natives.ts"
import { checked, type ChunkCheck, type Chunks } from "./chunks.ts"
import { explainLater } from "./explain_later.ts"
import { ModuleBeginning } from "./module_beginning.ts"
import { ModuleTrace } from "./module_trace.ts"
import type { Progress } from "./progress.ts"
import { inTurns } from "./turns.ts"

/** What is known of the bytes before they come. */
export interface BytesFacts {
  readonly url?: string | undefined
  readonly contentType?: string | null | undefined
  /** How many bytes there are to be, where that is truly known. */
  readonly declaredSize?: number | undefined
}

/** Asks an engine about a module; resolves to its error, if it refuses it. */
export type AskEngine = (module: Uint8Array<ArrayBuffer>) => Promise<CompileError | undefined>

/** A decoding in progress. */
export interface Decoding {
  /**
   * The same chunks, decoded as they pass; they fail where the bytes cannot be a valid module.
   *
   * @param ask who is asked about what the decoder does not know, if anybody can be
   */
  readonly decode: <E, R>(chunks: Chunks<E, R>, ask?: AskEngine) => Chunks<CompileError | E, R>
  /** Completes an engine's refusal with what was seen of the module. */
  readonly explain: (error: CompileError) => Promise<CompileError>
  /** The module is there: the last word of progress. */
  readonly complete: () => void
  /** What is in the module, as far as it was decoded; `undefined` where no report was asked for. */
  readonly report: () => ModuleReport | undefined
}

/** The first bytes, kept for a diagnosis. */
class Head {
  readonly #bytes = new Uint8Array(HEAD_SIZE)
  #size = 0

  add(chunk: Uint8Array): void {
    if (this.#size === HEAD_SIZE) return
    const part = chunk.subarray(0, HEAD_SIZE - this.#size)
    this.#bytes.set(part, this.#size)
    this.#size += part.length
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }
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
const isEngines = ({ cause }: CompileError): boolean => cause instanceof NativeCompileError

/**
 * Begins to decode.
 *
 * @param facts what is known of the bytes
 * @param builder makes a report, where one will be asked for
 * @param progress who is told how far it has come
 * @param validator checks function bodies, if they are to be checked
 */
export const startDecoding = (
  facts: BytesFacts,
  builder: ModuleReportBuilder | undefined,
  progress: Progress | undefined,
  validator: MakeBodyValidator | undefined,
): Decoding => {
  const trace = new ModuleTrace(builder)
  const unknown = validator === undefined ? "defer" : "reject"
  const decoder = new ModuleDecoder({ unknown, sink: trace }, validator)
  const head = new Head()

  const attempt = (run: () => void, ended: boolean): Promise<CompileError> | undefined => {
    try {
      run()
      return undefined
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      const bytes = { head: head.bytes, size: decoder.size, ended }
      return explainLater(
        plainDecodeError(error, facts),
        ({ explainDecodeError }) => explainDecodeError(error, bytes, facts),
      )
    }
  }

  /** What the decoder does not know it does not judge; an engine that can be asked may. */
  const askAbout = (
    beginning: ModuleBeginning,
    ask: AskEngine,
  ): Promise<CompileError | undefined> | undefined => {
    const { unknown } = decoder
    if (unknown === undefined) {
      if (trace.current === "code") beginning.release()
      return undefined
    }
    const module = beginning.complete(unknown, trace.sectionEnd, decoder.spaces)
    return module === undefined ? undefined : ask(module)
  }

  const checkWith = (ask: AskEngine | undefined): ChunkCheck<CompileError> => {
    const beginning = ask === undefined ? undefined : new ModuleBeginning()
    return {
      push: (chunk) => {
        head.add(chunk)
        const error = attempt(() => decoder.push(chunk), false)
        progress?.advance(decoder.size, trace)
        if (error !== undefined || ask === undefined || beginning?.isKept !== true) return error
        beginning.push(chunk)
        return askAbout(beginning, ask)
      },
      end: () => attempt(() => decoder.finish(), true),
    }
  }

  return {
    // Structure takes a fifth of a millisecond a megabyte, validation ten.
    decode: (chunks, ask) =>
      checked(validator === undefined ? chunks : inTurns(chunks), checkWith(ask)),
    explain: (error) =>
      isEngines(error)
        ? explainLater(
          error,
          ({ explainEngineError }) =>
            explainEngineError(error.cause, facts.url, { trace, features: decoder.features }),
        )
        : Promise.resolve(error),
    complete: () => progress?.complete(),
    report: () => builder?.build(decoder),
  }
}
