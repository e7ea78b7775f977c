/**
 * What people pass by mistake, and what they are told. The words after "got" are held here as they are.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming } from "../mod.ts"
import { empty } from "./support/modules.ts"
import { call, settled } from "./support/outcomes.ts"

/** A response as other implementations have it. */
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

const byUrl = "pass fetch(url), or load it with loadModule of @effect-wasm/compile-streaming/http"
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
  ["a Module", new WebAssembly.Module(empty), "a WebAssembly.Module: it is compiled already"],
  ["a Blob", new Blob([empty]), "a Blob: pass new Response(blob), with the type application/wasm"],
  ["a ReadableStream", new Blob([empty]).stream(), "a ReadableStream: pass it as the body of a Response with the Content-Type application/wasm"],
  ["a function", () => fetch("https://example.org/"), "a function: call it, and pass what it returns"],
  ["the class Response", Response, "a function: call it, and pass what it returns"],
  ["an array", [new Response()], "an array: pass one response at a time"],
  ["another implementation's response", new OtherResponse(), other],
  ["a Proxy of a response", new Proxy(new Response(), {}), other],
  ["an object of an own class", new Loader(), "an object of the class Loader"],
  ["a plain object", { url: "a.wasm" }, "an object of another kind"],
  ["an object without a prototype", Object.create(null), "an object of another kind"],
  ["a Map", new Map(), "an object of the class Map"],
  ["null", null, "null"],
  ["undefined", undefined, "undefined"],
  ["a number", 1, "a number"],
  ["a symbol", Symbol("x"), "a symbol"],
]
for (const [name, value, got] of cases) {
  test(`compileStreaming() of ${name} says what to do`, async () => {
    const error: unknown = await settled(call(compileStreaming, value)).catch((error) => error)
    assert.ok(error instanceof TypeError)
    assert.equal(error.message, `The source must be a Response or a promise of one: got ${got}`)
  })
}

test("a source that fails to be looked at is no response", async () => {
  // Promise resolution looks at it first, and its own error comes through.
  await assert.rejects(settled(call(compileStreaming, revoked())), TypeError)
  const error: unknown = await settled(
    call(compileStreaming, Promise.resolve().then(() => [revoked()])),
  ).catch((error) => error)
  assert.ok(error instanceof TypeError && error.cause instanceof Error)
})
