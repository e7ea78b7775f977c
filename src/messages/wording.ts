/**
 * Words that the messages of several stages share: which response or value a sentence is about.
 *
 * @module
 */
import { printText } from "./print.ts"

/** Which response a sentence is about, at its end: by its printed URL, if it has one. One that was made by hand has none. */
export const forUrl = (url: string | undefined): string =>
  url === undefined || url === "" ? "" : ` (${url})`

/** What a sentence is about, at its beginning. */
export const subjectOf = (url: string | undefined): string =>
  url === undefined || url === "" ? "The data" : url

/** A content type in a sentence. */
export const contentTypeIn = (contentType: string | null | undefined): string =>
  contentType === null || contentType === undefined
    ? "no Content-Type"
    : `Content-Type "${printText(contentType)}"`

/**
 * The class of a value, as objects of the platform have it, such as `Response` or `WebAssembly.Module`.
 *
 * @param value any value
 */
export const classOf = (value: unknown): string =>
  Object.prototype.toString.call(value).slice(8, -1)

/**
 * Whether an object is one of plain data, of whichever realm, as JSON makes them.
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
