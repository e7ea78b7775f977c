/**
 * The Effect API: typed errors, sources that are Effects, streams of any implementation, interruption, spans, the engine as
 * a service.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { compileStreaming, Wasm } from "../mod.ts"
import { DecodeError } from "../src/binary/mod.ts"
import {
  badFunction,
  badFunctionOffset,
  empty,
  importing,
  large,
  starting,
} from "./support/modules.ts"
import { callEffect, settled, withoutNative } from "./support/outcomes.ts"
import { chunks, endless, response, split, typed, wasm } from "./support/responses.ts"

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => settled(Effect.runPromise(effect))

test("errors are caught by tag", async () => {
  const caught = (effect: Effect.Effect<unknown, Wasm.InstantiateStreamingError>) =>
    run(effect.pipe(Effect.catchTags({
      TypeError: (error) => Effect.succeed(`TypeError ${error.reason} ${error.contentType}`),
      CompileError: (error) => Effect.succeed(`CompileError ${error.reason} ${error.offset}`),
      SourceError: (error) => Effect.succeed(`SourceError ${error.reason} ${error.cause}`),
      LinkError: () => Effect.succeed("LinkError"),
      RuntimeError: (error) => Effect.succeed(`RuntimeError ${error.reason} ${error.cause}`),
    })))
  assert.equal(
    await caught(Wasm.compileStreaming(typed("text/html"))),
    "TypeError content-type text/html",
  )
  assert.equal(
    await caught(Wasm.compileStreaming(response("<!doctype html>"))),
    "CompileError html 0",
  )
  assert.equal(await caught(Wasm.compileStreaming(Promise.reject(7))), "SourceError source 7")
  assert.equal(await caught(Wasm.instantiateStreaming(response(importing), { m: {} })), "LinkError")
  const thrown = () => {
    throw "no"
  }
  assert.equal(
    await caught(Wasm.instantiateStreaming(response(starting), { m: { f: thrown } })),
    "RuntimeError exception no",
  )
})

test("a TypeError tells the status and content type", async () => {
  const error = await run(
    Effect.flip(Wasm.compileStreaming(response(empty, { status: 404, statusText: "Not Found" }))),
  )
  assert.ok(error instanceof Wasm.TypeError)
  assert.deepEqual([error.reason, error.status, error.contentType], [
    "status",
    404,
    "application/wasm",
  ])
  assert.match(error.message, /404 Not Found/)
})

test("a CompileError tells where, and keeps the engine's error", async () => {
  const error = await run(Effect.flip(Wasm.compileStreaming(response(badFunction))))
  assert.ok(error instanceof Wasm.CompileError && error.cause instanceof WebAssembly.CompileError)
  assert.deepEqual([error.reason, error.functionIndex, error.section], ["engine", 2, "code"])
  assert.ok(
    error.offset !== undefined && Math.abs(error.offset - badFunctionOffset) <= 1,
    `${error.offset}`,
  )
})

test("a source may be an Effect; its errors and requirements come through", async () => {
  class Bytes extends Context.Service<Bytes, Uint8Array<ArrayBuffer>>()("test/Bytes") {}
  const source = Effect.map(
    Effect.service(Bytes),
    (bytes) => new Response(bytes, { headers: wasm }),
  )
  const module = await run(Wasm.compileStreaming(source).pipe(Effect.provideService(Bytes, empty)))
  assert.ok(module instanceof WebAssembly.Module)
  const error = await run(Effect.flip(Wasm.compileStreaming(Effect.fail("no network" as const))))
  assert.equal(error, "no network")
})

test("a promise has its handler at the call, however late the program is run", async () => {
  // An unhandled rejection ends the process of these tests.
  const reason = new Error("mine")
  const programs = [
    Wasm.compileStreaming(Promise.reject(reason)),
    Wasm.instantiateStreaming(Promise.reject(reason)),
    Wasm.compileStreamingWithReport(Promise.reject(reason)),
    Wasm.inspect(Promise.reject(reason)),
  ]
  await new Promise((resolve) => setTimeout(resolve, 30))
  for (const program of programs) {
    const error = await run(Effect.flip<unknown, Wasm.InstantiateStreamingError, never>(program))
    assert.ok(error._tag === "SourceError" && error.cause === reason)
  }
})

test("an Effect as a source is run anew each time", async () => {
  let runs = 0
  const program = Wasm.compileStreaming(Effect.sync(() => {
    runs++
    return response()
  }))
  await run(Effect.andThen(program, program))
  assert.equal(runs, 2)
})

test("a defect of the source stays a defect", async () => {
  const exit = await settled(Effect.runPromiseExit(Wasm.compileStreaming(Effect.die("bug"))))
  assert.ok(Exit.isFailure(exit))
  assert.deepEqual(exit.cause.reasons.filter(Cause.isDieReason).map(({ defect }) => defect), [
    "bug",
  ])
})

const surroundings: ReadonlyArray<readonly [string, typeof withoutNative]> = [
  ["native", (run) => run()],
  ["buffered", withoutNative],
]
for (const [name, around] of surroundings) {
  test(`compileStream() compiles bytes of any origin [${name}]`, async () => {
    for (const size of [1, 7, 1_000_000]) {
      const bytes = Stream.fromIterable(split(large(20), size))
      const module = await around(() => run(Wasm.compileStream(bytes)))
      assert.deepEqual(WebAssembly.Module.exports(module).map(({ name }) => name), ["last"])
    }
  })

  test(`compileStream() fails as its bytes fail [${name}]`, async () => {
    const bytes = Stream.concat(Stream.make(empty), Stream.fail("cut" as const))
    assert.equal(await around(() => run(Effect.flip(Wasm.compileStream(bytes)))), "cut")
  })

  test(`compileStream() fails with CompileError for bad bytes [${name}]`, async () => {
    const error = await around(() =>
      run(Effect.flip(Wasm.compileStream(Stream.make(Uint8Array.of(1, 2, 3)))))
    )
    assert.equal(error._tag, "CompileError")
  })

  test(`compileStream() of nothing is a CompileError [${name}]`, async () => {
    const error = await around(() => run(Effect.flip(Wasm.compileStream(Stream.empty))))
    assert.equal(error._tag, "CompileError")
  })
}

test("compileStream() fails with TypeError for malformed options", async () => {
  for (const options of [1, { signal: 1 }, { onProgress: 1 }, { expectedSize: -1 }]) {
    const error = await run(
      Effect.flip(callEffect(Wasm.compileStream, Stream.make(empty), options)),
    )
    assert.ok(error._tag === "TypeError" && error.reason === "options", JSON.stringify(options))
  }
})

test("compileStream() fails with TypeError for chunks that are no Uint8Array", async () => {
  for (const chunk of ["\0asm", 7, empty.buffer, new DataView(empty.buffer), undefined, null]) {
    const bytes = Stream.make(empty.subarray(0, 4), chunk)
    const error = await run(Effect.flip(callEffect(Wasm.compileStream, bytes)))
    assert.ok(error._tag === "TypeError" && error.reason === "chunk", String(chunk))
  }
})

test("a chunk whose memory was given away is no chunk", async () => {
  const detached = (): Uint8Array => {
    const bytes = empty.slice()
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    return bytes
  }
  for (const validation of ["structure", "full"] as const) {
    const programs = [
      Wasm.compileStream(Stream.make(empty.slice(0, 4), detached()), { validation }),
      Wasm.compileStreaming(response(chunks(empty.slice(0, 4), detached())), { validation }),
    ]
    for (const program of programs) {
      const error = await run(Effect.flip(program))
      assert.ok(error._tag === "TypeError" && error.reason === "chunk")
    }
  }
})

test("compileStream() tells progress, of a size that is known", async () => {
  const events: Array<Wasm.ProgressEvent> = []
  const module = large(20)
  const bytes = Stream.fromIterable(split(module, 100))
  const onProgress = (event: Wasm.ProgressEvent) => void events.push(event)
  const expectedSize = module.length
  await run(Wasm.compileStream(bytes, { onProgress, expectedSize }))
  assert.equal(events[0]?.total, expectedSize)
  assert.deepEqual([events.at(-1)?.fraction, events.at(-1)?.received], [1, expectedSize])
})

test("compileStream() stops when its signal fires, and its stream is ended", async () => {
  const controller = new AbortController()
  let ended = false
  const bytes = Stream.concat(Stream.make(empty), Stream.never).pipe(
    Stream.ensuring(Effect.sync(() => void (ended = true))),
  )
  setTimeout(() => controller.abort("enough"), 20)
  const error = await run(Effect.flip(Wasm.compileStream(bytes, { signal: controller.signal })))
  assert.ok(error._tag === "SourceError")
  assert.deepEqual([error.reason, error.cause, ended], ["aborted", "enough", true])
})

/** An AbortSignal of another implementation, as in test environments and polyfills. */
class OtherSignal extends EventTarget {
  aborted = false
  reason: unknown
  abort(reason: unknown): void {
    this.aborted = true
    this.reason = reason
    this.dispatchEvent(new Event("abort"))
  }
}

