/**
 * A module's report in a few lines for a person.
 *
 * @module
 */
import { printName } from "../binary/print.ts"
import type { ModuleReport } from "../binary/report.ts"

/** As many names as a line can hold. */
const shown = 4

const list = (names: ReadonlyArray<string>): string => {
  if (names.length === 0) return "nothing"
  const rest = names.length - shown
  return rest > 0 ? `${names.slice(0, shown).join(", ")} and ${rest} more` : names.join(", ")
}

const count = (number: number): string => number.toLocaleString("en")

/** Text on one line: what would break it, or steer a terminal, is shown by its code point. */
export const oneLine = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      character === "\n" ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )

/**
 * The lines that describe a report: a label and a text each.
 *
 * @param report what is in the module
 */
export const describeReport = (
  report: ModuleReport,
): ReadonlyArray<readonly [label: string, text: string]> => {
  const { exports, functions, imports, memories, producers } = report
  const lines: Array<readonly [string, string]> = [
    ["size", `${count(report.size)} bytes in ${report.sections.length} sections`],
    ["functions", `${count(functions.defined)} of its own, ${count(functions.imported)} imported`],
    [
      "imports",
      list(
        imports.map(({ module, name, type }) => `${printName(module)}.${printName(name)} ${type}`),
      ),
    ],
    ["exports", list(exports.map(({ name, type }) => `${printName(name)} ${type}`))],
  ]
  if (report.moduleName !== undefined) lines.push(["name", printName(report.moduleName)])
  if (memories.length > 0) lines.push(["memory", memories.map(({ type }) => type).join(", ")])
  if (report.features.length > 0) lines.push(["features", report.features.join(", ")])
  if (producers.length > 0) {
    lines.push([
      "made by",
      list(producers.map(({ name, version }) => printName(`${name} ${version}`.trim()))),
    ])
  }
  if (report.unknown !== undefined) {
    const { offset, what } = report.unknown
    lines.push(["unknown", `${what} at byte ${offset}: from there on the engine alone has judged`])
  }
  return lines
}
