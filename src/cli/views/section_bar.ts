/**
 * The sections of a module as one bar, each as long as its share of the bytes.
 *
 * @module
 */
import type { ModuleReport } from "../../binary/report/module_report.ts"
import { withoutColor } from "../terminal/color.ts"
import { shareText } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import { labelled, labelWidth, nameText } from "../terminal/text.ts"

/** The bytes of sections with one name. */
export interface Part {
  readonly name: string
  readonly size: number
}

/** If there are more sections than this, custom ones are not distinguished by name: there may be millions of names. */
const mostNamed = 1_000

/** The sections by name, the largest first; custom ones by their own names. */
export const partsOf = ({ sections }: ModuleReport): ReadonlyArray<Part> => {
  const parts = new Map<string, number>()
  for (const { customName, name, size } of sections) {
    const isNamed = customName !== undefined && sections.length <= mostNamed
    const key = !isNamed ? name : `"${nameText(customName, 24)}"`
    parts.set(key, (parts.get(key) ?? 0) + size)
  }
  return [...parts].map(([name, size]) => ({ name, size })).sort((a, b) => b.size - a.size)
}

/** Without colors, the shade distinguishes the parts. */
const shades = ["█", "▓", "▒", "░"] as const
const mostParts = shades.length

/**
 * The bar and its legend.
 *
 * @param report what is in the module
 * @param width how wide a line may be, in columns
 * @param style the looks
 */
export const sectionBar = (
  report: ModuleReport,
  width: number,
  style: Style,
): ReadonlyArray<string> => {
  const parts = partsOf(report).filter(({ size }) => size > 0)
  if (parts.length === 0) return []
  // Headers count as others, so that the shares are those of the table of sections.
  const whole = report.size
  const room = Math.max(10, Math.min(64, width - labelWidth))
  let bar = ""
  const legend: Array<string> = []
  let shown = 0
  let filled = 0
  for (const [index, { name, size }] of parts.slice(0, mostParts).entries()) {
    shown += size
    const end = Math.round(shown / whole * room)
    const paint = style.parts[index] ?? ((text: string) => text)
    // With colors, all parts have the same shade.
    const shade = style.parts.length > 0 ? shades[0] : shades[index] ?? shades[0]
    if (end > filled) bar += paint(shade.repeat(end - filled))
    filled = end
    legend.push(`${paint(shade)} ${name} ${shareText(size, whole)}`)
  }
  if (shown < whole) {
    bar += "·".repeat(room - filled)
    legend.push(`· others ${shareText(whole - shown, whole)}`)
  }
  return [labelled("sections", bar), ...legendLines(legend, width)]
}

/** The legend, broken into lines that fit. */
const legendLines = (legend: ReadonlyArray<string>, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  let used = 0
  for (const entry of legend) {
    // Colors take no room.
    const { length } = withoutColor(entry)
    if (line !== "" && labelWidth + used + 2 + length > width) {
      lines.push(labelled("", line))
      line = ""
      used = 0
    }
    line += `${line === "" ? "" : "  "}${entry}`
    used += length + 2
  }
  lines.push(labelled("", line))
  return lines
}
