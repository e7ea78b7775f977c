/**
 * Types of imports and exports as text, in the notation of a report: rules compare them character by character.
 *
 * @see https://webassembly.github.io/spec/core/text/types.html
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"
import { heapTypeName, referenceShorthand } from "../binary/types.ts"

/**
 * Whether a type contains type indices, which mean something else in every module.
 *
 * @param type the type
 */
export const isOwnType = (type: string): boolean => /\(ref (?:null )?\d/.test(type)

const heaps = Array.from({ length: 0x20 }, (_, i) => heapTypeName(0x60 + i) ?? "")
  .filter((name) => name !== "")
const shorthands = heaps.map((name) => `${referenceShorthand(name)}ref`)
const reference = `(?:${shorthands.join("|")}|\\(ref (?:${heaps.join("|")})\\))`
const value = `(?:i32|i64|f32|f64|v128|${reference})`
const list = (word: string): string => `(?: \\(${word}(?: ${value})+\\))?`
const number = "(?:0|[1-9]\\d*)"
const limits = `(?:i64 )?${number}(?: ${number})?`

const forms: Readonly<Record<ExternalKindName, RegExp>> = {
  function: new RegExp(`^\\(func${list("param")}${list("result")}\\)$`),
  table: new RegExp(`^\\(table ${limits} ${reference}\\)$`),
  memory: new RegExp(`^\\(memory ${limits}(?: shared)?\\)$`),
  global: new RegExp(`^\\(global (?:${value}|\\(mut ${value}\\))\\)$`),
  tag: new RegExp(`^\\(tag${list("param")}${list("result")}\\)$`),
}

/**
 * The kind of import or export that a type belongs to.
 *
 * @param type the type
 */
export const kindOfType = (type: string): ExternalKindName => {
  const [, word = ""] = /^\((\w+)/.exec(type) ?? []
  return word === "table" || word === "memory" || word === "global" || word === "tag"
    ? word
    : "function"
}

/**
 * Whether a type is in the notation of a report, without type indices.
 *
 * @param type the type
 */
export const isTypeOfReport = (type: string): boolean => forms[kindOfType(type)].test(type)
