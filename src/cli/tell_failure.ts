/**
 * The exit code and the message of a command that failed.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as CommandError from "effect/cli/CliError"
import { LoadError } from "../http/load_error.ts"
import { whyUnreadable } from "../http/transport/file.ts"
import { TypeError } from "../errors.ts"
import { PolicyError } from "../policy/policy_error.ts"
import { CliError, exitBad, exitInterrupted, exitUsage } from "./cli_error.ts"
import { misplacedCommand } from "./mistyped.ts"
import { inCommandWords } from "./option_names.ts"
import { oneLine } from "./terminal/text.ts"

/** How a failure is reported. */
export interface Failure {
  readonly exitCode: number
  /** One line each, safe to print; the first says what happened. */
  readonly lines: ReadonlyArray<string>
}

/** Whether the URL that the user gave is wrong, rather than one that a server redirected to. */
const isWrongUrl = ({ attempts, message, reason, url }: LoadError): boolean =>
  reason === "url" && (attempts === 0 || message.startsWith(`Cannot load ${url}: `))

/** Whether the arguments or options are wrong. */
const isUsage = (error: unknown): boolean =>
  (error instanceof TypeError && error.reason === "options") ||
  (error instanceof LoadError && isWrongUrl(error))

type UsageError = CommandError.ShowHelp["errors"][number]

/** What was expected, as a part of a sentence: without the prefix of `effect/cli`, and with choices as a list of words. */
const expectation = (expected: string): string => {
  const [text = ""] = expected.replace(/^Expected:? /, "").split(", got ", 1)
  const choices = text.split(" | ").map((choice) => choice.replace(/^"(.*)"$/, "$1"))
  if (choices[0] === "true") return "true or false"
  const last = choices.pop() ?? ""
  return choices.length === 0 ? last : `${choices.join(", ")} or ${last}`
}

const usageText = (error: UsageError): string => {
  switch (error._tag) {
    case "UnrecognizedOption": {
      const guess = error.suggestions.length === 0
        ? ""
        : `. Did you mean ${error.suggestions.join(" or ")}?`
      return `There is no option ${error.option}${guess}`
    }
    case "InvalidValue": {
      const name = error.kind === "flag" ? `--${error.option}` : `The argument ${error.option}`
      const [, times] = /^(\d+) occurrences$/.exec(error.value) ?? []
      if (times !== undefined && error.expected === "at most 1 value") {
        return `${name} is given ${times === "2" ? "twice" : `${times} times`}`
      }
      const expected = expectation(error.expected)
      return error.value === ""
        ? `${name} needs a value: ${expected}`
        : `${name} cannot be ${JSON.stringify(error.value)}: expected ${expected}`
    }
    case "MissingArgument":
      return `Missing argument: <${error.argument}>`
    case "UnexpectedArgument":
      return error.message.replace("positional ", "")
    default:
      return error.message
  }
}

/** The messages of `effect/cli` about wrong usage, without repetitions. */
const usageLines = (
  { commandPath, errors }: CommandError.ShowHelp,
  args: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const lines = [...new Set(errors.map((error) => oneLine(usageText(error))))]
  const command = misplacedCommand(args)
  if (command === undefined) return [...lines, `Try ${commandPath.join(" ")} --help`]
  return [
    `${lines.join(". ")}. Put the command first: compile-streaming ${command} …`,
    `Try compile-streaming ${command} --help`,
  ]
}

/** The advice to pass `--sniff` for a wrong Content-Type, unless it was passed. */
const sniffAdvice = (error: unknown, args: ReadonlyArray<string>): string =>
  error instanceof TypeError && error.reason === "content-type" && !args.includes("--sniff")
    ? ". If the bytes are a module all the same, pass --sniff"
    : ""

/** Names standard input in messages about a source without a URL: no other source lacks one. */
const ofStandardInput = (message: string, error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined
  if (typeof code === "string" && message.startsWith("Reading the body failed")) {
    return `Standard input cannot be read: ${whyUnreadable(cause)}`
  }
  // A LoadError about standard input has no text from the module or a server in it.
  const named = error instanceof LoadError
    ? message.replace("at the Response", "from standard input").replace(
      "the Response",
      "standard input",
    )
    : message
  return named.replace(/^(?:The data|The response)(?= )/, "Standard input")
}

/** Adds advice for a path that is a pipe or a device: it cannot be opened as a file, but can be piped in. */
const aboutPipes = (message: string): string =>
  message.endsWith("it is not a regular file (EINVAL)")
    ? `${message}. To read from a pipe or a device, redirect it, and pass - as the source`
    : message

/**
 * How to report a failure; without lines if there is nothing to report.
 *
 * @param cause what ended the command
 * @param args the command's arguments
 */
export const failureOf = (cause: Cause.Cause<unknown>, args: ReadonlyArray<string>): Failure => {
  if (Cause.hasInterruptsOnly(cause)) return { exitCode: exitInterrupted, lines: [] }
  const error = Cause.squash(cause)
  if (CommandError.isCliError(error) && error._tag === "ShowHelp") {
    return { exitCode: exitUsage, lines: usageLines(error, args) }
  }
  if (error instanceof CliError) {
    return { exitCode: error.exitCode, lines: error.message === "" ? [] : [oneLine(error.message)] }
  }
  const isPiped = args.includes("-")
  if (error instanceof PolicyError) {
    const words = isPiped ? ofStandardInput(error.message, error) : error.message
    // Not `inCommandWords`: the message names no options, and a name in the module must not be changed.
    return { exitCode: exitBad, lines: [oneLine(words), `Policy rule: ${error.rule}`] }
  }
  const said = error instanceof Error ? error.message || error.name : String(error)
  const url: unknown = error instanceof Error ? Reflect.get(error, "url") : undefined
  const message = inCommandWords(
    isPiped ? ofStandardInput(said, error) : aboutPipes(said),
    typeof url === "string" ? url : "",
  )
  // The library's message may give the same advice.
  const advice = message.includes("--sniff") ? "" : sniffAdvice(error, args)
  return {
    exitCode: isUsage(error) ? exitUsage : exitBad,
    lines: [oneLine(`${message}${advice}`)],
  }
}
