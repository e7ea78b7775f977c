/**
 * What stands before the commands' own arguments: which command is meant, and how to write.
 *
 * @module
 */
import type { ColorChoice } from "./terminal/color.ts"
import type { OutputSettings } from "./terminal/output.ts"

/** The names of the commands. */
export const commandNames: ReadonlyArray<string> = [
  "compile",
  "inspect",
  "validate",
  "disassemble",
  "run",
  "types",
  "diff",
]

/** What the whole command answers to without a command's name. */
const actions: ReadonlySet<string> = new Set(["--help", "-h", "--version", "-v"])

const isColorChoice = (text: string | undefined): text is ColorChoice =>
  text === "auto" || text === "always" || text === "never"

/** Where the first argument is that is no option of the whole command. */
const firstOfItsOwn = (args: ReadonlyArray<string>): number => {
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ""
    if (arg === "--color") at++
    else if (!/^(?:--quiet|-q|--verbose|--color=.*)$/.test(arg)) break
  }
  return at
}

/** Numbers that begin as options do. */
const negative = /^-(?:inf|infinity|nan|0x[\da-f_]+|\d[\d_]*)$/i

/** What follows a number that looks like an option is arguments of the call too. */
const withNumbers = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const at = args.findIndex((arg) => negative.test(arg))
  return at < 0 || args.includes("--") ? args : [...args.slice(0, at), "--", ...args.slice(at)]
}

/**
 * The arguments with the command's name: without one, `compile` is meant.
 *
 * @param args what was given
 */
export const withCommand = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const first = args[firstOfItsOwn(args)]
  if (first === "run") return withNumbers(args)
  if (first !== undefined && (commandNames.includes(first) || actions.has(first))) return args
  if (first?.startsWith("--completions") === true) return args
  return ["compile", ...args]
}

/**
 * How to write, as far as the arguments say it; a malformed choice is told later, by the one who reads all arguments.
 *
 * @param args what was given
 */
export const outputSettings = (args: ReadonlyArray<string>): OutputSettings => {
  const end = args.indexOf("--")
  const options = end < 0 ? args : args.slice(0, end)
  let color: ColorChoice = "auto"
  options.forEach((option, index) => {
    const choice = option === "--color" ? options[index + 1] : /^--color=(.*)$/.exec(option)?.[1]
    if (isColorChoice(choice)) color = choice
  })
  return {
    color,
    quiet: options.includes("--quiet") || options.includes("-q"),
    verbose: options.includes("--verbose"),
  }
}

/**
 * The command whose help is asked for, where nothing else is; "" for the whole.
 *
 * @param args what was given
 */
export const helpRequest = (args: ReadonlyArray<string>): string | undefined => {
  const [first = "", ...others] = args.slice(firstOfItsOwn(args))
  const isHelp = (arg: string | undefined): boolean => arg === "--help" || arg === "-h"
  if (isHelp(first) && others.length === 0) return ""
  return commandNames.includes(first) && isHelp(others[0]) && others.length === 1
    ? first
    : undefined
}
