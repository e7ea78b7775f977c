/**
 * Words that the messages of several stages share.
 *
 * @module
 */

/** A response in a sentence: by its URL, if it has one. */
export const placeOf = (url: string | undefined): string =>
  url === undefined || url === "" ? "a response made by hand" : url

/** A content type in a sentence. */
export const contentTypeIn = (contentType: string | null | undefined): string =>
  contentType === null || contentType === undefined
    ? "no Content-Type"
    : `the Content-Type ${JSON.stringify(contentType)}`
