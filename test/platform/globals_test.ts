/**
 * Globals that are replaced after the library was imported, before its first call or between two: the library took what
 * belongs to the platform before, or gets it from its arguments.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { compileStreaming, Wasm } from "../../mod.ts"
import { native } from "../../src/platform/natives.ts"
import { empty } from "../support/modules.ts"
import { chunks, response } from "../support/responses.ts"
import { replacingNative } from "../support/native_streaming.ts"
import { prepareCalls, wordOf } from "../support/platform_calls.ts"
import { otherClasses, poisoned, replace, type Replacement } from "../support/replaced_globals.ts"

const { ReadableStream, Response } = globalThis

/** Whether the runtime can make a response from a stream now: Node 22 looks `ReadableStream` up late. */
const canStream = (): boolean => {
  try {
    new Response(new ReadableStream())
    return true
  } catch {
    return false
  }
}

/** The results of the calls while a global is replaced, and how often the engine was given a stream. */
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

// Members of the platform's prototypes, patched where programs patch them

const broken = (): never => {
  throw new Error("patched")
}

/** Patches a prototype's member while `run` runs. */
const patched = async (
  prototype: object,
  name: string,
  property: PropertyDescriptor,
  run: () => Promise<void>,
): Promise<void> => {
  const before = Object.getOwnPropertyDescriptor(prototype, name)
  if (before?.configurable !== true) return
  Object.defineProperty(prototype, name, { ...property, configurable: true })
  try {
    await run()
  } finally {
    Object.defineProperty(prototype, name, before)
  }
}

const getters = ["status", "statusText", "url", "type", "body", "bodyUsed", "headers"]
for (const name of getters) {
  test(`a patched getter of Response: ${name}; after the first call it changes nothing`, async () => {
    await compileStreaming(response())
    const made = response()
    await patched(Response.prototype, name, { get: broken }, async () => {
      assert.ok(await compileStreaming(made) instanceof WebAssembly.Module)
    })
  })
}

// deno-fmt-ignore
const methods: ReadonlyArray<readonly [name: string, prototype: object, method: string]> = [
  ["Headers", Headers.prototype, "get"],
  ["ReadableStream", ReadableStream.prototype, "getReader"],
  ["ReadableStreamDefaultReader", ReadableStreamDefaultReader.prototype, "read"],
]
for (const [name, prototype, method] of methods) {
  test(`a patched ${method}() of ${name} ends in a module or a typed error`, async () => {
    const made = response(chunks(empty))
    await patched(prototype, method, { value: broken, writable: true }, async () => {
      const exit = await Effect.runPromiseExit(Wasm.compileStreaming(made))
      if (Exit.isSuccess(exit)) return
      const [reason] = exit.cause.reasons
      assert.ok(reason !== undefined && Cause.isFailReason(reason))
      assert.notEqual(Reflect.get(reason.error, "reason"), "body-used")
    })
  })
}

test("returned promises are the platform's own, whatever is called Promise meanwhile", async () => {
  const before = globalThis.Promise
  class Other<T> extends before<T> {}
  globalThis.Promise = Other
  let returned: unknown
  try {
    returned = compileStreaming(response())
  } finally {
    globalThis.Promise = before
  }
  assert.equal(Object.getPrototypeOf(returned), before.prototype)
  await returned
})
