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

/** The words before `--`: after it, none is an option. */
const beforeEnd = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = args.indexOf("--")
  return end < 0 ? args : args.slice(0, end)
}

/**
 * Where the first argument is that is no option of the whole command.
 *
 * @param args what was given
 */
export const firstOfItsOwn = (args: ReadonlyArray<string>): number => {
  const at = args.findIndex((arg) => !/^(?:--quiet|-q|--verbose|--color)(?:=.*)?$/s.test(arg))
  return at < 0 ? args.length : at
}

/** Numbers that begin as options do. */
const negative =
  /^-(?:inf|infinity|nan|0x[\da-f_]+|\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)$/i

/** Options of one letter, several of them in one word too. */
const letters = /^-[hvq]+(?:=.*)?$/s

/** A word that `effect/cli` reads as options, a letter each, though it is none. */
const isNoOption = (arg: string): boolean =>
  /^-[^-]/.test(arg) && !negative.test(arg) && !letters.test(arg)

/**
 * What is wrong with the words themselves, before any of them is taken for an option: for a person; `undefined` if nothing is.
 *
 * @param args what was given
 */
export const misuse = (args: ReadonlyArray<string>): string | undefined => {
  const words = beforeEnd(args)
  for (const [at, word] of words.entries()) {
    const next = words[at + 1]
    if (word === "--color" && isColorChoice(next)) {
      return `--color takes its value after an equals sign: --color=${next}`
    }
    const [, action] = /^(--help|--version)=/.exec(word) ?? []
    if (action !== undefined) return `${action} takes no value`
    if (isNoOption(word)) {
      return `There is no option ${word}. If it is a file, write ./${word}, or put -- before it`
    }
  }
  return undefined
}

/**
 * The arguments of `run`, with `--` before its operands where one is a negative number: what else begins with a dash stays
 * an option, wherever it stands.
 *
 * @param args its name and its arguments
 * @param takesValue whether the word after an option is its value
 */
export const withNumbers = (
  args: ReadonlyArray<string>,
  takesValue: (option: string) => boolean,
): ReadonlyArray<string> => {
  const words = beforeEnd(args)
  const at = words.findIndex((arg) => negative.test(arg))
  if (args[firstOfItsOwn(args)] !== "run" || at < 0) return args
  const options: Array<string> = []
  const operands: Array<string> = []
  let isValue = false
  for (const word of words) {
    const isOption: boolean = !isValue && word.length > 1 && word.startsWith("-") &&
      !negative.test(word)
    if (isOption || isValue) options.push(word)
    else operands.push(word)
    isValue = isOption && takesValue(word)
  }
  const [command = "", ...others] = operands
  return [command, ...options, "--", ...others, ...args.slice(words.length + 1)]
}

/**
 * The arguments with the command's name: without one, `compile` is meant.
 *
 * @param args what was given
 */
export const withCommand = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const first = args[firstOfItsOwn(args)]
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
  const options = beforeEnd(args)
  let color: ColorChoice = "auto"
  for (const [at, option] of options.entries()) {
    const next = options[at + 1]
    const alone = isColorChoice(next) ? next : "always"
    const choice = option === "--color" ? alone : /^--color=(.*)$/s.exec(option)?.[1]
    if (isColorChoice(choice)) color = choice
  }
  const isOn = (pattern: RegExp): boolean => options.some((option) => pattern.test(option))
  return {
    color,
    quiet: isOn(/^(?:--quiet|-[hvq]*q)(?:=(?:true|yes|on|1|y))?$/) || isOn(/^-[hvq]*q[hvq]*$/),
    verbose: isOn(/^--verbose(?:=(?:true|yes|on|1|y))?$/),
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
