/**
 * Untrusted text on a terminal: on one line, escaped, cut to a width, set in columns.
 *
 * @module
 */
import { displayWidth } from "effect/cli/CliOutput"
import { printName } from "../../binary/report/print.ts"

/** The most characters shown of a name. */
const longestName = 100

/**
 * A name from a module, safe to print and bounded.
 *
 * @param name any text
 * @param longest the most characters to show
 */
export const nameText = (name: string, longest: number = longestName): string =>
  name.length > longest ? `${printName(name.slice(0, longest))}…` : printName(name)

/**
 * A name in a list or a table, where an empty one, or a space at its ends, has to be visible.
 *
 * @param name any text
 */
export const listedName = (name: string): string =>
  name === "" || name !== name.trim() ? `"${nameText(name)}"` : nameText(name)

/** Control and format characters, lone surrogates, line and paragraph separators. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * Any text on one line: characters that would break it, or control a terminal, are shown by their code points.
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
 * JSON that is safe on a terminal: characters that would control it are written as JSON escapes.
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

/** Characters that take one column each and do not combine: ASCII and Latin letters. */
const single = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff]*$/

/**
 * The width of a text in columns. Finding what a terminal shows as one character takes a hundred times as long as the test
 * for simple text.
 *
 * @param text one line, styled or not
 */
export const columnsOf = (text: string): number =>
  single.test(text) ? text.length : displayWidth(text)

/**
 * Cuts a text to a width, before it is styled.
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
 * Pads a text with spaces.
 *
 * @param text one line, styled or not
 * @param width in columns
 * @param side where the spaces go
 */
export const pad = (text: string, width: number, side: "left" | "right" = "right"): string => {
  const spaces = " ".repeat(Math.max(0, width - columnsOf(text)))
  return side === "left" ? spaces + text : text + spaces
}

/** The side to which a column is aligned. */
export type Alignment = "left" | "right"

/**
 * Rows in columns, two spaces apart; the last column is not padded.
 *
 * @param rows the cells
 * @param alignments of the columns; left if absent
 */
export const inColumns = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  alignments: ReadonlyArray<Alignment> = [],
): ReadonlyArray<string> => {
  const widths: Array<number> = []
  for (const row of rows) {
    row.forEach((cell, index) => {
      // Nothing follows the last cell, so its width does not matter.
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
 * A label and its text; the labels have a column of their own.
 *
 * @param label one word or two
 * @param text the rest of the line
 */
export const labelled = (label: string, text: string): string =>
  `${label.padEnd(labelWidth)}${text}`.trimEnd()

/** The width of the column of labels. */
export const labelWidth = 14
