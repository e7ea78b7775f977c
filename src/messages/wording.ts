/**
 * Words that the messages of several stages share.
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
