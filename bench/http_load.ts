/**
 * Measures loading by URL: over a connection that breaks, a thousand loads at once, a warm start, and the cost of hashing.
 *
 * Usage: `http_load.ts [--cases broken,many,warm,hash] [--rounds 5] [--speed 50] [--only bun,deno,node] [--json file]
 * [module...]`. With `--only` it runs itself on those runtimes, on Node as a bundle; otherwise on the current runtime.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import process from "node:process"
import { parseArgs } from "node:util"
import {
  brokenLink,
  hashing,
  manyLoads,
  populate,
  type Shown,
  warmStart,
} from "./http_load_cases.ts"
import { labelOf, resolveModule } from "./modules.ts"
import { type CaseFigures, readResults, writeResults } from "./results.ts"
import { installed, prepare } from "./runtimes.ts"
import { machine, readCount, runtime } from "./support.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "broken,many,warm,hash" },
    rounds: { type: "string", default: "5" },
    speed: { type: "string", default: "50" },
    only: { type: "string" },
    populate: { type: "string" },
    json: { type: "string" },
  },
})
const { only, rounds, speed } = values

/** The cases, with the modules that they use if none are named. */
const cases: Readonly<
  Record<string, { modules: ReadonlyArray<string>; run: (path: string) => Promise<Shown> }>
> = {
  broken: {
    modules: ["ffmpeg"],
    run: (path) => brokenLink(path, readCount(rounds), readCount(speed)),
  },
  many: { modules: ["sql.js"], run: (path) => manyLoads(path, readCount(rounds)) },
  warm: {
    modules: ["esbuild", "ffmpeg"],
    run: (path) => warmStart(path, readCount(rounds), fileURLToPath(import.meta.url)),
  },
  hash: { modules: ["esbuild", "ffmpeg"], run: (path) => hashing(path, readCount(rounds)) },
}

if (values.populate !== undefined) {
  const [folder = ""] = positionals
  await populate(values.populate, folder)
} else if (only !== undefined) {
  const runtimes = installed(only)
  const bench = prepare(runtimes, ["http_load.ts", "http_load_server.ts"])
  const folder = mkdtempSync(join(tmpdir(), "compile-streaming-bench-"))
  const figures: Array<CaseFigures> = []
  try {
    for (const name of runtimes) {
      const json = join(folder, "results.json")
      const args = ["--cases", values.cases, "--rounds", rounds, "--speed", speed, "--json", json]
      console.log(await bench.run(name, [...args, ...positionals]))
      figures.push(...readResults(json).cases)
    }
  } finally {
    bench.dispose()
    rmSync(folder, { recursive: true })
  }
  writeResults(values.json, "http_load", figures)
} else {
  console.log(`${runtime()}; ${machine()}; medians of ${rounds} rounds`)
  const figures: Array<CaseFigures> = []
  for (const name of values.cases.split(",")) {
    const one = cases[name]
    if (one === undefined) throw new Error(`No case ${name}: there are ${Object.keys(cases)}`)
    for (const module of positionals.length === 0 ? one.modules : positionals) {
      const path = resolveModule(module)
      const label = labelOf(path)
      const shown = await one.run(path)
      console.log(`\n${name}, ${label}\n${shown.text}`)
      figures.push(
        ...shown.figures.map((figure) => ({
          ...figure,
          of: [runtime(), label, name, ...figure.of],
        })),
      )
    }
  }
  writeResults(values.json, "http_load", figures)
}
process.exit()
