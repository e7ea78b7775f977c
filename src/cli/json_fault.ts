/**
 * Where a text stops being JSON, and what is expected there. The messages of `JSON.parse` differ between engines, and some
 * have no position.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 * @module
 */
import { oneLine } from "./terminal/text.ts"

/** What is wrong with a text that is not JSON. */
export interface JsonFault {
  /** Line and column are counted from 1, as in editors. */
  readonly line: number
  readonly column: number
  /** What was expected and what was found; safe to print. */
  readonly message: string
}

/** What may come next. */
type State = "value" | "value or ]" | "name" | "name or }" | "colon" | "next"

const wanted: Readonly<Record<Exclude<State, "next">, string>> = {
  "value": "a value",
  "value or ]": "a value or ]",
  "name": "a name in double quotes",
  "name or }": "a name in double quotes or }",
  "colon": "a colon",
}

const space = /[ \t\n\r]*/y
/** A number, `true`, `false` or `null`. */
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y
/** What a reader sees as one token. */
const token = /\\?[\w.+-]+|[^]/uy
/** The most characters shown of a token. */
const longest = 20

/** The index after a match that begins at an index; the same index if there is none. */
const endOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** Describes what was found at an index. */
const foundAt = (text: string, at: number): string => {
  if (at >= text.length) return "the end of the file"
  if (text[at] === "\n" || text[at] === "\r") return "the end of the line"
  if (text[at] === '"') return "a double quote"
  const found = text.slice(at, endOf(token, text, at))
  return `"${oneLine(found.slice(0, longest))}${found.length > longest ? "…" : ""}"`
}

interface Found {
  readonly at: number
  readonly wanted: string
}

/** The index after a string, or what is wrong in it. */
const readString = (text: string, begin: number): number | Found => {
  for (let at = begin + 1;;) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (!(code >= 0x20)) return { at, wanted: 'a closing "' }
    if (code !== 0x5c) {
      at++
      continue
    }
    const end = endOf(escape, text, at)
    if (end === at) return { at, wanted: "an escape of JSON" }
    at = end
  }
}

const faultIn = (text: string): Found | undefined => {
  const open: Array<"{" | "["> = []
  let state: State = "value"
  for (let at = 0;;) {
    at = endOf(space, text, at)
    const character = text[at]
    const inside = open.at(-1)
    if (state === "next" && inside === undefined) {
      return character === undefined ? undefined : { at, wanted: "the end of the file" }
    }
    const isEmpty = state === "value or ]" || state === "name or }"
    const isName: boolean = state === "name" || state === "name or }"
    const closing = inside === "{" ? "}" : "]"
    if (character === closing && (state === "next" || isEmpty)) {
      open.pop()
      state = "next"
      at++
    } else if (state === "next") {
      if (character !== ",") return { at, wanted: `a comma or ${closing}` }
      state = inside === "{" ? "name" : "value"
      at++
    } else if (state === "colon") {
      if (character !== ":") return { at, wanted: wanted[state] }
      state = "value"
      at++
    } else if (character === '"') {
      const end = readString(text, at)
      if (typeof end === "object") return end
      state = isName ? "colon" : "next"
      at = end
    } else if (isName) return { at, wanted: wanted[state] }
    else if (character === "{" || character === "[") {
      open.push(character)
      state = character === "{" ? "name or }" : "value or ]"
      at++
    } else {
      const end = endOf(scalar, text, at)
      if (end === at) return { at, wanted: wanted[state] }
      state = "next"
      at = end
    }
  }
}

/**
 * Finds what is wrong with a text that is not JSON.
 *
 * @param text any text
 * @returns `undefined` if it is JSON
 */
export const jsonFault = (text: string): JsonFault | undefined => {
  const found = faultIn(text)
  if (found === undefined) return undefined
  const lines = text.slice(0, found.at).split("\n")
  return {
    line: lines.length,
    column: (lines.at(-1) ?? "").length + 1,
    message: `expected ${found.wanted}, not ${foundAt(text, found.at)}`,
  }
}
