/**
 * The normative algorithm of `compileStreaming`, a line per case; each is run with native streaming, without it, and
 * through the Effect API.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming, instantiateStreaming } from "../../mod.ts"
import { empty, large } from "../support/modules.ts"
import {
  checkPromise,
  compileError,
  ok,
  type Outcome,
  same,
  settled,
  typeError,
  ways,
} from "../support/outcomes.ts"
import {
  type BodyOf,
  chunks,
  endless,
  failing,
  response,
  split,
  typed,
  wasm,
} from "../support/responses.ts"

interface Case {
  readonly name: string
  /** Made anew for each run. */
  readonly source: () => unknown
  readonly options?: () => unknown
  readonly outcome: Outcome
}

const mine = new Error("mine")
const aborted = new DOMException("mine", "AbortError")

class MyResponse extends Response {}
const define = (own: object): Response => {
  const made = response()
  for (const [key, value] of Object.entries(own)) Object.defineProperty(made, key, { value })
  return made
}
const headersShadowed = (): Response => {
  const made = response()
  Object.defineProperty(made.headers, "get", { value: () => "text/html" })
  return made
}
const thenable = (then: unknown): object => Object.defineProperty({}, "then", { value: then })
const throwing = (name: string): object =>
  Object.defineProperty({}, name, {
    get: () => {
      throw mine
    },
  })
const readAndReleased = async (): Promise<Response> => {
  const made = response(chunks(empty.slice(0, 4), empty.slice(4)))
  const reader = made.body?.getReader()
  await reader?.read()
  reader?.releaseLock()
  return made
}
const locked = (): Response => {
  const made = response()
  made.body?.getReader()
  return made
}
const cancelled = async (): Promise<Response> => {
  const made = response()
  await made.body?.cancel()
  return made
}
const consumed = async (): Promise<Response> => {
  const made = response()
  await made.arrayBuffer()
  return made
}
const status = (code: number, body: BodyOf = empty) => (): Response =>
  response(body, { status: code })
