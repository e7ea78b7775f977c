/**
 * How chunks are fed to the engine: streaming, holding back, changing over at a pause, and engines that decline.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { openFeed } from "../src/pipeline/module_feed.ts"
import { native } from "../src/platform/natives.ts"
import { large } from "./support/modules.ts"
import { replacingNative } from "./support/native_streaming.ts"
import { settled } from "./support/outcomes.ts"
import { split } from "./support/responses.ts"

const { compileStreaming } = native

/** Replaces native streaming while `run` runs, and counts its calls. */
const withStreaming = async (
  replacement: typeof compileStreaming,
  run: () => Promise<void>,
): Promise<number> => {
  let calls = 0
  const counting: typeof compileStreaming = (...args) => {
    calls++
    if (replacement === undefined) throw new Error("No streaming here")
    return replacement(...args)
  }
  await replacingNative(counting, run)
  return calls
}

const feedAll = async (
  chunks: ReadonlyArray<Uint8Array>,
  pause = 0,
): Promise<WebAssembly.Module> => {
  const feed = openFeed({})
  for (const [index, chunk] of chunks.entries()) {
    await feed.write(chunk)
    if (pause > 0 && index === 2) await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return feed.end()
}

const names = (module: WebAssembly.Module): ReadonlyArray<string> =>
  WebAssembly.Module.exports(module).map(({ name }) => name)

const cases: ReadonlyArray<readonly [name: string, size: number, pause: number]> = [
  ["in chunks", 1_000, 0],
  ["a byte at a time", 1, 0],
  ["in one chunk", 1_000_000, 0],
  ["with a pause", 1_000, 40],
]
for (const [name, size, pause] of cases) {
  test(`openFeed() streams ${name}`, async () => {
    const calls = await withStreaming(compileStreaming, async () => {
      assert.deepEqual(names(await settled(feedAll(split(large(50), size), pause))), ["last"])
    })
    assert.equal(calls, 1)
  })
}

// deno-fmt-ignore
const declining: ReadonlyArray<readonly [name: string, replacement: typeof compileStreaming]> = [
  ["throws", undefined],
  ["rejects without reading", () => Promise.reject(new TypeError("not my Response"))],
  ["rejects without reading, later", () => new Promise((_, reject) => setTimeout(reject, 20, new TypeError("no")))],
]
for (const [name, replacement] of declining) {
  for (const size of [1_000, 1_000_000]) {
    test(`openFeed() compiles the whole where native streaming ${name}, by ${size} bytes`, async () => {
      await withStreaming(replacement, async () => {
        assert.deepEqual(names(await settled(feedAll(split(large(50), size), 80))), ["last"])
      })
    })
  }
}

test("openFeed() rejects bad bytes with the engine's CompileError", async () => {
  const bad = split(new TextEncoder().encode("<!doctype html>".repeat(10)), 10)
  await assert.rejects(settled(feedAll(bad)), WebAssembly.CompileError)
  await withStreaming(
    undefined,
    () => assert.rejects(settled(feedAll(bad)), WebAssembly.CompileError),
  )
})

test("openFeed() of nothing is a CompileError", async () => {
  await assert.rejects(settled(feedAll([])), WebAssembly.CompileError)
})

test("openFeed() is silent when it is abandoned", async () => {
  for (const replacement of [compileStreaming, undefined]) {
    await withStreaming(replacement, async () => {
      const feed = openFeed({})
      await feed.write(large(5))
      feed.abandon(new Error("enough"))
      await new Promise((resolve) => setTimeout(resolve, 30))
    })
  }
})

test("a refusal before the end is heard", async () => {
  const refusing = async (response: Response) => {
    await response.body?.getReader().read()
    throw new WebAssembly.CompileError("seen enough")
  }
  await withStreaming(refusing, async () => {
    const feed = openFeed({})
    await feed.write(large(5))
    assert.match(String(await settled(feed.refused)), /seen enough/)
    await settled(Promise.resolve(feed.write(large(5))))
    feed.abandon(new Error("enough"))
  })
})
