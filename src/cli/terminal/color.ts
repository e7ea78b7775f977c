/**
 * Whether to use colors.
 *
 * @see https://no-color.org
 * @module
 */

/** `auto` where a terminal shows them, and neither `NO_COLOR` nor a dumb one says no. */
export type ColorChoice = "auto" | "always" | "never"

/** The environment. */
export type Variables = Readonly<Record<string, string | undefined>>

/**
 * Whether a stream is to have colors.
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
  return isTerminal && !variables["NO_COLOR"] && variables["TERM"] !== "dumb"
}

/** A text without its colors. */
export const withoutColor = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/\u001b\[[\d;]*m/g, "")
