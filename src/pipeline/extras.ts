/**
 * What some loads need beside the decoder: a report, progress, a look at the first bytes. Loaded for those who ask.
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

/** What was asked for. */
export interface Extras {
  /** Makes a report. */
  readonly report: {
    /** Who listens to the decoder in place of the trace alone. */
    readonly listener: (trace: ModuleTrace) => DecoderSink
    readonly build: (decoder: ModuleDecoder) => ModuleReport
  } | undefined
  /** Is told how far the module has come. */
  readonly progress: Progress | undefined
  /** Looks at the first bytes, where the content type is not the right one. */
  readonly sniff: ChunkCheck<TypeError> | undefined
}

/** What may be asked for. */
export interface Wishes {
  /** Whether a report will be asked for. */
  readonly reports: boolean
  readonly onProgress: OnProgress | undefined
  /** How many bytes there are, where that is known. */
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
 * Makes what was asked for.
 *
 * @param facts what is known of the bytes
 * @param wishes what was asked for
 */
export const makeExtras = (facts: BytesFacts, wishes: Wishes): Effect.Effect<Extras> => {
  const { onProgress, reports, size, typed } = wishes
  return Effect.map(reports ? reporting : Effect.succeed(undefined), (report) => ({
    report,
    progress: onProgress && new Progress(onProgress, size),
    sniff: typed ? undefined : sniffHeader(facts),
  }))
}
