/**
 * Values that are passed by mistake, and the messages about them. The words after "got" are tested literally.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { compileStreaming, Wasm } from "../../mod.ts"
import { empty } from "../support/modules.ts"
import { call, callEffect, settled } from "../support/outcomes.ts"

/** Made without the global SharedArrayBuffer, which only isolated pages have. */
const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer

/** A response of another implementation. */
class OtherResponse {
  readonly status = 200
  readonly headers: ReadonlyMap<string, string> = new Map([["content-type", "application/wasm"]])
  readonly body = null
  get [Symbol.toStringTag](): string {
    return "Response"
  }
}

class Loader {}

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const throwing = (): unknown => ({
  get [Symbol.toStringTag](): string {
    throw new Error("mine")
  },
})

const byUrl = "pass fetch(url), or load it with loadModule of @effect-wasm/compile-streaming/http"
const asBody = "pass it as the body of a Response with the Content-Type application/wasm"
const asBytes = (kind: string): string =>
  `bytes (${kind}): pass them to WebAssembly.compile, or as the body of a Response with the Content-Type application/wasm`
const other = "a Response of another implementation, or a Proxy of one: compile its bytes, with " +
  "WebAssembly.compile(await response.arrayBuffer()), or as they arrive with Wasm.compileStream"

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [name: string, value: unknown, got: string]> = [
  ["a URL's string", "https://example.org/a.wasm", `a string: ${byUrl}`],
  ["a URL", new URL("https://example.org/a.wasm"), `a URL: ${byUrl}`],
  ["a Request", new Request("https://example.org/a.wasm"), "a Request: pass fetch(request)"],
  ["a Uint8Array", empty, asBytes("Uint8Array")],
  ["a DataView", new DataView(empty.buffer), asBytes("DataView")],
  ["an ArrayBuffer", empty.buffer, asBytes("ArrayBuffer")],
  ["a Module", new WebAssembly.Module(empty), "a WebAssembly.Module: it is already compiled, so use it as it is"],
  ["a Blob", new Blob([empty]), `a Blob: ${asBody}`],
  ["a ReadableStream", new Blob([empty]).stream(), `a ReadableStream: ${asBody}`],
  ["an Instance", new WebAssembly.Instance(new WebAssembly.Module(empty)), "a WebAssembly.Instance: it is already compiled, so use it as it is"],
  ["shared memory", new Uint8Array(shared), "bytes of shared memory (Uint8Array): pass a copy, such as new Uint8Array(bytes).slice(), to WebAssembly.compile"],
  ["an array of bytes", [...empty], "an array of numbers: pass new Uint8Array(array) to WebAssembly.compile"],
  ["a stream of Node", { pipe: () => {}, read: () => {}, on: () => {} }, "a Node.js stream: pass Readable.toWeb(stream) as the body of a Response with the Content-Type application/wasm"],
  ["an Error", new RangeError("fetch failed"), "an Error: let the promise reject with it"],
  ["an imported module", { default: "./module.wasm", [Symbol.toStringTag]: "Module" }, "the namespace of an imported module: pass what it exports"],
  ["a Stream", Stream.make(empty), "a Stream: pass it to Wasm.compileStream"],
  ["an Effect", Effect.succeed(new Response()), "an Effect: pass it to Wasm.compileStreaming, or flatten it if it is inside another one"],
  ["an Option", Option.some(new Response()), "an Option or a Result: pass what it holds"],
  ["a request of effect/http", HttpClientRequest.get("https://example.org/"), "a request of effect/http: pass HttpClient.execute(request)"],
  ["a response of an effect/http server", HttpServerResponse.uint8Array(empty), "a response of an effect/http server: pass HttpServerResponse.toWeb(response)"],
  ["an object that throws when it is looked at", throwing(), "an object that throws when it is looked at"],
  ["a response of axios", { status: 200, headers: {}, data: "" }, "a response of another HTTP client: request an ArrayBuffer from it, and pass that to WebAssembly.compile"],
  ["a function", () => fetch("https://example.org/"), "a function: call it, and pass what it returns"],
  ["the class Response", Response, "a function: call it, and pass what it returns"],
  ["an array", [new Response()], "an array: pass one response at a time"],
  ["another implementation's response", new OtherResponse(), other],
  ["a Proxy of a response", new Proxy(new Response(), {}), other],
  ["an object of an own class", new Loader(), "an instance of Loader"],
  ["a plain object", { url: "a.wasm" }, "a plain object"],
  ["an object without a prototype", Object.create(null), "a plain object"],
  ["a Map", new Map(), "an instance of Map"],
  ["null", null, "null"],
  ["undefined", undefined, "undefined"],
  ["a number", 1, "a number"],
  ["a symbol", Symbol("x"), "a symbol"],
]
/** `a URL: pass …`, as it stands in a message: not a URL. Pass … */
const sentences = (row: string): string => {
  const [what = "", advice = ""] = row.split(/: (.*)/s)
  return advice === ""
    ? `not ${what}`
    : `not ${what}. ${advice[0]?.toUpperCase()}${advice.slice(1)}`
}

