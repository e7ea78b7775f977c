/**
 * Our race of two Effects: it ends like `Effect.raceFirst`, and interrupts the same fibers.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { raceFirst } from "../../src/pipeline/race.ts"

type Race = (
  self: Effect.Effect<unknown, unknown>,
  that: Effect.Effect<unknown, unknown>,
) => Effect.Effect<unknown, unknown>

/** Runs a race, and returns what was noted and how it ended. */
const outcomeOf = async (
  race: Race,
  make: (
    race: Race,
    note: (what: string) => Effect.Effect<void>,
  ) => Effect.Effect<unknown, unknown>,
  interruptsAtOnce: boolean,
): Promise<ReadonlyArray<unknown>> => {
  const notes: Array<string> = []
  const note = (what: string) => Effect.sync(() => void notes.push(what))
  const fiber = Effect.runFork(make(race, note))
  if (interruptsAtOnce) fiber.interruptUnsafe()
  const exit = await Effect.runPromise(Fiber.await(fiber))
  const ended = Exit.isSuccess(exit) ? exit.value : exit.cause.reasons.map((reason) => {
    if (reason._tag === "Fail") return ["Fail", reason.error]
    return reason._tag === "Die" ? ["Die", reason.defect] : [reason._tag]
  })
  return [exit._tag, ended, ...notes]
}

/** Never ends by itself; takes its time to be interrupted. */
const forever = (what: string, note: (what: string) => Effect.Effect<void>) =>
  Effect.onInterrupt(
    Effect.andThen(note(`${what} begins`), Effect.never),
    () => Effect.andThen(Effect.yieldNow, note(`${what} is interrupted`)),
  )

const later = <A, E>(effect: Effect.Effect<A, E>) => Effect.andThen(Effect.yieldNow, effect)

type Make = Parameters<typeof outcomeOf>[1]

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [title: string, make: Make, interruptsAtOnce?: boolean]> = [
  ["the first succeeds at once", (race, note) => race(Effect.succeed(1), note("begun"))],
  ["the first fails at once", (race, note) => race(Effect.fail(1), note("begun"))],
  ["the first succeeds later", (race, note) => race(later(Effect.succeed(1)), forever("b", note))],
  ["the second succeeds at once", (race, note) => race(forever("a", note), Effect.succeed(2))],
  ["the second fails later", (race, note) => race(forever("a", note), later(Effect.fail(2)))],
  ["the second dies", (race, note) => race(forever("a", note), later(Effect.die(2)))],
  ["the second interrupts itself", (race, note) => race(forever("a", note), Effect.interrupt)],
  ["interrupted from outside", (race, note) => race(forever("a", note), forever("b", note)), true],
  ["one that cannot be interrupted", (race, note) => Effect.uninterruptible(race(later(Effect.succeed(1)), forever("b", note))), true],
  ["by a side of its own", (race, note) => Effect.withFiber((fiber) => race(Effect.andThen(Effect.sync(() => fiber.interruptUnsafe()), forever("a", note)), forever("b", note)))],
]
for (const [title, make, interruptsAtOnce = false] of cases) {
  test(`a race ends as effect's does: ${title}`, async () => {
    const ours = await outcomeOf(raceFirst, make, interruptsAtOnce)
    assert.deepEqual(
      ours,
      await outcomeOf((self, that) => Effect.raceFirst(self, that), make, interruptsAtOnce),
    )
  })
}
