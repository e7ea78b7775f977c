/**
 * The results of a benchmark as JSON, besides its table, so that two runs can be compared (`compare.ts`).
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs"
import { machine } from "./support.ts"

/** The measurements of a case. */
export interface CaseFigures {
  /** Its name: first the runtime and its version, if any. Cases of two runs are compared if they have the same name. */
  readonly of: ReadonlyArray<string>
  readonly unit: "ms" | "MB"
  /** The contender that the others are compared with, if there is one. */
  readonly rival?: string
  /** By contender, an entry per round; `NaN` if it had no turn. */
  readonly taken: Readonly<Record<string, ReadonlyArray<number>>>
}

/** The results of a benchmark. */
export interface Results {
  readonly bench: string
  readonly machine: string
  /** When it was run, in ISO 8601. */
  readonly date: string
  readonly cases: ReadonlyArray<CaseFigures>
}

/** More digits mean nothing. */
const rounded = (value: number): number => Number(value.toPrecision(6))

/**
 * Writes the results.
 *
 * @param file the file; `undefined` writes none
 * @param bench the benchmark's name
 * @param cases its measurements
 */
export const writeResults = (
  file: string | undefined,
  bench: string,
  cases: ReadonlyArray<CaseFigures>,
): void => {
  if (file === undefined) return
  const results: Results = {
    bench,
    machine: machine(),
    date: new Date().toISOString(),
    cases: cases.map((one) => ({
      ...one,
      taken: Object.fromEntries(
        Object.entries(one.taken).map(([name, values]) => [name, values.map(rounded)]),
      ),
    })),
  }
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`)
}

/** Reads results that a benchmark has written. */
export const readResults = (file: string): Results =>
  // JSON has no NaN: JSON.stringify writes null for it.
  JSON.parse(readFileSync(file, "utf8"), (_, value: unknown) => value === null ? NaN : value)