const body = (stream: () => ReadableStream) => (): Response => response(stream())
const shared = (): ReadableStream => {
  if (typeof SharedArrayBuffer !== "function") return chunks(empty)
  const bytes = new Uint8Array(new SharedArrayBuffer(empty.length))
  bytes.set(empty)
  return chunks(bytes)
}
// deno-fmt-ignore
const cases: ReadonlyArray<Case> = [
  // Source kinds.
  { name: "a Response", source: () => response(), outcome: ok },
  { name: "a promise of a Response", source: () => Promise.resolve(response()), outcome: ok },
  { name: "a late promise", source: () => new Promise((r) => setTimeout(r, 5, response())), outcome: ok },
  { name: "a promise of a promise", source: async () => await Promise.resolve(response()), outcome: ok },
  { name: "a thenable", source: () => thenable((r: (v: unknown) => void) => r(response())), outcome: ok },
  { name: "a thenable that rejects", source: () => thenable((_: unknown, r: (v: unknown) => void) => r(mine)), outcome: same(mine) },
  { name: "a then getter that throws", source: () => throwing("then"), outcome: same(mine) },
  { name: "a then that throws", source: () => thenable(() => { throw mine }), outcome: same(mine) },
  { name: "a promise whose constructor throws", source: () => Object.defineProperty(Promise.resolve(response()), "constructor", { get: () => { throw mine } }), outcome: same(mine) },
  { name: "a rejected promise", source: () => Promise.reject(mine), outcome: same(mine) },
  { name: "rejected with undefined", source: () => Promise.reject(undefined), outcome: same(undefined) },
  { name: "rejected with a string", source: () => Promise.reject("no"), outcome: same("no") },
  { name: "rejected with an AbortError", source: () => Promise.reject(aborted), outcome: same(aborted) },
  { name: "undefined", source: () => undefined, outcome: typeError("not-a-response") },
  { name: "null", source: () => null, outcome: typeError("not-a-response") },
  { name: "a number", source: () => 1, outcome: typeError("not-a-response") },
  { name: "a string", source: () => "https://example.com/a.wasm", outcome: typeError("not-a-response") },
  { name: "bytes", source: () => empty, outcome: typeError("not-a-response") },
  { name: "an ArrayBuffer", source: () => empty.buffer, outcome: typeError("not-a-response") },
  { name: "a Request", source: () => new Request("https://example.com/"), outcome: typeError("not-a-response") },
  { name: "a function", source: () => response, outcome: typeError("not-a-response") },
  { name: "the class Response", source: () => Response, outcome: typeError("not-a-response") },
  { name: "Response.prototype", source: () => Response.prototype, outcome: typeError("not-a-response") },
  { name: "a look-alike", source: () => ({ ok: true, status: 200, type: "basic", url: "", headers: new Headers(wasm), body: new Blob([empty]).stream() }), outcome: typeError("not-a-response") },
  { name: "an object that inherits from Response", source: () => Object.create(Response.prototype), outcome: typeError("not-a-response") },
  { name: "an object that inherits from a response", source: () => Object.create(response()), outcome: typeError("not-a-response") },
  { name: "a Proxy of a Response", source: () => new Proxy(response(), {}), outcome: typeError("not-a-response") },
  { name: "a promise of a Proxy of a Response", source: () => Promise.resolve(new Proxy(response(), {})), outcome: typeError("not-a-response") },
  { name: "a subclass of Response", source: () => new MyResponse(empty, { headers: wasm }), outcome: ok },
  { name: "a clone", source: () => response().clone(), outcome: ok },

  // Own properties shadow nothing.
  { name: "own ok: false", source: () => define({ ok: false }), outcome: ok },
  { name: "own status: 404", source: () => define({ status: 404 }), outcome: ok },
  { name: "own headers", source: () => define({ headers: new Headers() }), outcome: ok },
  { name: "own headers.get", source: headersShadowed, outcome: ok },
  { name: "own body: null", source: () => define({ body: null }), outcome: ok },
  { name: "own bodyUsed: true", source: () => define({ bodyUsed: true }), outcome: ok },
  { name: "own url and type", source: () => define({ url: "x", type: "opaque" }), outcome: ok },
  { name: "own clone and arrayBuffer", source: () => define({ clone: null, arrayBuffer: null }), outcome: ok },

  // Content types.
  { name: "application/wasm", source: () => typed("application/wasm"), outcome: ok },
  { name: "Application/WASM", source: () => typed("Application/WASM"), outcome: ok },
  { name: "APPLICATION/WASM", source: () => typed("APPLICATION/WASM"), outcome: ok },
  { name: "spaces around", source: () => typed("  application/wasm  "), outcome: ok },
  { name: "tabs around", source: () => typed("\tapplication/wasm\t"), outcome: ok },
  { name: "no content type", source: () => typed(undefined), outcome: typeError("content-type") },
  { name: "an empty content type", source: () => typed(""), outcome: typeError("content-type") },
  { name: "text/html", source: () => typed("text/html"), outcome: typeError("content-type") },
  { name: "application/octet-stream", source: () => typed("application/octet-stream"), outcome: typeError("content-type") },
  { name: "application/x-wasm", source: () => typed("application/x-wasm"), outcome: typeError("content-type") },
  { name: "application/wasm2", source: () => typed("application/wasm2"), outcome: typeError("content-type") },
  { name: "a parameter", source: () => typed("application/wasm;charset=utf-8"), outcome: typeError("content-type") },
  { name: "a bare semicolon", source: () => typed("application/wasm;"), outcome: typeError("content-type") },
  { name: "a parameter after a space", source: () => typed("application/wasm ; x=y"), outcome: typeError("content-type") },
  { name: "quotes", source: () => typed('"application/wasm"'), outcome: typeError("content-type") },
  { name: "an inner space", source: () => typed("application/ wasm"), outcome: typeError("content-type") },
  { name: "a form feed at the end", source: () => typed("application/wasm\f"), outcome: typeError("content-type") },
  { name: "a vertical tab in front", source: () => typed("\vapplication/wasm"), outcome: typeError("content-type") },
  { name: "a no-break space", source: () => typed("application/wasm\u00a0"), outcome: typeError("content-type") },
  { name: "two fields, identical", source: () => { const made = response(); made.headers.append("content-type", "application/wasm"); return made }, outcome: typeError("content-type") },
  { name: "two fields, the second other", source: () => { const made = response(); made.headers.append("content-type", "text/html"); return made }, outcome: typeError("content-type") },

  // Statuses and types.
  { name: "status 200", source: status(200), outcome: ok },
  { name: "status 201", source: status(201), outcome: ok },
  { name: "status 206", source: status(206), outcome: ok },
  { name: "status 299", source: status(299), outcome: ok },
  { name: "status 204, no body", source: status(204, null), outcome: compileError("empty") },
  { name: "status 300", source: status(300), outcome: typeError("status") },
  { name: "status 304", source: status(304, null), outcome: typeError("status") },
  { name: "status 400", source: status(400), outcome: typeError("status") },
  { name: "status 404", source: status(404), outcome: typeError("status") },
  { name: "status 500", source: status(500), outcome: typeError("status") },
  { name: "status 599", source: status(599), outcome: typeError("status") },
  { name: "Response.error()", source: () => Response.error(), outcome: typeError("response-type") },
  { name: "a redirect made by hand", source: () => Response.redirect("https://example.com/"), outcome: typeError("status") },

  // Body states.
  { name: "a null body", source: () => response(null), outcome: compileError("empty") },
  { name: "an empty body", source: () => response(""), outcome: compileError("empty") },
  { name: "an empty stream", source: body(() => chunks()), outcome: compileError("empty") },
  { name: "a consumed body", source: consumed, outcome: typeError("body-used") },
  { name: "a locked body", source: locked, outcome: typeError("body-used") },
  { name: "a cancelled body", source: cancelled, outcome: typeError("body-used") },
  { name: "a disturbed but unlocked body", source: readAndReleased, outcome: typeError("body-used") },
  { name: "a body that fails at once", source: body(() => failing(mine)), outcome: same(mine) },
  { name: "a body that fails later", source: body(() => failing(mine, empty)), outcome: same(mine) },
  { name: "a body that fails with undefined", source: body(() => failing(undefined, empty)), outcome: same(undefined) },
  { name: "a body that fails with a string", source: body(() => failing("no")), outcome: same("no") },
  { name: "a body that fails with null", source: body(() => failing(null, empty)), outcome: same(null) },
  { name: "a body that fails with an AbortError", source: body(() => failing(aborted, empty)), outcome: same(aborted) },

  // Chunks.
  { name: "one chunk", source: body(() => chunks(empty)), outcome: ok },
  { name: "a chunk a byte", source: body(() => chunks(...split(empty, 1))), outcome: ok },
  { name: "empty chunks between", source: body(() => chunks(new Uint8Array(), empty.slice(0, 3), new Uint8Array(), empty.slice(3), new Uint8Array())), outcome: ok },
  { name: "views into a larger buffer", source: body(() => { const bytes = new Uint8Array(24); bytes.set(empty, 8); return chunks(bytes.subarray(8, 12), bytes.subarray(12, 16)) }), outcome: ok },
  { name: "a chunk in shared memory", source: body(shared), outcome: ok },
  { name: "an ArrayBuffer chunk", source: body(() => chunks(empty.slice().buffer)), outcome: typeError("chunk") },
  { name: "a DataView chunk", source: body(() => chunks(new DataView(empty.slice().buffer))), outcome: typeError("chunk") },
  { name: "an Int8Array chunk", source: body(() => chunks(new Int8Array(empty))), outcome: typeError("chunk") },
  { name: "a Uint8ClampedArray chunk", source: body(() => chunks(new Uint8ClampedArray(empty))), outcome: typeError("chunk") },
  { name: "a Uint16Array chunk", source: body(() => chunks(new Uint16Array(4))), outcome: typeError("chunk") },
  { name: "a string chunk", source: body(() => chunks("\0asm")), outcome: typeError("chunk") },
  { name: "a null chunk", source: body(() => chunks(null)), outcome: typeError("chunk") },
  { name: "an array chunk", source: body(() => chunks([...empty])), outcome: typeError("chunk") },
  { name: "a look-alike chunk", source: body(() => chunks({ length: 8, byteLength: 8, buffer: empty.buffer, [Symbol.toStringTag]: "Uint8Array" })), outcome: typeError("chunk") },
  { name: "an odd chunk after good ones", source: body(() => chunks(empty, "x")), outcome: typeError("chunk") },

  // Bytes.
  { name: "a larger module", source: () => response(large(200)), outcome: ok },
  { name: "a larger module in small chunks", source: body(() => chunks(...split(large(50), 7))), outcome: ok },
  { name: "a wrong magic number", source: () => response("<!doctype html>"), outcome: compileError("html") },
  { name: "a wrong version", source: () => response(Uint8Array.of(0, 97, 115, 109, 2, 0, 0, 0)), outcome: compileError("version") },
  { name: "half a header", source: () => response(empty.slice(0, 5)), outcome: compileError("truncated") },
  { name: "a truncated module", source: () => response(large(20).slice(0, 200)), outcome: compileError("truncated") },
  { name: "a module and more", source: () => response(Uint8Array.of(...empty, 0xff)), outcome: compileError("trailing-bytes") },

  // Options.
  { name: "no options", source: () => response(), options: () => undefined, outcome: ok },
  { name: "options null", source: () => response(), options: () => null, outcome: ok },
  { name: "options {}", source: () => response(), options: () => ({}), outcome: ok },
  { name: "options a function", source: () => response(), options: () => () => {}, outcome: ok },
  { name: "options a number", source: () => response(), options: () => 1, outcome: typeError("options") },
  { name: "options a string", source: () => response(), options: () => "js-string", outcome: typeError("options") },
  { name: "options a symbol", source: () => response(), options: () => Symbol(), outcome: typeError("options") },
  { name: "options true", source: () => response(), options: () => true, outcome: typeError("options") },
  { name: "builtins undefined", source: () => response(), options: () => ({ builtins: undefined }), outcome: ok },
  { name: "builtins []", source: () => response(), options: () => ({ builtins: [] }), outcome: ok },
  { name: "builtins of an unknown name", source: () => response(), options: () => ({ builtins: ["none-such"] }), outcome: ok },
  { name: "builtins a Set", source: () => response(), options: () => ({ builtins: new Set(["js-string"]) }), outcome: ok },
  { name: "builtins a String object", source: () => response(), options: () => ({ builtins: Object("abc") }), outcome: ok },
  { name: "builtins null", source: () => response(), options: () => ({ builtins: null }), outcome: typeError("options") },
  { name: "builtins a string", source: () => response(), options: () => ({ builtins: "js-string" }), outcome: typeError("options") },
  { name: "builtins an object that is no list", source: () => response(), options: () => ({ builtins: {} }), outcome: typeError("options") },
  { name: "builtins with a symbol", source: () => response(), options: () => ({ builtins: [Symbol()] }), outcome: typeError("options") },
  { name: "builtins named twice", source: () => response(), options: () => ({ builtins: ["js-string", "js-string"] }), outcome: compileError("builtins") },
  { name: "an unknown builtin named twice", source: () => response(), options: () => ({ builtins: ["x", "y", "x"] }), outcome: compileError("builtins") },
  { name: "a builtins getter that throws", source: () => response(), options: () => throwing("builtins"), outcome: same(mine) },
  { name: "an element that throws", source: () => response(), options: () => ({ builtins: [{ toString: () => { throw mine } }] }), outcome: same(mine) },
  { name: "an iterator that throws", source: () => response(), options: () => ({ builtins: { [Symbol.iterator]: () => { throw mine } } }), outcome: same(mine) },
  { name: "importedStringConstants null", source: () => response(), options: () => ({ importedStringConstants: null }), outcome: ok },
  { name: "importedStringConstants a string", source: () => response(), options: () => ({ importedStringConstants: "s" }), outcome: ok },
  { name: "importedStringConstants a number", source: () => response(), options: () => ({ importedStringConstants: 1 }), outcome: ok },
  { name: "importedStringConstants a symbol", source: () => response(), options: () => ({ importedStringConstants: Symbol() }), outcome: typeError("options") },
  { name: "an importedStringConstants getter that throws", source: () => response(), options: () => throwing("importedStringConstants"), outcome: same(mine) },
  { name: "an unknown contentType", source: () => response(), options: () => ({ contentType: "lenient" }), outcome: typeError("options") },
  { name: "contentType strict", source: () => typed("text/html"), options: () => ({ contentType: "strict" }), outcome: typeError("content-type") },
  { name: "a signal that is none", source: () => response(), options: () => ({ signal: {} }), outcome: typeError("options") },
  { name: "signal null", source: () => response(), options: () => ({ signal: null }), outcome: ok },

  // Sniffing.
  { name: "sniff: no type", source: () => typed(undefined), options: () => ({ contentType: "sniff" }), outcome: ok },
  { name: "sniff: octet-stream", source: () => typed("application/octet-stream"), options: () => ({ contentType: "sniff" }), outcome: ok },
  { name: "sniff: the right type", source: () => response(), options: () => ({ contentType: "sniff" }), outcome: ok },
  { name: "sniff: a header byte by byte", source: () => new Response(chunks(...split(large(5), 1))), options: () => ({ contentType: "sniff" }), outcome: ok },
  { name: "sniff: a page", source: () => new Response("<!doctype html>"), options: () => ({ contentType: "sniff" }), outcome: typeError("content-type") },
  { name: "sniff: a wrong version", source: () => new Response(Uint8Array.of(0, 97, 115, 109, 13, 0, 1, 0)), options: () => ({ contentType: "sniff" }), outcome: typeError("content-type") },
  { name: "sniff: a short body", source: () => new Response(empty.slice(0, 7)), options: () => ({ contentType: "sniff" }), outcome: typeError("content-type") },
  { name: "sniff: a null body", source: () => new Response(null), options: () => ({ contentType: "sniff" }), outcome: typeError("content-type") },
  { name: "sniff: the right type over wrong bytes", source: () => response("<!doctype html>"), options: () => ({ contentType: "sniff" }), outcome: compileError("html") },
  { name: "sniff: a wrong status", source: () => new Response(empty, { status: 404 }), options: () => ({ contentType: "sniff" }), outcome: typeError("status") },
  { name: "sniff: Response.error()", source: () => Response.error(), options: () => ({ contentType: "sniff" }), outcome: typeError("response-type") },

  // The order of checks when several fail.
  { name: "options before a rejected source", source: () => Promise.reject(mine), options: () => 1, outcome: typeError("options") },
  { name: "options before a source that never settles", source: () => new Promise(() => {}), options: () => ({ builtins: null }), outcome: typeError("options") },
  { name: "builtins before importedStringConstants", source: () => response(), options: () => Object.defineProperty({ builtins: null }, "importedStringConstants", { get: () => { throw mine } }), outcome: typeError("options") },
  { name: "the status before the type", source: () => new Response("x", { status: 404, headers: { "content-type": "text/html" } }), outcome: typeError("status") },
  { name: "the status before the body's state", source: async () => { const made = response("x", { status: 500 }); await made.text(); return made }, outcome: typeError("status") },
  { name: "a rejected source before builtins named twice", source: () => Promise.reject(mine), options: () => ({ builtins: ["x", "x"] }), outcome: same(mine) },
  { name: "the status before builtins named twice", source: status(404), options: () => ({ builtins: ["x", "x"] }), outcome: typeError("status") },
  { name: "a chunk's kind before bad bytes", source: body(() => chunks(new DataView(new ArrayBuffer(8)))), outcome: typeError("chunk") },
]

