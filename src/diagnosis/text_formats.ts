/**
 * Text served where a module should be: messages, pointers, sources, and modules written out in characters.
 *
 * Marked text is known by its first characters alone, whatever follows; plain text has to be text all through.
 *
 * @module
 */
import type { Diagnosis } from "./diagnosis.ts"
import { type HeadText, quoting } from "./head_text.ts"
import { looksLikeJavaScript } from "./javascript.ts"
import { diagnoseMarkup } from "./markup.ts"
import { diagnoseWasmText } from "./wasm_text.ts"

const diagnosePointer = ({ text }: HeadText): Diagnosis | undefined => {
  if (!/^version https:\/\/(?:git-lfs|hawser)\b/.test(text)) return undefined
  const size = /^size (\d{1,15})$/m.exec(text)?.[1]
  return quoting(
    "git-lfs-pointer",
    size === undefined
      ? "A Git LFS pointer, not the file"
      : `A Git LFS pointer, not the file of ${size} bytes`,
    text,
    "Run git lfs pull where the file is served from, or before the build that copies it",
  )
}

// `\0asm` in the ways in which programs write bytes out.
const base64 = /^["'`]?(?:data:[^,\s]{0,200},)?AGFzbQ/
const hex =
  /^(?:0{4,}:?\s+)?[[{("]?\s*(?:0x|\\x)?00[\s,:]*(?:0x|\\x)?61[\s,:]*(?:0x|\\x)?73[\s,:]*(?:0x|\\x)?6d/i
const list = /^[[{("]?\s*0[\s,]+97[\s,]+115[\s,]+109\b/
const buffer =
  /^\{\s*"(?:type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[\s*0\s*,\s*97\s*,\s*115\s*,\s*109\b|0"\s*:\s*0\s*,\s*"1"\s*:\s*97\s*,\s*"2"\s*:\s*115\b)/

const diagnoseWrittenOut = ({ text }: HeadText): Diagnosis | undefined => {
  if (base64.test(text)) {
    return quoting(
      "base64",
      "A module written out in Base64",
      text,
      "Decode it where it is served from, or before it is compiled",
    )
  }
  if (hex.test(text)) {
    return quoting(
      "hex",
      "A module written out in hexadecimal",
      text,
      "Decode it where it is served from, or before it is compiled",
    )
  }
  if (!list.test(text) && !buffer.test(text)) return undefined
  return quoting(
    "byte-list",
    "A module written out as a list of numbers",
    text,
    "Send the bytes themselves: an array of bytes was turned into a string or into JSON",
  )
}

const diagnoseMultipart = ({ text }: HeadText): Diagnosis | undefined =>
  /^--[^\r\n]{1,200}\r?\ncontent-[a-z-]+:/i.test(text)
    ? quoting(
      "multipart",
      "Several parts in one body",
      text,
      "Take the file out of its part where it is stored, or ask for one range at a time",
    )
    : undefined

/**
 * Text that its first characters identify.
 *
 * @param head the first bytes as text
 */
export const diagnoseMarkedText = (head: HeadText): Diagnosis | undefined => {
  if (head.utf16 && head.text.startsWith("\0asm")) {
    return {
      reason: "decoded-as-text",
      what: "A module whose bytes were decoded as text and encoded again, in UTF-16",
      advice:
        "Write the file as bytes from end to end: in Windows PowerShell, > and Out-File write UTF-16",
    }
  }
  return diagnosePointer(head) ?? diagnoseWasmText(head) ?? diagnoseWrittenOut(head) ??
    diagnoseMarkup(head) ?? diagnoseMultipart(head)
}

/** The beginnings that are evidence enough. */
const json: ReadonlyArray<RegExp> = [
  /^\{\s*"/,
  /^\[\s*(?:"|\{|\[\s*["[{\d-])/,
  /^\[\s*(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)\s*,/i,
]
/** What only its end makes a document; a number by itself is no evidence. */
const wholeJson =
  /^(?:true|false|null|\{\s*\}|\[\s*(?:-?\d+(?:\.\d+)?|true|false|null)?\s*\]|"(?:[^"\\\n]|\\.)*")\s*$/

/** What else helps to name plain text. */
export interface TextHints {
  /** Whether there is no more of it. */
  readonly ended: boolean
  /** The URL's path, or nothing. */
  readonly path: string
  /** The content type, or nothing. */
  readonly contentType: string
}

/** Fewer characters than these, and more to come, are not yet named text. */
const enough = 4

/**
 * What text is, where all of it is text: at least that.
 *
 * @param head the first bytes as text
 * @param hints what else is known
 */
export const diagnosePlainText = (head: HeadText, hints: TextHints): Diagnosis | undefined => {
  const { text, textual, utf16 } = head
  if (!textual) return undefined
  if (text === "") {
    if (!hints.ended) return undefined
    return {
      reason: "text",
      what: "Text that is nothing but white space",
      advice: "Check that the file at this URL is what the build wrote",
    }
  }
  if (/^(?:\[object [\w ]+\]|undefined)\s*$/.test(text)) {
    return quoting(
      "stringified-object",
      "A JavaScript value turned into a string",
      text,
      "Send the bytes themselves as the body, and await them first where they are a promise",
    )
  }
  if (looksLikeJavaScript(text, hints)) {
    return quoting(
      "javascript",
      "Looks like JavaScript",
      text,
      "Pass the URL of the .wasm file, not of the script that goes with it; with a bundler, import the file as a URL or an asset",
    )
  }
  if (text.startsWith("#!") && (hints.ended || text.includes("\n"))) {
    return quoting("script", "A script", text, "Check the URL: it names a script, not the module")
  }
  if (json.some((form) => form.test(text)) || (hints.ended && wholeJson.test(text))) {
    return quoting(
      "json",
      "JSON",
      text,
      "The server sent a message or data for this URL: read what it says, and check the path",
    )
  }
  if (!hints.ended && text.length < enough) return undefined
  return quoting(
    utf16 ? "utf16" : "text",
    utf16 ? "Text in UTF-16" : "Plain text",
    text,
    "Read what it says, and check the URL and which file the server keeps at that path",
  )
}
