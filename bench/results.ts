/**
 * What a bench measured, as JSON beside its table, so that two runs can be compared (`compare.ts`).
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs"
import { machine } from "./support.ts"

/** What a case took. */
export interface CaseFigures {
  /** What it is: the runtime and its version, if any, first. Cases of two runs that are called the same are compared. */
  readonly of: ReadonlyArray<string>
  readonly unit: "ms" | "MB"
  /** Whom the contenders are compared with, if with anyone: one of them. */
  readonly rival?: string
  /** By contender, round by round; `NaN` where one had no turn. */
  readonly taken: Readonly<Record<string, ReadonlyArray<number>>>
}

/** What a bench measured. */
export interface Results {
  readonly bench: string
  readonly machine: string
  /** When it was done, as in ISO 8601. */
  readonly date: string
  readonly cases: ReadonlyArray<CaseFigures>
}

/** More digits mean nothing. */
const rounded = (value: number): number => Number(value.toPrecision(6))

/**
 * Writes what was measured.
 *
 * @param file where to; nowhere if it was not asked for
 * @param bench the bench's name
 * @param cases what it measured
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

/** Reads what a bench has written. */
export const readResults = (file: string): Results =>
  // JSON has no NaN, and has null for it.
  JSON.parse(readFileSync(file, "utf8"), (_, value: unknown) => value === null ? NaN : value)
