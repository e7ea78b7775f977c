/**
 * Responses of `effect/http` as sources: `Wasm.compileStreaming(HttpClient.get(url))`, over fetch and over any other client.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { Wasm } from "../mod.ts"
import { empty, importing, large } from "./support/modules.ts"
import { settled } from "./support/outcomes.ts"
import { type BodyOf, chunks, endless, failing, response, split } from "./support/responses.ts"
import { untilOver, withScenarios } from "./support/scenarios.ts"

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

test("a client's response has a URL in the error, and the client's error as its cause", async () => {
  const error = await settled(
    Effect.runPromise(Effect.flip(Wasm.compileStreaming(get(() => response(failing(mine)))))),
  )
  assert.ok(error._tag === "SourceError" && error.cause instanceof HttpClientError.HttpClientError)
  assert.equal(error.url, "https://example.org/module.wasm")
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
  const request = at("/bad")
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
