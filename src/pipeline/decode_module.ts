/**
 * Stage 4: decoding while it streams. The bytes pass unchanged; the first certain fault fails the pipeline at once, long
 * before the last byte has come.
 *
 * Where the decoder meets what it does not know, it stands aside, and the engine alone decides; with full validation, it
 * refuses that too.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import type { MakeBodyValidator } from "../binary/body_validator.ts"
import { StreamDecoder } from "../binary/decoder.ts"
import { DecodeError } from "../binary/errors.ts"
import { type ModuleReport, ModuleReportBuilder } from "../binary/report.ts"
import { diagnose, HEAD_SIZE } from "../diagnosis/mod.ts"
import { CompileError } from "../errors.ts"
import { NativeCompileError } from "../platform/natives.ts"
import { checked, type ChunkCheck, type Chunks } from "./chunks.ts"
import { explainEngineError } from "./engine_error.ts"
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

/** A decoding in progress. */
export interface Decoding {
  /** The same chunks, decoded as they pass; they fail where the bytes cannot be a valid module. */
  readonly decode: <E, R>(chunks: Chunks<E, R>) => Chunks<CompileError | E, R>
  /** Completes an engine's refusal with what was seen of the module. */
  readonly explain: (error: CompileError) => CompileError
  /** The module is there: the last word of progress. */
  readonly complete: () => void
  /** What is in the module, as far as it was decoded. */
  readonly report: () => ModuleReport
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

/** The decoder's error, told with what the bytes are if they are no module at all. */
const explainDecodeError = (
  error: DecodeError,
  decoder: StreamDecoder,
  head: Head,
  facts: BytesFacts,
  ended: boolean,
): CompileError => {
  const { code, functionIndex, offset, section } = error
  const { contentType, declaredSize, url } = facts
  const diagnosis = diagnose({
    head: head.bytes,
    ended,
    size: decoder.size,
    ...(declaredSize === undefined ? {} : { declaredSize }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(url === undefined ? {} : { url }),
  })
  const place = url === undefined ? "" : ` from ${url}`
  const fields = { url, code, offset, section, functionIndex, cause: error }
  if (diagnosis !== undefined) {
    const message = `The bytes${place} are no module: ${diagnosis.what}. ${diagnosis.advice}`
    return new CompileError({ reason: diagnosis.reason, message, ...fields })
  }
  if (ended && code === "unexpected-end") {
    const message =
      `The module${place} ends early: ${decoder.size} bytes came, and there is more to ` +
      `${
        section === undefined ? "it" : `its ${section} section`
      }. The download was cut, or the file is incomplete`
    return new CompileError({ reason: "truncated", message, ...fields })
  }
  if (code === "unsupported") {
    const message = `The module${place} uses what is not known here: ${error.message}`
    return new CompileError({ reason: "unsupported", message, ...fields })
  }
  // Inside of a function, the message says where.
  const where = section === undefined || functionIndex !== undefined
    ? ""
    : `, in the ${section} section`
  const message = `The module${place} is broken: ${error.message}${where}`
  return new CompileError({ reason: "structure", message, ...fields })
}

/**
 * Begins to decode.
 *
 * @param facts what is known of the bytes
 * @param reports whether a report will be asked for
 * @param progress who is told how far it has come
 * @param validator checks function bodies, if they are to be checked
 */
export const startDecoding = (
  facts: BytesFacts,
  reports: boolean,
  progress: Progress | undefined,
  validator: MakeBodyValidator | undefined,
): Decoding => {
  const builder = reports ? new ModuleReportBuilder() : undefined
  const trace = new ModuleTrace(builder)
  const unknown = validator === undefined ? "defer" : "reject"
  const decoder = new StreamDecoder({ unknown, sink: trace }, validator)
  const head = new Head()

  const attempt = (run: () => void, ended: boolean): CompileError | undefined => {
    try {
      run()
      return undefined
    } catch (error) {
      if (error instanceof DecodeError) {
        return explainDecodeError(error, decoder, head, facts, ended)
      }
      throw error
    }
  }

  const check: ChunkCheck<CompileError> = {
    push: (chunk) => {
      head.add(chunk)
      const error = attempt(() => decoder.push(chunk), false)
      progress?.advance(decoder.size, trace)
      return error
    },
    end: () => attempt(() => decoder.finish(), true),
  }

  return {
    // Structure takes a fifth of a millisecond a megabyte, validation ten.
    decode: (chunks) => checked(validator === undefined ? chunks : inTurns(chunks), check),
    // What an engine of one's own says in its own words stays as it is.
    explain: (error) =>
      error.cause instanceof NativeCompileError
        ? explainEngineError(error.cause, facts.url, { trace, features: decoder.features })
        : error,
    complete: () => progress?.complete(),
    report: () => (builder ?? new ModuleReportBuilder()).build(decoder),
  }
}
