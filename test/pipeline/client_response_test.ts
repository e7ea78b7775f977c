/**
 * Responses of `effect/http` as sources: `Wasm.compileStreaming(HttpClient.get(url))`, over fetch and over any other client.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import { Wasm } from "../../mod.ts"
import { empty, importing, large } from "../support/modules.ts"
import { callEffect, settled } from "../support/outcomes.ts"
import { type BodyOf, chunks, endless, failing, response, split } from "../support/responses.ts"
import { untilOver, withScenarios } from "../support/servers/scenarios.ts"

const at = withScenarios()

const run = <A, E>(effect: Effect.Effect<A, E, HttpClient.HttpClient>): Promise<A> =>
  settled(Effect.runPromise(Effect.provide(effect, FetchHttpClient.layer)))

/** A client that gives one response to every request. */
const clientOf = (make: () => Response): HttpClient.HttpClient =>
  HttpClient.make((request) => Effect.sync(() => HttpClientResponse.fromWeb(request, make())))

const get = (make: () => Response) => clientOf(make).get("https://example.org/module.wasm")

type Outcome = readonly [tag: string, reason?: string]

const wordOf = (error: unknown): Outcome => {
  assert.ok(error instanceof Error)
  return [String(Reflect.get(error, "_tag")), String(Reflect.get(error, "reason"))]
}

const body = (made: BodyOf, init: ResponseInit = {}) => () => response(made, init)
const mine = new Error("mine")

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [name: string, make: () => Response, outcome: Outcome]> = [
  ["a module", body(empty), ["module"]],
  ["a module in chunks", () => response(chunks(...split(large(20), 50))), ["module"]],
  ["no content type", () => new Response(chunks(empty)), ["TypeError", "content-type"]],
  ["a page", body("<!doctype html>", { headers: { "content-type": "text/html" } }), ["TypeError", "content-type"]],
  ["a 404", body(empty, { status: 404 }), ["TypeError", "status"]],
  ["no body", body(null), ["CompileError", "empty"]],
  ["an empty body", body(""), ["CompileError", "empty"]],
  ["a page with the right type", body("<!doctype html>"), ["CompileError", "html"]],
  ["a cut module", () => response(chunks(large(20).slice(0, 100))), ["CompileError", "truncated"]],
  ["a body that fails", () => response(failing(mine, empty)), ["SourceError", "body"]],
]
for (const [name, make, outcome] of cases) {
  test(`Wasm.compileStreaming() of a client's response: ${name}`, async () => {
    const program = Wasm.compileStreaming(get(make)).pipe(
      Effect.match({ onSuccess: (): Outcome => ["module"], onFailure: wordOf }),
    )
    assert.deepEqual(await settled(Effect.runPromise(program)), outcome)
  })
}

test("a client's response has a URL in the error, and what failed as its cause", async () => {
  const error = await settled(
    Effect.runPromise(Effect.flip(Wasm.compileStreaming(get(() => response(failing(mine)))))),
  )
  assert.ok(error._tag === "SourceError" && error.cause === mine)
  assert.equal(error.url, "https://example.org/module.wasm")
})

/** A client's response without an underlying `Response`, as of clients that do not use fetch. */
const streamOnly = (
  bytes: Stream.Stream<Uint8Array, unknown>,
  fields: object = {},
): HttpClientResponse.HttpClientResponse => {
  const made = HttpClientResponse.fromWeb(
    HttpClientRequest.get("https://example.org/module.wasm"),
    response(null),
  )
  return Object.defineProperties(Object.create(made), {
    stream: { value: bytes },
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
  })
}

/** The bytes, only in the first run. */
const once = (bytes: Uint8Array): Stream.Stream<Uint8Array> => {
  let left = [bytes]
  return Stream.suspend(() => {
    const now = left
    left = []
    return Stream.fromIterable(now)
  })
}

/** A response of effect over a given `Response`. */
const fromWeb = (web: Response): HttpClientResponse.HttpClientResponse =>
  HttpClientResponse.fromWeb(HttpClientRequest.get("https://example.org/module.wasm"), web)

/** A response as a replaced fetch may return it. */
const lookAlike = (body: unknown, more: object = {}): Response => {
  const { headers } = response()
  const made = { status: 200, url: "", headers, body, ...more }
  return Object.setPrototypeOf(made, Object.prototype)
}

