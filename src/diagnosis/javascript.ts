/**
 * Recognises JavaScript by its beginning: the glue code that toolchains write next to a module, and what bundlers put in
 * its place. This is a guess, and a careful one: English that begins with "import" or "function" is not JavaScript.
 *
 * @module
 */

/** Skips white space and comments; `""` if nothing else is left. */
const skipComments = (text: string): string => {
  let rest = text
  for (;;) {
    rest = rest.trimStart()
    const line = rest.startsWith("//")
    if (!line && !rest.startsWith("/*")) return rest
    const close = line ? "\n" : "*/"
    const end = rest.indexOf(close, 2)
    rest = end < 0 ? "" : rest.slice(end + close.length)
  }
}

// deno-fmt-ignore
const beginnings: ReadonlyArray<RegExp> = [
  /^(["'])use (?:strict|asm|client|server)\1/,
  /^import\s*(?:["'{*]|[([.]|(?:type|defer|source)\s+[\w${*]|[\w$]+\s*,\s*[{*]|[\w$]+\s+from\s*["'])/,
  /^export\s*(?:[{*]|(?:default|const|let|var|function|async|class|type|interface|enum|declare)\b)/,
  /^(?:var|let|const)\s+(?:[\w$]+\s*(?:[=;,:]|$)|[{[])/,
  /^(?:async\s+)?function\b\s*\*?\s*[\w$]*\s*\(/,
  /^class\s+[\w$]+(?:\s+extends\s+[\w$.]+)?\s*\{/,
  /^[;!+~]*\(+\s*(?:async\b\s*)?(?:function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)/,
  /^(?:async\s*)?\([^()]*\)\s*=>/,
  /^(?:if|for|while|switch)\s*\([^\n]*(?:\)\s*\{|[!=]=|&&|\|\||\breturn\b)/,
  /^(?:try\s*\{|throw\s+new\s+[A-Z])/,
  /^(?:module\.exports|exports\.[\w$]+|exports\[)/,
  /^(?:globalThis|window|self|this|Object|Module|Reflect|System|goog|importScripts|require|define)(?:\.[\w$]+\s*[(=[.]|\[["'\w]|\((?=["'[{\w]))/,
]

/** Further evidence. */
interface Hints {
  readonly path: string
  readonly contentType: string
}

/**
 * Whether text looks like JavaScript or TypeScript, by its beginning after comments, its content type or its path.
 *
 * @param text text without leading white space
 * @param hints further evidence
 */
export const looksLikeJavaScript = (text: string, { contentType, path }: Hints): boolean => {
  if (/^#!.*\b(?:node|deno|bun)\b/.test(text)) return true
  const code = skipComments(text)
  if (beginnings.some((beginning) => beginning.test(code))) return true
  if (/^[\t ]*(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i.test(contentType)) {
    return !/^[{["<]/.test(text)
  }
  if (/\.[cm]?[jt]s$/i.test(path)) return !/^[{["<]/.test(text) && /[;{}()=]/.test(code)
  // Nothing but a comment. White space excludes a URL without a scheme, which also begins with two slashes.
  return code === "" && /\s/.test(text.trimEnd())
}
