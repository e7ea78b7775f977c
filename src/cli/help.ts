/**
 * Help and version, as `effect/cli` tells them.
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

/** Those of `effect/cli`, with options that leave the word after them alone. */
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

/** How the command is called: without a command's name, too. */
const usage = "compile-streaming [options] <source>\n  compile-streaming <command> [options] ..."

type FlagDoc = HelpDoc["flags"][number]

/** An option whose value needs an equals sign has it in its name. */
const flagDoc = (flag: FlagDoc): FlagDoc => {
  const value = /^\[=(.*)\]$/s.exec(flag.type)?.[1]
  if (value === undefined) return flag
  return { ...flag, name: value === "boolean" ? flag.name : flag.name + flag.type, type: "boolean" }
}

/** Help as the command has it: every argument is text, so its type is not worth telling. */
const helpDoc = (doc: HelpDoc): HelpDoc => ({
  ...doc,
  usage: doc.subcommands === undefined ? doc.usage.replace("[flags]", "[options]") : usage,
  flags: doc.flags.map(flagDoc),
  globalFlags: (doc.globalFlags ?? []).map(flagDoc),
  args: (doc.args ?? []).map((arg) => ({ ...arg, type: "" })),
})

/** The words of the documents for what `effect/cli` calls otherwise. */
const headings: Readonly<Record<string, string>> = {
  FLAGS: "OPTIONS",
  "GLOBAL FLAGS": "GLOBAL OPTIONS",
  SUBCOMMANDS: "COMMANDS",
}

/** The headings in those words, each with an empty line before it, which one of `effect/cli` lacks. */
const withHeadings = (text: string): string =>
  text.split("\n").flatMap((line, at, lines) => {
    const title = withoutColor(line)
    if (!/^[A-Z]+(?: [A-Z]+)*$/.test(title)) return [line]
    const heading = line.replace(title, headings[title] ?? title)
    return at === 0 || lines[at - 1] === "" ? [heading] : ["", heading]
  }).join("\n")

/**
 * Help and version are results; what is wrong with the arguments is told as any other failure is.
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
 * Runs a command with all that it needs.
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
 * @param name the command; "" for the whole
 */
export const helpText = (name: string): Effect.Effect<string, unknown> =>
  Effect.gen(function* () {
    let help = ""
    const args = name === "" ? ["--help"] : [name, "--help"]
    yield* runPresented(args, (text) => help = text, true)
    return help
  })
