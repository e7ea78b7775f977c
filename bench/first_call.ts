/**
 * The first call of a process, which is the only one in most programs: nothing of ours is optimised by then. Ours
 * against native, a fresh process each, interleaved; a module that is empty, and a real one in chunks of 64 KiB.
 *
 * Usage: `bun bench/first_call.ts [--only bun,deno,node] [--rounds 12] [module]`
 *
 * @module
 */
import { parseArgs } from "node:util"
import { defaultModule, labelOf, resolveModule } from "./modules.ts"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine, orderOf, ratioOf, readCount, showMs, showRatio, spreadOf } from "./support.ts"
import { table, type Taken } from "./support.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: defaultRuntimes },
    rounds: { type: "string", default: "12" },
  },
})
const rounds = readCount(values.rounds)
const path = resolveModule(positionals[0] ?? defaultModule)
const runtimes = installed(values.only)
const probe = prepare(runtimes, ["first_call_probe.ts"])
const rows: Array<ReadonlyArray<string>> = []

const measure = async (name: string, module: string): Promise<void> => {
  const taken: Record<"ours" | "native", Array<Taken>> = { ours: [], native: [] }
  let shown = name
  for (let round = -1; round < rounds; round++) {
    for (const what of orderOf(["ours", "native"] as const, round + 2)) {
      const text = await probe.run(name, [what, module])
      const printed: { runtime: string; taken: Taken } = JSON.parse(text)
      shown = printed.runtime
      if (round >= 0) taken[what].push(printed.taken)
    }
  }
  for (const by of ["wall", "cpu"] as const) {
    const first = by === "wall"
    const ours = taken.ours.map((run) => run[by])
    const native = taken.native.map((run) => run[by])
    const more = spreadOf(ours.map((value, round) => value - (native[round] ?? NaN)))
    rows.push([
      first ? shown : "",
      first ? module === "empty" ? "empty" : labelOf(module) : "",
      first ? "wall" : "CPU",
      showMs(ours),
      showMs(native),
      `${more.median.toFixed(0)} (${more.low.toFixed(0)}..${more.high.toFixed(0)})`,
      module === "empty" ? "" : showRatio(ratioOf(ours, native)),
    ])
  }
}

try {
  for (const name of runtimes) {
    for (const module of ["empty", path]) await measure(name, module)
  }
} finally {
  probe.dispose()
}
const head = ["runtime", "module", "ms of", "ours", "native", "ours - native", "ours/native"]
console.log(`${machine()}; ${rounds} rounds\n\n${table(head, rows)}`)
