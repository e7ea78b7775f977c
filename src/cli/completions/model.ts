/**
 * What a shell is to offer: commands, their options, and what stands after them.
 *
 * @module
 */
import type * as Completions from "effect/cli/Completions"
import { builtinSets } from "../../types/builtins.ts"

/** What the command is called. */
export const program = "compile-streaming"

/** What is offered: words, modules, any file, folders, or nothing. */
export type Offer = ReadonlyArray<string> | "modules" | "files" | "folders" | "nothing"

/** An option. */
export interface CompletedOption {
  /** `--quiet`, `-q`. */
  readonly names: ReadonlyArray<string>
  readonly text: string
  /** How its value is given: not at all, as the next word, or after `=` if at all. */
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
  /** What its arguments are, one after another. */
  readonly operands: ReadonlyArray<Offer>
  /** What all that follow are. */
  readonly others: Offer
}

/** What is offered for values that have no choices of their own. */
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

/** The shells that there are scripts for. */
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

/** What ends a run at once. */
const actions: ReadonlyArray<CompletedOption> = [
  action(["--help", "-h"], "Show help"),
  action(["--version", "-v"], "Show the version"),
  action(["--completions"], "Write a completion script", shells),
]

const modules: ReadonlySet<string> = new Set(["source", "before", "after"])

/**
 * What a shell is to offer.
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
