/**
 * Runs the command in this process: its streams, its signals, its exit code.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import process from "node:process"
import { misuse, outputSettings, withCommand } from "./arguments.ts"
import { usageError } from "./cli_error.ts"
import { runPresented } from "./help.ts"
import { takeSignals } from "./interrupts.ts"
import { mistyped } from "./mistyped.ts"
import { failureOf } from "./tell_failure.ts"
import { Output, processOutput } from "./terminal/output.ts"
import { colorStyle } from "./terminal/style.ts"

/** Unlike the platform's, does not call `process.exit` at the end, so that pending output is still written. */
const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  fiber.addObserver((exit) => {
    teardown(exit, () => {})
  })
})

const example: Effect.Effect<void, unknown> = Effect.flatMap(
  Effect.promise(() => import("./commands/example.ts")),
  ({ runExample }) => runExample,
)

/**
 * Starts the command.
 *
 * @param args its arguments
 */
export const start = (args: ReadonlyArray<string>): void => {
  const output = processOutput(outputSettings(args))
  const wrong = misuse(args) ?? mistyped(args)
  const program = args.length === 0
    ? example
    : wrong === undefined
    ? runPresented(withCommand(args), output.print, output.style === colorStyle)
    : Effect.fail(usageError(wrong))

  /** Reports a failure and sets the exit code of the process. */
  const tell = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
    Effect.sync(() => {
      const { exitCode, lines } = failureOf(cause, args)
      const { bad, faint } = output.noteStyle
      const [first, ...others] = lines
      if (first !== undefined) output.complain([`${bad("error:")} ${first}`, ...others.map(faint)])
      process.exitCode = exitCode
    })

  takeSignals()
  runMain(
    program.pipe(
      Effect.provideService(Output, output),
      // `effect/cli` writes completions to it. A runtime's own console may not report failed writes.
      Effect.provideService(Console.Console, {
        ...console,
        log: (text) => output.print(String(text)),
      }),
      Effect.ensuring(Effect.sync(output.clear)),
      Effect.tapCause(tell),
      Effect.ignoreCause,
    ),
    { disableErrorReporting: true },
  )
}
