/**
 * `onProgress`: its events, how often it is called, and that it cannot break the load.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import type * as Effect from "effect/Effect"
import { compileStreaming, type ProgressEvent, Wasm } from "../../mod.ts"
import {
  assemble,
  body,
  build,
  code,
  custom,
  emptyBody,
  END,
  func,
  functions,
  HEADER,
  memories,
  types,
} from "../support/module_builder.ts"
import { large } from "../support/modules.ts"
import {
  checkPromise,
  compileError,
  nativePromise,
  ok,
  settled,
  typeError,
  ways,
} from "../support/outcomes.ts"
import { chunks, response, split } from "../support/responses.ts"
import { withScenarios } from "../support/servers/scenarios.ts"

const at = withScenarios()

/** A body whose chunks arrive one by one, with a pause between them. */
const paced = (parts: ReadonlyArray<Uint8Array>, pause: number): ReadableStream => {
  const left = [...parts]
  return new ReadableStream({
    pull: async (controller) => {
      const next = left.shift()
      if (next === undefined) return controller.close()
      await new Promise((resolve) => setTimeout(resolve, pause))
      controller.enqueue(next)
    },
  }, { highWaterMark: 0 })
}

/** Longer than the throttle, in milliseconds, so that each chunk is reported. */
const seen = 70

type Options = Readonly<Record<string, unknown>>

/** Checks the invariants of the events of a successful load, and returns the events. */
const checkEvents = (events: ReadonlyArray<ProgressEvent>): ReadonlyArray<ProgressEvent> => {
  assert.ok(events.length >= 2, "told at the first chunk and at the end")
  events.forEach((event, index) => {
    const previous = events[index - 1]
    assert.ok(event.fraction >= 0 && event.fraction <= 1)
    assert.equal(event.fraction === 1, index === events.length - 1, "1 at the end alone")
    assert.ok(event.functions <= event.declaredFunctions)
    if (previous === undefined) return
    assert.ok(event.fraction >= previous.fraction, "the fraction falls")
    assert.ok(event.received >= previous.received, "the bytes become fewer")
    assert.ok(event.functions >= previous.functions, "the functions become fewer")
  })
  return events
}

