/**
 * The event loop is not starved while an expensive module is validated, or while a body always has another chunk ready. So
 * timers fire, and a signal that a timer aborts takes effect.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { compileStreaming, Wasm } from "../../mod.ts"
import { isTurnOver } from "../../src/pipeline/turns.ts"
import { endlessSection, heavyModules } from "../support/modules/hostile_modules.ts"
import { settled } from "../support/outcomes.ts"
import { chunks, response } from "../support/responses.ts"

/** Counts how often a timer fires during some work. */
const timersDuring = async (work: () => Promise<unknown>): Promise<number> => {
  let count = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const again = (): void => {
    count++
    timer = setTimeout(again, 0)
  }
  timer = setTimeout(again, 0)
  try {
    await work()
  } finally {
    clearTimeout(timer)
  }
  return count
}

const validate = (module: Uint8Array<ArrayBuffer>): Promise<unknown> =>
  Effect.runPromise(Wasm.inspect(response(chunks(module)), { validation: "full" }))

/** Each takes at least a hundred milliseconds, in a single body. */
const heavy: ReadonlyArray<readonly [string, number]> = [
  ["calls with 1,000 results", 1_000_000],
  ["calls with 1,000 parameters of a subtype", 60_000],
  ["a branch table of labels with 1,000 operands", 20_000],
  ["catch clauses with 1,000 parameters", 150_000],
  ["bodies with 50,000 locals", 200_000],
]
for (const [title, size] of heavy) {
  test(`timers fire during full validation: ${title}`, async () => {
    const module = heavyModules[title]?.(size)
    assert.ok(module !== undefined)
    // The first run of a process yields for any module.
    await validate(module)
    const count = await timersDuring(() => validate(module))
    assert.ok(count > 3, `${count} timers`)
  })
}

// The whole module would take longer than a test may. Without an engine, which may take long for such bodies too.
test("full validation is interrupted inside of a body", async () => {
  const module = heavyModules["calls with 1,000 parameters of a subtype"]?.(3_000_000)
  assert.ok(module !== undefined)
  const controller = new AbortController()
  const inspected = Effect.runPromise(
    Wasm.inspect(response(chunks(module)), { validation: "full" }),
    { signal: controller.signal },
  )
  setTimeout(() => controller.abort(), 20)
  await assert.rejects(inspected)
})

test("outside of a run no turn is over", () => {
  assert.equal(isTurnOver(), false)
})

/** A body that always has another chunk ready, until it is cancelled. */
const relentless = (first: Uint8Array, then: Uint8Array) => {
  let begun = false
  let cancel: () => void = () => {}
  const cancelled = new Promise<void>((resolve) => (cancel = resolve))
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.enqueue(begun ? then.slice() : first.slice())
      begun = true
    },
    cancel: () => cancel(),
  }, { highWaterMark: 0 })
  return { stream, cancelled }
}

const nothing = new Uint8Array(0)
const bodies: ReadonlyArray<readonly [string, Uint8Array, Uint8Array]> = [
  ["empty chunks without end", nothing, nothing],
  ["a header and empty chunks without end", endlessSection.subarray(0, 8), nothing],
  ["single bytes without a pause", endlessSection, new Uint8Array(1)],
  ["large chunks without a pause", endlessSection, new Uint8Array(16_384)],
]
for (const validation of ["structure", "full"] as const) {
  for (const [title, first, then] of bodies) {
    test(`a signal is heard while a body has ${title}: ${validation}`, async () => {
      const { cancelled, stream } = relentless(first, then)
      const controller = new AbortController()
      const reason = new Error("enough")
      setTimeout(() => controller.abort(reason), 30)
      const compiled = compileStreaming(response(stream), { validation, signal: controller.signal })
      await assert.rejects(compiled, (error) => error === reason)
      await settled(cancelled)
    })
  }
}

test("timers fire while a body without a pause is inspected", async () => {
  const { stream } = relentless(endlessSection, new Uint8Array(1_000))
  const controller = new AbortController()
  const run = Effect.runPromise(Wasm.inspect(response(stream)), { signal: controller.signal })
  let count = 0
  const again = (): void => {
    if (++count === 3) controller.abort()
    else setTimeout(again, 0)
  }
  setTimeout(again, 0)
  await assert.rejects(run)
  assert.equal(count, 3)
})