const read = (web: Response): Promise<Response> => web.text().then(() => web)
const locked = (web: Response): Response => {
  web.body?.getReader()
  return web
}

const notAStream = (): Stream.Stream<Uint8Array> => Reflect.get({}, "stream")

type MakeSource = () =>
  | HttpClientResponse.HttpClientResponse
  | Promise<HttpClientResponse.HttpClientResponse>

// deno-fmt-ignore
const bodies: ReadonlyArray<readonly [name: string, make: MakeSource, first: Outcome, second: Outcome]> = [
  ["over fetch", () => fromWeb(response()), ["module"], ["TypeError", "body-used"]],
  ["without a body", () => fromWeb(response(null)), ["CompileError", "empty"], ["CompileError", "empty"]],
  ["whose body was read", async () => fromWeb(await read(response())), ["TypeError", "body-used"], ["TypeError", "body-used"]],
  ["whose body is locked", () => fromWeb(locked(response())), ["TypeError", "body-used"], ["TypeError", "body-used"]],
  ["of a look-alike", () => fromWeb(lookAlike(response().body)), ["module"], ["TypeError", "body-used"]],
  ["of a look-alike whose body is locked", () => fromWeb(lookAlike(locked(response()).body)), ["TypeError", "body-used"], ["TypeError", "body-used"]],
  ["of a look-alike whose body was read", () => fromWeb(lookAlike(response().body, { bodyUsed: true })), ["TypeError", "body-used"], ["TypeError", "body-used"]],
  ["of a look-alike with a stream of Node", () => fromWeb(lookAlike({ pipe: () => {} })), ["TypeError", "not-a-response"], ["TypeError", "not-a-response"]],
  ["of a look-alike without body", () => fromWeb(lookAlike(undefined)), ["TypeError", "not-a-response"], ["TypeError", "not-a-response"]],
  ["that is a stream to be run once", () => streamOnly(once(empty)), ["module"], ["TypeError", "body-used"]],
  ["that is a stream to be run again", () => streamOnly(Stream.make(empty)), ["module"], ["module"]],
  ["that announces bytes of which none comes", () => streamOnly(Stream.empty, { headers: { "content-type": "application/wasm", "content-length": "8" } }), ["TypeError", "body-used"], ["TypeError", "body-used"]],
  ["that has no stream", () => streamOnly(notAStream()), ["TypeError", "not-a-response"], ["TypeError", "not-a-response"]],
  ["that is an empty stream", () => streamOnly(Stream.empty), ["CompileError", "empty"], ["TypeError", "body-used"]],
  ["that is a stream which fails", () => streamOnly(Stream.fail(mine)), ["SourceError", "body"], ["SourceError", "body"]],
]
for (const [name, make, first, second] of bodies) {
  test(`a client's response ${name}, compiled twice`, async () => {
    const source = await make()
    for (const expected of [first, second]) {
      const program = Wasm.compileStreaming(Effect.succeed(source)).pipe(
        Effect.match({ onSuccess: (): Outcome => ["module"], onFailure: wordOf }),
      )
      assert.deepEqual(await settled(Effect.runPromise(program)), expected)
    }
  })
}

test("a client's response can be passed as it is, and promised", async () => {
  for (const source of [fromWeb(response()), Promise.resolve(fromWeb(response()))]) {
    const module = await settled(Effect.runPromise(Wasm.compileStreaming(source)))
    assert.ok(module instanceof WebAssembly.Module)
  }
})

test("a stream that somebody put on top of a client's response is what is compiled", async () => {
  const source = Effect.succeed(streamOnly(Stream.make(importing)))
  const report = await settled(Effect.runPromise(Wasm.inspect(source)))
  assert.equal(report.imports.length, 1)
})

test("the other functions take a client's response too", async () => {
  const source = get(() => response(importing))
  const report = await settled(Effect.runPromise(Wasm.inspect(source)))
  assert.equal(report.imports.length, 1)
  const both = await settled(Effect.runPromise(Wasm.compileStreamingWithReport(source)))
  assert.deepEqual(both.report.imports, report.imports)
  const { instance } = await settled(
    Effect.runPromise(Wasm.instantiateStreaming(source, { m: { f: () => {} } })),
  )
  assert.ok(instance instanceof WebAssembly.Instance)
})

