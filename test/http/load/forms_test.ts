/**
 * The Promise API of loading: every kind of source, retries as plain data, unknown options, instances.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Schedule from "effect/Schedule"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import {
  Http,
  instantiateModule,
  loadModule,
  type LoadModuleOptions,
  loadModuleWithReport,
  ModuleCache,
} from "../../../src/http/mod.ts"
import { refuse, status, untilIdle, whole, withServer } from "../../support/servers/http_server.ts"
import {
  checkAborted,
  checkFailure,
  checkModule,
  integrityOf,
  makeContent,
  runLoad,
} from "../../support/loads.ts"
import { empty, importing } from "../../support/modules.ts"
import { call, settled } from "../../support/outcomes.ts"
import { endless, response } from "../../support/responses.ts"

const content = makeContent()
const other = makeContent()

/** What a module can be loaded from, besides a URL. */
// deno-fmt-ignore
const sources: ReadonlyArray<readonly [name: string, source: (url: string) => Http.BytesSource]> = [
  ["a URL", (url) => url],
  ["a URL as URL", (url) => new URL(url)],
  ["a Request", (url) => new Request(url)],
  ["a request of effect/http", (url) => HttpClientRequest.get(url)],
  ["a Response", () => response(content)],
  ["a promise for a Response", (url) => fetch(url)],
  ["a Blob", () => new Blob([content])],
  ["an ArrayBuffer", () => content.slice().buffer],
  ["a Uint8Array", () => content],
  ["a DataView of a part", () => new DataView(new Uint8Array([1, ...content, 1]).buffer, 1, content.length)],
]
for (const [name, source] of sources) {
  test(`loadModule of ${name}`, () =>
    withServer([whole(content)], async ({ url }) => {
      const integrity = await integrityOf(content)
      await checkModule(loadModule(source(url), { integrity }), content)
      const { report } = await settled(loadModuleWithReport(source(url)))
      assert.equal(report.size, content.length)
      const wrong = await integrityOf(other)
      await checkFailure(loadModule(source(url), { integrity: wrong }), ["LoadError", "integrity"])
      await checkFailure(loadModule(source(url), { maxBytes: 100 }), ["LoadError", "too-large"])
    }))
}

test("loadModule of a module gives it back", async () => {
  const module = new WebAssembly.Module(empty)
  assert.equal(await loadModule(module), module)
  await checkFailure(loadModule(module, { integrity: await integrityOf(empty) }), [
    "TypeError",
    "options",
  ])
  await checkFailure(call(loadModuleWithReport, module), ["TypeError", "options"])
})

test("loadModule of bytes does not see what is written to them later", async () => {
  const bytes = content.slice()
  const load = loadModule(bytes)
  bytes.fill(0)
  await checkModule(load, content)
})

test("loadModule of a Request sends its header fields, and ends with its signal", async () => {
  await withServer([whole(content)], async ({ asked, url }) => {
    const request = new Request(url, { headers: { authorization: "Bearer a" } })
    await checkModule(loadModule(request), content)
    assert.equal(asked[0]?.headers.authorization, "Bearer a")
  })
  const controller = new AbortController()
  await withServer([() => {}], async (server) => {
    const load = loadModule(new Request(server.url, { signal: controller.signal }))
    const ended = checkAborted(load, controller.signal)
    setTimeout(() => controller.abort(new Error("mine")), 30)
    await ended
    await untilIdle(server)
  })
})

test("loadModule cancels the body of a response whose bytes are wrong", async () => {
  const { cancelled, stream } = endless(new Uint8Array(8))
  const error: unknown = await settled(loadModule(response(stream)).catch((error) => error))
  assert.ok(error instanceof WebAssembly.CompileError)
  await settled(cancelled)
})

// deno-fmt-ignore
const noSources: ReadonlyArray<readonly [name: string, source: unknown]> = [
  ["nothing", undefined],
  ["null", null],
  ["a number", 5],
  ["an object", {}],
  ["a function", () => fetch("https://example.org/")],
  ["a list of numbers", [...empty]],
  ["a POST", new Request("https://example.org/", { method: "POST" })],
]
for (const [name, source] of noSources) {
  test(`loadModule of ${name} is a TypeError`, () =>
    checkFailure(call(loadModule, source), ["TypeError", "options"]).then(() => {}))
}

test("a promise that is rejected rejects with its own reason", async () => {
  const reason = new Error("mine")
  const error: unknown = await loadModule(Promise.reject(reason)).catch((error) => error)
  assert.equal(error, reason)
})

// deno-fmt-ignore
const retries: ReadonlyArray<readonly [name: string, options: LoadModuleOptions, requests: number]> = [
  ["0", { retries: 0 }, 1],
  ["2", { retries: 2 }, 3],
  ["times and delays", { retries: { times: 3, delay: 1, maxDelay: "2 millis" } }, 4],
  ["delays alone", { retries: { delay: 1 } }, 6],
  ["a schedule", { schedule: Schedule.recurs(1) }, 2],
]
for (const [name, options, requests] of retries) {
  test(`retries as ${name}`, () =>
    withServer([status(503)], async ({ asked, url }) => {
      await checkFailure(loadModule(url, options), ["LoadError", "status"])
      assert.equal(asked.length, requests)
    }))
}

