/**
 * What `validate` says of a module: a line where it is valid, and a line for its fault, with the bytes, what this engine
 * says, and what the fault means.
 *
 * @module
 */
import type { ValidateResult } from "../../documents.ts"
import { type Explanation, explanationOf } from "../errors_document.ts"
import { inCommandWords } from "../option_names.ts"
import { countText, offsetText, plural } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import { oneLine } from "../terminal/text.ts"
import { hexLines } from "./hex_line.ts"

/** How it is to be shown. */
export interface ValidateView {
  /** Which engine was asked. */
  readonly engine: string
  /** The text of the document of errors, where faults are to be explained. */
  readonly document: string | undefined
  /** How wide a line of figures may be, in columns. */
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

/** `file:offset: code: message`; what is not known is left out. */
export const faultLine = ({ fault, source }: ValidateResult): string => {
  if (fault === undefined) return ""
  const { code, message, offset, reason } = fault
  const place = offset === undefined ? "" : `:${offsetText(offset)}`
  // A page that is no module has a code too, but that says less than what it is.
  const word = reason === "structure" || reason === "unsupported" ? code ?? reason : reason
  return `${source}${place}: ${word}: ${oneLine(inCommandWords(message))}`
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
  const { fault, features, isValid, size, source } = result
  const { document, style, width } = view
  if (isValid || fault === undefined) {
    const used = features.length === 0 ? "" : `; ${features.join(", ")}`
    return [
      `${source}: ${style.good("valid")}${style.faint(`, ${plural(size, "byte")}${used}`)}`,
      ...engineLine(result, view),
    ]
  }
  const word = fault.code ?? fault.reason
  const explanation = document === undefined
    ? undefined
    : explanationOf(document, fault.reason === "structure" ? word : fault.reason) ??
      explanationOf(document, word)
  return [
    style.bad(faultLine(result)),
    ...(fault.offset === undefined ? [] : hexLines(bytes, fault.offset, width, style)),
    ...engineLine(result, view),
    ...(explanation === undefined ? [] : explanationLines(explanation, width)),
  ]
}

/** The last line, where there are several modules. */
export const countLine = (results: ReadonlyArray<ValidateResult>, unread: number): string => {
  const valid = results.filter(({ isValid }) => isValid).length
  const rest = unread === 0 ? "" : `; ${countText(unread)} could not be read`
  return `${countText(valid)} of ${plural(results.length + unread, "module")} valid${rest}`
}
