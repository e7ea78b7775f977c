/**
 * What importing us costs in a fresh process, against importing `effect/Effect` and `effect/Stream` alone; interleaved.
 *
 * Usage: `bun bench/import_cost.ts [--only bun,deno,node] [--rounds 20]`
 *
 * @module
 */
import { parseArgs } from "node:util"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine, orderOf, ratioOf, readCount, showMs, showRatio } from "./support.ts"
import { table, type Taken } from "./support.ts"

const target = 1.25

const { values } = parseArgs({
  options: {
    only: { type: "string", default: defaultRuntimes },
    rounds: { type: "string", default: "20" },
  },
})
const rounds = readCount(values.rounds)
const runtimes = installed(values.only)
const probe = prepare(runtimes, ["import_probe.ts"])
const rows: Array<ReadonlyArray<string>> = []

try {
  for (const name of runtimes) {
    const taken: Record<"ours" | "effect", Array<Taken>> = { ours: [], effect: [] }
    let shown = name
    // The first round fills the caches of files and of transpiled code, and is not counted.
    for (let round = -1; round < rounds; round++) {
      for (const what of orderOf(["ours", "effect"] as const, round + 2)) {
        const printed: { runtime: string; taken: Taken } = JSON.parse(await probe.run(name, [what]))
        shown = printed.runtime
        if (round >= 0) taken[what].push(printed.taken)
      }
    }
    for (const by of ["wall", "cpu"] as const) {
      const ours = taken.ours.map((run) => run[by])
      const effect = taken.effect.map((run) => run[by])
      const ratio = ratioOf(ours, effect)
      rows.push([
        by === "wall" ? shown : "",
        by === "wall" ? "wall" : "CPU",
        showMs(ours),
        showMs(effect),
        showRatio(ratio),
        ratio.median <= target ? "yes" : "no",
      ])
    }
  }
} finally {
  probe.dispose()
}
const head = ["runtime", "ms of", "ours", "effect", "ours/effect", `at most ${target}`]
console.log(`${machine()}; ${rounds} rounds\n\n${table(head, rows)}`)
