/**
 * Recognises text served in place of a module: messages, pointers, sources, and modules written out in characters.
 *
 * Marked text is recognised by its first characters, whatever follows; plain text must not contain anything but text.
 *
 * @module
 */
import { holds } from "./bytes.ts"
import type { Diagnosis } from "./diagnosis.ts"
import { type HeadText, quoting } from "./head_text.ts"
import { looksLikeJavaScript } from "./javascript.ts"
import { diagnoseMarkup } from "./markup.ts"
import { count } from "./print.ts"
import { diagnoseWasmText } from "./wasm_text.ts"
import { diagnoseWrittenOut } from "./written_out.ts"

const diagnosePointer = ({ text }: HeadText): Diagnosis | undefined => {
  if (!/^version https:\/\/(?:git-lfs|hawser)\b/.test(text)) return undefined
  const size = /^size (\d{1,15})$/m.exec(text)?.[1]
  return quoting(
    "git-lfs-pointer",
    size === undefined
      ? "a Git LFS pointer, not the file"
      : `a Git LFS pointer, not the file of ${count(Number(size))}`,
    text,
    "Run git lfs pull where the file is served from, or before the build that copies it",
  )
}

const diagnoseMultipart = ({ text }: HeadText): Diagnosis | undefined =>
  /^--[^\r\n]{1,200}\r?\ncontent-[a-z-]+:/i.test(text)
    ? quoting(
      "multipart",
      "a body of several parts",
      text,
      "Extract the file from the multipart body, or request one range at a time",
    )
    : undefined

/** The header `\0asm`, version 1, with each byte as a 16-bit or 32-bit character. */
const wide: ReadonlyArray<readonly [form: string, name: string]> = [
  ["00 00 61 00 73 00 6d 00 01 00 00 00", "UTF-16"],
  ["00 00 00 61 00 73 00 6d 00 01 00 00", "UTF-16"],
  ["00 00 00 00 61 00 00 00 73 00 00 00 6d 00 00 00", "UTF-32"],
  ["00 00 00 00 00 00 00 61 00 00 00 73 00 00 00 6d", "UTF-32"],
]

/**
 * Recognises a module whose bytes became characters of 16 or 32 bits.
 *
 * @param head the first bytes
 */
export const diagnoseWide = (head: Uint8Array): Diagnosis | undefined => {
  const mark = holds(head, "ff fe 00 00 00 00") || holds(head, "00 00 fe ff")
    ? 4
    : holds(head, "ff fe") || holds(head, "fe ff")
    ? 2
    : 0
  const found = wide.find(([form]) => holds(head, form, mark)) ??
    wide.find(([form]) => holds(head, form, 2) && mark === 4)
  if (found === undefined) return undefined
  return {
    reason: "decoded-as-text",
    what: `was damaged by a text conversion: it was saved as text in ${found[1]}`,
    advice: found[1] === "UTF-16"
      ? "Write the file as bytes from end to end: in Windows PowerShell, > and Out-File write UTF-16"
      : "Write the file as bytes from end to end",
  }
}

const stringified = (text: string): Diagnosis =>
  quoting(
    "stringified-object",
    "a JavaScript value turned into a string",
    text,
    "Send the bytes themselves, and await them first where they are a promise",
  )

/** A Buffer as Node prints it. If it holds a module, `written_out.ts` has recognised it before. */
const diagnoseBuffer = ({ text }: HeadText): Diagnosis | undefined =>
  /^<(?:Slow)?Buffer(?: [\da-f]{2}){0,50}(?: \.\.\. \d+ more bytes?)?>/.test(text)
    ? stringified(text)
    : undefined

/**
 * Recognises text by its first characters.
 *
 * @param head the first bytes as text
 * @param longer more of the bytes, if those are text too: comments may precede a module in a program source
 */
export const diagnoseMarkedText = (
  head: HeadText,
  longer: HeadText = head,
): Diagnosis | undefined =>
  diagnosePointer(head) ?? diagnoseWasmText(head) ?? diagnoseWrittenOut(longer) ??
    diagnoseBuffer(head) ?? diagnoseMarkup(head) ?? diagnoseMultipart(head)

/** Beginnings that are sufficient evidence of JSON. */
const json: ReadonlyArray<RegExp> = [
  /^\{\s*"/,
  /^\[\s*(?:"|\{|\[\s*["[{\d-])/,
  /^\[\s*(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)\s*,/i,
]
/** JSON that is recognised only if complete; a number by itself is not sufficient evidence. */
const wholeJson =
  /^(?:true|false|null|\{\s*\}|\[\s*(?:-?\d+(?:\.\d+)?|true|false|null)?\s*\]|"(?:[^"\\\n]|\\.)*")\s*$/

/** Further evidence about plain text. */
export interface TextHints {
  /** Whether the text is complete. */
  readonly ended: boolean
  /** The URL's path, or "". */
  readonly path: string
  /** The content type, or "". */
  readonly contentType: string
}

/** The fewest characters that are recognised as plain text if more may follow. */
const enough = 4

/**
 * Recognises plain text, as a known kind or just as text.
 *
 * @param head the first bytes as text
 * @param hints further evidence
 */
export const diagnosePlainText = (head: HeadText, hints: TextHints): Diagnosis | undefined => {
  const { text, textual, utf16 } = head
  if (!textual) return undefined
  if (text === "") {
    if (!hints.ended) return undefined
    return {
      reason: "text",
      what: "is not a WebAssembly module: it is nothing but white space",
      advice: "Check that the file is what the build wrote",
    }
  }
  if (/^(?:\[object [\w ]+\]|undefined)\s*$/.test(text)) {
    return stringified(text)
  }
  if (looksLikeJavaScript(text, hints)) {
    return quoting(
      "javascript",
      "JavaScript",
      text,
      "Use the URL of the .wasm file, not of the script that goes with it; with a bundler, import the file as a URL or an asset",
      "looks like",
    )
  }
  if (text.startsWith("#!") && (hints.ended || text.includes("\n"))) {
    return quoting("script", "a script", text, "Check the URL: it names a script, not the module")
  }
  if (json.some((form) => form.test(text)) || (hints.ended && wholeJson.test(text))) {
    return quoting(
      "json",
      "JSON",
      text,
      "Read what it says, and check the path: it is a message or data, not the file",
    )
  }
  if (!hints.ended && text.length < enough) return undefined
  return quoting(
    utf16 ? "utf16" : "text",
    utf16 ? "text in UTF-16" : "plain text",
    text,
    "Read what it says, and check which file is at that path",
  )
}
