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
import { CliError } from "./cli_error.ts"
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
  const { instance, module } = yield* printingStages(
    Wasm.instantiateStreaming(Effect.tryPromise(() => fetch(url)), imports),
  )
  describe(module)
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
    console.log(line("loading", undefined, argument))
    const source = openArgument(argument)
    describe(yield* printingStages(Wasm.compileStreaming(source, { contentType })))
  })

const describe = (module: WebAssembly.Module): void => {
  const imports = WebAssembly.Module.imports(module)
  const exports = WebAssembly.Module.exports(module)
  const list = (names: ReadonlyArray<string>): string =>
    names.length === 0
      ? "nothing"
      : names.length <= 4
      ? names.join(", ")
      : `${names.slice(0, 4).join(", ")} and ${names.length - 4} more`
  const imported = imports.map(({ kind, module, name }) => `${kind} ${module}.${name}`)
  console.log(line("imports", undefined, printable(list(imported))))
  console.log(
    line("exports", undefined, printable(list(exports.map(({ kind, name }) => `${kind} ${name}`)))),
  )
}

/** Names come from the module; what would steer a terminal is shown by its code point. */
const printable = (text: string): string =>
  text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  )

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
  console.error(printable(said.replaceAll("\n", " ")))
  process.exitCode = 1
}
