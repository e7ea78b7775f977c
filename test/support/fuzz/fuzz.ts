/**
 * Compares full validation with the running engine, on generated modules and mutations of them, and the results for whole
 * modules with those for chunks. The fuzz task runs it for a given time, the differential test for a few seconds.
 */
import { type GeneratedModule, generateModule, moduleBytes } from "../generator/generator.ts"
import { type FullVerdict, judgeFully } from "./full_verdict.ts"
import { Dice } from "../generator/dice.ts"
import type { Feature } from "../generator/features.ts"
import { mutateBodies, mutateBytes } from "../generator/mutations.ts"
import { knownDisagreement } from "./known_disagreements.ts"
import { cut } from "../random.ts"

type Bytes = Uint8Array<ArrayBuffer>

/** A difference that should not be. */
export interface Finding {
  /** The seed that makes a run begin with the round of the finding. */
  readonly seed: number
  readonly round: number
  readonly what: string
  readonly ours: string
  readonly engine: string
  readonly bytes: Bytes
}

export interface FuzzOptions {
  readonly seed: number
  readonly milliseconds: number
  /** What generated modules may use. */
  readonly features: ReadonlySet<Feature>
  /** Modules to mutate, besides generated ones. */
  readonly modules?: ReadonlyArray<Bytes>
  /** The number of findings that ends the run. Defaults to 1. */
  readonly findings?: number
  /** The largest size of generated modules. */
  readonly size?: number
}

export interface FuzzResult {
  readonly rounds: number
  /** The number of validated modules, and how many of them are valid. */
  readonly judged: number
  readonly accepted: number
  readonly findings: ReadonlyArray<Finding>
  /** How often each known disagreement was seen, by its reason. */
  readonly known: ReadonlyMap<string, number>
}

/** The number of mutations of a module. */
const MUTATIONS = 24

const describe = ({ code, functionIndex, message, offset }: FullVerdict): string =>
  code === "ok" ? "ok" : `${code} at ${offset}, function ${functionIndex}: ${message}`

/** The engine's message about a module that it rejects. */
const engineMessage = (bytes: Bytes): string => {
  try {
    new WebAssembly.Module(bytes)
    return "compiles it, and does not validate it"
  } catch (error) {
    return String(error)
  }
}

/** One run. */
class Fuzz {
  readonly findings: Array<Finding> = []
  readonly known: Map<string, number> = new Map()
  readonly #options: FuzzOptions
  round = 0
  judged = 0
  accepted = 0

  constructor(options: FuzzOptions) {
    this.#options = options
  }

  /** Validates a module in every way; with `isValid` it has to be accepted. */
  check(bytes: Bytes, dice: Dice, isValid = false): void {
    this.judged++
    let ours: FullVerdict
    try {
      ours = judgeFully([bytes])
      if (isValid || dice.chance(15)) {
        const parts = judgeFully(cut(bytes, dice.next))
        if (describe(parts) !== describe(ours)) {
          return this.#found("in chunks the verdict is another", ours, describe(parts), bytes)
        }
      }
    } catch (error) {
      const detail = error instanceof Error ? error.stack ?? error.message : String(error)
      const verdict = { code: "error", functionIndex: undefined, message: detail, offset: 0 }
      return this.#found("an error that is no verdict", verdict, "", bytes)
    }
    const isAccepted = WebAssembly.validate(bytes)
    if (isAccepted) this.accepted++
    if (isAccepted === (ours.code === "ok") && (isAccepted || !isValid)) return
    const message = isAccepted ? "" : engineMessage(bytes)
    const disagreement = {
      bytes,
      engineMessage: message,
      isAcceptedByEngine: isAccepted,
      isGenerated: isValid,
      ours,
    }
    const known = knownDisagreement(disagreement)
    if (known !== undefined) {
      this.known.set(known.reason, (this.known.get(known.reason) ?? 0) + 1)
      return
    }
    const what = isValid ? "a module that is valid is refused" : "we and the engine disagree"
    this.#found(what, ours, isAccepted ? "ok" : message, bytes)
  }

  #found(what: string, ours: FullVerdict, engine: string, bytes: Bytes): void {
    const { round } = this
    const seed = this.#options.seed + round
    this.findings.push({ seed, round, what, ours: describe(ours), engine, bytes })
  }

  run(): FuzzResult {
    const { features, findings: most = 1, milliseconds, modules = [], seed, size = 120 } =
      this.#options
    const until = performance.now() + milliseconds
    do {
      const dice = new Dice(seed + this.round)
      const real = dice.chance(30) ? dice.find(modules) : undefined
      if (real === undefined) {
        const largest = dice.chance(50) ? size : Math.ceil(size / 8)
        this.#generated(generateModule({ seed: seed + this.round, features, size: largest }), dice)
      } else {
        for (let count = 4; count > 0; count--) this.check(mutateBytes(dice, real), dice)
      }
      this.round++
    } while (performance.now() < until && this.findings.length < most)
    const { accepted, findings, judged, known, round } = this
    return { rounds: round, judged, accepted, findings, known }
  }

  #generated(module: GeneratedModule, dice: Dice): void {
    const bytes = moduleBytes(module)
    this.check(bytes, dice, true)
    for (let count = MUTATIONS; count > 0; count--) {
      const isInBodies = dice.chance(85)
      const changed = isInBodies
        ? moduleBytes(mutateBodies(dice, module))
        : mutateBytes(dice, bytes)
      this.check(changed, dice)
    }
  }
}

/** Compares until the time is over, or until there is a finding. */
export const fuzz = (options: FuzzOptions): FuzzResult => new Fuzz(options).run()
