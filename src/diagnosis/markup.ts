/**
 * Recognises HTML and XML, which servers send in place of a missing file.
 *
 * @see https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
 * @module
 */
import type { Diagnosis } from "./diagnosis.ts"
import { type HeadText, quoting } from "./head_text.ts"

/** The comments and declarations before the first tag. */
interface Prolog {
  readonly rest: string
  /** Whether there is an XML declaration. */
  readonly declared: boolean
  /** Whether nothing follows the comments and declarations. */
  readonly open: boolean
}

const skipProlog = (text: string): Prolog => {
  let rest = text
  let declared = false
  for (;;) {
    const declaration = /^<\?xml[\s?-]/i.test(rest)
    if (!declaration && !rest.startsWith("<!--")) return { rest, declared, open: rest === "" }
    declared ||= declaration
    const close = declaration ? "?>" : "-->"
    const end = rest.indexOf(close)
    rest = end < 0 ? "" : rest.slice(end + close.length).trimStart()
  }
}

const page = /^<(?:!doctype\s+html|html[\s>])/i
/** The tags with which pages and page fragments begin: those of the MIME Sniffing Standard, and similar ones. */
// deno-fmt-ignore
const tag = /^<(?:head|body|title|meta|link|script|style|iframe|noscript|h[1-6]|div|span|font|center|table|form|pre|p|a|b|br|hr|img|ul|ol|main|nav|section|article|header|footer)[\s>/]/i
const svg = /^<(?:svg[\s>]|!doctype\s+svg)/i
const element = /^<(?:[a-z_][\w.:-]*(?:\s|\/?>)|!doctype\s+[a-z])/i

/**
 * Recognises markup; `undefined` if the text is none.
 *
 * @param head the first bytes as text
 */
export const diagnoseMarkup = ({ text, textual }: HeadText): Diagnosis | undefined => {
  if (!text.startsWith("<")) return undefined
  const { declared, open, rest } = skipProlog(text)
  if (page.test(rest) || (!declared && (open || tag.test(rest)))) {
    return quoting(
      "html",
      "an HTML page",
      text,
      "Check the path: the server sends this page where it does not find the file",
    )
  }
  if (svg.test(rest)) {
    return quoting("xml", "an SVG image", text, "Check the URL, and which file is at that path")
  }
  if (!declared && !(textual && element.test(rest))) return undefined
  return quoting(
    "xml",
    "an XML document",
    text,
    "Read what it says: storage services send such a document where a file is missing or access is denied; " +
      "check the path and the permissions",
  )
}
