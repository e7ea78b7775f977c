#!/usr/bin/env node
/**
 * The command: `compile-streaming`, as the package's `bin`, the entry `./cli`, and `bun start`.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Runtime from "effect/Runtime"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import process from "node:process"
import { outputSettings, withCommand } from "./arguments.ts"
import { environmentFor } from "./environment.ts"
import { runCommand } from "./command.ts"
import { unwatchInterrupts, watchInterrupts } from "./interrupts.ts"
import { failureOf } from "./tell_failure.ts"
import { Output, processOutput } from "./terminal/output.ts"
import { colorStyle } from "./terminal/style.ts"

const args = process.argv.slice(2)
const output = processOutput(outputSettings(args))

/** Help and version are results; what is wrong with the arguments is told as any other failure is. */
const presenter = CliOutput.layerPresenter({
  present: (event) => {
    const formatter = CliOutput.defaultFormatter({ colors: output.style === colorStyle })
    if (event._tag === "Version") return Effect.sync(() => output.print(event.version))
    if (event._tag === "Help" && event.reason === "Requested") {
      return Effect.sync(() => output.print(formatter.formatHelpDoc(event.helpDoc)))
    }
    return Effect.void
  },
})

const environment = Layer.mergeAll(
  environmentFor(args),
  presenter,
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
)

const program: Effect.Effect<void, unknown> = args.length === 0
  ? Effect.flatMap(Effect.promise(() => import("./commands/example.ts")), (it) => it.runExample)
  : runCommand(withCommand(args)).pipe(
    Effect.provide(environment),
  )

/** Tells what went wrong; the exit code of the process is that of the last failure. */
const tell = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.sync(() => {
    const { exitCode, lines } = failureOf(cause, args)
    const { bad, faint } = output.noteStyle
    const [first, ...others] = lines
    if (first !== undefined) output.complain([`${bad("error:")} ${first}`, ...others.map(faint)])
    process.exitCode = exitCode
  })

watchInterrupts(output.clear)

/** Whoever reads the output may stop before its end, as `head` does: that is no failure. */
const onBrokenPipe = (error: Error): void => {
  if (Reflect.get(error, "code") === "EPIPE") process.exit(0)
  throw error
}
process.stdout.on("error", onBrokenPipe)

/** The process stays until the program has ended, and ends by itself then, with what it wrote written. */
const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  fiber.addObserver((exit) => {
    unwatchInterrupts()
    teardown(exit, () => {})
  })
})

runMain(
  program.pipe(
    Effect.provideService(Output, output),
    Effect.ensuring(Effect.sync(output.clear)),
    Effect.tapCause(tell),
    Effect.ignoreCause,
  ),
  { disableErrorReporting: true },
)
