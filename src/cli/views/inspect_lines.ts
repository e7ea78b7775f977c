/**
 * What is known about a module, in tables for a terminal.
 *
 * @module
 */
import type { ModuleOutline } from "../../binary/report/outline.ts"
import type { Producer } from "../../binary/report/custom_sections.ts"
import { countText, offsetText, plural, shareText } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import {
  type Alignment,
  cutTo,
  inColumns,
  labelled,
  listedName,
  nameText,
} from "../terminal/text.ts"
import { sectionBar } from "./section_bar.ts"

/** What is to be shown, and how. */
export interface InspectView {
  /** Whether to show every row, rather than the first ones. */
  readonly all: boolean
  /** Show only rows that contain this text, in upper or lower case. */
  readonly filter: string | undefined
  /** The widths of lines and of figures, in columns. */
  readonly width: number
  readonly figureWidth: number
  readonly style: Style
}

/** The most rows of a table without `--all`. */
const fewRows = 20

type Row = ReadonlyArray<string>

interface Table {
  readonly title: string
  /** The number of entries, if it is not the number of rows. */
  readonly count?: number | undefined
  readonly length: number
  /** Makes a row; called only for rows that are needed. */
  readonly row: (index: number) => Row
  readonly alignments?: ReadonlyArray<Alignment> | undefined
}

/** A table of entries, a row each. */
const tableOf = <A>(
  title: string,
  entries: ReadonlyArray<A>,
  rowOf: (entry: A, index: number) => Row,
  alignments?: ReadonlyArray<Alignment>,
  count?: number,
): Table => ({
  title,
  count,
  length: entries.length,
  row: (index) => {
    const entry = entries[index]
    return entry === undefined ? [] : rowOf(entry, index)
  },
  alignments,
})

const holds = (filter: string) => {
  const wanted = filter.toLowerCase()
  return (row: Row): boolean => row.some((cell) => cell.toLowerCase().includes(wanted))
}

const tableLines = (
  { alignments, count, length, row, title }: Table,
  { all, filter, style, width }: InspectView,
): ReadonlyArray<string> => {
  const rows = (most: number): ReadonlyArray<Row> =>
    Array.from({ length: Math.min(length, most) }, (_, index) => row(index))
  const shown = filter !== undefined
    ? rows(length).filter(holds(filter))
    : rows(all ? length : fewRows)
  if (shown.length === 0) return []
  const whole = count ?? length
  const counted = filter === undefined
    ? countText(whole)
    : `${countText(shown.length)} of ${countText(whole)}`
  const left = filter === undefined ? whole - shown.length : 0
  return [
    "",
    `${style.strong(title)} ${style.faint(`(${counted})`)}`,
    ...inColumns(shown, alignments).map((line) => cutTo(`  ${line}`, width)),
    ...(left > 0 ? [style.faint(`  … and ${countText(left)} more: --all`)] : []),
  ]
}

const producerText = ({ name, version }: Producer): string =>
  nameText(version === "" ? name : `${name} ${version}`)