for (const way of ways) {
  for (const { name, source, options, outcome } of cases) {
    test(`compileStreaming() [${way.name}] ${name}`, async () => {
      const args = options === undefined ? [source()] : [source(), options()]
      await checkPromise(way.compile(...args), outcome)
    })
  }
}

test("compileStreaming() without an argument is a TypeError", async () => {
  await checkPromise(ways[0]?.compile() ?? Promise.resolve(), typeError("not-a-response"))
})

test("both functions have the standard's length and name", () => {
  assert.deepEqual([compileStreaming.length, compileStreaming.name], [1, "compileStreaming"])
  assert.deepEqual([instantiateStreaming.length, instantiateStreaming.name], [
    1,
    "instantiateStreaming",
  ])
})

test("compileStreaming() reads the options once each, in order, at the call", () => {
  const read: Array<PropertyKey> = []
  const options = new Proxy({}, {
    get: (_, key) => {
      read.push(key)
      return undefined
    },
  })
  const promise = compileStreaming(new Promise(() => {}), options)
  assert.deepEqual(read.slice(0, 2), ["builtins", "importedStringConstants"])
  assert.equal(new Set(read).size, read.length)
  assert.ok(promise instanceof Promise)
})

test("compileStreaming() takes a list of builtins as it is at the call", async () => {
  const builtins = ["x"]
  const promise = compileStreaming(Promise.resolve(response()), { builtins })
  builtins.push("x")
  await settled(promise)
})

