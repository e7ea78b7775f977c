/**
 * Measures full validation against the engine's `WebAssembly.validate`, against packages that read or validate modules, and
 * in the pipeline against native streaming; on real modules. The goals are listed at the end.
 *
 * Usage: `bun bench/validation.ts [--only bun,deno,node] [--parts warm,peers,cold,pipeline] [--rounds 9] [--cold 9]
 * [--budget 10] [--json file] [module…]`, or the same with `deno run -A`; for Node, Bun makes a bundle. A package that has
 * used up the budget, in seconds, has no more turns with that module.
 *
 * @module
 */
import { statSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { ModuleValidator } from "../src/binary/mod.ts"
import { type CaseResult, compileFigures, resultsTable } from "./compile_table.ts"
import { labelOf, resolveModule } from "./modules.ts"
import { peerFolder, peers } from "./peers.ts"
import { writeResults } from "./results.ts"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine, readCount, table } from "./support.ts"
import { goalsTable } from "./validation_goals.ts"
import { coldRounds, type Start, warmRounds } from "./validation_rounds.ts"
import { engineTable, failuresTable, figuresOf } from "./validation_tables.ts"
import { type Measured, peersTable } from "./validation_tables.ts"

const defaultModules = [
  "resvg",
  "dart",
  "pyodide",
  "esbuild",
  "onnx",
  "swc",
  "ffmpeg",
  "duckdb",
]
/** The least size of modules that are streamed too, in bytes. */
const leastStreamed = 30e6
const pace = "600"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: defaultRuntimes },
    parts: { type: "string", default: "warm,peers,cold,pipeline" },
    rounds: { type: "string", default: "9" },
    cold: { type: "string", default: "9" },
    budget: { type: "string", default: "10" },
    json: { type: "string" },
  },
})
const parts = new Set(values.parts.split(","))
const rounds = readCount(values.rounds)
const coldCount = readCount(values.cold)
const budget = readCount(values.budget) * 1000
const paths = (positionals.length > 0 ? positionals : defaultModules).map(resolveModule)
const runtimes = installed(values.only)
const named = parts.has("peers") ? peers : []
named.forEach(peerFolder)

const measured: Array<Measured> = []
const paced: Array<CaseResult> = []

const show = (text: string): void => console.log(`${text}\n`)

/** The functions and features of a module, according to our validator. */
const describe = async (path: string): Promise<ReadonlyArray<string>> => {
  let functions = 0
  let largest = 0
  const decoder = new ModuleValidator({
    sink: {
      functionBody: (_, start, end) => {
        functions++
        largest = Math.max(largest, end - start)
      },
    },
  })
  decoder.push(await readFile(path))
  decoder.finish()
  const features = decoder.features.join(" ")
  return [labelOf(path), String(functions), (largest / 1000).toFixed(0), features]
}

const measure = async (start: Start, name: string, path: string): Promise<Measured> => {
  console.error(`${name}: ${path}`)
  const packages = named.map((peer) => peer.name)
  const isWarm = parts.has("warm") || parts.has("peers")
  const warm = isWarm ? await warmRounds(start, packages, { rounds, warmUp: 1000, budget }) : []
  const cold = parts.has("cold") ? await coldRounds(start, coldCount) : []
  return { runtime: [...warm, ...cold][0]?.runtime ?? name, path, warm, cold }
}

/** Measures ours against the engine and against other packages, on one runtime after the other. */
const validate = async (): Promise<void> => {
  const contender = prepare(runtimes, ["validation_contender.ts"])
  try {
    for (const name of runtimes) {
      const here: Array<Measured> = []
      for (const path of paths) {
        here.push(await measure((who) => contender.start(name, [who, path]), name, path))
      }
      measured.push(...here)
      const shown = here[0]?.runtime ?? name
      show(`${shown}: ours against WebAssembly.validate\n${engineTable(here)}`)
      if (named.length > 0) show(`${shown}: other packages, ms\n${peersTable(here)}`)
    }
  } finally {
    contender.dispose()
  }
  const failures = failuresTable(measured)
  if (failures !== "") show(failures)
}

/** Measures the pipeline with full validation against native streaming, paced. */
const stream = async (): Promise<void> => {
  const large = paths.filter((path) => statSync(path).size >= leastStreamed)
  if (large.length === 0) return
  const streaming = prepare(runtimes, ["compile_streaming.ts", "module_server.ts"])
  const options = ["--raw", "--rounds", values.rounds, "--pace", pace, "--cases", "paced"]
  try {
    for (const name of runtimes) {
      console.error(`${name}: streaming`)
      const text = await streaming.run(name, [...options, "--validation", "full", ...large])
      const part: ReadonlyArray<CaseResult> = JSON.parse(text)
      paced.push(...part)
    }
  } finally {
    streaming.dispose()
  }
  show(resultsTable(paced))
}

show(`${machine()}; ${rounds} rounds, ${coldCount} cold ones`)
const head = ["module", "functions", "largest, kB", "features"]
show(table(head, await Promise.all(paths.map(describe))))
if (parts.has("warm") || parts.has("peers") || parts.has("cold")) await validate()
if (parts.has("pipeline")) await stream()
writeResults(values.json, "validation", [...figuresOf(measured), ...compileFigures(paced)])
console.log(goalsTable(measured, paced))
