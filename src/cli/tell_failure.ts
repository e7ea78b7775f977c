/**
 * What ended a command otherwise than well: its exit code, and what to say of it.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as CommandError from "effect/cli/CliError"
import { LoadError } from "../http/load_error.ts"
import { TypeError } from "../errors.ts"
import { PolicyError } from "../policy/policy_error.ts"
import { CliError, exitBad, exitInterrupted, exitUsage } from "./cli_error.ts"
import { inCommandWords } from "./option_names.ts"
import { oneLine } from "./terminal/text.ts"

/** What is told of a failure. */
export interface Failure {
  readonly exitCode: number
  /** One line each, safe to print; the first says what happened. */
  readonly lines: ReadonlyArray<string>
}

/** The arguments make no sense, or an option does not. */
const isUsage = (error: unknown): boolean =>
  (error instanceof TypeError && error.reason === "options") ||
  (error instanceof LoadError && error.reason === "url")

/** What `effect/cli` says of wrong usage, which it may say in several lines. */
const usageLines = ({ commandPath, errors }: CommandError.ShowHelp): ReadonlyArray<string> => {
  const said = errors.map(({ message }) =>
    oneLine(
      message
        .replace(/ in command .*/, "")
        .replace(/^Unexpected positional argument/, "Unexpected argument")
        .replace(/\s*Did you mean this\?\s*/, ". Did you mean ")
        .replace(/(Did you mean .+)$/s, (guess) => `${guess.replace(/\n\s*/g, " or ")}?`),
    )
  )
  return [...said, `Try ${commandPath.join(" ")} --help`]
}

/** What to do about a type that a server gives, where that was not done. */
const sniffAdvice = (error: unknown, args: ReadonlyArray<string>): string =>
  error instanceof TypeError && error.reason === "content-type" && !args.includes("--sniff")
    ? ". If the bytes are a module all the same, pass --sniff"
    : ""

/**
 * What to tell of a failure; nothing where there is none to tell of.
 *
 * @param cause what ended the command
 * @param args the command's arguments
 */
export const failureOf = (cause: Cause.Cause<unknown>, args: ReadonlyArray<string>): Failure => {
  if (Cause.hasInterruptsOnly(cause)) return { exitCode: exitInterrupted, lines: [] }
  const error = Cause.squash(cause)
  if (CommandError.isCliError(error) && error._tag === "ShowHelp") {
    return { exitCode: exitUsage, lines: usageLines(error) }
  }
  if (error instanceof CliError) {
    return { exitCode: error.exitCode, lines: error.message === "" ? [] : [oneLine(error.message)] }
  }
  if (error instanceof PolicyError) {
    // Its words are about the module and the policy alone: there is no option to be named otherwise.
    return { exitCode: exitBad, lines: [oneLine(error.message), `Policy rule: ${error.rule}`] }
  }
  const message = error instanceof Error ? error.message || error.name : String(error)
  return {
    exitCode: isUsage(error) ? exitUsage : exitBad,
    lines: [oneLine(`${inCommandWords(message)}${sniffAdvice(error, args)}`)],
  }
}
