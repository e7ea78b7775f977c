/**
 * Words that the messages of several stages share.
 *
 * @module
 */

/** A longer URL is cut: that of data holds all of them. */
const longest = 200

/**
 * A URL in a sentence.
 *
 * @param url the URL
 */
export const printUrl = (url: string): string => {
  const most = /^data:/i.test(url) ? 48 : longest
  return url.length > most ? `${url.slice(0, most)}…` : url
}

/** Which response a sentence is about, at its end: by its URL, if it has one. One that was made by hand has none. */
export const forUrl = (url: string | undefined): string =>
  url === undefined || url === "" ? "" : ` (${printUrl(url)})`

/** What a sentence is about, at its beginning. */
export const subjectOf = (url: string | undefined): string =>
  url === undefined || url === "" ? "The data" : printUrl(url)

/** A content type in a sentence. */
export const contentTypeIn = (contentType: string | null | undefined): string =>
  contentType === null || contentType === undefined
    ? "no Content-Type"
    : `Content-Type ${JSON.stringify(contentType)}`
