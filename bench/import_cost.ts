/**
 * What importing us costs in a fresh process, against importing `effect/Effect` and `effect/Stream` alone; interleaved.
 *
 * Usage: `bun bench/import_cost.ts [--only bun,deno,node] [--rounds 20]`
 *
 * @module
 */
import { parseArgs } from "node:util"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine, orderOf, ratioOf, readCount, showMs, showRatio, table } from "./support.ts"

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
    const taken: Record<"ours" | "effect", Array<number>> = { ours: [], effect: [] }
    let shown = name
    // The first round fills the caches of files and of transpiled code, and is not counted.
    for (let round = -1; round < rounds; round++) {
      for (const what of orderOf(["ours", "effect"] as const, round + 2)) {
        const printed: { runtime: string; taken: number } = JSON.parse(
          await probe.run(name, [what]),
        )
        shown = printed.runtime
        if (round >= 0) taken[what].push(printed.taken)
      }
    }
    const ratio = ratioOf(taken.ours, taken.effect)
    rows.push([
      shown,
      showMs(taken.ours),
      showMs(taken.effect),
      showRatio(ratio),
      ratio.median <= target ? "yes" : "no",
    ])
  }
} finally {
  probe.dispose()
}
const head = ["runtime", "ours ms", "effect ms", "ours/effect", `at most ${target}`]
console.log(`${machine()}; ${rounds} rounds\n\n${table(head, rows)}`)
