/**
 * The goals of full validation, and whether the measured ratios reach them.
 *
 * @module
 */
import type { CaseResult } from "./compile_table.ts"
import { labelOf } from "./modules.ts"
import { peers } from "./peers.ts"
import { ratioOf, table } from "./support.ts"
import { type Measured, peerRatio, turnsRatio } from "./validation_tables.ts"

/** A limit for a ratio, on one runtime, for all modules. */
interface Goal {
  readonly runtime: string
  readonly what: string
  readonly limit: number
  /** Whether the limit is the largest allowed ratio, rather than the smallest. */
  readonly isMost: boolean
  readonly ratios: ReadonlyArray<readonly [module: string, ratio: number]>
}

/** The largest ratio of our time to that of the engine's validation, warm, by the runtime's name. */
const mostWarm: Readonly<Record<string, number>> = { Bun: 0.6, Deno: 2 }
/** The same for the first module of a process. */
const mostCold = 4
/** The smallest ratio of the packages' times to ours. */
const leastOf: Readonly<Record<string, number>> = { wasmparser: 1.3, wabt: 6 }
/** The largest ratio of the pipeline's time to that of native streaming, paced. */
const mostPaced = 1.03

/** Whether our validator accepted a module, in time. */
const isAccepted = ({ warm, cold }: Measured): boolean =>
  [...warm, ...cold].every(({ name, failure }) => name !== "ours" || failure === undefined)

/** The ratios of the modules that both could read. */
const ratiosOf = (
  measured: ReadonlyArray<Measured>,
  ratio: (one: Measured) => number | undefined,
): Goal["ratios"] =>
  measured.flatMap((one) => {
    const value = ratio(one)
    return value === undefined ? [] : [[labelOf(one.path), value] as const]
  })

/** The goals on one runtime. */
const goalsOf = (
  runtime: string,
  measured: ReadonlyArray<Measured>,
  paced: ReadonlyArray<CaseResult>,
): ReadonlyArray<Goal> => {
  const warm = mostWarm[runtime.split(" ")[0] ?? ""]
  const ofEngine = (of: "warm" | "cold") =>
    ratiosOf(measured, (one) => turnsRatio(one[of], "ours", "native")?.median)
  const accepted = ratiosOf(measured, (one) => isAccepted(one) ? 1 : 0)
  return [
    { runtime, what: "accepted", limit: 1, isMost: false, ratios: accepted },
    ...(warm === undefined ? [] : [
      { runtime, what: "warm/native", limit: warm, isMost: true, ratios: ofEngine("warm") },
    ]),
    { runtime, what: "cold/native", limit: mostCold, isMost: true, ratios: ofEngine("cold") },
    ...peers.map(({ name }) => ({
      runtime,
      what: `${name}/ours`,
      limit: leastOf[name] ?? 1,
      isMost: false,
      ratios: ratiosOf(measured, (one) => peerRatio(one.warm, name)),
    })),
    {
      runtime,
      what: "paced/native",
      limit: mostPaced,
      isMost: true,
      ratios: paced.map(({ module, taken }) => {
        const walls = (runs: CaseResult["taken"]["ours"]) => runs.map((run) => run.wall)
        return [module, ratioOf(walls(taken.ours), walls(taken.native)).median] as const
      }),
    },
  ]
}

const rowOf = ({ runtime, what, limit, isMost, ratios }: Goal): ReadonlyArray<string> => {
  const sorted = [...ratios].sort(([, a], [, b]) => isMost ? b - a : a - b)
  const [module = "", worst = NaN] = sorted[0] ?? []
  const reached = ratios.filter(([, ratio]) => isMost ? ratio <= limit : ratio >= limit).length
  return [
    runtime,
    what,
    `${isMost ? "at most" : "at least"} ${limit}`,
    worst.toFixed(2),
    module,
    reached === ratios.length
      ? "reached"
      : `not reached by ${ratios.length - reached} of ${ratios.length}`,
  ]
}

/** A line per goal: the module that is farthest from it, and whether it is reached. Unmeasured goals are left out. */
export const goalsTable = (
  measured: ReadonlyArray<Measured>,
  paced: ReadonlyArray<CaseResult>,
): string => {
  const runtimes = [...new Set([...measured, ...paced].map(({ runtime }) => runtime))]
  const goals = runtimes.flatMap((runtime) =>
    goalsOf(
      runtime,
      measured.filter((one) => one.runtime === runtime),
      paced.filter((one) => one.runtime === runtime),
    )
  )
  const rows = goals.filter(({ ratios }) => ratios.length > 0).map(rowOf)
  return table(["runtime", "ratio", "goal", "worst", "of", ""], rows)
}
