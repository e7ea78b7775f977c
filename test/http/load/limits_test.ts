/**
 * Limits, integrity, options, abort: what ends a load even on a perfect network.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { gzipSync } from "node:zlib"
import { loadModule, type LoadModuleOptions } from "../../../src/http/mod.ts"
import { parseIntegrity } from "../../../src/http/integrity.ts"
import {
  chunked,
  cutAfter,
  part,
  refuse,
  type Reply,
  silent,
  stallAfter,
  status,
  tagged,
  untilAsked,
  untilIdle,
  whole,
  withServer,
} from "../../support/servers/http_server.ts"
import {
  checkAborted,
  checkFailure,
  checkModule,
  integrityOf,
  makeContent,
  quick,
} from "../../support/loads.ts"

const content = makeContent()
const other = makeContent()
const { length } = content
const one = tagged("one")

// Size

/** 64 MB compressed to 64 kB: the header of a module, and a long custom section. */
const bomb: Reply = (answer) => {
  const bytes = new Uint8Array(1 << 26)
  bytes.set([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 0x80, 0x80, 0x80, 0x40, 0])
  answer.writeHead(200, { "content-type": "application/wasm", "content-encoding": "gzip" })
    .end(gzipSync(bytes, { level: 1 }))
}

// deno-fmt-ignore
const sizes: ReadonlyArray<readonly [name: string, reply: Reply, maxBytes: number, received: number | undefined]> = [
  ["Content-Length", whole(content), length - 1, 0],
  ["what comes", chunked(content), length - 1, undefined],
  ["a bomb", bomb, 100_000, undefined],
  ["nothing allowed", whole(content), 0, 0],
]
for (const [name, reply, maxBytes, received] of sizes) {
  test(`maxBytes is held against ${name}`, () =>
    withServer([reply], async (server) => {
      const load = loadModule(server.url, { maxBytes, schedule: quick })
      const error = await checkFailure(load, ["LoadError", "too-large"])
      assert.equal(Reflect.get(error, "expected"), maxBytes)
      assert.ok(Reflect.get(error, "actual") > maxBytes)
      if (received !== undefined) assert.equal(Reflect.get(error, "received"), received)
      assert.equal(
        Reflect.get(error, "attempts"),
        "Deno" in globalThis && name === "a bomb" ? 2 : 1,
      )
      await untilIdle(server)
    }))
}

test("maxBytes allows a module of that size, in one go and resumed", async () => {
  await withServer(
    [whole(content)],
    ({ url }) => checkModule(loadModule(url, { maxBytes: length }), content),
  )
  await withServer(
    [part(content, one, 1000), part(content, one)],
    ({ url }) => checkModule(loadModule(url, { maxBytes: length, schedule: quick }), content),
  )
})

// Integrity

const right = await integrityOf(content)
const right384 = await integrityOf(content, "sha384")
const right512 = await integrityOf(content, "sha512")
const wrong = await integrityOf(other)
const wrong384 = await integrityOf(other, "sha384")
const wrong512 = await integrityOf(other, "sha512")

// deno-fmt-ignore
const integrities: ReadonlyArray<readonly [name: string, integrity: string, ends: "module" | "integrity" | "options"]> = [
  ["sha256", right, "module"],
  ["sha384", right384, "module"],
  ["sha512", right512, "module"],
  ["the URL's alphabet, without padding", right.replaceAll("+", "-").replaceAll("/", "_").replace("=", ""), "module"],
  ["capitals", right.replace("sha256", "SHA256"), "module"],
  ["options", `${right}?ct=application/wasm`, "module"],
  ["any of several digests", `${wrong} ${right}`, "module"],
  ["white space", `\n\t${wrong}   ${right}\n`, "module"],
  ["the strongest, right", `${wrong} ${right512} ${wrong384}`, "module"],
  ["the strongest, wrong", `${right} ${wrong512} ${right384}`, "integrity"],
  ["an unknown algorithm beside", `md5-1B2M2Y8AsgTpgAmY7PhCfg== ${right}`, "module"],
  ["a malformed digest beside", `sha512-abc ${right}`, "module"],
  ["another digest", wrong, "integrity"],
  ["another digest, resumed", wrong, "integrity"],
  ["an unknown algorithm alone", "md5-1B2M2Y8AsgTpgAmY7PhCfg==", "options"],
  ["a malformed digest alone", "sha256-abc", "options"],
  ["another size of digest", right.replace("sha256", "sha384"), "options"],
  ["no digest", "sha256", "options"],
  ["nothing", "", "options"],
]
for (const [name, integrity, ends] of integrities) {
  test(`integrity: ${name}`, () =>
    withServer([part(content, one, 1000), part(content, one)], async ({ asked, url }) => {
      const load = loadModule(url, { integrity, schedule: quick })
      if (ends === "module") return await checkModule(load, content)
      if (ends === "options") {
        await checkFailure(load, ["TypeError", "options"])
        return assert.equal(asked.length, 0)
      }
      const error = await checkFailure(load, ["LoadError", "integrity"])
      const strongest = integrity.includes("sha512") ? [wrong512, right512] : [wrong, right]
      assert.deepEqual([Reflect.get(error, "expected"), Reflect.get(error, "actual")], strongest)
      assert.equal(asked.length, 2)
    }))
}

