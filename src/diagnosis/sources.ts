/**
 * Recognises modules in program sources, as an array or a string: in C, Go, Rust, Python, JavaScript and the like; and in
 * arrays as consoles print them.
 *
 * @module
 */
import { decodeBase64 } from "./base64.ts"
import { type Content, contentOf } from "./contents.ts"
import type { DiagnosisReason } from "./diagnosis.ts"
import { contentInHex } from "./dumps.ts"
import { endOfString, readNumbers, readString } from "./literals.ts"

/** The greatest length of a declaration, up to its value. */
const longestDeclaration = 300
/** With more text than this after the value, it is a program that uses a module, such as glue or a feature test. */
const mostBehind = 200
/** The most comments and imports that are skipped. */
const mostSteps = 200

/** What may precede the declaration: comments, imports, and the sizes of arrays. */
// deno-fmt-ignore
const preamble: ReadonlyArray<RegExp> = [
  /^(?:\/\/|#(?!!\s*\/)|--|;)[^\n]*\n/,
  /^\/\*[^]*?\*\//,
  /^<\?php\s/,
  /^(?:"""[^]*?"""|'''[^]*?''')/,
  /^["']use strict["'];?/,
  /^import\s*\([^)]{0,500}\)/,
  /^(?:package|import|from|use|using|namespace|module|extern\s+"C"|typedef|pragma|syntax)\s[^\n]{0,300}\n/,
  /^(?:(?:public|private|internal|final|abstract|static|sealed|partial)\s+){0,4}(?:class|struct|object|interface)\s+\w{1,100}[^\n{=;]{0,100}\{/,
  /^(?:(?:const|static|unsigned|int|long|size_t|u?int\d+_t|let|var|pub|constexpr)[ \t]+){1,5}\w{1,100}(?:\s*:\s*\w{1,20})?\s*=\s*\w{1,20};/,
]

const afterPreamble = (text: string): string => {
  let rest = text.trimStart()
  for (let step = 0; step < mostSteps; step++) {
    const size = preamble.map((form) => form.exec(rest)?.[0].length ?? 0).find((found) => found > 0)
    if (size === undefined) break
    rest = rest.slice(size).trimStart()
  }
  return rest
}

/** The characters of a declaration, up to its value. */
const characters = /^[\w$\s*&<>:;,.!@()[\]{}=-]*$/
/** What shows that a statement is not a declaration. */
const statement = /=>|\b(?:function|if|for|while|return|def|fn|func|WebAssembly|validate)\b/
/** A lifetime in Rust, which has a single quote. */
const lifetime = /'(?:static|\w)(?!')\b/g

const isDeclaration = (head: string): boolean =>
  (head.includes("=") || /^export\s+default\b/.test(head) || /[({]\s*$/.test(head)) &&
  characters.test(head.replace(lifetime, "")) && !statement.test(head)

/** What consoles print before the bytes of an array: its type and size. */
const printed =
  /^(?:[\w.]{1,30}!?\s?(?:\(\d*\)\s?)?|\(\d+\)\s?)?(?:\[\w{1,30}\]\s?)?(?:\('\w',)?\s?[([{]{0,2}$/

/** A module in a program source. */
export interface InSource {
  readonly content: Content
  readonly reason: DiagnosisReason
  /** Whether it is in a string, rather than a list. */
  readonly isString: boolean
  /** Whether it is in a declaration, rather than printed. */
  readonly isDeclared: boolean
}

/** The content of the string at an offset. */
const inString = (
  text: string,
  start: number,
  quote: string,
): Pick<InSource, "content" | "reason"> | undefined => {
  const value = text.slice(start, start + 400)
  const encoded = contentOf(decodeBase64(value.replace(/^data:[^,\s]{0,200},/, ""), 32).bytes)
  if (encoded !== undefined) return { content: encoded, reason: "base64" }
  const inHex = contentInHex(value)
  if (inHex !== undefined && !value.startsWith("\\")) return { content: inHex, reason: "hex" }
  const written = contentOf(readString(text, start, quote))
  return written && { content: written, reason: "escaped" }
}

const declaredString = (source: string, at: number): InSource | undefined => {
  const quote = source.charAt(at)
  const start = at + (source.startsWith(quote.repeat(3), at) ? 3 : 1)
  const found = inString(source, start, quote)
  const head = source.slice(0, at)
  const isPrinted = /^\w{1,30}\(b?$/.test(head)
  if (found === undefined || !(isPrinted || isDeclaration(head))) return undefined
  const behind = source.length - endOfString(source, start, quote)
  return behind > mostBehind ? undefined : { ...found, isString: true, isDeclared: !isPrinted }
}

/** The list after an opening bracket; `undefined` if it holds no module, `null` if one that is not the source's subject. */
const listAt = (source: string, at: number): InSource | null | undefined => {
  const { bytes, isHex } = readNumbers(source, at + 1)
  const content = contentOf(bytes)
  if (content === undefined) return undefined
  const head = source.slice(0, at)
  const reason = isHex ? "hex" : "byte-list"
  if (printed.test(head.trim())) return { content, reason, isString: false, isDeclared: false }
  // A closing parenthesis before a number ends a cast, not the list.
  const closer = /[\]}]|\)(?!\s*[\d'(-])/g
  closer.lastIndex = at + 1
  const end = closer.exec(source)?.index
  // A loader has the magic number alone, to compare bytes with it.
  const isMagic = end !== undefined && bytes.length <= 4
  const behind = end === undefined ? 0 : source.length - end
  return isMagic || behind > mostBehind || !isDeclaration(head)
    ? null
    : { content, reason, isString: false, isDeclared: true }
}

/**
 * The module that a source declares, or a console printed; `undefined` if there is none.
 *
 * @param text the first bytes as text
 */
export const moduleInSource = (text: string): InSource | undefined => {
  const source = afterPreamble(text)
  let depth = 0
  for (let at = 0; at < Math.min(source.length, longestDeclaration); at++) {
    switch (source.charAt(at)) {
      case ";":
        if (depth === 0) return undefined
        break
      case "'":
        // A lifetime, or the kind of an array in Python: `array('B', [`.
        if (/^'(?:static|\w)(?:[^'\w]|',)/.test(source.slice(at, at + 8))) {
          if (source[at + 2] === "'") at += 2
          break
        }
        return declaredString(source, at)
      case '"':
      case "`":
        return declaredString(source, at)
      case "(":
      case "[":
      case "{": {
        depth++
        const found = listAt(source, at)
        if (found !== undefined) return found ?? undefined
        break
      }
      case ")":
      case "]":
      case "}":
        depth--
    }
  }
  return undefined
}
