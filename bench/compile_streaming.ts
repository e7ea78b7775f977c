/**
 * Measures ours against native `WebAssembly.compileStreaming` and against `arrayBuffer()` + `WebAssembly.compile`: on the
 * same module, in the same process, interleaved. Native runs twice a round; the ratio of the two is the noise.
 *
 * The server's process keeps the event loop alive. Without it, Bun busy-waits while a native compilation is awaited at the
 * top level, which would double the processor time of native.
 *
 * Usage: `compile_streaming.ts [--rounds 12] [--pace 600] [--cases loopback,memory,paced] [--validation structure|full]
 * [--json file] [module...]`, directly on Bun and Deno. `run.ts` bundles it for Node, and reads its results with `--raw`.
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import process from "node:process"
import { parseArgs } from "node:util"
import { compileStreaming } from "../mod.ts"
import { compileFigures, resultsTable } from "./compile_table.ts"
import type { CaseResult } from "./compile_table.ts"
import { defaultModule, labelOf, resolveModule } from "./modules.ts"
import { writeResults } from "./results.ts"
import {
  machine,
  orderOf,
  readCount,
  runtime,
  settle,
  stampModule,
  startServer,
} from "./support.ts"
import { type Taken, timed } from "./support.ts"

type Source = Response | Promise<Response>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "12" },
    pace: { type: "string", default: "600" },
    cases: { type: "string", default: "loopback,memory,paced" },
    validation: { type: "string", default: "structure" },
    json: { type: "string" },
    raw: { type: "boolean", default: false },
  },
})
const validation = values.validation === "full" ? "full" : "structure"

const native = (source: Source): Promise<unknown> => WebAssembly.compileStreaming(source)

/** The contenders, named as in the results. */
const contenders: ReadonlyArray<{
  readonly name: keyof CaseResult["taken"]
  readonly compile: (source: Source) => Promise<unknown>
}> = [
  { name: "ours", compile: (source) => compileStreaming(source, { validation }) },
  { name: "native", compile: native },
  {
    name: "whole",
    compile: async (source) => WebAssembly.compile(await (await source).arrayBuffer()),
  },
  { name: "nativeAgain", compile: native },
]

/** A case. Its responses have bytes that were never compiled before. */
interface Case {
  readonly name: string
  readonly prepare: () => void
  readonly open: () => Source
}

const nothing = (): void => {}

const measure = async (one: Case, rounds: number): Promise<CaseResult["taken"]> => {
  const taken: Record<keyof CaseResult["taken"], Array<Taken>> = {
    ours: [],
    native: [],
    whole: [],
    nativeAgain: [],
  }
  // The first round warms up and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const { name, compile } of orderOf(contenders, round + contenders.length)) {
      one.prepare()
      await settle()
      const run = await timed(() => compile(one.open()))
      if (round >= 0) taken[name].push(run)
    }
  }
  return taken
}

const rounds = readCount(values.rounds)
const pace = readCount(values.pace)
const wanted = values.cases.split(",")
const results: Array<CaseResult> = []

for (const name of positionals.length === 0 ? [defaultModule] : positionals) {
  const path = resolveModule(name)
  const { bytes, renew } = stampModule(await readFile(path))
  const server = await startServer(path)
  const cases: ReadonlyArray<Case> = [
    { name: "loopback", prepare: nothing, open: () => fetch(server.url) },
    {
      name: "memory",
      prepare: renew,
      open: () => new Response(bytes, { headers: { "content-type": "application/wasm" } }),
    },
    { name: "paced", prepare: nothing, open: () => fetch(`${server.url}?pace=${pace}`) },
  ]
  for (const one of cases.filter((one) => wanted.includes(one.name))) {
    const taken = await measure(one, rounds)
    const shown = one.name === "paced" ? `paced ${pace} ms` : one.name
    results.push({ runtime: runtime(), module: labelOf(path), case: shown, taken })
  }
  server.stop()
}

writeResults(values.json, "compile_streaming", compileFigures(results))
if (values.raw) console.log(JSON.stringify(results))
else console.log(`${machine()}; ${rounds} rounds\n\n${resultsTable(results)}`)
process.exit()
