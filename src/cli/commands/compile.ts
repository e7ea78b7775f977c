/**
 * `compile`: from a source to a module, with a progress bar, and what there is to say of both.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { ModuleCache } from "../../http/cache/module_cache.ts"
import { directory } from "../../http/cache/directory.ts"
import type { LoadFailure } from "../../http/load_error.ts"
import { loadModule, loadModuleWithReport } from "../../http/load_module.ts"
import type { CliError } from "../cli_error.ts"
import { type EngineFlags, engineOptions, type LoadFlags } from "../flags.ts"
import { warnOfSets } from "../known_builtins.ts"
import { loading, shown } from "../loading.ts"
import { LoadTimes } from "../load_times.ts"
import { policyIn } from "../policy_file.ts"
import { namedSource } from "../source.ts"
import { Output } from "../terminal/output.ts"
import { watched } from "../watched_engine.ts"
import { compiledLines, moduleLines, summaryLines } from "../views/compile_summary.ts"

/** What `compile` is given. */
export interface CompileInput {
  readonly source: string
  readonly load: LoadFlags
  readonly engine: EngineFlags
  /** The file of a policy. */
  readonly policy: string | undefined
  readonly cache: string | undefined
}

const throughCache = Effect.fnUntraced(function* (input: CompileInput, folder: string) {
  const output = yield* Output
  const { name, open } = yield* namedSource(input.source, input.load.headers)
  const policy = yield* policyIn(input.policy)
  const times = new LoadTimes()
  const service = ModuleCache.make({ store: directory(folder) })
  const { options } = shown(output, input.load)
  const load = loadModule(open(), {
    ...options,
    ...engineOptions(input.engine),
    policy,
    cache: service,
  }).pipe(Effect.ensuring(service.flush))
  const module = yield* loading(watched(load, times))
  output.print([output.style.strong(name), ...compiledLines(times), ...moduleLines(module)])
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
    const { options } = shown(output, input.load)
    const load = loadModuleWithReport(open(), {
      ...options,
      ...engineOptions(input.engine),
      policy,
    })
    const { report } = yield* loading(watched(load, times))
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
