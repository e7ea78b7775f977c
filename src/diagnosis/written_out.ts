/**
 * Recognises modules written out in characters: in Base64, in hexadecimal, as numbers, with escapes. The characters are
 * decoded, to distinguish a packed module from a plain one.
 *
 * @module
 */
import { decodeBase64 } from "./base64.ts"
import { type Content, contentOf } from "./contents.ts"
import type { Diagnosis, DiagnosisReason } from "./diagnosis.ts"
import { contentInHex, contentOfDump } from "./dumps.ts"
import { type HeadText, quoting } from "./head_text.ts"
import { readNumbers, readString } from "./literals.ts"
import { moduleInSource } from "./sources.ts"

const asBytes = "Send the bytes themselves: they were turned into a string, or into JSON"
const asSource = "Convert it back into a file, or serve the .wasm file that it was made from"

/** A module in text, and the form in which it is written out. */
interface WrittenOut {
  readonly content: Content
  readonly reason: DiagnosisReason
  /** How it is written out, such as `in Base64`. */
  readonly how: string
  readonly advice: string
}

const decode = ({ isPacked }: Content): string =>
  isPacked
    ? "Decode it, and decompress it, before serving it, or before compiling"
    : "Decode it before serving it, or before compiling"

// In Base64

/** The most layers of Base64 that are decoded. */
const deepest = 4
/** The number of characters that suffice to recognise the content, through all layers. */
const enoughBase64 = 400

const isPlain = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f)

const inBase64 = (text: string): WrittenOut | undefined => {
  let encoded = text.slice(0, enoughBase64)
  for (let times = 1; times <= deepest; times++) {
    const { bytes } = decodeBase64(encoded, enoughBase64)
    const content = contentOf(bytes)
    if (content !== undefined) {
      const how = times === 1
        ? "in Base64"
        : `in Base64, encoded ${times === 2 ? "twice" : `${times} times`}`
      return { content, reason: "base64", how, advice: decode(content) }
    }
    if (!isPlain(bytes)) return undefined
    encoded = String.fromCharCode(...bytes)
  }
  return undefined
}

// With escapes

/** A notation that writes a byte as several characters, with its value in hexadecimal or decimal. */
interface Escape {
  readonly one: RegExp
  readonly how: string
  readonly advice: string
}