for (const way of ways) {
  test(`a body read right after the call wins [${way.name}]`, async () => {
    const made = response()
    const promise = way.compile(made)
    const read = made.arrayBuffer()
    await checkPromise(promise, typeError("body-used"))
    assert.equal((await read).byteLength, empty.length)
  })

  for (
    const [name, made] of [
      ["content type", () => typed("text/html")],
      ["status", () => response(empty, { status: 404 })],
      ["options", () => response()],
    ] as const
  ) {
    test(`a response refused for its ${name} is still readable [${way.name}]`, async () => {
      const refused = made()
      const args = name === "options" ? [refused, 1] : [refused]
      await assert.rejects(way.compile(...args))
      assert.equal(refused.bodyUsed, false)
      assert.equal((await refused.arrayBuffer()).byteLength, empty.length)
    })
  }

  test(`a failed body is cancelled and unlocked [${way.name}]`, async () => {
    const { stream, cancelled } = endless(new Uint8Array([60, 33, 100, 111, 99, 116, 121, 112]))
    const made = new Response(stream)
    await checkPromise(way.compile(made, { contentType: "sniff" }), typeError("content-type"))
    await settled(cancelled)
    assert.equal(stream.locked && made.body?.locked, false)
  })

  test(`a compiled body is unlocked and used [${way.name}]`, async () => {
    const made = response(chunks(empty))
    await settled(way.compile(made))
    assert.deepEqual([made.bodyUsed, made.body?.locked], [true, false])
  })

  test(`a body whose cancellation never settles holds nothing up [${way.name}]`, async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue("x"),
      cancel: () => new Promise(() => {}),
    })
    await checkPromise(way.compile(response(stream)), typeError("chunk"))
  })

  test(`signal: aborted before the call [${way.name}]`, async () => {
    const { stream, cancelled } = endless(empty)
    const signal = AbortSignal.abort(mine)
    await checkPromise(way.compile(response(stream), { signal }), same(mine))
    await settled(cancelled)
  })

  test(`signal: aborted while the source is pending [${way.name}]`, async () => {
    const { stream, cancelled } = endless(empty)
    const controller = new AbortController()
    let arrive: (value: Response) => void = () => {}
    const source = new Promise<Response>((resolve) => (arrive = resolve))
    const promise = way.compile(source, { signal: controller.signal })
    controller.abort(mine)
    await checkPromise(promise, same(mine))
    arrive(response(stream))
    await settled(cancelled)
  })

  test(`signal: aborted while the body is read [${way.name}]`, async () => {
    const { stream, cancelled } = endless(empty)
    const controller = new AbortController()
    const made = response(stream)
    const promise = way.compile(made, { signal: controller.signal })
    setTimeout(() => controller.abort("enough"), 20)
    await checkPromise(promise, same("enough"))
    await settled(cancelled)
    assert.equal(made.body?.locked, false)
  })

  test(`signal: aborted afterwards changes nothing [${way.name}]`, async () => {
    const controller = new AbortController()
    const promise = way.compile(response(), { signal: controller.signal })
    await checkPromise(promise, ok)
    controller.abort(mine)
    await checkPromise(promise, ok)
  })

  test(`signal: without a reason it is an AbortError [${way.name}]`, async () => {
    const controller = new AbortController()
    const promise = way.compile(new Promise(() => {}), { signal: controller.signal })
    controller.abort()
    await checkPromise(promise, same(controller.signal.reason))
  })
}

test("a rejected source whose call was refused is not unhandled", async () => {
  const source = Promise.reject(mine)
  await checkPromise(ways[0]?.compile(source, 1) ?? Promise.resolve(), typeError("options"))
  await new Promise((resolve) => setTimeout(resolve, 10))
})
