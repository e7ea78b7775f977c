/**
 * Help and version, as `effect/cli` tells them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import { runCommand } from "./command.ts"
import { environmentFor } from "./environment.ts"

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
        print(CliOutput.defaultFormatter({ colors }).formatHelpDoc(event.helpDoc))
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
        CliConfig.layer({
          builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions],
        }),
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
