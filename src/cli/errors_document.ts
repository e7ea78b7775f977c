/**
 * What `docs/errors.md` says of a reason or a code: the package has the document beside the command.
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import { inCommandWords } from "./option_names.ts"

/** From `src/cli/`, and from `dist/`. */
const places = ["../../docs/errors.md", "../docs/errors.md"] as const

const read = async (url: URL): Promise<string> => {
  if (url.protocol === "file:") return await readFile(url, "utf8")
  const response = await fetch(url)
  if (!response.ok) throw new Error(`The server answered ${response.status}`)
  return await response.text()
}

/** The text of the document; `undefined` where it is not there. */
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

/** What the document says of a word. */
export interface Explanation {
  /** The heads of the columns, and what stands below them. */
  readonly parts: ReadonlyArray<readonly [head: string, text: string]>
}

/**
 * Finds what the document says.
 *
 * @param text the document
 * @param word a reason or a code
 */
export const explanationOf = (text: string, word: string): Explanation | undefined => {
  let heads: ReadonlyArray<string> = []
  let empty = ""
  for (const line of text.split("\n")) {
    // What holds of most rows of a table is said once, before it.
    if (line.startsWith("#")) empty = ""
    empty = /^An empty cell: (.*)$/.exec(line)?.[1] ?? empty
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
