/**
 * Help and version, formatted by `effect/cli`.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import type { HelpDoc } from "effect/cli/HelpDoc"
import { described, runCommand } from "./command.ts"
import { environmentFor } from "./environment.ts"
import { toggle } from "./flags.ts"
import { withoutColor } from "./terminal/color.ts"

/** The actions of `effect/cli`, with options that do not take the next word as their value. */
const help = GlobalFlag.Action({
  flag: Flag.withAlias(toggle("help", "Show this help"), "h"),
  run: GlobalFlag.Help.run,
})

const showVersion = GlobalFlag.Action({
  flag: Flag.withAlias(toggle("version", "Show the version"), "v"),
  run: GlobalFlag.Version.run,
})

const completions = GlobalFlag.Action({
  flag: Flag.Literals("completions", ["bash", "zsh", "fish", "powershell"]).pipe(
    Flag.withMetavar("shell"),
    Flag.withDescription("Write a completion script for this shell"),
    Flag.optional,
  ),
  run: (shell) =>
    Option.match(shell, {
      onNone: () => Effect.void,
      onSome: (shell) =>
        Effect.flatMap(
          Effect.promise(() => import("./completions.ts")),
          ({ completionScript }) => Console.log(completionScript(shell, described)),
        ),
    }),
})

/** The usage lines: the command's name may be left out. */
const usage = "compile-streaming [options] <source>\n  compile-streaming <command> [options] ..."

type FlagDoc = HelpDoc["flags"][number]

/** If an option takes its value after an equals sign, its name is shown with both. */
const flagDoc = (flag: FlagDoc): FlagDoc => {
  const value = /^\[=(.*)\]$/s.exec(flag.type)?.[1]
  if (value === undefined) return flag
  return { ...flag, name: value === "boolean" ? flag.name : flag.name + flag.type, type: "boolean" }
}

/** The help with the command's usage, and without the types of arguments: all are text. */
const helpDoc = (doc: HelpDoc): HelpDoc => ({
  ...doc,
  usage: doc.subcommands === undefined ? doc.usage.replace("[flags]", "[options]") : usage,
  flags: doc.flags.map(flagDoc),
  globalFlags: (doc.globalFlags ?? []).map(flagDoc),
  args: (doc.args ?? []).map((arg) => ({ ...arg, type: "" })),
})

/** The headings of `effect/cli`, and what the documentation calls them. */
const headings: Readonly<Record<string, string>> = {
  FLAGS: "OPTIONS",
  "GLOBAL FLAGS": "GLOBAL OPTIONS",
  SUBCOMMANDS: "COMMANDS",
}

/** Renames the headings, and puts an empty line before each: `effect/cli` leaves one out. */
const withHeadings = (text: string): string =>
  text.split("\n").flatMap((line, at, lines) => {
    const title = withoutColor(line)
    if (!/^[A-Z]+(?: [A-Z]+)*$/.test(title)) return [line]
    const heading = line.replace(title, headings[title] ?? title)
    return at === 0 || lines[at - 1] === "" ? [heading] : ["", heading]
  }).join("\n")

/**
 * Prints help and version as results. Wrong usage is reported like any other failure, in `start.ts`.
 *
 * @param print writes lines of a result
 * @param colors whether help has colors
 */
const presenting = (print: (text: string) => void, colors: boolean): Layer.Layer<never> =>
  CliOutput.layerPresenter({
    present: (event) =>
      Effect.sync(() => {
        if (event._tag === "Version") return print(event.version)
        if (event._tag !== "Help" || event.reason !== "Requested") return
        const { formatHelpDoc } = CliOutput.defaultFormatter({ colors })
        print(withHeadings(formatHelpDoc(helpDoc(event.helpDoc))))
      }),
  })

/**
 * Runs a command with the services that it needs.
 *
 * @param args its name and its arguments
 * @param print writes lines of help and version
 * @param colors whether help has colors
 */
export const runPresented = (
  args: ReadonlyArray<string>,
  print: (text: string) => void,
  colors: boolean,
): Effect.Effect<void, unknown> =>
  runCommand(args).pipe(
    Effect.provide(
      Layer.mergeAll(
        environmentFor(args),
        presenting(print, colors),
        CliConfig.layer({ builtIns: [help, showVersion, completions] }),
      ),
    ),
  )

/**
 * The help of a command, with colors.
 *
 * @param name the command; "" for the top-level help
 */
export const helpText = (name: string): Effect.Effect<string, unknown> =>
  Effect.gen(function* () {
    let help = ""
    const args = name === "" ? ["--help"] : [name, "--help"]
    yield* runPresented(args, (text) => help = text, true)
    return help
  })
