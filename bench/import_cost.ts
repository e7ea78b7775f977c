/**
 * Measures importing the library in a fresh process, from source and as packed, against importing `effect/Effect` alone;
 * interleaved. Node imports the source as a bundle.
 *
 * Usage: `bun bench/import_cost.ts [--only bun,deno,node] [--rounds 20] [--json file]`
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { type CaseFigures, writeResults } from "./results.ts"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine, orderOf, ratioOf, readCount, showMs, showRatio } from "./support.ts"
import { table, type Taken } from "./support.ts"

const target = 1.3

const { values } = parseArgs({
  options: {
    only: { type: "string", default: defaultRuntimes },
    rounds: { type: "string", default: "20" },
    json: { type: "string" },
  },
})
const rounds = readCount(values.rounds)
const runtimes = installed(values.only)
const probe = prepare(runtimes, ["import_probe.ts"])
const rows: Array<ReadonlyArray<string>> = []
const figures: Array<CaseFigures> = []

const root = fileURLToPath(new URL("../", import.meta.url))
const built = spawnSync("bun", ["build.ts"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] })
if (built.status !== 0) throw new Error("Cannot build what is packed")
const packed = pathToFileURL(`${root}dist/mod.js`).href

const contenders = ["source", "packed", "effect"] as const

try {
  for (const name of runtimes) {
    const taken: Record<typeof contenders[number], Array<Taken>> = {
      source: [],
      packed: [],
      effect: [],
    }
    let shown = name
    // The first round fills the caches of files and of transpiled code and is not counted.
    for (let round = -1; round < rounds; round++) {
      for (const what of orderOf(contenders, round + 2)) {
        const text = await probe.run(name, [what, packed])
        const printed: { runtime: string; taken: Taken } = JSON.parse(text)
        shown = printed.runtime
        if (round >= 0) taken[what].push(printed.taken)
      }
    }
    for (const what of ["source", "packed"] as const) {
      for (const by of ["wall", "cpu"] as const) {
        const ours = taken[what].map((run) => run[by])
        const effect = taken.effect.map((run) => run[by])
        const ratio = ratioOf(ours, effect)
        const runs = { ours, effect }
        figures.push({ of: [shown, what, by], unit: "ms", rival: "effect", taken: runs })
        rows.push([
          by === "wall" ? shown : "",
          by === "wall" ? what : "",
          by === "wall" ? "wall" : "CPU",
          showMs(ours),
          showMs(effect),
          showRatio(ratio),
          ratio.median <= target ? "yes" : "no",
        ])
      }
    }
  }
} finally {
  probe.dispose()
}
writeResults(values.json, "import_cost", figures)
const head = ["runtime", "form", "ms of", "ours", "effect", "ours/effect", `at most ${target}`]
console.log(`${machine()}; ${rounds} rounds\n\n${table(head, rows)}`)
