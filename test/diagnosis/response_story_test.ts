/**
 * The diagnosis of a response by its status, type, URL and header fields, with advice that fits its origin. Responses are
 * served over loopback; those that no server sends are made by hand.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import type { TypeError as TaggedTypeError } from "../../src/errors.ts"
import { diagnose, type Evidence } from "../../src/diagnosis/mod.ts"
import type { ResponseHead } from "../../src/pipeline/response_facts.ts"
import { contentTypeFault, statusFault } from "../../src/pipeline/check_response.ts"
import { explainResponse } from "../../src/pipeline/response_error.ts"
import { compileStreaming } from "../../mod.ts"
import { isBun } from "../../src/platform/runtime.ts"
import { DamagedModules } from "./support/damaged_modules.ts"

const { small: module } = DamagedModules

const head = (fields: Partial<ResponseHead>): ResponseHead => ({
  url: "https://a.test/m.wasm",
  status: 200,
  statusText: "",
  contentType: "application/wasm",
  type: "basic",
  ...fields,
})

type Row = readonly [
  name: string,
  head: ResponseHead,
  reason: TaggedTypeError["reason"],
  says: ReadonlyArray<string>,
  not?: ReadonlyArray<string>,
]

const html = "text/html; charset=utf-8"

// deno-fmt-ignore
const rows: ReadonlyArray<Row> = [
  ["a page with status 200", head({ contentType: html }), "content-type", ["single-page application", "Check the path"], ["sniff", "server send"]],
  ["a page after a redirect", head({ contentType: html, redirected: true }), "content-type", ["redirect", "login"]],
  ["JSON", head({ contentType: "application/json" }), "content-type", ["message"]],
  ["bytes of any type", head({ contentType: "application/octet-stream" }), "content-type", ["Let the server send application/wasm", "sniff"]],
  ["no type", head({ contentType: null }), "content-type", ["no Content-Type", "sniff"]],
  ["a parameter", head({ contentType: "application/wasm; charset=utf-8" }), "content-type", ["parameters"], ["Let the server"]],
  ["a response made by hand", head({ url: undefined, contentType: "text/plain" }), "content-type", ["Make the Response with headers"], ["server"]],
  ["a data: URL", head({ url: "data:text/plain,x", contentType: "text/plain" }), "content-type", ["data: URL"], ["server"]],
  ["a blob: URL", head({ url: "blob:https://a.test/1", contentType: "" }), "content-type", ["blob: URL"], ["server"]],
  ["401 with a page", head({ status: 401, contentType: html }), "status", ["401", "credentials"]],
  ["403 with a page", head({ status: 403, statusText: "Forbidden", contentType: html }), "status", ["403 Forbidden", "permissions"]],
  ["404 with a page", head({ status: 404, contentType: html }), "status", ["404", "path"]],
  ["404 of the right type", head({ status: 404 }), "status", ["404"]],
  ["429", head({ status: 429, contentType: "text/plain" }), "status", ["later"]],
  ["500", head({ status: 500 }), "status", ["log"]],
  ["503 with a page", head({ status: 503, contentType: html }), "status", ["503", "later"]],
  ["302", head({ status: 302, contentType: null }), "status", ["redirect"]],
  ["304", head({ status: 304, contentType: null }), "status", ["no body"], ["redirect"]],
]

for (const [name, response, reason, says, not = []] of rows) {
  test(`a response is refused: ${name}`, () => {
    const plain = contentTypeFault(response, "strict") ?? statusFault(response)
    assert.ok(plain !== undefined)
    const { message, reason: found } = explainResponse(plain, response)
    assert.equal(found, reason)
    assert.deepEqual(says.filter((words) => !message.includes(words)), [], message)
    assert.deepEqual(not.filter((words) => message.includes(words)), [], message)
  })
}

const refusalOf = async (response: Response, options = {}): Promise<object> => {
  const error: unknown = await compileStreaming(response, options).then(
    () => assert.fail("It was compiled"),
    (error) => error,
  )
  const tagged: unknown = error instanceof Error ? error.cause : undefined
  assert.ok(typeof tagged === "object" && tagged !== null, `got ${error}`)
  return tagged
}

test("an error response says that it is one", async () => {
  const error = await refusalOf(Response.error())
  assert.equal(Reflect.get(error, "reason"), "response-type")
  assert.match(String(Reflect.get(error, "message")), /network error/)
})

test("a body that was read: clone it before, or fetch again", async () => {
  const response = new Response(module, { headers: { "content-type": "application/wasm" } })
  await response.arrayBuffer()
  const error = await refusalOf(response)
  assert.equal(Reflect.get(error, "reason"), "body-used")
  assert.match(String(Reflect.get(error, "message")), /Fetch it again.*clone\(\) before/)
})

const gzip = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)
const page = new TextEncoder().encode("<!doctype html><title>x</title>")
const served = "https://a.test/m.wasm"

// deno-fmt-ignore
const advice: ReadonlyArray<readonly [name: string, evidence: Evidence, reason: string, says: RegExp]> = [
  ["gzip from a server", { head: gzip, ended: true, url: served }, "gzip", /Serve it with Content-Encoding: gzip/],
  ["gzip twice", { head: gzip, ended: true, url: served, contentEncoding: "gzip" }, "gzip", /compressed twice/],
  ["gzip made by hand", { head: gzip, ended: true, contentEncoding: "gzip" }, "gzip", /^Pipe the body through DecompressionStream/],
  ["gzip in a file", { head: gzip, ended: true, url: "file:///m.wasm" }, "gzip", /^Decompress it first/],
  ["a page from a server", { head: page, ended: true, url: served, status: 200 }, "html", /single-page application/],
  ["a page after a redirect", { head: page, ended: true, url: served, status: 200, redirected: true }, "html", /redirected/],
  ["a page made by hand", { head: page, ended: true }, "html", /^Check the path$/],
  ["a part that nobody asked for", { head: module, ended: true, url: served, status: 206, contentRange: "bytes 0-40/900", declaredSize: 900 }, "truncated", /Range/],
  ["another part", { head: Uint8Array.of(3, 1, 4, 1, 5, 9, 2, 6), ended: true, url: served, status: 206, contentRange: "bytes 100-107/900" }, "truncated", /Range/],
]
for (const [name, evidence, reason, says] of advice) {
  test(`advice fits ${name}`, () => {
    const diagnosis = diagnose(evidence)
    assert.equal(diagnosis?.reason, reason)
    assert.match(diagnosis?.advice ?? "", says)
  })
}

test("a part says which", () => {
  const contentRange = "bytes 100-107/900"
  const bytes = Uint8Array.of(3, 1, 4, 1, 5, 9, 2, 6)
  const found = diagnose({ head: bytes, ended: true, url: served, status: 206, contentRange })
  assert.match(found?.what ?? "", /bytes 100 to 107 of 900/)
})

test(
  "on Bun, a file that is missing rejects with the system's error",
  { skip: !isBun },
  async () => {
    const bun: unknown = Reflect.get(globalThis, "Bun")
    const file: unknown = typeof bun === "object" && bun !== null
      ? Reflect.get(bun, "file")
      : undefined
    assert.ok(typeof file === "function")
    const body: Blob = Reflect.apply(file, bun, ["/nowhere/module.wasm"])
    const response = new Response(body, { headers: { "content-type": "application/wasm" } })
    const error: unknown = await compileStreaming(response).catch((error: unknown) => error)
    assert.equal(Reflect.get(Object(error), "code"), "ENOENT")
  },
)

test("a blob: URL of another type is sniffed", async () => {
  const url = URL.createObjectURL(new Blob([module], { type: "text/plain" }))
  const compiled = compileStreaming(fetch(url), { contentType: "sniff" })
  assert.ok(await compiled instanceof WebAssembly.Module)
  URL.revokeObjectURL(url)
})
