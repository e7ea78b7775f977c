/**
 * Measures the first call in a process, which is the only one in most programs: none of our code is optimised by then. Ours
 * against native, in fresh processes, interleaved: an empty module, and the calls after it; a real module from memory, in
 * chunks of 64 KiB; real modules over loopback.
 *
 * Usage: `bun bench/first_call.ts [--only bun,deno,node] [--rounds 12] [--json file]`
 *
 * @module
 */
import { parseArgs } from "node:util"
import { labelOf, resolveModule } from "./modules.ts"
import { type CaseFigures, writeResults } from "./results.ts"
import { defaultRuntimes, installed, prepare } from "./runtimes.ts"
import { machine, orderOf, ratioOf, readCount, showMs, showRatio, spreadOf } from "./support.ts"
import { startServer, table, type Taken } from "./support.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: defaultRuntimes },
    rounds: { type: "string", default: "12" },
    json: { type: "string" },
  },
})
const rounds = readCount(values.rounds)
const runtimes = installed(values.only)
const probe = prepare(runtimes, ["first_call_probe.ts"])

/** The goals for Bun, Deno and Node: milliseconds more than native, or the ratio to it. */
const aims = {
  first: [4, 5, 5],
  later: [0.2, 0.2, 0.2],
  "sql-wasm": [1.3, 2, 1.15],
  esbuild: [1.05, 1.35, 1.1],
} as const

interface Printed {
  readonly runtime: string
  readonly taken: Taken
  readonly later: number
}

type Contender = "ours" | "native"

/** What fresh processes measured for a module, an entry per round. */
const measure = async (name: string, what: string): Promise<Record<Contender, Array<Printed>>> => {
  const printed: Record<Contender, Array<Printed>> = { ours: [], native: [] }
  for (let round = -1; round < rounds; round++) {
    for (const contender of orderOf(["ours", "native"] as const, round + 2)) {
      const text: Printed = JSON.parse(await probe.run(name, [contender, what]))
      if (round >= 0) printed[contender].push(text)
    }
  }
  return printed
}

/** A row that compares two series by their difference or, for more than an empty module, by their ratio. */
const rowOf = (
  [runtime, label]: readonly [string, string],
  ours: ReadonlyArray<number>,
  native: ReadonlyArray<number>,
  as: "difference" | "ratio",
  aim: number | undefined,
): ReadonlyArray<string> => {
  const more = spreadOf(ours.map((value, round) => value - (native[round] ?? NaN)))
  const ratio = ratioOf(ours, native)
  const digits = more.median < 1 ? 2 : 1
  const { median } = as === "ratio" ? ratio : more
  const [low, middle, high] = [more.low, more.median, more.high].map((ms) => ms.toFixed(digits))
  return [
    runtime,
    label,
    showMs(ours),
    showMs(native),
    `${middle} (${low}..${high})`,
    as === "ratio" ? showRatio(ratio) : "",
    aim === undefined ? "" : `${aim}${median <= aim ? "" : ", missed"}`,
  ]
}

const walls = (printed: ReadonlyArray<Printed>): ReadonlyArray<number> =>
  printed.map(({ taken }) => taken.wall)

const modules = [["sql-wasm", resolveModule("sql.js")], [
  "esbuild",
  resolveModule("esbuild"),
]] as const
const rows: Array<ReadonlyArray<string>> = []
const figures: Array<CaseFigures> = []
try {
  for (const [index, name] of ["bun", "deno", "node"].entries()) {
    for (const command of runtimes.filter((runtime) => runtime.startsWith(name))) {
      const empty = await measure(command, "empty")
      const runtime = empty.ours[0]?.runtime ?? command
      const figure = (
        label: string,
        ours: ReadonlyArray<number>,
        native: ReadonlyArray<number>,
      ): void => {
        figures.push({ of: [runtime, label], unit: "ms", rival: "native", taken: { ours, native } })
      }
      const [ours, native] = [empty.ours, empty.native]
      rows.push(
        rowOf(
          [runtime, "empty, first call"],
          walls(ours),
          walls(native),
          "difference",
          aims.first[index],
        ),
        rowOf(
          ["", "empty, later calls"],
          ours.map(({ later }) => later),
          native.map(({ later }) => later),
          "difference",
          aims.later[index],
        ),
      )
      figure("empty, first call", walls(ours), walls(native))
      figure("empty, later calls", ours.map(({ later }) => later), native.map(({ later }) => later))
      for (const [module, path] of modules) {
        const server = await startServer(path)
        try {
          const taken = await measure(command, server.url)
          const label = `${labelOf(path)}, loopback`
          figure(label, walls(taken.ours), walls(taken.native))
          rows.push(
            rowOf(
              ["", label],
              walls(taken.ours),
              walls(taken.native),
              "ratio",
              aims[module][index],
            ),
          )
        } finally {
          server.stop()
        }
      }
      const [, [, path]] = modules
      const held = await measure(command, path)
      figure(`${labelOf(path)}, memory`, walls(held.ours), walls(held.native))
      rows.push(
        rowOf(
          ["", `${labelOf(path)}, memory`],
          walls(held.ours),
          walls(held.native),
          "ratio",
          undefined,
        ),
      )
    }
  }
} finally {
  probe.dispose()
}
writeResults(values.json, "first_call", figures)
const head = ["runtime", "module", "ours, ms", "native", "ours - native", "ours/native", "at most"]
console.log(`${machine()}; ${rounds} rounds\n\n${table(head, rows)}`)
