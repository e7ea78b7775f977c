/**
 * The table of `compile_streaming.ts`, for one runtime or for several.
 *
 * @module
 */
import type { CaseFigures } from "./results.ts"
import { ratioOf, showMs, showRatio, table, type Taken } from "./support.ts"

/** What one case took on one runtime: for each contender, an entry per round. */
export interface CaseResult {
  readonly runtime: string
  readonly module: string
  readonly case: string
  readonly taken: {
    readonly ours: ReadonlyArray<Taken>
    readonly native: ReadonlyArray<Taken>
    readonly whole: ReadonlyArray<Taken>
    readonly nativeAgain: ReadonlyArray<Taken>
  }
}

const head = [
  "module",
  "runtime",
  "case",
  "ms of",
  "ours",
  "native",
  "whole",
  "ours/native",
  "whole/native",
  "native/native",
]

const rowOf = (result: CaseResult, measure: "wall" | "cpu"): ReadonlyArray<string> => {
  const of = (runs: ReadonlyArray<Taken>) => runs.map((run) => run[measure])
  const native = of(result.taken.native)
  const ours = of(result.taken.ours)
  const whole = of(result.taken.whole)
  const first = measure === "wall"
  return [
    first ? result.module : "",
    first ? result.runtime : "",
    first ? result.case : "",
    first ? "wall" : "CPU",
    showMs(ours),
    showMs(native),
    showMs(whole),
    showRatio(ratioOf(ours, native)),
    showRatio(ratioOf(whole, native)),
    showRatio(ratioOf(of(result.taken.nativeAgain), native)),
  ]
}

/** The results as figures. */
export const compileFigures = (results: ReadonlyArray<CaseResult>): ReadonlyArray<CaseFigures> =>
  results.flatMap((result) =>
    (["wall", "cpu"] as const).map((measure): CaseFigures => ({
      of: [result.runtime, result.module, result.case, measure],
      unit: "ms",
      rival: "native",
      taken: Object.fromEntries(
        Object.entries(result.taken).map(([name, runs]) => [name, runs.map((run) => run[measure])]),
      ),
    }))
  )

/** Two lines per case, wall time and processor time: medians in milliseconds, and ratios with their quartiles. */
export const resultsTable = (results: ReadonlyArray<CaseResult>): string =>
  table(head, results.flatMap((result) => [rowOf(result, "wall"), rowOf(result, "cpu")]))
