/**
 * Whether to use colors.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 * @module
 */

/** `auto` where `FORCE_COLOR` says so or a terminal shows them, and neither `NO_COLOR` nor a dumb one says no. */
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
  // Where both are set, colors that are missing do less harm than colors that are not wanted.
  if (variables["NO_COLOR"]) return false
  const forced = variables["FORCE_COLOR"]
  if (forced) return forced !== "0" && forced !== "false"
  return isTerminal && variables["TERM"] !== "dumb"
}

/** A text without its colors. */
export const withoutColor = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/\u001b\[[\d;]*m/g, "")