test("a signal of another implementation stops the load", async () => {
  for (const early of [true, false]) {
    const signal = new OtherSignal()
    const { cancelled, stream } = endless(empty)
    if (early) signal.abort("enough")
    else setTimeout(() => signal.abort("enough"), 20)
    const program = callEffect(Wasm.compileStreaming, response(stream), { signal })
    const error = await run(Effect.flip(program))
    assert.ok(error._tag === "SourceError")
    assert.deepEqual([error.reason, error.cause], ["aborted", "enough"])
    if (!early) await settled(cancelled)
  }
})

test("compileStream() ends where making its run throws: a defect, and the engine's feed is closed", async () => {
  const exit = await settled(
    Effect.runPromiseExit(Wasm.compileStream(Stream.suspend(() => {
      throw new Error("bug")
    }))),
  )
  assert.ok(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
})

test("the same promise serves several runs only as its body allows", async () => {
  const program = Wasm.compileStreaming(Promise.resolve(response()))
  await run(program)
  const error = await run(Effect.flip(program))
  assert.deepEqual([error._tag, error.reason], ["TypeError", "body-used"])
})

test("interruption while the body is read cancels it and releases its lock", async () => {
  const { stream, cancelled } = endless(empty)
  const made = response(stream)
  await run(Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Wasm.compileStreaming(made))
    yield* Effect.sleep(20)
    yield* Fiber.interrupt(fiber)
    assert.ok(Exit.hasInterrupts(yield* Fiber.await(fiber)))
  }))
  await settled(cancelled)
  assert.equal(made.body?.locked, false)
})

