/**
 * Explanations of reasons and codes from `docs/errors.md`, which the package contains.
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import { inCommandWords } from "./option_names.ts"

/** Relative to `src/cli/`, and to `dist/`. */
const places = ["../../docs/errors.md", "../docs/errors.md"] as const

const read = async (url: URL): Promise<string> => {
  if (url.protocol === "file:") return await readFile(url, "utf8")
  const response = await fetch(url)
  if (!response.ok) throw new Error(`The server answered ${response.status}`)
  return await response.text()
}

/** The text of the document; `undefined` if it cannot be read. */
export const errorsDocument = async (): Promise<string | undefined> => {
  for (const place of places) {
    const text = await read(new URL(place, import.meta.url)).catch(() => undefined)
    if (text !== undefined) return text
  }
  return undefined
}

/** A cell of a table as plain text. */
const plain = (cell: string): string =>
  inCommandWords(
    cell.trim().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "").replaceAll("\\|", "|"),
  )

/** The sentence before a table that says what its empty cells stand for. */
const emptyCell = /^Where a cell is empty, the cause is (.*)$/

/** The lines of the document, with that sentence on one of them. */
const linesOf = (text: string): ReadonlyArray<string> =>
  text.replace(/^Where a cell is empty.*(?:\n\S.*)*/gm, (lines) => lines.replaceAll("\n", " "))
    .split("\n")

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** What the document says about a reason or a code. */
export interface Explanation {
  /** The column headings, each with the text below it. */
  readonly parts: ReadonlyArray<readonly [head: string, text: string]>
}

/**
 * Finds the explanation of a reason or a code.
 *
 * @param text the document
 * @param word a reason or a code
 */
export const explanationOf = (text: string, word: string): Explanation | undefined => {
  let heads: ReadonlyArray<string> = []
  let empty = ""
  for (const line of linesOf(text)) {
    if (line.startsWith("#")) empty = ""
    const cause = emptyCell.exec(line)?.[1]
    if (cause !== undefined) empty = capitalized(cause)
    if (!line.startsWith("|")) continue
    const [first = "", ...cells] = line.split(/(?<!\\)\|/).slice(1, -1)
    if (/^[\s-]+$/.test(first)) continue
    if (first.trim() === `\`${word}\``) {
      return {
        parts: cells.map((cell, at) => [heads[at] ?? "", plain(cell.trim() === "" ? empty : cell)]),
      }
    }
    if (!first.includes("`")) heads = cells.map(plain)
  }
  return undefined
}
