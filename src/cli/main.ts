/**
 * The command line: `bun start` compiles the embedded example over loopback and calls it; `bun start <url or file>`
 * compiles any module and tells what it imports and exports.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import process from "node:process"
import { parseArgs } from "node:util"
import { Wasm } from "../../mod.ts"
import { printName } from "../binary/print.ts"
import { CliError } from "./cli_error.ts"
import { describeReport, oneLine } from "./describe_report.ts"
import { serveExample } from "./example.ts"
import { openArgument } from "./source.ts"
import { line, printingStages } from "./stages.ts"

const usage = "Usage: start [--sniff] [<url or file>]"

/** The main job: serve, compile while it arrives, instantiate, call. */
const runExample = Effect.scoped(Effect.gen(function* () {
  const { size, url } = yield* serveExample
  console.log(line("serving", undefined, `${url} (${size} bytes)`))
  const received: Array<unknown> = []
  const imports = { imports: { imported_func: (value: unknown) => void received.push(value) } }
  const { instance } = yield* printingStages(
    Wasm.instantiateStreaming(Effect.tryPromise(() => fetch(url)), imports),
  )
  const exported: unknown = instance.exports["exported_func"]
  if (typeof exported !== "function") {
    return yield* new CliError({ message: "The example does not export exported_func" })
  }
  exported()
  console.log(line("called", undefined, "exported_func(), which called imported_func with"))
  for (const value of received) console.log(String(value))
}))

/** The compile part, for any module. */
const runArgument = (argument: string, contentType: Wasm.ContentTypePolicy) =>
  Effect.gen(function* () {
    console.log(line("loading", undefined, printName(argument)))
    const source = openArgument(argument)
    const { report } = yield* printingStages(
      Wasm.compileStreamingWithReport(source, { contentType }),
    )
    for (const [label, text] of describeReport(report)) console.log(line(label, undefined, text))
  })

const readArguments = (args: ReadonlyArray<string>) =>
  Effect.try({
    try: () => {
      const { positionals, values } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { sniff: { type: "boolean", default: false } },
      })
      if (positionals.length > 1) {
        throw new Error(`One URL or file at a time, not ${positionals.length}`)
      }
      if (positionals[0] === "") throw new Error("The URL or file is empty")
      const contentType: Wasm.ContentTypePolicy = values.sniff ? "sniff" : "strict"
      return { argument: positionals[0], contentType }
    },
    catch: (cause) => {
      const said = cause instanceof Error ? cause.message.split(/\. |\n/)[0] : String(cause)
      return new CliError({ message: `${said}. ${usage}` })
    },
  })

const program = Effect.flatMap(
  readArguments(process.argv.slice(2)),
  ({ argument, contentType }) =>
    argument === undefined ? runExample : runArgument(argument, contentType),
)

const exit = await Effect.runPromiseExit(program)
if (exit._tag === "Failure") {
  const failure = Option.getOrElse(Cause.failureOption(exit.cause), () => Cause.squash(exit.cause))
  const said = failure instanceof Error ? failure.message : String(failure)
  console.error(oneLine(said))
  process.exitCode = 1
}