test("interruption while the source is pending discards the response that comes later", async () => {
  const { stream, cancelled } = endless(empty)
  let arrive: (value: Response) => void = () => {}
  const source = new Promise<Response>((resolve) => (arrive = resolve))
  await run(Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Wasm.compileStreaming(source))
    yield* Effect.sleep(5)
    yield* Fiber.interrupt(fiber)
  }))
  arrive(response(stream))
  await settled(cancelled)
})

test("interruption reaches a source that is an Effect", async () => {
  await run(Effect.gen(function* () {
    const interrupted = yield* Deferred.make<void>()
    const source = Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined))
    const fiber = yield* Effect.forkChild(Wasm.compileStreaming(source))
    yield* Effect.sleep(5)
    yield* Fiber.interrupt(fiber)
    yield* Deferred.await(interrupted)
  }))
})

test("a timeout composes", async () => {
  const { stream, cancelled } = endless(empty)
  const program = Wasm.compileStreaming(response(stream)).pipe(
    Effect.timeout("20 millis"),
    Effect.flip,
  )
  assert.equal((await run(program))._tag, "TimeoutError")
  await settled(cancelled)
})

test("the engine is a service", async () => {
  const received: Array<number> = []
  const engine: Wasm.EngineService = {
    compile: ({ bytes }, options) =>
      Stream.runForEach(
        Stream.unwrap(bytes),
        (chunk) => Effect.sync(() => received.push(chunk.length)),
      ).pipe(
        Effect.andThen(Effect.sync(() => {
          assert.deepEqual(options, { builtins: ["x"] })
          return new WebAssembly.Module(empty)
        })),
      ),
  }
  const source = response(chunks(empty.slice(0, 3), empty.slice(3)))
  const program = Wasm.compileStreaming(source, { builtins: ["x"] })
  await run(Effect.provideService(program, Wasm.Engine, engine))
  assert.deepEqual(received, [3, 5])
})

