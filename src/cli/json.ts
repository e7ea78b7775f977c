/**
 * Documents as JSON: absent members are `null`, and characters that would control a terminal are escaped.
 *
 * @module
 */
import { safeJson } from "./terminal/text.ts"

/**
 * A document's text.
 *
 * @param document one of `documents.ts`
 */
export const jsonText = (document: object): string =>
  safeJson(JSON.stringify(document, (_, value: unknown) => value === undefined ? null : value, 2))
