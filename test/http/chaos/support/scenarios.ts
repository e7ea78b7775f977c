/**
 * Hundreds of seeded scenarios for the chaos server, each with its expected result: a module compiled from certain bytes, or
 * an error. Kinds of faults, times kinds of validators, times positions.
 */
import type { Step } from "./answer.ts"
import { changes, contentTypes, lies, parts, statuses } from "./answer_faults.ts"
import { codings, digests, sizes, wrongBytes } from "./byte_faults.ts"
import { aborts, cuts, redirects, silences, unended } from "./connection_faults.ts"
import {
  type Add,
  allValidators,
  type Family,
  module,
  type Scenario,
  startList,
} from "./scenario.ts"

/** Nothing fails. */
const honest: Family = (add) => {
  for (const framing of ["length", "chunked", "close"] as const) {
    for (const validators of allValidators) {
      add(`honest ${framing} ${validators}`, () => ({
        validators,
        steps: [{ framing }],
        ends: [module()],
        requests: 1,
        steady: true,
      }))
    }
  }
}

/** Temporary faults, in any order. */
const mixes = (add: Add, count: number): void => {
  for (let left = count; left > 0; left--) {
    add("a mix", ({ at, next, pick, size }) => {
      const fault = (): Step => {
        switch (next(10)) {
          case 0:
            return { status: pick(500, 502, 503, 504) }
          case 1:
            return { status: 429, fields: { "retry-after": "0" } }
          case 2:
            return { cut: { at: next(60), by: pick("reset", "end"), head: true } }
          case 3:
            return { ranges: "ignore", cut: { at: at(), by: pick("reset", "end") } }
          case 4:
            return { cut: { at: at(), by: "stall" } }
          case 5:
            return { ranges: pick("short", "unknown-total"), cut: { at: at(), by: "end" } }
          case 6:
            return { framing: "chunked", cut: { at: at(), by: pick("reset", "end") } }
          case 7:
            return { pace: [1 + (size >> 2), 2], cut: { at: at(), by: "reset" } }
          default:
            return { cut: { at: at(), by: pick("reset", "end"), atOnce: pick(true, false) } }
        }
      }
      return {
        validators: pick(...["strong" as const, ...allValidators] as const),
        steps: Array.from({ length: 1 + next(6) }, fault),
        options: { idleTimeout: 800, retries: 10 },
        ends: [module()],
      }
    })
  }
}

const families: ReadonlyArray<Family> = [
  honest,
  cuts,
  silences,
  unended,
  redirects,
  aborts,
  statuses,
  contentTypes,
  changes,
  parts,
  lies,
  codings,
  sizes,
  digests,
  wrongBytes,
]

/** All scenarios of a seed. */
export const chaosScenarios = (seed: number): ReadonlyArray<Scenario> => {
  const { add, scenarios } = startList(seed)
  for (const family of families) family(add)
  mixes(add, 80)
  return scenarios
}
