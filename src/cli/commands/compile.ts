/**
 * `compile`: from a source to a module, with a progress bar, and what there is to say of both.
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

/** What `compile` is given. */
export interface CompileInput {
  readonly source: string
  readonly load: LoadFlags
  readonly engine: EngineFlags
  /** The file of a policy. */
  readonly policy: string | undefined
  readonly cache: string | undefined
}

/** What the engine is given is what the report is of, wherever the bytes are from. */
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

  /** What is in the module, once it is compiled. */
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
  // There is nobody else: who starts the command is the only one who sends.
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

/** Compiles a module and tells about it. */
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
