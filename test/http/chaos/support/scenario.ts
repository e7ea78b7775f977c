/**
 * A scenario of the chaos tests: what the server does, and the expected result; and how scenarios are drawn from a seed.
 */
import { createHash } from "node:crypto"
import type { Step, Validators } from "./answer.ts"
import { type Content, type Filler, makeContent, type Next } from "./content.ts"
import type { Script } from "./server.ts"
import { random } from "../../../support/random.ts"

/** How a load may end. */
export type End =
  | { readonly module: number }
  | {
    readonly tag: "TypeError" | "CompileError" | "LoadError" | "SourceError"
    readonly reason: string
  }

/** The options of a load, as data. */
export interface ScenarioOptions {
  /** The most retries in a row without progress. Defaults to 8. */
  readonly retries?: number
  /** Milliseconds between attempts. Defaults to 1. */
  readonly spacing?: number
  readonly idleTimeout?: number
  readonly timeout?: number
  readonly maxBytes?: number
  readonly integrity?: string
  readonly resume?: boolean
  readonly contentType?: "strict" | "sniff"
}

/** One load. */
export interface Scenario extends Script {
  readonly name: string
  readonly options: ScenarioOptions
  /** The allowed ends; more than one if runtimes or servers may differ. */
  readonly ends: ReadonlyArray<End>
  /** The number of requests, if it is certain. */
  readonly requests?: number
  /** Whether the content stays the same and ranges are served as requested: then no byte may be fetched twice. */
  readonly steady?: boolean
  /** When to abort: before the start, or after this many requests. */
  readonly abortAt?: number
}

/** An incomplete scenario: missing members are drawn, or get their defaults. */
export type Draft = Omit<Scenario, "name" | "contents" | "validators" | "steps" | "options"> & {
  readonly contents?: ReadonlyArray<Content>
  readonly validators?: Validators
  readonly steps?: ReadonlyArray<Step>
  readonly options?: ScenarioOptions
}

/** What a scenario is drawn with. */
export interface Draw {
  readonly next: Next
  readonly content: Content
  readonly size: number
  readonly other: (size?: number, filler?: Filler) => Content
  /** An offset at which to cut. */
  readonly at: () => number
  /** This many of them, in order. */
  readonly ats: (count: number) => ReadonlyArray<number>
  readonly pick: <A>(...from: readonly [A, ...ReadonlyArray<A>]) => A
}

/** It ends in a module compiled from this version of the content. */
export const module = (version = 0): End => ({ module: version })
/** It ends in a `LoadError`. */
export const load = (reason: string): End => ({ tag: "LoadError", reason })
/** It ends because its signal was aborted. */
export const aborted: End = { tag: "SourceError", reason: "aborted" }
/** It ends in a `TypeError`. */
export const type = (reason: string): End => ({ tag: "TypeError", reason })
/** It ends in a `CompileError`. */
export const compile = (reason: string): End => ({ tag: "CompileError", reason })

/** Digests in the notation of Subresource Integrity. */
export const digestOf = (algorithm: "sha256" | "sha384" | "sha512", bytes: Uint8Array): string =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`

const sizeFrom = (next: Next): number => {
  const kind = next(20)
  if (kind < 12) return 150 + next(5_000)
  return kind < 19 ? 5_000 + next(95_000) : 100_000 + next(900_000)
}

const drawFrom = (seed: number, filler: Filler = "noise"): Draw => {
  const next = random(seed)
  const content = makeContent(next, sizeFrom(next), filler)
  const size = content.bytes.length
  const at = (): number => {
    const boundary = content.boundaries[next(content.boundaries.length)] ?? 8
    const known = [0, 1, boundary, size >> 1, Math.min(16_384, size - 1), size - 1]
    return next(3) === 0 ? known[next(known.length)] ?? 0 : next(size)
  }
  return {
    next,
    content,
    size,
    at,
    ats: (count) => Array.from({ length: count }, at).sort((a, b) => a - b),
    other: (otherSize = sizeFrom(next), kind = "noise") => makeContent(next, otherSize, kind),
    pick: (...from) => from[next(from.length)] ?? from[0],
  }
}

/** All kinds of validators. */
export const allValidators: ReadonlyArray<Validators> = [
  "strong",
  "weak",
  "none",
  "dated",
  "fresh",
  "strong-dated",
  "weak-dated",
]

/** Adds a scenario; half of those that end in a module check its digest. */
export type Add = (name: string, make: (draw: Draw) => Draft, filler?: Filler) => void

/** Adds the scenarios of one kind. */
export type Family = (add: Add) => void

/** A list of scenarios, and what adds to it. */
export const startList = (
  seed: number,
): { readonly scenarios: ReadonlyArray<Scenario>; readonly add: Add } => {
  const scenarios: Array<Scenario> = []
  const add: Add = (name, make, filler = "noise") => {
    const draw = drawFrom(seed * 10_007 + scenarios.length, filler)
    const draft = make(draw)
    const contents = draft.contents ?? [draw.content]
    const [first] = draft.ends
    const version = first !== undefined && "module" in first ? first.module : undefined
    const bytes = version === undefined ? undefined : contents[version]?.bytes
    const verified: ScenarioOptions = bytes !== undefined && draw.next(2) === 0
      ? { integrity: digestOf(draw.pick("sha256", "sha384", "sha512"), bytes) }
      : {}
    scenarios.push({
      validators: draw.pick("strong", "strong-dated", "dated", "weak", "none"),
      steps: [],
      ...draft,
      name: `${scenarios.length} ${name}`,
      contents,
      options: { ...verified, ...draft.options },
    })
  }
  return { scenarios, add }
}
