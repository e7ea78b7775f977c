/**
 * How chunks are fed to the engine: streamed, buffered, switched to streaming at a pause; and engines that decline.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { openFeed } from "../../src/pipeline/module_feed.ts"
import { native } from "../../src/platform/natives.ts"
import { compileStreaming as compile } from "../../mod.ts"
import { badFunction, large } from "../support/modules.ts"
import { replacingNative } from "../support/native_streaming.ts"
import { settled } from "../support/outcomes.ts"
import { response, split } from "../support/responses.ts"

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
      feed.abandon()
      await new Promise((resolve) => setTimeout(resolve, 30))
    })
  }
})

test("openFeed() can be abandoned at any time, more than once", async () => {
  const reading = async (response: Response) => new WebAssembly.Module(await response.bytes())
  const stuck = () => new Promise<WebAssembly.Module>(() => {})
  for (const replacement of [compileStreaming, reading, stuck, undefined]) {
    for (const isEnded of [false, true]) {
      await withStreaming(replacement, async () => {
        const feed = openFeed({})
        if (replacement !== stuck) await feed.write(large(5))
        const end = isEnded ? feed.end() : undefined
        feed.abandon()
        feed.abandon()
        await settled(end?.catch(() => {}) ?? Promise.resolve())
        feed.abandon()
      })
    }
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
    feed.abandon()
  })
})

// The function that the library took for the native one at import may be a program's wrapper that calls ours:
// `async (...args) => (await import("…")).compileStreaming(...args)`.
for (const lazily of [false, true]) {
  test(`ours as what was taken for native${lazily ? ", behind a promise," : ""} compiles, and calls itself once`, async () => {
    let calls = 0
    const ours: typeof native.compileStreaming = async (...args) => {
      if (++calls > 10) throw new Error("It goes round")
      if (lazily) await new Promise((resolve) => setTimeout(resolve, 1))
      return compile(...args)
    }
    await replacingNative(ours, async () => {
      const module = await settled(compile(response(large(20))))
      assert.deepEqual(names(module), ["last"])
      assert.equal(calls, 1)
      await assert.rejects(settled(compile(response(badFunction))), WebAssembly.CompileError)
      assert.equal(calls, 2)
    })
  })
}

for (const size of [1, 7, 1_000]) {
  test(`a body that uses one buffer for all its chunks, of ${size} bytes, compiles as it was read`, async () => {
    const bytes = large(50)
    const buffer = new Uint8Array(size)
    let at = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        // A reader that kept the last chunk sees this instead.
        buffer.fill(0xff)
        const next = bytes.subarray(at, at += size)
        if (next.length === 0) return controller.close()
        buffer.set(next)
        controller.enqueue(buffer.subarray(0, next.length))
      },
    }, { highWaterMark: 0 })
    assert.deepEqual(names(await settled(compile(response(body)))), ["last"])
  })
}
