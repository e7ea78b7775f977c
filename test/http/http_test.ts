/**
 * Real HTTP over loopback: what a network does to a response, and how the compilation ends.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming, type Wasm } from "../../mod.ts"
import { native } from "../../src/platform/natives.ts"
import { isWebKit } from "../support/browser.ts"
import { replacingNative } from "../support/native_streaming.ts"
import {
  checkPromise,
  compileError,
  ok,
  type Outcome,
  settled,
  typeError,
  ways,
} from "../support/outcomes.ts"
import { untilOver, withScenarios } from "../support/servers/scenarios.ts"

const at = withScenarios()

/** Reads a body by chunks: some runtimes report the same failure differently if the whole body is requested. */
const readAll = async (body: ReadableStream<Uint8Array> | null): Promise<void> => {
  const reader = body?.getReader()
  while ((await reader?.read())?.done === false);
}

const cases: ReadonlyArray<readonly [scenario: string, outcome: Outcome]> = [
  ["/length", ok],
  ["/chunked", ok],
  ["/gzip", ok],
  ["/redirect", ok],
  ["/slow?pause=3", ok],
  ["/slow?pause=15", ok],
  ["/late?pause=20", ok],
  ["/status?code=404", typeError("status")],
  ["/status?code=500", typeError("status")],
  ["/page", typeError("content-type")],
  ["/untyped", typeError("content-type")],
  ["/bad", compileError("html")],
]

/** WebKitGTK takes a body of unknown length that breaks off for one that ends, and ignores a faulty content coding. */
const unnoticed: ReadonlyMap<string, Wasm.CompileErrorReason> = new Map(
  isWebKit
    ? [
      ["/bad-gzip", "gzip"],
      ["/cut?after=0", "empty"],
      ["/cut?after=5", "truncated"],
      ["/cut?after=1000", "truncated"],
      ["/cut?after=50000", "truncated"],
      ["/end-of-file?after=1000", "truncated"],
    ]
    : [],
)

for (const way of ways) {
  for (const [scenario, outcome] of cases) {
    test(`${scenario} [${way.name}]`, () =>
      checkPromise(way.compile(fetch(at(scenario).url)), outcome))
  }

  // The network's error is passed on unchanged, whatever the runtime calls it: native and untagged.
  for (
    const scenario of [
      "/refuse",
      "/bad-gzip",
      "/cut?after=0",
      "/cut?after=5",
      "/cut?after=1000",
      "/cut?after=50000",
      "/cut?length&after=0",
      "/cut?length&after=1000",
      "/cut?length&after=50000",
      "/end-of-file?after=1000",
      "/end-of-file?length&after=1000",
    ]
  ) {
    const silent = unnoticed.get(scenario)
    if (silent !== undefined) {
      test(`${scenario} is a short body, as the browser has it [${way.name}]`, () =>
        checkPromise(way.compile(fetch(at(scenario).url)), compileError(silent)))
      continue
    }
    test(`${scenario} is the network's error [${way.name}]`, async () => {
      // Two requests, not a clone: Node 22.19 cancels a body when a clone of its response is collected as garbage.
      const { url } = at(scenario)
      const read = fetch(url).then((arrived) => readAll(arrived.body))
      const expected = await read.then(() => undefined, (error: unknown) => error)
      const got = await settled(way.compile(fetch(url))).then(
        () => undefined,
        (error: unknown) => error,
      )
      assert.ok(expected instanceof Error && got instanceof Error)
      assert.equal(got.constructor, expected.constructor)
      assert.equal(got.message, expected.message)
    })
  }

  test(`a page is compiled where its bytes are a module's [${way.name}]`, async () => {
    await checkPromise(way.compile(fetch(at("/untyped").url), { contentType: "sniff" }), ok)
    await checkPromise(
      way.compile(fetch(at("/page").url), { contentType: "sniff" }),
      typeError("content-type"),
    )
  })

  for (const after of [0, 20, 50_000]) {
    test(`abort after ${after} bytes closes the connection [${way.name}]`, async () => {
      const request = at(`/hang?after=${after}`)
      const controller = new AbortController()
      const reason = new Error("enough")
      const response = await fetch(request.url)
      const compiled = way.compile(response, { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 40)
      const got = await settled(compiled).then(() => undefined, (error: unknown) => error)
      assert.equal(got, reason)
      assert.equal((await untilOver(request)).broken, true)
    })
  }

  test(`abort before the response closes the connection [${way.name}]`, async () => {
    const request = at("/hang?after=1000")
    const controller = new AbortController()
    const compiled = way.compile(fetch(request.url), { signal: controller.signal })
    controller.abort(7)
    assert.equal(await settled(compiled).then(() => undefined, (error: unknown) => error), 7)
    assert.equal((await untilOver(request)).broken, true)
  })
}

test("the engine gets a stream of ours, never the response, whose download it could not be made to stop", async () => {
  const { compileStreaming: streaming } = native
  assert.ok(streaming !== undefined)
  const given: Array<unknown> = []
  const spy: typeof streaming = (...args) => {
    given.push(args[0])
    return streaming(...args)
  }
  const fetched = await fetch(at("/chunked").url)
  await replacingNative(spy, async () => void await settled(compileStreaming(fetched)))
  assert.deepEqual(given.map((argument) => argument === fetched), [false])
})
