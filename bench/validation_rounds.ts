/**
 * The rounds of `validation.ts`: contenders take turns, each in a process of its own, so that none pays for the garbage of
 * another. A contender that does not answer in time is killed.
 *
 * @module
 */
import { createInterface } from "node:readline"
import type { Conversation } from "./runtimes.ts"
import { orderOf } from "./support.ts"

/** What a contender answers when it is loaded, and after each turn. */
export type Answer =
  | { readonly runtime: string }
  | { readonly ms: number }
  | { readonly failure: string }

/** The beginning of a line with an answer, as packages may print to the same stream. */
export const answerMark = "answer "

/** Starts the contender with a name. */
export type Start = (contender: string) => Conversation

/** A contender's process. */
interface Contender {
  /** Waits for its next answer. The first one needs no turn: it says that the contender is loaded. */
  readonly listen: () => Promise<Answer>
  readonly turn: () => Promise<Answer>
  readonly stop: () => void
}

/** The time limit of an answer, in milliseconds. */
export const answerLimit = 60_000
/** The failure of a contender that takes longer. */
export const tooSlow: string = `> ${answerLimit / 1000} s`

const open = (child: Conversation): Contender => {
  let settle: (answer: Answer) => void = () => {}
  const stop = (): void => {
    child.kill("SIGKILL")
  }
  createInterface(child.stdout).on("line", (line) => {
    if (line.startsWith(answerMark)) settle(JSON.parse(line.slice(answerMark.length)))
  })
  child.once("error", (error) => settle({ failure: error.message }))
  child.once("close", (code, signal) => settle({ failure: `Its process ended: ${signal ?? code}` }))
  child.stdin.on("error", () => {})
  const listen = (): Promise<Answer> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({ failure: tooSlow })
        stop()
      }, answerLimit)
      settle = (answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
    })
  const turn = (): Promise<Answer> => {
    const answer = listen()
    child.stdin.write("turn\n")
    return answer
  }
  return { listen, turn, stop }
}

/** The times of a contender's turns. */
export interface Turns {
  readonly name: string
  /** The runtime that it runs on, and its version. */
  readonly runtime: string
  /** Milliseconds by round; `NaN` if it had no turn. */
  readonly taken: ReadonlyArray<number>
  /** Why it had no more turns, if it failed. */
  readonly failure: string | undefined
}

/** How much is measured. */
export interface Amount {
  readonly rounds: number
  /** The time that each contender runs before the rounds, in milliseconds; at least one run. */
  readonly warmUp: number
  /** The total time in milliseconds after which a package has no more turns. */
  readonly budget: number
}

/** The contenders that always take part, without a budget. */
const engine = ["ours", "native"]

/** A contender that has turns until it fails or its budget is used up. */
class Player {
  readonly name: string
  runtime = ""
  readonly taken: Array<number> = []
  failure: string | undefined = undefined
  /** The time that its turns have taken, in milliseconds. */
  spent = 0
  readonly #budget: number
  readonly #contender: Contender

  constructor(start: Start, name: string, budget: number) {
    this.name = name
    this.#budget = budget
    this.#contender = open(start(name))
  }

  /** Waits until it is loaded. */
  async load(): Promise<void> {
    const answer = await this.#contender.listen()
    if ("failure" in answer) this.failure = answer.failure
    if ("runtime" in answer) this.runtime = answer.runtime
  }

  /** Takes a turn; `NaN` if it has none. */
  async play(): Promise<number> {
    if (this.failure !== undefined || this.spent >= this.#budget) return NaN
    const answer = await this.#contender.turn()
    if ("ms" in answer) {
      this.spent += answer.ms
      return answer.ms
    }
    this.failure = "failure" in answer ? answer.failure : "It did not say how long it took"
    return NaN
  }

  stop(): void {
    this.#contender.stop()
  }
}

/** The engine's validation, ours and packages, warm: the same processes in each round, in changing order. */
export const warmRounds = async (
  start: Start,
  packages: ReadonlyArray<string>,
  { rounds, warmUp, budget }: Amount,
): Promise<ReadonlyArray<Turns>> => {
  const players: Array<Player> = []
  try {
    for (const name of [...engine, ...packages]) {
      const player = new Player(start, name, engine.includes(name) ? Infinity : budget)
      players.push(player)
      await player.load()
      let last = await player.play()
      while (player.spent < warmUp && player.failure === undefined) last = await player.play()
      // If warming up uses up the whole budget, its last run counts.
      if (last >= budget) player.taken.push(last)
    }
    for (let round = 0; round < rounds; round++) {
      for (const player of orderOf(players, round)) {
        if (player.taken.length === round) player.taken.push(await player.play())
      }
    }
  } finally {
    for (const player of players) player.stop()
  }
  return players
}

/** The engine's validation and ours, cold: a fresh process for each turn. */
export const coldRounds = async (
  start: Start,
  rounds: number,
): Promise<ReadonlyArray<Turns>> => {
  const turns = engine.map((name) => ({
    name,
    runtime: "",
    taken: new Array<number>(),
    failure: "",
  }))
  for (let round = 0; round < rounds; round++) {
    for (const one of orderOf(turns, round)) {
      const player = new Player(start, one.name, Infinity)
      await player.load()
      one.taken.push(await player.play())
      one.runtime = player.runtime
      one.failure = player.failure ?? one.failure
      player.stop()
    }
  }
  return turns.map((one) => ({ ...one, failure: one.failure === "" ? undefined : one.failure }))
}
