/**
 * What differs between two builds, in tables for a terminal.
 *
 * @module
 */
import type { DiffDocument, SetChange, SizeChange } from "../../documents.ts"
import { countText, plural } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import { cutTo, inColumns, labelled, listedName, nameText } from "../terminal/text.ts"

/** How it is to be shown. */
export interface DiffView {
  readonly all: boolean
  /** How wide a line may be, in columns. */
  readonly width: number
  readonly style: Style
}

/** As many rows of a table as are read without `--all`. */
const fewRows = 20

const signed = (change: number): string => `${change < 0 ? "-" : "+"}${countText(Math.abs(change))}`

const percent = (before: number, after: number): string =>
  before === 0
    ? ""
    : ` (${after < before ? "-" : "+"}${Math.abs(100 * (after - before) / before).toFixed(1)} %)`

const changeText = (before: number, after: number): string =>
  before === 0 ? "new" : after === 0 ? "gone" : `${countText(before)} → ${countText(after)}`

/** A table; its rows are cut before they get their looks. */
const table = (
  title: string,
  rows: ReadonlyArray<readonly [line: string, paint: (line: string) => string]>,
  { all, style, width }: DiffView,
): ReadonlyArray<string> => {
  if (rows.length === 0) return []
  const shown = all ? rows : rows.slice(0, fewRows)
  const left = rows.length - shown.length
  return [
    "",
    `${style.strong(title)} ${style.faint(`(${countText(rows.length)})`)}`,
    ...shown.map(([line, paint]) => paint(cutTo(`  ${line}`, width))),
    ...(left > 0 ? [style.faint(`  … and ${countText(left)} more: --all`)] : []),
  ]
}

const sizeTable = (
  title: string,
  changes: ReadonlyArray<SizeChange>,
  view: DiffView,
): ReadonlyArray<string> => {
  const lines = inColumns(
    changes.map(({ after, before, name }) => [
      signed(after - before),
      changeText(before, after),
      nameText(name),
    ]),
    ["right", "right"],
  )
  const { bad, good } = view.style
  const paintOf = ({ after, before }: SizeChange) => after > before ? bad : good
  return table(
    title,
    lines.map((line, index) => {
      const change = changes[index]
      return [line, change === undefined ? bad : paintOf(change)]
    }),
    view,
  )
}

const setTable = <A>(
  title: string,
  { added, removed }: SetChange<A>,
  textOf: (entry: A) => ReadonlyArray<string>,
  view: DiffView,
): ReadonlyArray<string> => {
  const cells = [
    ...removed.map((entry) => ["-", ...textOf(entry)]),
    ...added.map((entry) => ["+", ...textOf(entry)]),
  ]
  const { bad, good } = view.style
  return table(
    title,
    inColumns(cells).map((line, index) => [line, index < removed.length ? bad : good]),
    view,
  )
}

/** What only its bytes tell apart. */
const sameSizeTable = (
  { sameSize }: DiffDocument,
  view: DiffView,
): ReadonlyArray<string> => {
  if (sameSize === undefined) return []
  const rows = [
    ...sameSize.sections.map((name) => ["section", nameText(name)]),
    ...sameSize.functions.map((name) => ["function", nameText(name)]),
  ]
  return table(
    "Same size, other bytes",
    inColumns(rows).map((line) => [line, itself]),
    view,
  )
}

/** What is to be said where no table says what differs. */
const conclusion = ({ isIdentical }: DiffDocument): string => {
  if (isIdentical === true) return "The modules are identical"
  const same = "Sizes of sections and functions, imports, exports and features are the same"
  return isIdentical === false ? `${same}, but the bytes differ` : same
}

const itself = (text: string): string => text

const unnamedLine = ({ unnamed: { after, before } }: DiffDocument): ReadonlyArray<string> => {
  if (before.count === after.count && before.size === after.size) return []
  const text = `${countText(before.count)} → ${countText(after.count)}, of ` +
    `${countText(before.size)} → ${plural(after.size, "byte")}; only names tell functions apart`
  return [labelled("unnamed", text)]
}

/**
 * The lines of `diff`.
 *
 * @param diff what differs
 * @param view how it is to be shown
 */
export const diffLines = (diff: DiffDocument, view: DiffView): ReadonlyArray<string> => {
  const { after, before, exports, features, functions, imports, memories, sections, size, tables } =
    diff
  const { style } = view
  const texts = (text: string): ReadonlyArray<string> => [nameText(text)]
  const sizes = size.before === size.after
    ? `${plural(size.after, "byte")}, as before`
    : `${countText(size.before)} → ${plural(size.after, "byte")}, ` +
      `${signed(size.after - size.before)}${percent(size.before, size.after)}`
  const body = [
    ...unnamedLine(diff),
    ...sizeTable("Sections", sections, view),
    ...sizeTable("Functions", functions, view),
    ...sameSizeTable(diff, view),
    ...setTable(
      "Imports",
      imports,
      ({ module, name, type }) => [`${listedName(module)}.${listedName(name)}`, type],
      view,
    ),
    ...setTable("Exports", exports, ({ name, type }) => [listedName(name), type], view),
    ...setTable("Memories", memories, texts, view),
    ...setTable("Tables", tables, texts, view),
    ...setTable("Features", features, texts, view),
  ]
  return [
    style.strong(`${before} → ${after}`),
    labelled("size", sizes),
    ...(body.length === 0 ? [conclusion(diff)] : body),
  ]
}