test("an engine of one's own fails in its own words", async () => {
  const cause = new Error("no engine here")
  const error = new Wasm.CompileError({ reason: "forbidden", message: "Not today", cause })
  const program = Wasm.compileStreaming(response()).pipe(
    Effect.provideService(Wasm.Engine, { compile: () => Effect.fail(error) }),
    Effect.flip,
  )
  const { cause: kept, message, reason } = await run(program)
  assert.deepEqual([kept, message, reason], [cause, "Not today", "forbidden"])
})

test("an engine that fails before it reads leaves the body cancelled", async () => {
  const { stream, cancelled } = endless(empty)
  const error = new Wasm.CompileError({ reason: "engine", message: "Not today" })
  const program = Wasm.compileStreaming(response(stream)).pipe(
    Effect.provideService(Wasm.Engine, { compile: () => Effect.fail(error) }),
    Effect.flip,
  )
  assert.equal((await run(program)).message, error.message)
  await settled(cancelled)
})

/** Collects the spans of an Effect. */
const spansOf = async (
  effect: Effect.Effect<unknown, unknown>,
): Promise<ReadonlyArray<Tracer.Span>> => {
  const spans: Array<Tracer.Span> = []
  const collecting = Effect.map(Effect.tracer, (base) =>
    Tracer.make({
      span: (options) => {
        const span = base.span(options)
        spans.push(span)
        return span
      },
    }))
  await run(
    Effect.flatMap(collecting, (tracer) => Effect.withTracer(Effect.ignore(effect), tracer)),
  )
  return spans
}

test("the stages are spans with attributes", async () => {
  const spans = await spansOf(Wasm.instantiateStreaming(response(chunks(empty)), {}))
  assert.deepEqual(spans.map(({ name }) => name), [
    "Wasm.instantiateStreaming",
    "Wasm.compileStreaming",
    "Wasm.resolveSource",
    "Wasm.checkResponse",
    "Wasm.compile",
    "Wasm.readBody",
    "Wasm.instantiate",
  ])
  const attribute = (span: string, name: string): unknown =>
    spans.find((candidate) => candidate.name === span)?.attributes.get(name)
  assert.equal(attribute("Wasm.checkResponse", "status"), 200)
  assert.equal(attribute("Wasm.checkResponse", "contentType"), "application/wasm")
  assert.equal(attribute("Wasm.readBody", "bytes"), empty.length)
  for (const { status } of spans) assert.equal(status._tag, "Ended")
})

test("a stream's bytes are counted by a span too, and so are a client's", async () => {
  const client = HttpClientResponse.fromWeb(
    HttpClientRequest.get("https://example.org/a.wasm"),
    response(),
  )
  const programs = [
    Wasm.compileStream(Stream.make(empty.slice(0, 3), empty.slice(3))),
    Wasm.compileStreaming(client),
    Wasm.inspect(response()),
  ]
  for (const program of programs) {
    const read = (await spansOf(program)).filter(({ name }) => name === "Wasm.readBody")
    assert.deepEqual(read.map(({ attributes }) => attributes.get("bytes")), [empty.length])
  }
})

test("a refused response is told by its span", async () => {
  const spans = await spansOf(Wasm.compileStreaming(response("", { status: 404 })))
  const check = spans.find(({ name }) => name === "Wasm.checkResponse")
  assert.deepEqual(
    ["status", "contentType"].map((name) => check?.attributes.get(name)),
    [404, "application/wasm"],
  )
})

test("a failed stage's span has failed", async () => {
  const spans = await spansOf(Wasm.compileStreaming(typed("text/html")))
  const failed = spans.filter(({ status }) =>
    status._tag === "Ended" && Exit.isFailure(status.exit)
  )
  assert.deepEqual(failed.map(({ name }) => name), ["Wasm.compileStreaming", "Wasm.checkResponse"])
})

test("a rejection's cause is the tagged error, and its own cause the engine's or the decoder's", async () => {
  for (
    const [bytes, cause] of [[badFunction, WebAssembly.CompileError], [
      "nonsense",
      DecodeError,
    ]] as const
  ) {
    const error: unknown = await compileStreaming(response(bytes)).then(
      () => undefined,
      (e: unknown) => e,
    )
    assert.ok(error instanceof WebAssembly.CompileError)
    assert.ok(error.cause instanceof Wasm.CompileError)
    assert.ok(error.cause.cause instanceof cause)
    assert.equal(Object.getOwnPropertyDescriptor(error, "cause")?.enumerable, false)
  }
})
