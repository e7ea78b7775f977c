/**
 * Compares two runs of a benchmark: what each case took in both, the ratio of the second to the first and, as the load of a
 * machine changes between runs, the ratio of each to the rival in its own rounds.
 *
 * Usage: `bun bench/compare.ts before.json after.json`, with files that a benchmark has written with `--json`
 *
 * @module
 */
import process from "node:process"
import { type CaseFigures, readResults } from "./results.ts"
import { showRatio, type Spread, spreadOf, table } from "./support.ts"

/** The name of a case, with only the major version of the runtime, so that minor versions can be compared. */
const nameOf = ({ of: [first = "", ...others], unit }: CaseFigures): string =>
  [first.replace(/( \d+)\.[\d.]+$/, "$1"), ...others, unit].join(", ")

const spread = (values: ReadonlyArray<number>): Spread => spreadOf(values.filter(Number.isFinite))

/** The ratio of two runs. They share no rounds, so its bounds are the ratios of opposite quartiles. */
const between = (after: ReadonlyArray<number>, before: ReadonlyArray<number>): Spread => {
  const [a, b] = [spread(after), spread(before)]
  return { low: a.low / b.high, median: a.median / b.median, high: a.high / b.low }
}

const showRival = ({ rival, taken }: CaseFigures, who: string): string => {
  const [ours, theirs] = [taken[who], taken[rival ?? ""]]
  if (ours === undefined || theirs === undefined || who === rival) return ""
  return showRatio(spread(ours.map((value, round) => value / (theirs[round] ?? NaN))))
}

const show = (values: ReadonlyArray<number>): string => {
  const { median } = spread(values)
  return median.toFixed(median < 20 ? 2 : 0)
}

const [first, second, ...others] = process.argv.slice(2)
if (first === undefined || second === undefined || others.length > 0) {
  throw new Error("Name two files that a bench has written with --json")
}
const [before, after] = [readResults(first), readResults(second)]
if (before.bench !== after.bench) {
  throw new Error(`These are of two benches: ${before.bench} and ${after.bench}`)
}
const byName = new Map(after.cases.map((one) => [nameOf(one), one]))
const rows: Array<ReadonlyArray<string>> = []
const alone: Array<string> = []
for (const one of before.cases) {
  const name = nameOf(one)
  const other = byName.get(name)
  if (other === undefined) {
    alone.push(name)
    continue
  }
  byName.delete(name)
  for (const [who, taken] of Object.entries(one.taken)) {
    const again = other.taken[who]
    if (again === undefined) continue
    const shown = rows.some(([label]) => label === name) ? "" : name
    const ratios = [showRatio(between(again, taken)), showRival(one, who), showRival(other, who)]
    rows.push([shown, who, show(taken), show(again), ...ratios])
  }
}
for (const { bench, date, machine } of [before, after]) console.log(`${bench}, ${date}: ${machine}`)
const head = [
  "case",
  "who",
  "before",
  "after",
  "after/before",
  "to rival, before",
  "to rival, after",
]
console.log(`\n${table(head, rows)}`)
for (const name of [...alone, ...byName.keys()]) console.log(`In one of them alone: ${name}`)
