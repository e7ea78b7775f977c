/**
 * Runs `compile_streaming.ts` on every installed runtime, one after the other, and prints one table.
 *
 * Usage: `bun bench/run.ts [--only bun,deno,node] [--rounds 12] [--pace 600] [--cases loopback,memory,paced]
 * [--validation structure|full] [--json file] [module...]`
 *
 * @module
 */
import { parseArgs } from "node:util"
import { type CaseResult, compileFigures, resultsTable } from "./compile_table.ts"
import { defaultModule, resolveModule } from "./modules.ts"
import { writeResults } from "./results.ts"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine } from "./support.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: defaultRuntimes },
    rounds: { type: "string", default: "12" },
    pace: { type: "string", default: "600" },
    cases: { type: "string", default: "loopback,memory,paced" },
    validation: { type: "string", default: "structure" },
    json: { type: "string" },
  },
})
const modules = (positionals.length === 0 ? [defaultModule] : positionals).map(resolveModule)
const runtimes = installed(values.only)
const bench = prepare(runtimes, ["compile_streaming.ts", "module_server.ts"])
const results: Array<CaseResult> = []

try {
  for (const path of modules) {
    for (const name of runtimes) {
      console.error(`${name}: ${path}`)
      const { rounds, pace, cases, validation } = values
      const how = ["--raw", "--rounds", rounds, "--pace", pace, "--cases", cases]
      const args = [...how, "--validation", validation, path]
      const part: ReadonlyArray<CaseResult> = JSON.parse(await bench.run(name, args))
      results.push(...part)
    }
  }
} finally {
  bench.dispose()
}
writeResults(values.json, "compile_streaming", compileFigures(results))
console.log(`${machine()}; ${values.rounds} rounds\n\n${resultsTable(results)}`)
