/**
 * The lines of `validate` for a module: one if it is valid; otherwise its first error, or the rule of the policy that it
 * breaks, with the bytes, the result of this engine, and an explanation.
 *
 * @module
 */
import type { ValidateResult } from "../../documents.ts"
import { type Explanation, explanationOf } from "../errors_document.ts"
import { printPath } from "../../messages/print.ts"
import { inCommandWords } from "../option_names.ts"
import { countText, offsetText, plural } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import { oneLine } from "../terminal/text.ts"
import { hexLines } from "./hex_line.ts"

/** How it is to be shown. */
export interface ValidateView {
  /** The name of this engine. */
  readonly engine: string
  /** The text of `docs/errors.md`, if errors are to be explained. */
  readonly document: string | undefined
  /** The width of figures, in columns. */
  readonly width: number
  readonly style: Style
}

const indent = "    "

/** Breaks a text into lines between its words. */
const wrapped = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return line === "" ? lines : [...lines, line]
}

const explanationLines = ({ parts }: Explanation, width: number): ReadonlyArray<string> =>
  parts.flatMap(([head, text]) =>
    wrapped(`${head.charAt(0).toUpperCase()}${head.slice(1)}: ${text}`, width - indent.length)
      .map((line) => `${indent}${line}`)
  )

/** What is wrong with a module. */
interface Told {
  /** A code, a reason, or a rule of the policy. */
  readonly word: string
  /** The words to look up for an explanation; the first one found is used. */
  readonly explained: ReadonlyArray<string>
  readonly message: string
  readonly offset: number | undefined
}

const toldOf = ({ fault, refusal }: ValidateResult): Told | undefined => {
  if (fault !== undefined) {
    const { code, message, offset, reason } = fault
    // A web page has a code too, but the reason says more: that it is HTML.
    const word = reason === "structure" || reason === "unsupported" ? code ?? reason : reason
    const last = code ?? reason
    const explained = reason === "structure" ? [last] : [reason, last]
    return { word, explained, message: inCommandWords(message), offset }
  }
  if (refusal === undefined) return undefined
  const { message, offset, rule } = refusal
  return { word: rule, explained: [rule], message, offset }
}

/**
 * `file:offset: code: message`; what is not known is left out, and the message does not repeat the offset.
 *
 * @param source what the module is called
 * @param told what is wrong
 */
export const faultLine = (
  source: string,
  { message, offset, word }: Omit<Told, "explained">,
): string => {
  if (offset === undefined) return `${source}: ${word}: ${oneLine(message)}`
  const place = offsetText(offset)
  return `${source}:${place}: ${word}: ${oneLine(message.replace(`, at ${place}`, ""))}`
}

const engineLine = (
  { engine, isValid }: ValidateResult,
  { engine: name, style }: ValidateView,
): ReadonlyArray<string> => {
  if (engine === undefined || (engine.isValid && isValid)) return []
  if (engine.isValid) {
    return [`${indent}${style.warning("this engine accepts it")} ${style.faint(`(${name})`)}`]
  }
  const said = oneLine(engine.message ?? "")
  const what = isValid ? style.warning("this engine refuses it") : "this engine"
  return [`${indent}${what} ${style.faint(`(${name})`)}: ${said}`]
}

/**
 * The lines for one module.
 *
 * @param result what was found
 * @param bytes the module
 * @param view how it is to be shown
 */
export const validateLines = (
  result: ValidateResult,
  bytes: Uint8Array,
  view: ValidateView,
): ReadonlyArray<string> => {
  const { features, size } = result
  const source = printPath(result.source)
  const { document, style, width } = view
  const told = toldOf(result)
  if (told === undefined) {
    const used = features.length === 0 ? "" : `; ${features.join(", ")}`
    return [
      `${source}: ${style.good("valid")}${style.faint(`, ${plural(size, "byte")}${used}`)}`,
      ...engineLine(result, view),
    ]
  }
  const explanation = told.explained
    .map((word) => document === undefined ? undefined : explanationOf(document, word))
    .find((found) => found !== undefined)
  return [
    style.bad(faultLine(source, told)),
    ...(told.offset === undefined ? [] : hexLines(bytes, told.offset, width, style)),
    ...engineLine(result, view),
    ...(explanation === undefined ? [] : explanationLines(explanation, width)),
  ]
}

/** The last line, if there are several modules. */
export const countLine = (results: ReadonlyArray<ValidateResult>, unread: number): string => {
  const valid = results.filter(({ isValid }) => isValid)
  const refused = valid.filter(({ refusal }) => refusal !== undefined).length
  const among = refused === 0 ? "" : `; ${countText(refused)} of them refused by the policy`
  const rest = unread === 0 ? "" : `; ${countText(unread)} could not be read`
  const all = plural(results.length + unread, "module")
  return `${countText(valid.length)} of ${all} valid${among}${rest}`
}
