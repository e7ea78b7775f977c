/**
 * Whether to use colors.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 * @module
 */

/** When to use colors. `auto`: never with `NO_COLOR`; otherwise as `FORCE_COLOR` says, or on a terminal that is not dumb. */
export type ColorChoice = "auto" | "always" | "never"

/** The environment. */
export type Variables = Readonly<Record<string, string | undefined>>

/**
 * Whether to use colors on a stream.
 *
 * @param choice what the arguments say
 * @param isTerminal whether it is a terminal
 * @param variables the environment
 */
export const hasColor = (
  choice: ColorChoice,
  isTerminal: boolean,
  variables: Variables,
): boolean => {
  if (choice !== "auto") return choice === "always"
  // NO_COLOR outranks FORCE_COLOR: missing colors do less harm than unwanted ones.
  if (variables["NO_COLOR"]) return false
  const forced = variables["FORCE_COLOR"]
  if (forced) return forced !== "0" && forced !== "false"
  return isTerminal && variables["TERM"] !== "dumb"
}

/** A text without its colors. */
export const withoutColor = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/\u001b\[[\d;]*m/g, "")
