/**
 * What a shell offers: the commands, their options and their arguments.
 *
 * @module
 */
import type * as Completions from "effect/cli/Completions"
import { builtinSets } from "../../types/builtins.ts"

/** The command's name. */
export const program = "compile-streaming"

/** What is offered: words, modules, any file, folders, or nothing. */
export type Offer = ReadonlyArray<string> | "modules" | "files" | "folders" | "nothing"

/** An option. */
export interface CompletedOption {
  /** `--quiet`, `-q`. */
  readonly names: ReadonlyArray<string>
  readonly text: string
  /** How its value is given: it has none, it is the next word, or it is optional and follows `=`. */
  readonly value: "none" | "word" | "optional"
  readonly offer: Offer
  readonly isRepeated: boolean
  /** Whether it may stand before a command's name. */
  readonly isOfWhole: boolean
}

/** A command. */
export interface CompletedCommand {
  readonly name: string
  readonly text: string
  readonly options: ReadonlyArray<CompletedOption>
  /** What to offer for its arguments, by position. */
  readonly operands: ReadonlyArray<Offer>
  /** What to offer for all further arguments. */
  readonly others: Offer
}

/** What to offer for the values of options that have no fixed choices. */
const offers: Readonly<Record<string, Offer>> = {
  builtin: builtinSets,
  cache: "folders",
  policy: "files",
}

const repeated: ReadonlySet<string> = new Set(["builtin", "header", "protocol"])

const optionOf = (flag: Completions.FlagDescriptor, isOfWhole: boolean): CompletedOption => {
  const { aliases, description = "", name, optionalValue, type } = flag
  const isToggle = type._tag === "Boolean"
  return {
    names: [`--${name}`, ...aliases.map((alias) => `-${alias}`)],
    text: description,
    value: isToggle ? "none" : optionalValue === true ? "optional" : "word",
    offer: isToggle ? "nothing" : type._tag === "Choice" ? type.values : offers[name] ?? "nothing",
    isRepeated: repeated.has(name),
    isOfWhole,
  }
}

/** The supported shells. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const

const action = (
  names: ReadonlyArray<string>,
  text: string,
  offer: Offer = "nothing",
): CompletedOption => ({
  names,
  text,
  value: offer === "nothing" ? "none" : "word",
  offer,
  isRepeated: false,
  isOfWhole: false,
})

/** Options that act on their own and end the run. */
const actions: ReadonlyArray<CompletedOption> = [
  action(["--help", "-h"], "Show help"),
  action(["--version", "-v"], "Show the version"),
  action(["--completions"], "Write a completion script", shells),
]

const modules: ReadonlySet<string> = new Set(["source", "before", "after"])

/**
 * What a shell offers.
 *
 * @param described the commands with their options, and the options of the whole
 */
export const completed = (
  described: Completions.CommandDescriptor,
): ReadonlyArray<CompletedCommand> =>
  described.subcommands.map((command) => {
    const offerOf = ({ name }: Completions.ArgumentDescriptor): Offer =>
      modules.has(name) ? "modules" : "nothing"
    const variadic = command.arguments.find(({ variadic }) => variadic)
    return {
      name: command.name,
      text: command.description ?? "",
      options: [
        ...command.flags.map((flag) => optionOf(flag, false)),
        ...described.flags.map((flag) => optionOf(flag, true)),
        ...actions,
      ],
      operands: command.arguments.filter(({ variadic }) => !variadic).map(offerOf),
      others: variadic === undefined ? "nothing" : offerOf(variadic),
    }
  })
