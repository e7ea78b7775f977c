/**
 * Everything that is known of a module, in tables for a terminal.
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
  /** Every row, where otherwise there are the first ones. */
  readonly all: boolean
  /** Only rows that hold this text, whatever the case. */
  readonly filter: string | undefined
  /** How wide a line may be, and a figure, in columns. */
  readonly width: number
  readonly figureWidth: number
  readonly style: Style
}

/** As many rows of a table as are read without `--all`. */
const fewRows = 20

interface Table {
  readonly title: string
  /** How many there are, where that is not the number of rows. */
  readonly count?: number | undefined
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly alignments?: ReadonlyArray<Alignment> | undefined
}

const holds = (filter: string) => {
  const wanted = filter.toLowerCase()
  return (row: ReadonlyArray<string>): boolean =>
    row.some((cell) => cell.toLowerCase().includes(wanted))
}

const tableLines = (
  { alignments, count, rows, title }: Table,
  { all, filter, style, width }: InspectView,
): ReadonlyArray<string> => {
  const wanted = filter === undefined ? rows : rows.filter(holds(filter))
  const whole = count ?? rows.length
  if (wanted.length === 0) return []
  const shown = all || filter !== undefined ? wanted : wanted.slice(0, fewRows)
  const counted = filter === undefined
    ? countText(whole)
    : `${countText(wanted.length)} of ${countText(whole)}`
  const left = (filter === undefined ? whole : wanted.length) - shown.length
  return [
    "",
    `${style.strong(title)} ${style.faint(`(${counted})`)}`,
    ...inColumns(shown, alignments).map((line) => cutTo(`  ${line}`, width)),
    ...(left > 0 ? [style.faint(`  … and ${countText(left)} more: --all`)] : []),
  ]
}

const producerText = ({ name, version }: Producer): string =>
  nameText(version === "" ? name : `${name} ${version}`)

/** What there is one of. */
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
      `${countText(functions.defined)} of its own, ${countText(functions.imported)} imported`,
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
  const right = "right" as const
  const external = (isImported: boolean): string => isImported ? "import" : ""
  const all: ReadonlyArray<Table> = [
    {
      title: "Sections",
      rows: sections.map((section) => [
        offsetText(section.offset),
        countText(section.size),
        shareText(section.size, size),
        section.customName === undefined
          ? section.name
          : `custom "${nameText(section.customName)}"${
            section.unread === undefined ? "" : unreadText[section.unread]
          }`,
      ]),
      alignments: [right, right, right],
    },
    {
      title: "Imports",
      rows: imports.map((
        { module, name, type },
      ) => [`${listedName(module)}.${listedName(name)}`, type]),
    },
    {
      title: "Exports",
      rows: exports.map(({ index, name, type }) => [listedName(name), String(index), type]),
      alignments: ["left", right],
    },
    {
      title: "Memories",
      rows: memories.map((
        { isImported, type },
        index,
      ) => [String(index), type, external(isImported)]),
    },
    {
      title: "Tables",
      rows: tables.map((
        { isImported, type },
        index,
      ) => [String(index), type, external(isImported)]),
    },
    {
      title: "Globals",
      rows: globals.map((
        { isImported, type },
        index,
      ) => [String(index), type, external(isImported)]),
      alignments: [right],
    },
    {
      title: "Tags",
      rows: tags.map(({ isImported, type }, index) => [String(index), type, external(isImported)]),
      alignments: [right],
    },
    {
      title: "Functions, the biggest first",
      count: report.functions.defined,
      rows: functions.map(({ index, name, offset, size: bytes }) => [
        String(index),
        offsetText(offset),
        countText(bytes),
        shareText(bytes, size),
        name === undefined ? "" : nameText(name),
      ]),
      alignments: [right, right, right, right],
    },
  ]
  const lines = [
    style.strong(name),
    labelled("size", `${plural(size, "byte")} in ${plural(sections.length, "section")}`),
    ...(filter === undefined ? sectionBar(report, figureWidth, style) : []),
    ...factLines(outline, view).map((line) => cutTo(line, width)),
  ]
  const tablesShown = all.flatMap((table) => tableLines(table, view))
  if (filter !== undefined && tablesShown.length === 0) {
    lines.push("", style.warning(`Nothing here holds "${nameText(filter)}"`))
  }
  return [...lines, ...tablesShown]
}

/** How many functions have to be known for a view. */
export const functionsNeeded = ({ all, filter }: Pick<InspectView, "all" | "filter">): number =>
  all || filter !== undefined ? Infinity : fewRows