// deno-fmt-ignore
const escapes: ReadonlyArray<Escape> = [
  { one: /%([\da-f]{2})/iy, how: "in percent-encoding", advice: "Send the bytes themselves: they were passed through encodeURIComponent() or a form" },
  { one: /=([\dA-F]{2})/y, how: "in quoted-printable", advice: "Decode it: it was sent as a part of an e-mail, or of a multipart message" },
  { one: /&#(?:x0*([\da-f]{1,2})|0*(\d{1,3}));/iy, how: "as HTML or XML with character references", advice: "Send the bytes themselves: they were escaped as HTML" },
]

/** Replaces each escape by its byte, and each other character by its code; empty if there are no escapes. */
const unescape = (text: string, { one }: Escape): Uint8Array => {
  const bytes: Array<number> = []
  let isEscaped = false
  for (let at = 0; at < text.length && bytes.length < 32;) {
    one.lastIndex = at
    const found = one.exec(text)
    const [whole = "?", hex, digits] = found ?? []
    const value = found === null
      ? text.charCodeAt(at)
      : hex === undefined
      ? Number(digits)
      : Number.parseInt(hex, 16)
    if (value > 0xff) break
    isEscaped ||= found !== null
    bytes.push(value)
    at += whole.length
  }
  return Uint8Array.from(isEscaped ? bytes : [])
}

const withEscapes = (text: string): WrittenOut | undefined => {
  const start = text.slice(0, 300).replace(/^data:[^,\s]{0,200},/, "")
  for (const escape of escapes) {
    const content = contentOf(unescape(start, escape))
    if (content !== undefined) return { content, reason: "escaped", ...escape }
  }
  return undefined
}

// By themselves

/** A quote, with the letters that some languages put before it. */
const quoted = /^[bBeElLrRuUxX]{0,2}(["'`])/

const asString = (text: string): WrittenOut | undefined => {
  const [start = "", quote = ""] = quoted.exec(text) ?? []
  if (start === "" && !text.startsWith("\\")) return undefined
  const content = contentOf(readString(text, start.length, quote))
  return content && {
    content,
    reason: "escaped",
    how: "as a JSON string, or another string literal",
    advice: asBytes,
  }
}

/** Numbers as Java, Python and JavaScript join them, with or without brackets. */
const asList = (text: string): WrittenOut | undefined => {
  const start = /^[[{(]?/.exec(text)?.[0].length ?? 0
  const rest = text.slice(start, start + 200).trimStart()
  const isSpaced = /^\d{1,3}(?:\s+\d{1,3}){3}/.test(rest)
  const list = isSpaced ? rest.replace(/\s+/g, ",") : text.slice(start)
  const { bytes, isHex } = readNumbers(list, 0)
  const content = contentOf(bytes)
  if (content === undefined) return undefined
  return isHex
    ? { content, reason: "hex", how: "in hexadecimal", advice: decode(content) }
    : { content, reason: "byte-list", how: "as a list of numbers", advice: asBytes }
}

const jsonOfBytes =
  /^\{\s*"(?:type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[|(?=0"\s*:\s*\d{1,3}\s*,\s*"1"))/
const asJson = (text: string): WrittenOut | undefined => {
  const start = jsonOfBytes.exec(text)?.[0]
  if (start === undefined) return undefined
  const rest = text.slice(start.length, start.length + 400)
  const list = start.endsWith("[") ? rest : rest.replace(/"?\d+"\s*:/g, "")
  const content = contentOf(readNumbers(list, 0).bytes)
  const how = "as a Buffer or Uint8Array in JSON"
  return content && { content, reason: "byte-list", how, advice: asBytes }
}

/** The beginning of a Buffer or an ArrayBuffer as Node and Deno print it. */
const inspected = /^(?:<Buffer |ArrayBuffer \{\s*(?:\[Uint8Contents\]|byteLength)[^<]{0,60}<)/

const asInspected = (text: string): WrittenOut | undefined => {
  const start = inspected.exec(text)?.[0]
  const content = start && contentOfDump(text.slice(start.length))
  if (!content) return undefined
  const how = "as a Buffer that was printed, or turned into a string"
  return { content, reason: "hex", how, advice: asBytes }
}

const inHex = (text: string): WrittenOut | undefined => {
  const content = contentOfDump(text)
  const how = contentInHex(text) === undefined ? "as a dump" : "in hexadecimal"
  return content && { content, reason: "hex", how, advice: decode(content) }
}

const inSource = (text: string): WrittenOut | undefined => {
  const found = moduleInSource(text)
  if (found === undefined) return undefined
  const { content, isDeclared, isString, reason } = found
  if (!isDeclared) return { content, reason, how: "as an array that was printed", advice: asBytes }
  const form = !isString
    ? "as an array"
    : reason === "base64"
    ? "in Base64,"
    : reason === "hex"
    ? "in hexadecimal,"
    : "as a string literal"
  return { content, reason, how: `${form} in the source of a program`, advice: asSource }
}

const byItself = (text: string): WrittenOut | undefined => {
  const inQuotes = text.replace(quoted, "").replace(/^data:[^,\s]{0,200},/, "")
  return inBase64(inQuotes) ?? asString(text) ?? asJson(text) ?? asList(text) ??
    asInspected(text) ?? withEscapes(text) ?? inHex(inQuotes)
}

// After a head

const armor = /^-----BEGIN [^\r\n-]{1,60}-----\r?\n/
/** The header fields of an e-mail, a part or a response, and the empty line after them. */
const fields =
  /^(?:HTTP\/\d[^\r\n]{0,200}\r?\n)?(?:[a-z][\w-]{0,60}:[^\r\n]{0,400}(?:\r?\n[ \t][^\r\n]{0,400}){0,20}\r?\n){1,60}\r?\n/i

const behindHead = (text: string): WrittenOut | undefined => {
  const begin = armor.exec(text)?.[0] ?? ""
  const rest = text.slice(begin.length)
  const head = fields.exec(rest)?.[0] ?? ""
  const found = begin + head === "" ? undefined : byItself(rest.slice(head.length).trimStart())
  return found && {
    ...found,
    how: `${found.how}, behind ${begin === "" ? "header fields" : "a line of PEM"}`,
  }
}

// In JSON

/** JSON around a module, such as what a Lambda function returns. */
const envelope = /^[{[][\s\S]*?"(?:data:[^",\s]{0,200},)?(?:AGFzbQ|H4sI)[\w+/=-]*/
const listInside = /^\{[\s\S]*?:\s*\[\s*0\s*,\s*97\s*,\s*115\s*,\s*109\b/

const inJson = (text: string): Diagnosis | undefined => {
  const isList = listInside.test(text)
  if (!isList && !envelope.test(text)) return undefined
  const lambda = /"isBase64Encoded"\s*:/.test(text)
  return quoting(
    "json",
    isList
      ? "JSON with a module as a list of numbers inside"
      : "JSON with a module in Base64 inside",
    text,
    isList
      ? "Make a Uint8Array of the list before compiling"
      : lambda
      ? "Let the gateway decode the body: this is what a function returned, with isBase64Encoded, passed on as it is"
      : "Take the string out of the JSON, and decode it before compiling",
  )
}

/**
 * The Base64 that text is, or contains, without regard to its content.
 *
 * @param text the first bytes as text
 */
export const base64In = (text: string): string => {
  const begin = armor.exec(text)?.[0].length ?? 0
  const rest = text.slice(begin)
  return rest.slice(fields.exec(rest)?.[0].length ?? 0).trimStart().replace(quoted, "")
    .replace(/^data:[^,\s]{0,200},/, "")
}

/**
 * Recognises the module that text is, or contains.
 *
 * @param head the first bytes as text
 */
export const diagnoseWrittenOut = ({ text }: HeadText): Diagnosis | undefined => {
  const found = byItself(text) ?? behindHead(text) ?? inSource(text)
  if (found === undefined) return inJson(text)
  const { advice, content: { isPacked, name }, how, reason } = found
  return quoting(reason, `${name}${isPacked ? "," : ""} ${how}`, text, advice)
}