for (const way of ways) {
  const watch = async (
    source: unknown,
    options: Options = {},
  ): Promise<ReadonlyArray<ProgressEvent>> => {
    const events: Array<ProgressEvent> = []
    const onProgress = (event: ProgressEvent) => void events.push(event)
    await checkPromise(way.compile(source, { ...options, onProgress }), ok)
    return checkEvents(events)
  }

  // deno-fmt-ignore
  const totals: ReadonlyArray<readonly [name: string, path: string, options: Options, total: "size" | number | undefined]> = [
    ["with Content-Length", "/length", {}, "size"],
    ["in chunks", "/chunked", {}, undefined],
    ["compressed, with the packed size in Content-Length", "/gzip", {}, undefined],
    ["in chunks, of an expected size", "/chunked", { expectedSize: 123_456 }, 123_456],
    ["compressed, of an expected size", "/gzip", { expectedSize: 123_456 }, 123_456],
    ["with Content-Length, of another expected size", "/length", { expectedSize: 5 }, 5],
    ["late and slow", "/slow?pause=60", {}, undefined],
  ]
  for (const [name, path, options, total] of totals) {
    test(`onProgress knows the total truly, or says that it does not: ${name} [${way.name}]`, async () => {
      const events = await watch(fetch(at(path).url), options)
      const last = events.at(-1)
      const expected = total === "size" ? last?.received : total
      for (const event of events.slice(0, -1)) assert.equal(event.total, expected)
      assert.equal(last?.total, last?.received)
      const declared = path.startsWith("/slow") ? 200 : 2_000
      assert.deepEqual([last?.functions, last?.declaredFunctions], [declared, declared])
    })
  }

  test(`onProgress divides by the total where it is known [${way.name}]`, async () => {
    const bytes = large(20)
    const parts = split(bytes, Math.ceil(bytes.length / 3))
    const events = await watch(response(paced(parts, seen)), { expectedSize: bytes.length })
    for (const { fraction, received } of events.slice(0, 2)) {
      assert.equal(fraction, received / bytes.length)
    }
    assert.deepEqual(
      events.map(({ received }) => received).slice(0, 2),
      [parts[0]?.length, (parts[0]?.length ?? 0) * 2],
    )
  })

  test(`onProgress estimates by the sections where no total is known [${way.name}]`, async () => {
    const parts = split(large(300), 4_000)
    const events = await watch(response(paced(parts, seen)))
    const second = events[1]
    assert.ok(second !== undefined && second.total === undefined)
    assert.ok(second.fraction > 0 && second.fraction < 1)
  })

  test(`onProgress tells sections, and functions as they come [${way.name}]`, async () => {
    const parts = [
      [HEADER, types(func([], []))],
      functions(0, 0, 0),
      memories([0, 1]),
      [10, 11, 3, emptyBody],
      [body(0, 1, END)],
      emptyBody,
      custom("note", 1),
    ].map((part) => assemble(part).bytes)
    const events = await watch(response(paced(parts, seen)))
    assert.deepEqual(
      events.map(({ declaredFunctions, functions, section }) => [
        section,
        functions,
        declaredFunctions,
      ]),
      [
        ["type", 0, 0],
        ["function", 0, 0],
        ["memory", 0, 0],
        ["code", 1, 3],
        ["code", 2, 3],
        ["code", 3, 3],
        ["custom", 3, 3],
        [undefined, 3, 3],
      ],
    )
  })

  test(`onProgress is not called more often than can be seen [${way.name}]`, async () => {
    const parts = split(large(400), 60)
    const began = performance.now()
    const events = await watch(response(paced(parts, 1)))
    const elapsed = performance.now() - began
    assert.ok(events.length <= elapsed / 40 + 2, `${events.length} calls in ${elapsed} ms`)
    assert.ok(parts.length > 200)
  })

  test(`onProgress may throw [${way.name}]`, async () => {
    let calls = 0
    const onProgress = () => {
      calls++
      throw new Error("mine")
    }
    await checkPromise(way.compile(response(large(20)), { onProgress }), ok)
    assert.equal(calls, 2)
  })

  test(`onProgress never says that a failed compilation is complete [${way.name}]`, async () => {
    const fractions: Array<number> = []
    const onProgress = ({ fraction }: ProgressEvent) => void fractions.push(fraction)
    const bytes = large(20).slice(0, 500)
    const compiled = way.compile(response(bytes), { onProgress, expectedSize: 500 })
    await checkPromise(compiled, compileError("truncated"))
    assert.ok(fractions.length > 0 && fractions.every((fraction) => fraction < 1))
  })

  test(`onProgress of the smallest module [${way.name}]`, async () => {
    const events = await watch(response())
    assert.deepEqual(events.at(-1), {
      received: 8,
      total: 8,
      fraction: 1,
      section: undefined,
      functions: 0,
      declaredFunctions: 0,
    })
  })

  // deno-fmt-ignore
  const malformed: ReadonlyArray<Options> = [
    { onProgress: 1 },
    { onProgress: "log" },
    { onProgress: true },
    { onProgress: {} },
    { onProgress: Symbol("log") },
    { expectedSize: -1 },
    { expectedSize: 1.5 },
    { expectedSize: Number.NaN },
    { expectedSize: Number.POSITIVE_INFINITY },
    { expectedSize: "8" },
    { expectedSize: 8n },
    { expectedSize: {} },
  ]
  // deno-fmt-ignore
  const absent: ReadonlyArray<Options> = [
    { onProgress: undefined },
    { onProgress: null },
    { expectedSize: undefined },
    { expectedSize: null },
    { expectedSize: 0 },
  ]
  for (const [outcome, options] of [[typeError("options"), malformed], [ok, absent]] as const) {
    for (const option of options) {
      const [[name, value] = []] = Object.entries(option)
      const text = typeof value === "object" ? JSON.stringify(value) : String(value)
      const title = outcome.kind === "module" ? "taken for absent" : "refused"
      test(`${name}: ${text} (${typeof value}) is ${title} [${way.name}]`, () =>
        checkPromise(way.compile(response(), option), outcome))
    }
  }
}

for (
  const [name, run] of [
    [
      "inspect",
      (source: Response, options: Wasm.CompileStreamingOptions) => Wasm.inspect(source, options),
    ],
    [
      "compileStreamingWithReport",
      (source: Response, options: Wasm.CompileStreamingOptions) =>
        Wasm.compileStreamingWithReport(source, options),
    ],
  ] as const
) {
  test(`${name}() tells its progress too`, async () => {
    const events: Array<ProgressEvent> = []
    const source = response(
      chunks(...split(build(types(func([], [])), functions(0), code(emptyBody)).bytes, 5)),
    )
    const pipeline: Effect.Effect<unknown, Wasm.CompileStreamingError> = run(source, {
      onProgress: (event) => events.push(event),
    })
    await settled(nativePromise(pipeline))
    checkEvents(events)
    assert.equal(events.at(-1)?.functions, 1)
  })
}

test("an async onProgress that rejects is no unhandled rejection", async () => {
  const unhandled: Array<unknown> = []
  const listen = (event: { readonly reason?: unknown; preventDefault?: () => void }): void => {
    unhandled.push(event.reason)
    event.preventDefault?.()
  }
  const on: unknown = Reflect.get(globalThis, "addEventListener")
  if (typeof on === "function") Reflect.apply(on, globalThis, ["unhandledrejection", listen])
  const onProgress = () => Promise.reject(new Error("mine"))
  await settled(compileStreaming(response(), { onProgress }))
  await new Promise((resolve) => setTimeout(resolve, 20))
  if (typeof on === "function") {
    Reflect.apply(Reflect.get(globalThis, "removeEventListener"), globalThis, [
      "unhandledrejection",
      listen,
    ])
  }
  assert.deepEqual(unhandled, [])
})
