/**
 * The tables of `validation.ts`: against the engine and against other packages.
 *
 * @module
 */
import { statSync } from "node:fs"
import { labelOf } from "./modules.ts"
import { peers } from "./peers.ts"
import type { CaseFigures } from "./results.ts"
import { showMs, showRatio, type Spread, spreadOf, table } from "./support.ts"
import { answerLimit, tooSlow, type Turns } from "./validation_rounds.ts"

/** The measurements of a module on a runtime. */
export interface Measured {
  readonly runtime: string
  /** The module's path. */
  readonly path: string
  readonly warm: ReadonlyArray<Turns>
  readonly cold: ReadonlyArray<Turns>
}

type Rows = ReadonlyArray<ReadonlyArray<string>>

const turnsOf = (turns: ReadonlyArray<Turns>, name: string): ReadonlyArray<number> =>
  turns.find((one) => one.name === name)?.taken ?? []

const counted = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  values.filter((value) => !Number.isNaN(value))

/** The ratios of the rounds in which both had a turn; `undefined` if there are none. */
export const turnsRatio = (
  turns: ReadonlyArray<Turns>,
  name: string,
  to: string,
): Spread | undefined => {
  const others = turnsOf(turns, to)
  const ratios = turnsOf(turns, name).map((value, round) => value / (others[round] ?? NaN))
  return counted(ratios).length === 0 ? undefined : spreadOf(counted(ratios))
}

const show = <A>(value: A | undefined, shown: (value: A) => string): string =>
  value === undefined ? "" : shown(value)

const showTurns = (turns: ReadonlyArray<Turns>, name: string): string => {
  const failure = turns.find((one) => one.name === name)?.failure
  if (failure !== undefined) return failure === tooSlow ? tooSlow : "refuses"
  const taken = counted(turnsOf(turns, name))
  return taken.length === 0 ? "" : showMs(taken)
}

const speed = (path: string, taken: ReadonlyArray<number>): string =>
  taken.length === 0 ? "" : (statSync(path).size / 1000 / spreadOf(taken).median).toFixed(0)

const engineHead = [
  "module",
  "ours, ms",
  "MB/s",
  "native, ms",
  "ours/native",
  "cold: ours, ms",
  "native, ms",
  "ours/native",
]

/** Ours against `WebAssembly.validate`, warm and cold, on one runtime. */
export const engineTable = (measured: ReadonlyArray<Measured>): string =>
  table(
    engineHead,
    measured.map(({ path, warm, cold }) => [
      labelOf(path),
      showTurns(warm, "ours"),
      speed(path, counted(turnsOf(warm, "ours"))),
      showTurns(warm, "native"),
      show(turnsRatio(warm, "ours", "native"), showRatio),
      showTurns(cold, "ours"),
      showTurns(cold, "native"),
      show(turnsRatio(cold, "ours", "native"), showRatio),
    ]),
  )

const times = (value: number): string => `${value.toFixed(value < 20 ? 1 : 0)}x`

/** How many times as long as ours a package takes; a lower bound if it exceeded the time limit. */
export const peerRatio = (warm: ReadonlyArray<Turns>, peer: string): number | undefined => {
  const failure = warm.find((one) => one.name === peer)?.failure
  if (failure === tooSlow) return answerLimit / spreadOf(counted(turnsOf(warm, "ours"))).median
  return turnsRatio(warm, peer, "ours")?.median
}

const peerCell = (warm: ReadonlyArray<Turns>, peer: string): string => {
  const failure = warm.find((one) => one.name === peer)?.failure
  const more = peerRatio(warm, peer)
  if (failure === tooSlow) return `${tooSlow} (> ${show(more, times)})`
  return failure === undefined ? `${showTurns(warm, peer)} (${show(more, times)})` : "cannot"
}

/** Other packages on one runtime: milliseconds, and multiples of our time. */
export const peersTable = (measured: ReadonlyArray<Measured>): string =>
  table(
    ["module", "ours, ms", ...peers.map(({ name, does }) => `${name} ${does}`)],
    measured.map(({ path, warm }) => [
      labelOf(path),
      showTurns(warm, "ours"),
      ...peers.map(({ name }) => peerCell(warm, name)),
    ]),
  )

/** The measurements as figures. */
export const figuresOf = (measured: ReadonlyArray<Measured>): ReadonlyArray<CaseFigures> =>
  measured.flatMap(({ cold, path, runtime, warm }) =>
    ([["warm", warm], ["cold", cold]] as const).filter(([, turns]) => turns.length > 0).map((
      [label, turns],
    ): CaseFigures => ({
      of: [runtime, labelOf(path), label],
      unit: "ms",
      rival: "native",
      taken: Object.fromEntries(turns.map(({ name, taken }) => [name, taken])),
    }))
  )

/** Which contenders failed, on which modules, and why. */
export const failuresTable = (measured: ReadonlyArray<Measured>): string => {
  const rows = measured.flatMap(({ runtime, path, warm, cold }) => {
    const said = [...warm, ...cold].flatMap(({ name, failure = tooSlow }) =>
      failure === tooSlow
        ? []
        : [[name, failure.replaceAll(/\s+/g, " ").trim().slice(0, 90)] as const]
    )
    return [...new Map(said)].map((what) => [runtime, labelOf(path), ...what])
  })
  return rows.length === 0 ? "" : table(["runtime", "module", "who", "failed with"], rows)
}
