/**
 * `run`: compiles and instantiates a module and calls an export, in a way that can be interrupted whatever it does.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ExportReport, ImportReport } from "../../binary/report/module_report.ts"
import type { LoadFailure } from "../../http/load_error.ts"
import { loadModuleWithReport } from "../../http/load_module.ts"
import { providedBy } from "../../types/builtins.ts"
import {
  callArguments,
  type FunctionType,
  functionType,
  resultLines,
  WrongArgument,
} from "../arguments_of_call.ts"
import {
  type Call,
  callInThread,
  type Outcome,
  returnedValue,
  thrownValue,
} from "../call_thread.ts"
import { badModule, CliError, exitBad, usageError } from "../cli_error.ts"
import { ModuleFunctions } from "../disassembly.ts"
import { type EngineFlags, engineOptions, type LoadFlags } from "../flags.ts"
import { hearingSignals } from "../interrupts.ts"
import { warnOfSets } from "../known_builtins.ts"
import { loading, shown } from "../loading.ts"
import { policyIn } from "../policy_file.ts"
import { inCommandWords } from "../option_names.ts"
import { namedSource } from "../source.ts"
import { Output } from "../terminal/output.ts"
import { plural } from "../terminal/numbers.ts"
import { inColumns, listedName } from "../terminal/text.ts"
import { trapLines } from "../views/trap_lines.ts"
import { KeptModule, watched } from "../watched_engine.ts"

/** The input of `run`. */
export interface RunInput {
  readonly source: string
  readonly name: string
  readonly args: ReadonlyArray<string>
  readonly load: LoadFlags
  readonly engine: EngineFlags
  /** The file of a policy. */
  readonly policy: string | undefined
}

/** The most rows listed with an error. */
const fewRows = 40

/** The imports that the engine does not provide; neither can this command. */
const missingImports = (
  imports: ReadonlyArray<ImportReport>,
  { builtins, stringConstants }: EngineFlags,
): ReadonlyArray<ImportReport> => {
  const isProvided = providedBy({ builtins, importedStringConstants: stringConstants })
  return imports.filter((entry) => !isProvided(entry))
}

/** Prints an error with rows below it, and fails. */
const failWith = (
  message: string,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): Effect.Effect<never, CliError> =>
  Effect.gen(function* () {
    const { complain, noteStyle } = yield* Output
    const left = rows.length - fewRows
    complain([
      `${noteStyle.bad("error:")} ${message}`,
      ...inColumns(rows.slice(0, fewRows)).map((line) => `  ${line}`),
      ...(left > 0 ? [`  … and ${left} more`] : []),
    ])
    return yield* Effect.fail(new CliError({ message: "", exitCode: exitBad }))
  })

const callable = (
  exports: ReadonlyArray<ExportReport>,
  name: string,
): Effect.Effect<FunctionType, CliError> => {
  const found = exports.find((exported) => exported.name === name)
  if (found?.kind === "function") {
    const type = functionType(found.type)
    return type === undefined
      ? Effect.fail(badModule(`The type of ${listedName(name)} is not known: ${found.type}`))
      : Effect.succeed(type)
  }
  const functions = exports.filter(({ kind }) => kind === "function")
  const shownNames = functions.slice(0, fewRows).map(({ name }) => listedName(name)).join(", ")
  const there = functions.length === 0
    ? "the module exports no function"
    : `the functions are ${shownNames}${functions.length > fewRows ? ", …" : ""}`
  const what = found === undefined
    ? `There is no export ${listedName(name)}`
    : `${listedName(name)} is a ${found.kind}, not a function`
  return Effect.fail(usageError(`${what}; ${there}`))
}

/** Instantiates and calls, in the time that loading has left of the limit. */
const called = (
  call: Call,
  hasStart: boolean,
  timeout: Duration.Duration | undefined,
  begun: number,
): Effect.Effect<Outcome, CliError> =>
  Effect.gen(function* () {
    const { clear } = yield* Output
    let running = hasStart ? "The start function" : "Instantiation"
    const outcome = hearingSignals(
      callInThread(call, () => void (running = listedName(call.name))),
      clear,
    )
    if (timeout === undefined) return yield* outcome
    const why = inCommandWords(`loading and running took longer than ${Duration.format(timeout)}`)
    return yield* Effect.timeoutOrElse(outcome, {
      duration: Math.max(0, Duration.toMillis(timeout) - (performance.now() - begun)),
      orElse: () => Effect.fail(badModule(`${running} has not returned: ${why}`)),
    })
  })

/** Compiles, instantiates and calls. */
export const run = (input: RunInput): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    const begun = performance.now()
    const output = yield* Output
    yield* warnOfSets(input.engine.builtins)
    const source = yield* namedSource(input.source, input.load.headers)
    const policy = yield* policyIn(input.policy)
    const view = shown(output, input.load)
    const kept = new KeptModule()
    const load = loadModuleWithReport(source.open(), {
      ...view.options,
      ...engineOptions(input.engine),
      policy,
    })
    const { module, report } = yield* loading(view, watched(load, kept))
    const type = yield* callable(report.exports, input.name)
    const args = yield* Effect.try({
      try: () => callArguments(input.args, type),
      catch: (error) =>
        usageError(
          `${listedName(input.name)} ${
            error instanceof WrongArgument ? error.message : String(error)
          }`,
        ),
    })
    const missing = missingImports(report.imports, input.engine)
    if (missing.length > 0) {
      return yield* failWith(
        `The module needs ${plural(missing.length, "import")} that run cannot provide`,
        missing.map((
          { module, name, type },
        ) => [`${listedName(module)}.${listedName(name)}`, type]),
      )
    }
    const outcome = yield* called(
      { module, name: input.name, args },
      report.start !== undefined,
      input.load.timeout,
      begun,
    )
    if (outcome.kind === "returned") {
      return output.print(resultLines(returnedValue(outcome.values), type))
    }
    const name = listedName(input.name)
    if (outcome.kind === "missing") {
      return yield* Effect.fail(badModule(`The engine has no function ${name}`))
    }
    const [first, ...others] = trapLines(
      outcome.during === "call" ? name : "Instantiating it",
      thrownValue(outcome.thrown),
      new ModuleFunctions(kept.bytes),
    )
    return yield* failWith(first, others.map((line) => [line.trimStart()]))
  })