test("integrity is that of the content that was compiled, where it changed on the way", () =>
  withServer([part(other, one, 50_000), part(content, tagged("two"))], async ({ url }) => {
    await checkModule(loadModule(url, { integrity: right, schedule: quick }), content)
  }))

test("integrity of compressed content is that of the content", () => {
  const gzip: Reply = (answer) =>
    void answer.writeHead(200, { "content-type": "application/wasm", "content-encoding": "gzip" })
      .end(gzipSync(content))
  return withServer(
    [gzip],
    ({ url }) => checkModule(loadModule(url, { integrity: right }), content),
  )
})

test("parseIntegrity() keeps all digests of the strongest algorithm", () => {
  assert.deepEqual(parseIntegrity(`${right} ${right512} ${wrong512}`), {
    algorithm: "sha512",
    digests: [right512.slice(7), wrong512.slice(7)],
  })
})

// Options

const bad = (options: object): LoadModuleOptions => options
// deno-fmt-ignore
const malformed: ReadonlyArray<readonly [name: string, options: LoadModuleOptions]> = [
  ["a negative size", { maxBytes: -1 }],
  ["no number", { maxBytes: Number.NaN }],
  ["an unknown duration", bad({ timeout: "soon" })],
  ["no time at all", { idleTimeout: 0 }],
  ["a negative duration", { timeout: -5 }],
  ["a schedule that is none", bad({ schedule: 5 })],
  ["integrity that is no string", bad({ integrity: 5 })],
  ["resume that is no boolean", bad({ resume: "yes" })],
  ["cache that is no boolean", bad({ cache: 1 })],
  ["a wrong content type", bad({ contentType: "any" })],
  ["a wrong signal", bad({ signal: 5 })],
  ["a getter that throws nothing of ours", bad({ get timeout() { return {} } })],
]
for (const [name, options] of malformed) {
  test(`loadModule refuses ${name}`, async () => {
    await checkFailure(loadModule("http://127.0.0.1:1/", options), ["TypeError", "options"])
  })
}

test("what a getter of the options throws comes through", async () => {
  const reason = new Error("mine")
  const options = {
    get schedule(): never {
      throw reason
    },
  }
  const got = await loadModule("http://127.0.0.1:1/", options).catch((error) => error)
  assert.equal(got, reason)
})

// Abort

// deno-fmt-ignore
const aborts: ReadonlyArray<readonly [name: string, replies: ReadonlyArray<Reply>]> = [
  ["before the answer", [silent]],
  ["in the body", [stallAfter(content, 5_000)]],
  ["in a resumed body", [part(content, one, 1_000), (answer) => {
    answer.writeHead(206, { ...one, "content-type": "application/wasm", "content-range": `bytes 1000-${length - 1}/${length}` })
    answer.write(content.subarray(1_000, 2_000))
  }]],
  ["in a body that is compared", [cutAfter(content, 5_000), stallAfter(content, 1_000)]],
  ["between attempts", [status(503, { "retry-after": "50" })]],
]
for (const [name, replies] of aborts) {
  test(`abort ${name} closes the connection`, () =>
    withServer(replies, async (server) => {
      const controller = new AbortController()
      const load = loadModule(server.url, { signal: controller.signal, schedule: quick })
      const reason = new Error("enough")
      const ended = checkAborted(load, controller.signal)
      await untilAsked(server, replies.length)
      controller.abort(reason)
      await ended
      assert.equal(server.asked.length, replies.length)
      await untilIdle(server)
    }))
}

test("a signal that fired before makes no request", () =>
  withServer([refuse], async (server) => {
    const signal = AbortSignal.abort(7)
    await checkAborted(loadModule(server.url, { signal }), signal)
    assert.equal(server.asked.length, 0)
  }))