/** Facts that need no table, one per line. */
const factLines = ({ report }: ModuleOutline, { filter }: InspectView): ReadonlyArray<string> => {
  if (filter !== undefined) return []
  const {
    buildId,
    dataSegments,
    elementSegments,
    externalDebugInfo,
    features,
    functions,
    moduleName,
    neededLibraries,
    producers,
    sourceMappingUrl,
    start,
    targetFeatures,
    unknown,
  } = report
  const facts: ReadonlyArray<readonly [label: string, text: string | undefined]> = [
    ["name", moduleName === undefined ? undefined : nameText(moduleName)],
    [
      "functions",
      `${countText(functions.defined)} defined, ${countText(functions.imported)} imported`,
    ],
    ["start", start === undefined ? undefined : `function ${start}`],
    [
      "segments",
      dataSegments + elementSegments === 0
        ? undefined
        : `${countText(dataSegments)} of data, ${countText(elementSegments)} of elements`,
    ],
    ["features", features.length === 0 ? "none beyond WebAssembly 1.0" : features.join(", ")],
    [
      "target",
      targetFeatures.length === 0 ? undefined : targetFeatures.map((it) => nameText(it)).join(", "),
    ],
    ...producers.map((producer, index): readonly [string, string] => [
      index === 0 ? "made by" : "",
      `${producerText(producer)} (${nameText(producer.field)})`,
    ]),
    [
      "needs",
      neededLibraries === undefined
        ? undefined
        : neededLibraries.map((it) => nameText(it)).join(", ") || "no library",
    ],
    ["build id", buildId],
    ["source map", sourceMappingUrl === undefined ? undefined : nameText(sourceMappingUrl)],
    ["debug info", externalDebugInfo === undefined ? undefined : nameText(externalDebugInfo)],
    [
      "unknown",
      unknown === undefined
        ? undefined
        : `${unknown.what} at ${offsetText(unknown.offset)}: what follows was not decoded`,
    ],
  ]
  return facts.flatMap(([label, text]) => text === undefined ? [] : [labelled(label, text)])
}

const unreadText = {
  "too-large": ", too large to be read",
  "not-first": ", not the first of its name",
}

/**
 * The lines of `inspect`.
 *
 * @param name what the source is called
 * @param outline what is in the module
 * @param view what is to be shown
 */
export const inspectLines = (
  name: string,
  outline: ModuleOutline,
  view: InspectView,
): ReadonlyArray<string> => {
  const { functions, globals, report, tags } = outline
  const { figureWidth, filter, style, width } = view
  const { exports, imports, memories, sections, size, tables } = report
  const external = (
    { isImported, type }: { readonly isImported: boolean; readonly type: string },
    index: number,
  ): Row => [String(index), type, isImported ? "import" : ""]
  const all: ReadonlyArray<Table> = [
    tableOf("Sections", sections, (section) => [
      offsetText(section.offset),
      countText(section.size),
      shareText(section.size, size),
      section.customName === undefined
        ? section.name
        : `custom "${nameText(section.customName)}"${
          section.unread === undefined ? "" : unreadText[section.unread]
        }`,
    ], ["right", "right", "right"]),
    tableOf(
      "Imports",
      imports,
      ({ module, name, type }) => [`${listedName(module)}.${listedName(name)}`, type],
    ),
    tableOf(
      "Exports",
      exports,
      ({ index, name, type }) => [listedName(name), String(index), type],
      ["left", "right"],
    ),
    tableOf("Memories", memories, external),
    tableOf("Tables", tables, external),
    tableOf("Globals", globals, external, ["right"]),
    tableOf("Tags", tags, external, ["right"]),
    tableOf(
      "Functions, the biggest first",
      functions,
      ({ index, name, offset, size: bytes }) => [
        String(index),
        offsetText(offset),
        countText(bytes),
        shareText(bytes, size),
        name === undefined ? "" : listedName(name),
      ],
      ["right", "right", "right", "right"],
      report.functions.defined,
    ),
  ]
  const lines = [
    style.strong(name),
    labelled("size", `${plural(size, "byte")} in ${plural(sections.length, "section")}`),
    ...(filter === undefined ? sectionBar(report, figureWidth, style) : []),
    ...factLines(outline, view).map((line) => cutTo(line, width)),
  ]
  const tablesShown = all.flatMap((table) => tableLines(table, view))
  if (filter !== undefined && tablesShown.length === 0) {
    lines.push("", style.warning(`Nothing matches "${nameText(filter)}"`))
  }
  return [...lines, ...tablesShown]
}

/** The number of functions that a view needs. */
export const functionsNeeded = ({ all, filter }: Pick<InspectView, "all" | "filter">): number =>
  all || filter !== undefined ? Infinity : fewRows
