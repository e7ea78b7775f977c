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

/** Names in quotes, and URLs: text from a module or a server, or from the user. */
const foreign = /("(?:[^"\\]|\\.)*"|\b[a-z][a-z0-9+.-]*:\/\/\S+)/i

const withFlags = (text: string): string =>
  text
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
    // Names in camel case are not English words, so they are replaced anywhere.
    .replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (name) => flagOf(name, name))
    .replace(/\b(the|The) options? `?([\w-]+)`?/g, (whole, _, name: string) =>
      name.startsWith("--") ? name : flagOf(name, whole))

/**
 * A message of the library, with the command's names for options.
 *
 * @param message any text
 * @param source the source's name in it, which stays as it is
 */
export const inCommandWords = (message: string, source: string = ""): string =>
  (source === "" ? [message] : message.split(source)).map((part) =>
    part
      .replaceAll('contentType: "sniff"', "--sniff")
      .replaceAll('protocols: ["file:"]', "--protocol file:")
      .replace(/\bvalidation: "(full|structure)"/g, "--validation $1")
      .split(foreign)
      .map((piece, index) => index % 2 === 0 ? withFlags(piece) : piece)
      .join("")
  ).join(source)
