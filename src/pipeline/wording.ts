/**
 * Words that the messages of several stages share.
 *
 * @module
 */

/** Which response a sentence is about, at its end: by its URL, if it has one. One that was made by hand has none. */
export const forUrl = (url: string | undefined): string =>
  url === undefined || url === "" ? "" : `, for ${url}`

/** A content type in a sentence. */
export const contentTypeIn = (contentType: string | null | undefined): string =>
  contentType === null || contentType === undefined
    ? "no Content-Type"
    : `the Content-Type ${JSON.stringify(contentType)}`
