/**
 * `compile`: compiles a module while a progress bar is shown, then prints a summary.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { ModuleDecoder } from "../../binary/decoder.ts"
import { type ModuleReport, ModuleReportBuilder } from "../../binary/report/module_report.ts"
import { ModuleCache } from "../../http/cache/module_cache.ts"
import type { LoadFailure } from "../../http/load_error.ts"
import { loadModule, loadModuleWithReport } from "../../http/load_module.ts"
import { WatchedFolder } from "../cache.ts"
import type { CliError } from "../cli_error.ts"
import { type EngineFlags, engineOptions, type LoadFlags } from "../flags.ts"
import { warnOfSets } from "../known_builtins.ts"
import { loading, shown } from "../loading.ts"
import { LoadTimes, timed } from "../load_times.ts"
import { policyIn } from "../policy_file.ts"
import { namedSource } from "../source.ts"
import { Output } from "../terminal/output.ts"
import { summaryLines } from "../views/compile_summary.ts"

/** The input of `compile`. */
export interface CompileInput {
  readonly source: string
  readonly load: LoadFlags
  readonly engine: EngineFlags
  /** The file of a policy. */
  readonly policy: string | undefined
  readonly cache: string | undefined
}

/** Builds the report from the bytes that the engine is given, whether they are from the network or the cache. */
class ReportedBytes extends LoadTimes {
  #builder = new ModuleReportBuilder()
  #decoder = new ModuleDecoder({ sink: this.#builder, unknown: "defer" })

  override begin(): void {
    super.begin()
    this.#builder = new ModuleReportBuilder()
    this.#decoder = new ModuleDecoder({ sink: this.#builder, unknown: "defer" })
  }

  override chunk(chunk: Uint8Array): void {
    super.chunk(chunk)
    this.#decoder.push(chunk)
  }

  /** The report, once the module is compiled. */
  report(): ModuleReport {
    this.#decoder.finish()
    return this.#builder.build(this.#decoder)
  }
}

const throughCache = Effect.fnUntraced(function* (input: CompileInput, path: string) {
  const output = yield* Output
  const { name, open } = yield* namedSource(input.source, input.load.headers)
  const policy = yield* policyIn(input.policy)
  const times = new ReportedBytes()
  const folder = new WatchedFolder(path)
  // The user of the command is the only client, so private responses may be kept.
  const service = ModuleCache.make({ store: folder.store, singleClient: true })
  const view = shown(output, input.load)
  const load = loadModule(open(), {
    ...view.options,
    ...engineOptions(input.engine),
    policy,
    cache: service,
  }).pipe(Effect.ensuring(service.flush))
  yield* loading(view, timed(load, times))
  if (folder.failure !== undefined) output.complain(`warning: ${folder.failure}`)
  output.print([
    output.style.strong(name),
    ...summaryLines(times.report(), {
      times,
      integrity: input.load.integrity,
      cache: folder.outcome(times.status),
      width: output.figureWidth(),
      style: output.style,
    }),
  ])
})

/** Compiles a module and prints a summary. */
export const compile = (
  input: CompileInput,
): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    yield* warnOfSets(input.engine.builtins)
    if (input.cache !== undefined) return yield* throughCache(input, input.cache)
    const output = yield* Output
    const { name, open } = yield* namedSource(input.source, input.load.headers)
    const policy = yield* policyIn(input.policy)
    const times = new LoadTimes()
    const view = shown(output, input.load)
    const load = loadModuleWithReport(open(), {
      ...view.options,
      ...engineOptions(input.engine),
      policy,
    })
    const { report } = yield* loading(view, timed(load, times))
    output.print([
      output.style.strong(name),
      ...summaryLines(report, {
        times,
        integrity: input.load.integrity,
        width: output.figureWidth(),
        style: output.style,
      }),
    ])
  })
