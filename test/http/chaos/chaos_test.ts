/**
 * Loading by URL from a server that fails on purpose: each scenario ends within its limits, in a module with the right bytes
 * or in the expected error, and leaves nothing behind. `SEED=123` repeats a run.
 */
// Imported first, before the library takes its timers.
import {
  activeTimers,
  type CountedSignal,
  countedSignal,
  type Watch,
  watchLeaks,
} from "./support/leaks.ts"
import assert from "node:assert/strict"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { after, before, test } from "node:test"
import { Http } from "../../../src/http/mod.ts"
import type { Step } from "./support/answer.ts"
import { makeContent } from "./support/content.ts"
import { surviveNodeFetch } from "./support/node_fetch.ts"
import { playScenario } from "./support/run.ts"
import type { Scenario } from "./support/scenario.ts"
import { chaosScenarios } from "./support/scenarios.ts"
import { type ChaosServer, startChaosServer } from "./support/server.ts"
import { random, seed } from "../../support/random.ts"

console.log(`chaos: SEED=${seed}`)

/** The number of scenarios that run at once. */
const players = 12
const patience = 10_000

const all = chaosScenarios(seed)
/** How each ended: without an error, or with one. */
const ends = new Map<Scenario, Promise<unknown>>()
const ways = ["effect", "promise", "effect", "cache"] as const
const cache = Http.ModuleCache.make()
const shared = countedSignal()
const signals: Array<CountedSignal> = []

let server: ChaosServer | undefined
let watch: Watch | undefined
let timersBefore: number | undefined
let faultsOfFetch = (): number => 0

const playAll = (running: ChaosServer): void => {
  const draw = random(seed)
  // Drawn beforehand: the order in which the players take scenarios cannot be repeated by a seed.
  const waiting = all.map((scenario) => ({
    scenario,
    way: ways[draw(ways.length)] ?? "effect",
    // Many loads share a signal, as in a page; a load that is to be aborted has its own.
    alone: scenario.abortAt !== undefined || draw(4) === 0,
  }))
  const told = new Map<Scenario, (end: unknown) => void>()
  for (const scenario of all) {
    ends.set(scenario, new Promise((resolve) => told.set(scenario, resolve)))
  }
  const player = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { alone, scenario, way } = next
      const own = alone ? countedSignal() : shared
      signals.push(own)
      const { controller } = own
      const end = await playScenario(scenario, { server: running, controller, way, cache })
        .then(() => undefined, (error: unknown) => error)
      told.get(scenario)?.(end)
    }
  }
  for (let count = 0; count < players; count++) void player()
}

/** Polls until a condition holds, or `patience` is over. */
const until = async (isSo: () => boolean): Promise<void> => {
  const began = performance.now()
  while (!isSo() && performance.now() - began < patience) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

before(async () => {
  faultsOfFetch = surviveNodeFetch()
  timersBefore = activeTimers()
  watch = watchLeaks()
  server = await startChaosServer()
  playAll(server)
})
after(async () => {
  watch?.stop()
  await server?.close()
  const faults = faultsOfFetch()
  if (faults > 0) console.log(`chaos: Node's fetch threw ${faults} times where nobody can catch`)
})

test("there are hundreds of scenarios", () => assert.ok(all.length >= 300, `${all.length}`))

for (const scenario of all) {
  test(`chaos ${scenario.name}`, async () => {
    const failure = await ends.get(scenario)
    if (failure !== undefined) throw failure
  })
}

const interrupted: ReadonlyArray<readonly [when: string, step: Step]> = [
  ["before the head", { cut: { at: 0, by: "stall", head: true } }],
  ["in the body", { cut: { at: 100, by: "stall" } }],
  ["in a trickle", { pace: [10, 5] }],
  ["between attempts", { status: 503, fields: { "retry-after": "30" } }],
]

for (const [when, step] of interrupted) {
  test(`an interrupted load leaves its connection: ${when}`, async () => {
    assert.ok(server !== undefined)
    const contents = [makeContent(random(seed), 5_000)]
    const { seen, url } = server.play({ validators: "strong", contents, steps: [], rest: step })
    const fiber = Effect.runFork(Http.loadModule(url).pipe(Effect.provide(FetchHttpClient.layer)))
    await until(() => seen().length === 1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    await Effect.runPromise(Fiber.interrupt(fiber))
    const exit = await Effect.runPromise(Fiber.await(fiber))
    assert.ok(Exit.hasInterrupts(exit))
    await until(() => seen()[0]?.over === true)
    assert.deepEqual(seen().map(({ left, over }) => [left, over]), [[step.status !== 503, true]])
  })
}

test("no connection is left open", async () => {
  await Promise.all(ends.values())
  await until(() => server?.open() === 0)
  assert.equal(server?.open(), 0)
})

test("no timer is left", async () => {
  await Promise.all(ends.values())
  await until(() => watch?.timers().length === 0)
  assert.deepEqual(watch?.timers(), [])
  if (timersBefore !== undefined) {
    await until(() => (activeTimers() ?? 0) <= (timersBefore ?? 0))
    assert.ok((activeTimers() ?? 0) <= timersBefore)
  }
})

test("no listener is left on a signal", async () => {
  await Promise.all(ends.values())
  await until(() => signals.every(({ listening }) => listening() === 0))
  assert.ok(shared.added() > 100)
  assert.deepEqual(signals.map(({ listening }) => listening()).filter((count) => count > 0), [])
})

test("no rejection was left unhandled", async () => {
  await Promise.all(ends.values())
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(watch?.rejections(), [])
})