for (const [name, value, got] of cases) {
  test(`compileStreaming() of ${name} says what to do`, async () => {
    const error: unknown = await settled(call(compileStreaming, value)).catch((error) => error)
    assert.ok(error instanceof TypeError)
    assert.equal(
      error.message,
      `The source must be a Response or a promise of one, ${sentences(got)}`,
    )
  })
}

test("compileStreaming() of a promise inside an Effect says what to do", async () => {
  const source = Effect.sync(() => Promise.resolve(new Response()))
  const error = await settled(
    Effect.runPromise(Effect.flip(callEffect(Wasm.compileStreaming, source))),
  )
  assert.ok(error._tag === "TypeError" && error.reason === "not-a-response")
  assert.match(error.message, /not a Promise inside an Effect. Make .* with Effect.tryPromise$/)
})

const asyncBytes = async function* () {
  yield empty
}

// deno-fmt-ignore
const noStreams: ReadonlyArray<readonly [name: string, value: unknown, got: string]> = [
  ["nothing", undefined, "undefined"],
  ["null", null, "null"],
  ["a string", "\0asm", "a string"],
  ["a Uint8Array", empty, "bytes (Uint8Array): pass Stream.make(bytes), with bytes as a Uint8Array"],
  ["an ArrayBuffer", empty.buffer, "bytes (ArrayBuffer): pass Stream.make(bytes), with bytes as a Uint8Array"],
  ["a ReadableStream", new Blob([empty]).stream(), "a ReadableStream: pass Stream.fromReadableStream({ evaluate, onError })"],
  ["a Blob", new Blob([empty]), "a Blob: pass Stream.fromReadableStream({ evaluate, onError }) of its stream()"],
  ["a Response", new Response(empty), "a Response: pass it to Wasm.compileStreaming"],
  ["a promise", Promise.resolve(), "a Promise: pass Stream.unwrap(Effect.promise(…)), or use Wasm.compileStreaming for a promise of a Response"],
  ["an Effect", Effect.succeed(empty), "an Effect: pass Stream.unwrap(effect), or use Wasm.compileStreaming for an Effect of a Response"],
  ["an async generator", asyncBytes(), "an async iterable: pass Stream.fromAsyncIterable(iterable, onError)"],
  ["an array", [empty], "an iterable: pass Stream.fromIterable(iterable)"],
  ["a function", asyncBytes, "a function: call it, and pass what it returns"],
  ["an object of an own class", new Loader(), "an instance of Loader"],
  ["a Proxy", revoked(), "an object that throws when it is looked at"],
]
for (const [name, value, got] of noStreams) {
  test(`compileStream() of ${name} says what to do`, async () => {
    const error = await settled(
      Effect.runPromise(Effect.flip(callEffect(Wasm.compileStream, value))),
    )
    assert.ok(error._tag === "TypeError" && error.reason === "not-a-stream")
    assert.equal(error.message, `The bytes must be an Effect Stream, ${sentences(got)}`)
  })
}

test("a source that fails to be looked at is no response", async () => {
  // Promise resolution accesses it first, and its error is passed on.
  await assert.rejects(settled(call(compileStreaming, revoked())), TypeError)
  const error: unknown = await settled(
    call(compileStreaming, Promise.resolve().then(() => [revoked()])),
  ).catch((error) => error)
  assert.ok(error instanceof TypeError && error.cause instanceof Error)
})

test("a source that fails to be looked at is no Effect", async () => {
  const error = await settled(
    Effect.runPromise(Effect.flip(callEffect(Wasm.compileStreaming, revoked()))),
  )
  assert.ok(error._tag === "SourceError" && error.cause instanceof TypeError)
})

const trapped = (trap: keyof ProxyHandler<object>): unknown =>
  new Proxy({}, {
    [trap]: () => {
      throw new Error("mine")
    },
  })

for (const trap of ["getPrototypeOf", "has", "get", "getOwnPropertyDescriptor"] as const) {
  test(`a Proxy whose trap ${trap} throws is no response: a typed error in both forms`, async () => {
    const error: unknown = await settled(
      call(compileStreaming, Promise.resolve(1).then(() => [trapped(trap)][0])),
    )
      .catch((error) => error)
    // Promise resolution reads `then`, so the trap's error is passed on.
    assert.ok(error instanceof TypeError || (error instanceof Error && error.message === "mine"))
    const made = Effect.sync(() => trapped(trap))
    const failed = await settled(
      Effect.runPromise(Effect.flip(callEffect(Wasm.compileStreaming, made))),
    )
    assert.ok(failed._tag === "TypeError" && failed.reason === "not-a-response")
  })
}
