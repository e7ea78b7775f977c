/**
 * Reads the arguments before `effect/cli` does: which command is meant, the output options, and mistakes that `effect/cli`
 * would misread.
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

/** Options that act on their own, without a command's name. */
const actions: ReadonlySet<string> = new Set(["--help", "-h", "--version", "-v"])

const isColorChoice = (text: string | undefined): text is ColorChoice =>
  text === "auto" || text === "always" || text === "never"

/** The words before `--`; no word after it is an option. */
const beforeEnd = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = args.indexOf("--")
  return end < 0 ? args : args.slice(0, end)
}

/**
 * The index of the first argument that is not a global option.
 *
 * @param args what was given
 */
export const firstOfItsOwn = (args: ReadonlyArray<string>): number => {
  const at = args.findIndex((arg) => !/^(?:--quiet|-q|--verbose|--color)(?:=.*)?$/s.test(arg))
  return at < 0 ? args.length : at
}

/** Negative numbers, which begin like options. */
const negative =
  /^-(?:inf|infinity|nan|0x[\da-f_]+(?:\.[\da-f_]*)?(?:p[+-]?\d+)?|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)$/i

/** One-letter options, alone or several in one word. */
const letters = /^-[hvq]+(?:=.*)?$/s

/** Whether `effect/cli` would read a word as one-letter options that do not exist. */
const isNoOption = (arg: string): boolean =>
  /^-[^-]/.test(arg) && !negative.test(arg) && !letters.test(arg)

/**
 * The message about the first mistake that shows before any word is parsed as an option; `undefined` if there is none.
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
      const before = words[at - 1] ?? ""
      return /^--\w[\w-]*$/.test(before) && /\d/.test(word)
        ? `There is no option ${word}. If it is the value of ${before}, write ${before}=${word}`
        : `There is no option ${word}. If it is a file, write ./${word}, or put -- before it`
    }
  }
  return undefined
}

/**
 * The arguments of `run`, with `--` before its operands if one is a negative number, which would be read as an option.
 * Options are moved before the `--`, wherever they stood.
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
 * The arguments, with `compile` added if they begin with no command's name.
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
 * The output settings in the arguments. A malformed one is ignored here; `effect/cli` reports it later.
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
 * The command whose help is asked for, if nothing else is; "" for the top-level help.
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
