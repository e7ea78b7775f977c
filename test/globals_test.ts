/**
 * Globals that are replaced after this library was imported, before its first call or between two: what belongs to the
 * platform was taken before, or comes from the objects at hand.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { native } from "../src/platform/natives.ts"
import { replacingNative } from "./support/native_streaming.ts"
import { prepareCalls, wordOf } from "./support/platform_calls.ts"
import { otherClasses, poisoned, replace, type Replacement } from "./support/replaced_globals.ts"

const { ReadableStream, Response } = globalThis

/** Whether the runtime itself makes a response of a stream now: Node 22 looks `ReadableStream` up late. */
const canStream = (): boolean => {
  try {
    new Response(new ReadableStream())
    return true
  } catch {
    return false
  }
}

/** What the calls came to while a global is replaced, and how often the engine was given a stream. */
const outcomesWith = async (
  replacement: Replacement | undefined,
): Promise<{ readonly able: boolean; readonly streamed: number }> => {
  const calls = prepareCalls()
  const outcomes: Array<unknown> = []
  const { compileStreaming: streaming } = native
  assert.ok(streaming !== undefined)
  let streamed = 0
  let able = true
  const counting: typeof streaming = (...args) => {
    streamed++
    return streaming(...args)
  }
  const restore = replacement === undefined ? () => {} : replace(replacement)
  try {
    able = canStream()
    await replacingNative(counting, async () => {
      for (const [run] of calls) outcomes.push(await wordOf(run))
    })
  } finally {
    restore()
  }
  assert.deepEqual(outcomes, calls.map(([, expected]) => expected))
  return { able, streamed }
}

for (const replacement of [...poisoned, ...otherClasses]) {
  test(`with another ${replacement.name}, and then without, all calls end as they should`, async () => {
    const { able, streamed } = await outcomesWith(replacement)
    const restored = await outcomesWith(undefined)
    assert.equal(streamed, able ? restored.streamed : 0)
    assert.ok(restored.streamed > 0)
  })
}