// deno-fmt-ignore
const malformed: ReadonlyArray<readonly [name: string, options: object]> = [
  ["an option that does not exist", { retry: 3 }],
  ["a misspelt one", { Integrity: "" }],
  ["retries that are no number", { retries: "3" }],
  ["retries that are negative", { retries: -1 }],
  ["times that are a part", { retries: { times: 1.5 } }],
  ["a delay that is none", { retries: { delay: "soon" } }],
  ["retries and a schedule", { retries: 1, schedule: Schedule.recurs(1) }],
  ["protocols that are a string", { protocols: "https:" }],
  ["a protocol without its colon", { protocols: ["https"] }],
  ["a cache that is none", { cache: {} }],
]
for (const [name, options] of malformed) {
  test(`loadModule refuses ${name} before anything is asked for`, () =>
    withServer([refuse], async ({ asked, url }) => {
      await checkFailure(call(loadModule, url, options), ["TypeError", "options"])
      assert.equal(asked.length, 0)
    }))
}

// deno-fmt-ignore
const unsendable: ReadonlyArray<readonly [name: string, value: string, told: RegExp]> = [
  ["x", "☃", /"x" cannot be sent: its value contains U\+2603$/],
  ["x", "😀", /U\+1F600$/],
  ["x", "a\r\nsecret", /U\+000D$/],
  ["x", "secret\u0000", /U\+0000$/],
  ["x", "secret\u007f", /U\+007F$/],
  ["x y", "secret", /"x y" cannot be sent: that is not a valid name$/],
  ["", "secret", /not a valid name$/],
]
for (const [name, value, told] of unsendable) {
  test(`a header field that cannot be sent is not tried: ${JSON.stringify([name, value])}`, () =>
    withServer([refuse], async ({ asked, url }) => {
      const request = HttpClientRequest.get(url, { headers: { [name]: value } })
      const error = await checkFailure(loadModule(request), ["TypeError", "options"])
      assert.match(String(error), told)
      assert.doesNotMatch(`${String(error)}${JSON.stringify(error)}`, /secret/)
      assert.equal(asked.length, 0)
    }))
}

test("white space around a header field's value is not sent", () =>
  withServer([whole(empty)], async ({ asked, url }) => {
    await loadModule(HttpClientRequest.get(url, { headers: { x: "\t é a\r\n" } }))
    assert.equal(asked[0]?.headers["x"], "é a")
  }))

test("instantiateModule links, in both forms", () =>
  withServer([whole(importing)], async ({ url }) => {
    const imports = { m: { f: () => {} } }
    const { instance, module } = await settled(instantiateModule(url, imports, { retries: 0 }))
    assert.ok(instance instanceof WebAssembly.Instance && module instanceof WebAssembly.Module)
    const both = await runLoad(Http.instantiateModule(url, imports))
    assert.ok(both.instance instanceof WebAssembly.Instance)
    const error: unknown = await instantiateModule(url, { m: {} }).catch((error) => error)
    assert.ok(error instanceof WebAssembly.LinkError)
    const wrong: unknown = await call(instantiateModule, url, 5).catch((error: unknown) => error)
    assert.ok(wrong instanceof TypeError)
  }))

const detached = (): Uint8Array => {
  const bytes = new Uint8Array(8)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

for (
  const [name, source, options] of [
    ["bytes whose memory was given away", detached(), {}],
    ["a buffer that was given away", detached().buffer, {}],
    ["a HEAD request", new Request("http://127.0.0.1:1/", { method: "HEAD" }), {}],
    ["a misspelt member of retries", "data:,", { retries: { time: 3 } }],
    ["integrity that is none", "data:,", { integrity: "x".repeat(1_000_000) }],
  ] as const
) {
  test(`${name}: a TypeError that says so, in few words`, async () => {
    const error = await checkFailure(
      Promise.resolve().then(() => Reflect.apply(loadModule, undefined, [source, options])),
      ["TypeError", "options"],
    )
    assert.ok(String(error).length < 500)
  })
}

test("a module is not handed out after the signal was aborted", async () => {
  const reason = new Error("enough")
  const module = new WebAssembly.Module(empty)
  const load = loadModule(module, { signal: AbortSignal.abort(reason) })
  await assert.rejects(load, (error) => error === reason)
})

test("what a Request says of redirects, integrity and caching is done", () =>
  withServer([
    (answer) => void answer.writeHead(302, { location: "/there" }).end(),
    whole(content, { "cache-control": "max-age=600" }),
  ], async ({ asked, url }) => {
    const manual = await checkFailure(
      loadModule(new Request(url, { redirect: "manual" })),
      ["TypeError", "status"],
    )
    assert.ok(manual)
    assert.equal(asked.length, 1)
    const wrong = new Request(url, { integrity: await integrityOf(empty) })
    // On Bun, a Request does not expose its integrity.
    const isTold = wrong.integrity !== ""
    if (isTold) await checkFailure(loadModule(wrong), ["LoadError", "integrity"])
    const cache = new ModuleCache()
    for (let i = 0; i < 2; i++) {
      const request = new Request(url, { cache: "no-store" })
      await checkModule(loadModule(request, { cache }), content)
    }
    assert.equal(asked.length, isTold ? 4 : 3)
    if (!isTold) return
    const twice = loadModule(wrong, { integrity: await integrityOf(content) })
    await checkFailure(twice, ["TypeError", "options"])
  }))
