/**
 * What differs between two builds, in tables for a terminal.
 *
 * @module
 */
import type { DiffDocument, SetChange, SizeChange } from "../../documents.ts"
import { printPath } from "../../messages/print.ts"
import { countText, plural } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import {
  type Alignment,
  cutTo,
  inColumns,
  labelled,
  listedName,
  nameText,
} from "../terminal/text.ts"

/** How it is to be shown. */
export interface DiffView {
  readonly all: boolean
  /** How wide a line may be, in columns. */
  readonly width: number
  readonly style: Style
}

/** The most rows of a table without `--all`. */
const fewRows = 20

const signed = (change: number): string => `${change < 0 ? "-" : "+"}${countText(Math.abs(change))}`

const percent = (before: number, after: number): string =>
  before === 0
    ? ""
    : ` (${after < before ? "-" : "+"}${Math.abs(100 * (after - before) / before).toFixed(1)}%)`

const changeText = (before: number, after: number): string =>
  before === 0 ? "new" : after === 0 ? "gone" : `${countText(before)} → ${countText(after)}`

/** A row of a table. `paint` is applied after the row is cut to the width. */
interface Row {
  readonly cells: ReadonlyArray<string>
  readonly paint: (line: string) => string
}

/** A table; rows that are not shown are not made. */
const table = <A>(
  title: string,
  entries: ReadonlyArray<A>,
  rowOf: (entry: A, index: number) => Row,
  { all, style, width }: DiffView,
  alignments: ReadonlyArray<Alignment> = [],
): ReadonlyArray<string> => {
  if (entries.length === 0) return []
  const rows = (all ? entries : entries.slice(0, fewRows)).map(rowOf)
  const left = entries.length - rows.length
  return [
    "",
    `${style.strong(title)} ${style.faint(`(${countText(entries.length)})`)}`,
    ...inColumns(rows.map(({ cells }) => cells), alignments).map((line, index) => {
      const cut = cutTo(`  ${line}`, width)
      return rows[index]?.paint(cut) ?? cut
    }),
    ...(left > 0 ? [style.faint(`  … and ${countText(left)} more: --all`)] : []),
  ]
}

const sizeTable = (
  title: string,
  changes: ReadonlyArray<SizeChange>,
  view: DiffView,
): ReadonlyArray<string> => {
  const { bad, good } = view.style
  const rowOf = ({ after, before, name }: SizeChange): Row => ({
    cells: [signed(after - before), changeText(before, after), listedName(name)],
    paint: after > before ? bad : good,
  })
  return table(title, changes, rowOf, view, ["right", "right"])
}

const setTable = <A>(
  title: string,
  { added, removed }: SetChange<A>,
  textOf: (entry: A) => ReadonlyArray<string>,
  view: DiffView,
): ReadonlyArray<string> => {
  const { bad, good } = view.style
  const rowOf = (entry: A, index: number): Row => {
    const isRemoved = index < removed.length
    return {
      cells: [isRemoved ? "-" : "+", ...textOf(entry)],
      paint: isRemoved ? bad : good,
    }
  }
  return table(title, [...removed, ...added], rowOf, view)
}

/** Parts that have the same size but different bytes. */
const sameSizeTable = (
  { sameSize }: DiffDocument,
  view: DiffView,
): ReadonlyArray<string> => {
  if (sameSize === undefined) return []
  const rows = [
    ...sameSize.sections.map((name) => ["section", name] as const),
    ...sameSize.functions.map((name) => ["function", name] as const),
  ]
  return table(
    "Same size, other bytes",
    rows,
    ([what, name]) => ({ cells: [what, listedName(name)], paint: itself }),
    view,
  )
}

/** The line for two modules that no table distinguishes. */
const conclusion = ({ isIdentical }: DiffDocument): string => {
  if (isIdentical === true) return "The modules are identical"
  const same = "Sizes of sections and functions, imports, exports and features are the same"
  return isIdentical === false ? `${same}, but the bytes differ` : same
}

const itself = (text: string): string => text

const unnamedLine = (
  { sameSize, unnamed: { after, before } }: DiffDocument,
): ReadonlyArray<string> => {
  const isSame = before.count === after.count && before.size === after.size
  if (isSame && (before.count === 0 || sameSize?.sections.includes("code") !== true)) return []
  const text = `${countText(before.count)} → ${plural(after.count, "function")} ` +
    `(${countText(before.size)} → ${
      plural(after.size, "byte")
    }), not compared: functions are matched by name`
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
    style.strong(`${printPath(before)} → ${printPath(after)}`),
    labelled("size", sizes),
    ...(body.length === 0 ? [conclusion(diff)] : body),
  ]
}
