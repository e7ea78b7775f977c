/**
 * Adapts the library's messages to the command, whose options have other names.
 *
 * @module
 */

import { countText } from "./terminal/numbers.ts"

/** The command's names for the library's options. */
const flags: Readonly<Record<string, string>> = {
  builtins: "--builtin",
  cache: "--cache",
  contentType: "--sniff",
  expectedSize: "--expected-size",
  idleTimeout: "--idle-timeout",
  importedStringConstants: "--string-constants",
  integrity: "--integrity",
  maxBytes: "--max-bytes",
  policy: "--policy",
  protocols: "--protocol",
  resume: "--no-resume",
  retries: "--retries",
  timeout: "--timeout",
  validation: "--validation",
}

const flagOf = (name: string, otherwise: string): string => flags[name] ?? otherwise

/**
 * A message of the library, with the command's names for options.
 *
 * @param message any text
 */
export const inCommandWords = (message: string): string =>
  message
    .replaceAll('contentType: "sniff"', "--sniff")
    // Sizes and times as the command writes them.
    .replace(
      /\b(\d{4,15}) of (\d{4,15}) bytes\b/g,
      (_, part: string, whole: string) =>
        `${countText(Number(part))} of ${countText(Number(whole))} bytes`,
    )
    .replace(
      /(?<= (?:longer than|for) )\d+(?:ms|[dhms])\b(?: \d+(?:ms|[dhms])\b)*/g,
      (time) => time.replace(/m(?!s)/g, "min").replace(/\d+/g, "$& "),
    )
    .replaceAll('protocols: ["file:"]', "--protocol file:")
    // Names in camel case are not English words, so they are replaced anywhere.
    .replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (name) => flagOf(name, name))
    .replace(/\b(the|The) options? `?([\w-]+)`?/g, (whole, _, name: string) =>
      name.startsWith("--") ? name : flagOf(name, whole))
