/**
 * Makes a report of a module while it streams. Loaded on demand.
 *
 * @module
 */
import type { ModuleSpaces } from "../binary/module_spaces.ts"
import { ModuleReportBuilder } from "../binary/report/module_report.ts"
import type { DecoderSink } from "../binary/sink.ts"
import type { ModuleTrace } from "./module_trace.ts"

export { ModuleReportBuilder }

/** Passes the decoder's events on to the trace and to the report. */
export class ReportingSink implements DecoderSink {
  readonly #trace: ModuleTrace
  readonly #report: ModuleReportBuilder

  constructor(trace: ModuleTrace, report: ModuleReportBuilder) {
    this.#trace = trace
    this.#report = report
  }

  begin(spaces: ModuleSpaces): void {
    this.#trace.begin(spaces)
    this.#report.begin(spaces)
  }

  section(id: number, startOffset: number, endOffset: number): void {
    this.#trace.section(id, startOffset, endOffset)
    this.#report.section(id, startOffset, endOffset)
  }

  customSection(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    payloadOffset: number,
    endOffset: number,
  ): number {
    const report = this.#report
    const trace = this.#trace
    return Math.max(
      report.customSection(bytes, nameStart, nameEnd, payloadOffset, endOffset),
      trace.customSection(bytes, nameStart, nameEnd),
    )
  }

  customPayload(bytes: Uint8Array, start: number, end: number): void {
    this.#report.customPayload(bytes, start, end)
    this.#trace.customPayload(bytes, start, end)
  }

  import(
    kind: number,
    bytes: Uint8Array,
    moduleStart: number,
    moduleEnd: number,
    nameStart: number,
    nameEnd: number,
  ): void {
    this.#report.import(kind, bytes, moduleStart, moduleEnd, nameStart, nameEnd)
  }

  export(kind: number, index: number, bytes: Uint8Array, nameStart: number, nameEnd: number): void {
    this.#report.export(kind, index, bytes, nameStart, nameEnd)
  }

  dataSegment(): void {
    this.#report.dataSegment()
  }

  codeStart(count: number): void {
    this.#trace.codeStart(count)
  }

  functionBody(functionIndex: number, startOffset: number): void {
    this.#trace.functionBody(functionIndex, startOffset)
  }

  end(): void {
    this.#trace.end()
  }
}
