/**
 * Documents as JSON: what is absent is `null`, and nothing in it steers a terminal.
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
