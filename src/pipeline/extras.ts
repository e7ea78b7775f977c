/**
 * The parts that only some loads need besides the decoder, loaded on demand: a report, progress, the first bytes' check.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { ModuleReport } from "../binary/report/module_report.ts"
import type { DecoderSink } from "../binary/sink.ts"
import type { TypeError } from "../errors.ts"
import type { OnProgress } from "../options.ts"
import type { ModuleDecoder } from "../binary/decoder.ts"
import type { ChunkCheck } from "./chunks.ts"
import type { ModuleTrace } from "./module_trace.ts"
import { Progress } from "./progress.ts"
import type { BytesFacts } from "./response_facts.ts"
import { sniffHeader } from "./sniff_header.ts"

/** The parts that were requested. */
export interface Extras {
  /** Makes a report. */
  readonly report: {
    /** A sink for the decoder that passes everything on to the trace. */
    readonly listener: (trace: ModuleTrace) => DecoderSink
    readonly build: (decoder: ModuleDecoder) => ModuleReport
  } | undefined
  /** Reports the progress. */
  readonly progress: Progress | undefined
  /** Checks the first bytes, if the content type is not `application/wasm`. */
  readonly sniff: ChunkCheck<TypeError> | undefined
}

/** The parts that can be requested. */
export interface Wishes {
  /** Whether to make a report. */
  readonly reports: boolean
  readonly onProgress: OnProgress | undefined
  /** The number of bytes, if it is known. */
  readonly size: number | undefined
  /** Whether the content type is the one that the specification demands. */
  readonly typed: boolean
}

const reporting: Effect.Effect<Extras["report"]> = Effect.promise(async () => {
  const { ModuleReportBuilder, ReportingSink } = await import("./reporting.ts")
  const builder = new ModuleReportBuilder()
  return {
    listener: (trace) => new ReportingSink(trace, builder),
    build: (decoder) => builder.build(decoder),
  }
})

/**
 * Makes the requested parts.
 *
 * @param facts the facts about the bytes
 * @param wishes which parts to make
 */
export const makeExtras = (facts: BytesFacts, wishes: Wishes): Effect.Effect<Extras> => {
  const { onProgress, reports, size, typed } = wishes
  return Effect.map(reports ? reporting : Effect.succeed(undefined), (report) => ({
    report,
    progress: onProgress && new Progress(onProgress, size),
    sniff: typed ? undefined : sniffHeader(facts),
  }))
}
