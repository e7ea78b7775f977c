/**
 * Modules written out in characters: in Base64, in hexadecimal, as numbers, with escapes.
 *
 * @module
 */
import type { Diagnosis } from "./diagnosis.ts"
import { type HeadText, quoting } from "./head_text.ts"

const decode = "Decode it before it is served, or before it is compiled"
const asReferences = "Send the bytes themselves: they were escaped as HTML"
const asBytes = "Send the bytes themselves: they were turned into a string, or into JSON"

const start = String.raw`^["'${"`"}]?(?:data:[^,\s]{0,200},)?`
const list = String.raw`0\s*,\s*97\s*,\s*115\s*,\s*109\b`
const hexBytes = String
  .raw`(?:0x|\\x)?00[\s,:]*(?:0x|\\x)?61[\s,:]*(?:0x|\\x)?73[\s,:]*(?:0x|\\x)?6d`

interface Form {
  readonly reason: Diagnosis["reason"]
  readonly name: string
  readonly form: RegExp
  readonly advice: string
}

/** `\0asm`, in the ways in which programs write bytes out, and the beginnings of compressed modules in Base64. */
// deno-fmt-ignore
const forms: ReadonlyArray<Form> = [
  { reason: "base64", name: "a module in Base64", form: new RegExp(`${start}AGFzbQ`), advice: decode },
  { reason: "base64", name: "data compressed with gzip, in Base64", form: new RegExp(`${start}H4sI`), advice: "Decode it, and decompress it with DecompressionStream, before it is compiled" },
  { reason: "base64", name: "a ZIP archive in Base64", form: new RegExp(`${start}UEsDB`), advice: "Decode it, unpack it, and serve the .wasm file inside" },
  { reason: "base64", name: "data compressed with Zstandard, in Base64", form: new RegExp(`${start}KLUv/`), advice: "Decode it, and decompress it, before it is compiled" },
  { reason: "hex", name: "a module as an array in the source of a program", form: new RegExp(String.raw`^[^{}\n;]{0,200}\[[^\]]{0,20}\]\s*(?:PROGMEM\s*)?=\s*[[{]\s*(?:\/\/[^\n]*\n\s*|\/\*.{0,200}?\*\/\s*)?${hexBytes}`, "i"), advice: "Convert it back into a file, or serve the .wasm file that it was made from" },
  { reason: "byte-list", name: "a module as an array in the source of a program", form: new RegExp(String.raw`^[^{}\n;]{0,200}=\s*(?:new\s+Uint8Array\(|Uint8Array\.(?:of|from)\()?\s*[[({]{0,2}\s*${list}`), advice: "Convert it back into a file, or serve the .wasm file that it was made from" },
  { reason: "hex", name: "a module in hexadecimal", form: new RegExp(String.raw`^(?:0{4,}:?\s+)?[[{("']?\s*${hexBytes}`, "i"), advice: decode },
  { reason: "byte-list", name: "a module as a list of numbers", form: new RegExp(String.raw`^[[{("]?\s*0[\s,]+97[\s,]+115[\s,]+109\b`), advice: asBytes },
  { reason: "byte-list", name: "a Buffer or Uint8Array of a module in JSON", form: new RegExp(String.raw`^\{\s*"(?:type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[\s*${list}|0"\s*:\s*0\s*,\s*"1"\s*:\s*97\s*,\s*"2"\s*:\s*115\b)`), advice: asBytes },
  { reason: "escaped", name: "a module in percent-encoding", form: /^%00(?:a|%61)(?:s|%73)(?:m|%6d)%01/i, advice: "Send the bytes themselves: they were passed through encodeURIComponent() or a form" },
  { reason: "escaped", name: "a module as a JSON string, or another string literal", form: /^b?["'`]\\(?:u0000|x00|0{1,3}|u\{0\})asm(?:\\u0001|\\x01|\\0?01|\\1|\\u\{1\})/i, advice: asBytes },
  { reason: "escaped", name: "a module in quoted-printable", form: /^=00asm=01/, advice: "Decode it: it was sent as a part of an e-mail, or of a multipart message" },
  { reason: "escaped", name: "a module as HTML or XML with character references", form: /^&#(?:0|x0+);asm&#(?:1|x0*1);/i, advice: asReferences },
]

/** JSON around a module, such as what a Lambda function returns. */
const envelope = /^[{[][\s\S]*"(?:data:[^",\s]{0,200},)?(?:AGFzbQ|H4sI)[\w+/=-]*/

/**
 * The module that text is, or holds.
 *
 * @param head the first bytes as text
 */
export const diagnoseWrittenOut = ({ text }: HeadText): Diagnosis | undefined => {
  for (const { advice, form, name, reason } of forms) {
    if (form.test(text)) return quoting(reason, name, text, advice)
  }
  if (!envelope.test(text)) return undefined
  const lambda = /"isBase64Encoded"\s*:/.test(text)
  return quoting(
    "json",
    "JSON with a module in Base64 inside",
    text,
    lambda
      ? "Let the gateway decode the body: this is what a function returned, with isBase64Encoded, passed on as it is"
      : "Take the string out of the JSON, and decode it, before it is compiled",
  )
}