test('contentType: "sniff" and onProgress work on a client\'s response', async () => {
  const bytes = large(20)
  let received = 0
  const program = Wasm.compileStreaming(get(() => new Response(chunks(...split(bytes, 50)))), {
    contentType: "sniff",
    onProgress: (event) => void (received = event.received),
  })
  assert.ok(await settled(Effect.runPromise(program)) instanceof WebAssembly.Module)
  assert.equal(received, bytes.length)
})

for (const scenario of ["/length", "/chunked", "/gzip", "/redirect", "/slow?pause=3"]) {
  test(`Wasm.compileStreaming(HttpClient.get(url)): ${scenario}`, async () => {
    const { url } = at(scenario)
    const module = await run(Wasm.compileStreaming(HttpClient.get(url)))
    assert.ok(module instanceof WebAssembly.Module)
  })
}

test("the client's own errors stay in the error channel", async () => {
  const { url } = at("/refuse")
  const error = await run(Effect.flip(Wasm.compileStreaming(HttpClient.get(url))))
  assert.equal(error._tag, "HttpClientError")
})

test("a client's response of bad bytes closes the connection early", async () => {
  const request = at("/endless?code=200")
  const error = await run(Effect.flip(Wasm.compileStreaming(HttpClient.get(request.url))))
  assert.deepEqual(wordOf(error), ["CompileError", "html"])
  await untilOver(request)
})

test("interruption cancels the body of a client's response", async () => {
  const { stream, cancelled } = endless(empty)
  await settled(Effect.runPromise(Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Wasm.compileStreaming(get(() => response(stream))))
    yield* Effect.sleep(20)
    yield* Fiber.interrupt(fiber)
  })))
  await settled(cancelled)
})

// What was refused before its body was opened

type Refused = readonly [name: string, init: ResponseInit, options: Wasm.CompileStreamingOptions]

// deno-fmt-ignore
const refusals: ReadonlyArray<Refused> = [
  ["of the wrong status", { status: 404 }, {}],
  ["of the wrong type", { headers: { "content-type": "text/html" } }, {}],
  ["for a set of builtins named twice", {}, { builtins: ["js-string", "js-string"] }],
]
for (const [name, init, options] of refusals) {
  const makers: ReadonlyArray<readonly [string, (web: Response) => unknown]> = [
    ["a Response", (web) => web],
    ["a client's response", fromWeb],
    ["a client's stream", (web) =>
      streamOnly(
        Stream.fromReadableStream<Uint8Array, unknown>({
          evaluate: () => web.body ?? chunks(),
          onError: String,
        }),
        { status: web.status, headers: Object.fromEntries(web.headers) },
      )],
  ]
  for (const [kind, make] of makers) {
    test(`what an Effect made is closed when it is refused: ${kind} ${name}`, async () => {
      const { cancelled, stream } = endless(empty)
      const source = Effect.sync(() => make(response(stream, init)))
      const program = callEffect(Wasm.compileStreaming, source, options)
      const [tag] = wordOf(await settled(Effect.runPromise(Effect.flip(program))))
      assert.equal(tag, options.builtins === undefined ? "TypeError" : "CompileError")
      await settled(cancelled)
    })
  }
}

test("a response that was passed or promised can be read when it was refused", async () => {
  const page = () => response("<!doctype html>", { headers: { "content-type": "text/html" } })
  for (const wrap of [(web: Response) => web, (web: Response) => Promise.resolve(web)]) {
    const web = page()
    const error = await settled(Effect.runPromise(Effect.flip(Wasm.compileStreaming(wrap(web)))))
    assert.deepEqual(wordOf(error), ["TypeError", "content-type"])
    assert.equal(await web.text(), "<!doctype html>")
  }
})

for (const scenario of ["/endless?code=404", "/endless?code=200&type=text/html"]) {
  test(`a refused request of a client closes its connection: ${scenario}`, async () => {
    const request = at(scenario)
    const error = await run(Effect.flip(Wasm.inspect(HttpClient.get(request.url))))
    assert.equal(wordOf(error)[0], "TypeError")
    await untilOver(request)
  })
}

test("a client that gives no response at all ends in a typed error", async () => {
  for (const nothing of [undefined, null, {}, "", { "~effect/http/HttpClientResponse": 1 }]) {
    const source = Effect.sync(() => nothing)
    const error = await settled(
      Effect.runPromise(Effect.flip(callEffect(Wasm.compileStreaming, source))),
    )
    assert.deepEqual(wordOf(error), ["TypeError", "not-a-response"])
  }
})
