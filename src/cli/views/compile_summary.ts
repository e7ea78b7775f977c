/**
 * The summary that `compile` prints: how the bytes arrived, and what is in the module.
 *
 * @module
 */
import type { ModuleReport } from "../../binary/report/module_report.ts"
import type { LoadTimes } from "../load_times.ts"
import { countText, plural, rateText, timeText, waitText } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import { labelled, nameText, pad } from "../terminal/text.ts"
import { sectionBar } from "./section_bar.ts"

/** A line with a time in a column of its own. */
const timed = (label: string, milliseconds: number, text: string): string =>
  labelled(label, `${pad(timeText(milliseconds), 10, "left")}  ${text}`)

/** How the bytes were requested and arrived, if they were, and how long compiling took after that. */
const timesLines = (times: LoadTimes): ReadonlyArray<string> => {
  const { afterwards, attempts, download, firstByte, retrying, size, status } = times
  const retried = attempts > 1
    ? [labelled("attempts", `${attempts}, the last one ${waitText(retrying)} after the first`)]
    : []
  // Modules in a cache or in a file are not downloaded.
  const received = firstByte === undefined
    ? []
    : status === 304
    ? [timed("revalidated", firstByte, "")]
    : [
      timed("first byte", firstByte, ""),
      timed("download", download, rateText(size, download)),
    ]
  return [
    ...retried,
    ...received,
    timed("compiled", afterwards, "from the last byte to the module"),
  ]
}

const kinds = ["function", "memory", "table", "global", "tag"] as const

const plurals: Readonly<Record<string, string>> = { memory: "memories" }

/** How many there are of each kind: `4: 2 functions, 1 memory, 1 table`. */
export const kindsText = (externals: ReadonlyArray<{ readonly kind: string }>): string => {
  if (externals.length === 0) return "none"
  const counts = kinds.flatMap((kind) => {
    const count = externals.filter((external) => external.kind === kind).length
    return count === 0 ? [] : [plural(count, kind, plurals[kind])]
  })
  return `${countText(externals.length)}: ${counts.join(", ")}`
}

/** What a summary shows besides the report. */
export interface SummaryFacts {
  readonly times: LoadTimes
  readonly integrity: string | undefined
  /** How the cache was used, if there is one. */
  readonly cache?: string | undefined
  readonly width: number
  readonly style: Style
}

/**
 * The lines of a summary.
 *
 * @param report what is in the module
 * @param facts what else is known
 */
export const summaryLines = (
  report: ModuleReport,
  { cache, integrity, style, times, width }: SummaryFacts,
): ReadonlyArray<string> => {
  const { exports, features, functions, imports, moduleName, sections, size, unknown } = report
  const lines = [
    labelled("size", `${plural(size, "byte")} in ${plural(sections.length, "section")}`),
    ...timesLines(times),
  ]
  if (cache !== undefined) lines.push(labelled("cache", cache))
  if (integrity !== undefined) lines.push(labelled("verified", nameText(integrity)))
  lines.push(...sectionBar(report, width, style))
  if (moduleName !== undefined) lines.push(labelled("name", nameText(moduleName)))
  lines.push(
    labelled(
      "functions",
      `${countText(functions.defined)} defined, ${countText(functions.imported)} imported`,
    ),
    labelled("imports", kindsText(imports)),
    labelled("exports", kindsText(exports)),
    labelled(
      "features",
      features.length === 0 ? "none beyond WebAssembly 1.0" : features.join(", "),
    ),
  )
  if (unknown !== undefined) {
    lines.push(
      labelled(
        "unknown",
        `${unknown.what} at byte ${unknown.offset}: the engine alone has checked the rest`,
      ),
    )
  }
  return lines
}
