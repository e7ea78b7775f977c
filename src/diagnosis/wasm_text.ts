/**
 * Recognises WebAssembly in the text format: modules, components, scripts, and bare module fields.
 *
 * @see https://webassembly.github.io/spec/core/text/lexical.html
 * @module
 */
import type { Diagnosis } from "./diagnosis.ts"
import { type HeadText, quoting } from "./head_text.ts"

/** The offset after a block comment, `(; … ;)`, which nests; the length of the text if it does not end. */
const endOfBlockComment = (text: string): number => {
  let depth = 0
  for (let offset = 0; offset < text.length;) {
    const two = text.slice(offset, offset + 2)
    if (two === "(;") depth++
    if (two === ";)") depth--
    if (depth === 0) return offset + 2
    offset += two === "(;" || two === ";)" ? 2 : 1
  }
  return text.length
}

/** Skips white space and comments; `""` if nothing else is left. */
const skipComments = (text: string): string => {
  let rest = text
  for (;;) {
    rest = rest.trimStart()
    if (rest.startsWith(";;")) {
      const end = rest.indexOf("\n")
      rest = end < 0 ? "" : rest.slice(end)
    } else if (rest.startsWith("(;")) rest = rest.slice(endOfBlockComment(rest))
    else return rest
  }
}

/** Not the parameters of an arrow function, which may begin similarly: `(module) =>`, `(module, …`, `(module = …`. */
const whole = /^\(\s*(?:module|component)(?:[\s($";]+[^\s)=,]|\)\s*[^\s=])/
/** Text that ends before it is certain: nothing after comments, or at most the first word. */
const begun = /^(?:\(\s*(?:module|component)\s*\)?\s*)?$/
// deno-fmt-ignore
const field = /^\(\s*(?:func|type|rec|import|export|memory|table|global|tag|elem|data|start|core|register|invoke|assert_\w+)\s+[$"(\d]/
const annotation = /^\(@[\w.]+[\s)]/

/**
 * Recognises WebAssembly in the text format; `undefined` for other text.
 *
 * @param head the first bytes as text
 */
export const diagnoseWasmText = ({ text }: HeadText): Diagnosis | undefined => {
  if (!/^(?:\(|;;)/.test(text)) return undefined
  const rest = skipComments(text)
  const certain = whole.test(rest) || field.test(rest) || annotation.test(rest)
  if (!certain && !begun.test(rest)) return undefined
  return quoting(
    "wasm-text",
    "WebAssembly in the text format",
    text,
    "Convert it with wat2wasm or wasm-tools parse, and serve the binary",
    certain ? "is" : "looks like",
  )
}
