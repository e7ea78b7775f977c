/**
 * Text of strangers on a terminal: on one line, escaped, cut to what there is room for, in columns.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"
import { printName } from "../../binary/report/print.ts"

/** As much of a name as a person reads. */
const longestName = 100

/**
 * A name out of a module, safe to print and bounded.
 *
 * @param name any text
 * @param longest as many characters as there is room for
 */
export const nameText = (name: string, longest: number = longestName): string =>
  name.length > longest ? `${printName(name.slice(0, longest))}…` : printName(name)

/**
 * A name in a list or a table, where an empty one would not be seen.
 *
 * @param name any text
 */
export const listedName = (name: string): string => name === "" ? '""' : nameText(name)

/** Controls, what reverses or hides characters, line separators, halves of characters. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * Any text on one line: what would break it, or steer a terminal, is shown by its code point.
 *
 * @param text any text
 */
export const oneLine = (text: string): string =>
  text.replace(
    unsafe,
    (character) =>
      character === "\n" ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )

/**
 * JSON that can be looked at on a terminal: what would steer it is written as JSON escapes it.
 *
 * @param json a text of JSON, its lines broken by line feeds
 */
export const safeJson = (json: string): string =>
  json.replace(unsafe, (character) => {
    if (character === "\n") return character
    let escaped = ""
    for (let i = 0; i < character.length; i++) {
      escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`
    }
    return escaped
  })

/** Characters of one column each, none of which joins its neighbor: ASCII, and letters of Latin scripts. */
const single = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff]*$/

/**
 * How many columns a text takes. To find what a terminal shows as one character takes a hundred times as long as to see
 * that there is nothing to find.
 *
 * @param text one line, with looks or without
 */
export const columnsOf = (text: string): number =>
  single.test(text) ? text.length : displayWidth(text)

/**
 * Cuts a text that has no looks yet to a width.
 *
 * @param text one line
 * @param width in columns; at least one
 */
export const cutTo = (text: string, width: number): string => {
  // No unit of a text takes more than two columns.
  if (2 * text.length <= width || (text.length <= width && columnsOf(text) <= width)) return text
  if (single.test(text)) return `${text.slice(0, width - 1)}…`
  let cut = ""
  let used = 1
  for (const character of text) {
    used += displayWidth(character)
    if (used > width) break
    cut += character
  }
  return `${cut}…`
}

/**
 * Fills a text up with spaces.
 *
 * @param text one line, with looks or without
 * @param width in columns
 * @param side where the spaces go
 */
export const pad = (text: string, width: number, side: "left" | "right" = "right"): string => {
  const spaces = " ".repeat(Math.max(0, width - columnsOf(text)))
  return side === "left" ? spaces + text : text + spaces
}

/** A column: to which side its cells are set. */
export type Alignment = "left" | "right"

/**
 * Rows in columns, two spaces apart; the last column is as wide as it is.
 *
 * @param rows the cells
 * @param alignments of the columns, left where there is none
 */
export const inColumns = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  alignments: ReadonlyArray<Alignment> = [],
): ReadonlyArray<string> => {
  const widths: Array<number> = []
  for (const row of rows) {
    row.forEach((cell, index) => {
      // Nothing is set beside the last cell, so how wide it is does not matter.
      if (index === row.length - 1 && alignments[index] !== "right") return
      widths[index] = Math.max(widths[index] ?? 0, columnsOf(cell))
    })
  }
  return rows.map((row) =>
    row.map((cell, index) => {
      const isRight = alignments[index] === "right"
      if (index === row.length - 1 && !isRight) return cell
      return pad(cell, widths[index] ?? 0, isRight ? "left" : "right")
    }).join("  ").trimEnd()
  )
}

/**
 * A label and what there is to say of it, the labels in a column of their own.
 *
 * @param label one word or two
 * @param text the rest of the line
 */
export const labelled = (label: string, text: string): string =>
  `${label.padEnd(labelWidth)}${text}`.trimEnd()

/** How wide the column of labels is. */
export const labelWidth = 14
