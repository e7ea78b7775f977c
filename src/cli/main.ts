/**
 * The command line: `bun start` compiles the embedded example over loopback and calls it; `bun start <url or file>`
 * loads any module, over as many connections as it takes, and tells what it imports and exports.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import * as Schedule from "effect/Schedule"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import process from "node:process"
import { parseArgs } from "node:util"
import { Wasm } from "../../mod.ts"
import { printName } from "../binary/print.ts"
import * as Http from "../http/effect.ts"
import { CliError } from "./cli_error.ts"
import { describeReport, oneLine } from "./describe_report.ts"
import { serveExample } from "./example.ts"
import { line, printingProgress, printingStages } from "./stages.ts"

const usage =
  "Usage: start [--sniff] [--integrity sha256-…] [--max-bytes <number>] [--retries <number>] [<url or file>]"

/** The main job: serve, compile while it arrives, instantiate, call. */
const runExample = Effect.fn("Cli.runExample")(function* () {
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
}, Effect.scoped)

/** A path from here may be written without a dot before it. */
const placeOf = (argument: string): string =>
  /^(?:[a-z][a-z0-9+.-]+:|[./\\])/i.test(argument) ? argument : `./${argument}`

/** Whoever starts the command may read files. */
const protocols: ReadonlyArray<Http.Protocol> = ["https:", "http:", "data:", "file:"]

/** The compile part, for any module. */
const runArgument = Effect.fn("Cli.runArgument")(
  function* (argument: string, options: Http.LoadModuleOptions) {
    console.log(line("loading", undefined, printName(argument)))
    const load = Http.loadModuleWithReport(placeOf(argument), {
      protocols,
      ...options,
      onProgress: printingProgress(),
    })
    const { report } = yield* printingStages(load)
    if (options.integrity !== undefined) console.log(line("verified", undefined, options.integrity))
    for (const [label, text] of describeReport(report)) console.log(line(label, undefined, text))
  },
  Effect.provide(FetchHttpClient.layer),
  // The stages are spans for the lines that they print; no server needs to know of them.
  Effect.provideService(HttpClient.TracerPropagationEnabled, false),
)

const readNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new Error(`${name} takes a number, not ${text}`)
}

/** The usual attempts, but not more than that many after the first one. */
const scheduleOf = (retries: number | undefined) =>
  retries === undefined ? undefined : Schedule.upTo(Http.defaultSchedule, { times: retries })

const readArguments = (args: ReadonlyArray<string>) =>
  Effect.try({
    try: () => {
      const { positionals, values } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          sniff: { type: "boolean", default: false },
          integrity: { type: "string" },
          "max-bytes": { type: "string" },
          retries: { type: "string" },
        },
      })
      if (positionals.length > 1) {
        throw new Error(`One URL or file at a time, not ${positionals.length}`)
      }
      if (positionals[0] === "") throw new Error("The URL or file is empty")
      const contentType: Wasm.ContentTypePolicy = values.sniff ? "sniff" : "strict"
      const { integrity } = values
      const maxBytes = readNumber("--max-bytes", values["max-bytes"])
      const schedule = scheduleOf(readNumber("--retries", values.retries))
      const options = { contentType, integrity, maxBytes, schedule }
      return { argument: positionals[0], options }
    },
    catch: (cause) => {
      const said = cause instanceof Error ? cause.message.split(/\. |\n/)[0] : String(cause)
      return new CliError({ message: `${said}. ${usage}` })
    },
  })

const program = Effect.gen(function* () {
  const { argument, options } = yield* readArguments(process.argv.slice(2))
  if (argument === undefined) yield* runExample()
  else yield* runArgument(argument, options)
})

/** What went wrong, in one line. */
const tell = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.sync(() => {
    const failure = Cause.squash(cause)
    console.error(oneLine(failure instanceof Error ? failure.message : String(failure)))
  })

/** The process stays until the program has ended, and ends by itself then, with what it wrote written. */
const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  fiber.addObserver((exit) => teardown(exit, (code) => process.exitCode = code))
})

runMain(Effect.tapCause(program, tell), { disableErrorReporting: true })
