/**
 * How chunks are fed to the engine: streaming, holding back, changing over at a pause, and engines that decline.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { type FeedStart, openFeed, patience } from "../src/pipeline/module_feed.ts"
import { large } from "./support/modules.ts"
import { settled } from "./support/outcomes.ts"
import { split } from "./support/responses.ts"

const native = WebAssembly.compileStreaming

/** Replaces native streaming while `run` runs, and counts its calls. */
const withStreaming = async (
  replacement: unknown,
  run: () => Promise<void>,
): Promise<number> => {
  let calls = 0
  const counting = (...args: ReadonlyArray<unknown>): unknown => {
    calls++
    if (typeof replacement !== "function") throw new Error("No streaming here")
    return Reflect.apply(replacement, WebAssembly, args)
  }
  const define = (value: unknown) =>
    Object.defineProperty(WebAssembly, "compileStreaming", {
      value,
      writable: true,
      configurable: true,
      enumerable: true,
    })
  define(counting)
  try {
    await run()
  } finally {
    define(native)
  }
  return calls
}

const feedAll = async (
  start: FeedStart,
  chunks: ReadonlyArray<Uint8Array>,
  pause = 0,
): Promise<WebAssembly.Module> => {
  const feed = openFeed(start, {})
  for (const [index, chunk] of chunks.entries()) {
    await feed.write(chunk)
    if (pause > 0 && index === 2) await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return feed.end()
}

const names = (module: WebAssembly.Module): ReadonlyArray<string> =>
  WebAssembly.Module.exports(module).map(({ name }) => name)

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [name: string, start: FeedStart, size: number, pause: number, streams: boolean]> = [
  ["at once", "at-once", 1_000, 0, true],
  ["at once, a byte at a time", "at-once", 1, 0, true],
  ["at once, in one chunk", "at-once", 1_000_000, 0, true],
  ["at once, with a pause", "at-once", 1_000, 40, true],
  ["never", "never", 1_000, 0, false],
  ["never, with a pause", "never", 1_000, 40, false],
  ["at a pause, without one", "at-pause", 1_000, 0, false],
  ["at a pause, with one", "at-pause", 1_000, 80, true],
]
for (const [name, start, size, pause, streams] of cases) {
  test(`openFeed() ${name}`, async () => {
    const calls = await withStreaming(native, async () => {
      const module = await settled(feedAll(start, split(large(50), size), pause))
      assert.deepEqual(names(module), ["last"])
    })
    assert.equal(calls, streams ? 1 : 0)
  })
}

// deno-fmt-ignore
const declining: ReadonlyArray<readonly [name: string, replacement: unknown]> = [
  ["throws", undefined],
  ["rejects without reading", () => Promise.reject(new TypeError("not my Response"))],
  ["rejects without reading, later", () => new Promise((_, reject) => setTimeout(reject, 20, new TypeError("no")))],
]
for (const [name, replacement] of declining) {
  for (const start of ["at-once", "at-pause"] as const) {
    test(`openFeed() ${start} compiles the whole where native streaming ${name}`, async () => {
      await withStreaming(replacement, async () => {
        const module = await settled(feedAll(start, split(large(50), 1_000), 80))
        assert.deepEqual(names(module), ["last"])
      })
    })
  }
}

for (const start of ["at-once", "at-pause", "never"] as const) {
  test(`openFeed() ${start} rejects bad bytes with the engine's CompileError`, async () => {
    const bad = split(new TextEncoder().encode("<!doctype html>".repeat(10)), 10)
    await assert.rejects(settled(feedAll(start, bad, 80)), WebAssembly.CompileError)
  })

  test(`openFeed() ${start} is silent when it is abandoned`, async () => {
    const feed = openFeed(start, {})
    await feed.write(large(5))
    feed.abandon(new Error("enough"))
    await new Promise((resolve) => setTimeout(resolve, 30))
  })
}

test("a refusal before the end is heard", async () => {
  const refusing = async (response: Response) => {
    await response.body?.getReader().read()
    throw new WebAssembly.CompileError("seen enough")
  }
  await withStreaming(refusing, async () => {
    const feed = openFeed("at-once", {})
    await feed.write(large(5))
    await assert.rejects(settled(feed.refused), /seen enough/)
    await settled(Promise.resolve(feed.write(large(5))))
    feed.abandon(new Error("enough"))
  })
})

test("patience() grows with the bytes received", () => {
  assert.ok(patience(0) > 0 && patience(32_000_000) > patience(1_000_000))
})
