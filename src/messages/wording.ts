/**
 * Phrases that messages of several stages share, about a response or a value.
 *
 * @module
 */
import { printText } from "./print.ts"

/** The end of a sentence about a response: its printed URL, if it has one. A constructed response has none. */
export const forUrl = (url: string | undefined): string =>
  url === undefined || url === "" ? "" : ` (${url})`

/** The subject of a sentence about a response: its printed URL, if it has one. */
export const subjectOf = (url: string | undefined): string =>
  url === undefined || url === "" ? "The data" : url

/** A content type in a sentence. */
export const contentTypeIn = (contentType: string | null | undefined): string =>
  contentType === null || contentType === undefined
    ? "no Content-Type"
    : `Content-Type "${printText(contentType)}"`

/**
 * The class of a value by its `Symbol.toStringTag`, such as `Response` or `WebAssembly.Module`.
 *
 * @param value any value
 */
export const classOf = (value: unknown): string =>
  Object.prototype.toString.call(value).slice(8, -1)

/**
 * Whether an object is a plain one, as from JSON, of any realm.
 *
 * @param value an object
 */
export const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null ||
    (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null)
}

/**
 * A value in a sentence, such as `"text"`, `3`, `a list`, `a Promise`.
 *
 * @param value any value
 */
export const wordsOf = (value: unknown): string => {
  if (typeof value === "string") return `"${printText(value)}"`
  if (typeof value === "function") return "a function"
  if (typeof value !== "object" || value === null) return printText(String(value))
  if (Array.isArray(value)) return "a list"
  const name = classOf(value)
  if (name !== "Object") return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${printText(name)}`
  return isPlain(value) ? "an object" : "an object of another class"
}
