/**
 * The attempts of a load: its requests, and their results.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { gzipSync } from "node:zlib"
import * as Schedule from "effect/Schedule"
import { loadModule, type LoadModuleOptions } from "../../../src/http/mod.ts"
import {
  chunked,
  cutAfter,
  cutChunked,
  part,
  refuse,
  type Reply,
  silent,
  stallAfter,
  startOf,
  status,
  tagged,
  untilIdle,
  whole,
  withServer,
} from "../../support/servers/http_server.ts"
import { checkFailure, checkModule, type Failure, makeContent, quick } from "../../support/loads.ts"

const content = makeContent()
const other = makeContent()
const { length } = content
const one = tagged("one")
const type = { "content-type": "application/wasm" }

const html = status(200, { "content-type": "text/html" }, "<!doctype html>")
const page = status(404, { "content-type": "text/html" }, "<!doctype html>")
const busy = status(503)

const minuteAgo = (): string => new Date(Date.now() - 60_000).toUTCString()
/** The server's clock counts: the age follows from the date that it sends. */
const dated = (modified: string, date: string) => ({ "last-modified": modified, date })
const old = dated("Tue, 03 Mar 2020 10:00:00 GMT", "Tue, 03 Mar 2020 10:00:01 GMT")
const young = dated("Tue, 03 Mar 2020 10:00:00 GMT", "Tue, 03 Mar 2020 10:00:00 GMT")

/** A range with a label other than the requested one. */
const partAs =
  (range: string, from = 0, headers: Readonly<Record<string, string>> = one): Reply => (answer) => {
    answer.writeHead(206, { ...type, ...headers, "content-range": range })
      .end(content.subarray(from))
  }

/** As RFC 9110 allows after `If-Range`: without the fields that the client has already, but with the tag. */
const untypedPart: Reply = (answer) => {
  answer.writeHead(206, { ...one, "content-range": `bytes 1000-${length - 1}/${length}` })
    .end(content.subarray(1000))
}

/** The first 1000 bytes as a range that was not requested. */
const beginning = (headers: Readonly<Record<string, string>>): Reply => (answer) => {
  answer.writeHead(206, { ...type, ...headers, "content-range": `bytes 0-999/${length}` })
    .end(content.subarray(0, 1000))
}

const gzipped = (bytes: Uint8Array, cut = false): Reply => (answer) => {
  const packed = gzipSync(bytes, { level: 1 })
  answer.writeHead(200, {
    ...type,
    ...one,
    "content-encoding": "gzip",
    "content-length": String(packed.length),
  })
  answer.flushHeaders()
  if (!cut) answer.end(packed)
  else {answer.write(packed.subarray(0, packed.length >> 1), () =>
      setTimeout(() =>
        answer.destroy(), 20))}
}

/** Deno decodes only codings that it requested itself, so there is another request. */
const isDeno = "Deno" in globalThis

/** The requests in short: `-` for the whole, the offset for a range. */
type Asks = ReadonlyArray<"-" | number>
type Ends = "module" | Failure

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [name: string, replies: ReadonlyArray<Reply>, asks: Asks, ends: Ends, options?: LoadModuleOptions]> = [
  ["a module", [whole(content)], ["-"], "module"],
  ["a module without a size", [chunked(content)], ["-"], "module"],

  // Retry
  ["a connection that breaks", [refuse, refuse, whole(content)], ["-", "-", "-"], "module"],
  ["a connection that always breaks", [refuse], ["-", "-", "-", "-", "-", "-"], ["LoadError", "connection"]],
  ["408", [status(408), whole(content)], ["-", "-"], "module"],
  ["425", [status(425), whole(content)], ["-", "-"], "module"],
  ["429", [status(429), whole(content)], ["-", "-"], "module"],
  ["500", [status(500), whole(content)], ["-", "-"], "module"],
  ["503, with a page", [status(503, { "content-type": "text/html" }, "<html>"), whole(content)], ["-", "-"], "module"],
  ["507", [status(507), whole(content)], ["-", "-"], "module"],
  ["503 that stays", [busy], ["-", "-", "-", "-", "-", "-"], ["LoadError", "status"]],
  ["429 that stays", [status(429)], ["-", "-", "-", "-", "-", "-"], ["LoadError", "status"]],
  ["Retry-After: 0", [status(429, { "retry-after": "0" }), whole(content)], ["-", "-"], "module"],
  ["Retry-After in the past", [status(503, { "retry-after": minuteAgo() }), whole(content)], ["-", "-"], "module"],
  ["400", [status(400, type)], ["-"], ["TypeError", "status"]],
  ["404", [status(404, type)], ["-"], ["TypeError", "status"]],
  ["404, with a page", [page], ["-"], ["TypeError", "status"]],
  ["410", [status(410, type)], ["-"], ["TypeError", "status"]],
  ["304 that nobody asked for", [status(304, type)], ["-"], ["TypeError", "status"]],
  ["a page", [html], ["-"], ["TypeError", "content-type"]],
  ["a page, sniffed", [html], ["-"], ["TypeError", "content-type"], { contentType: "sniff" }],
  ["a module without a type, sniffed", [whole(content, { "content-type": "text/plain" })], ["-"], "module", { contentType: "sniff" }],
  ["no content", [status(204, type)], ["-"], ["CompileError", "empty"]],
  ["wrong bytes", [whole(content.slice(1))], ["-"], ["CompileError", "missing-bytes"]],
  ["a module that ends early", [whole(content.subarray(0, 1000))], ["-"], ["CompileError", "truncated"]],
  ["a page after a failure", [busy, html], ["-", "-"], ["TypeError", "content-type"]],

  // Resume
  ["a cut", [part(content, one, 1000), part(content, one)], ["-", 1000], "module"],
  ["a cut after the first byte", [part(content, one, 1), part(content, one)], ["-", 1], "module"],
  ["a cut before the last byte", [part(content, one, length - 1), part(content, one)], ["-", length - 1], "module"],
  ["a cut after the headers", [part(content, one, 0), part(content, one)], ["-", "-"], "module"],
  ["cut after cut", [part(content, one, 1000), part(content, one, 2000), part(content, one, 30_000), part(content, one)], ["-", 1000, 3000, 33_000], "module"],
  ["more cuts than attempts, each with something new", Array.from({ length: 12 }, () => part(content, one, 100)).concat(part(content, one)), ["-", 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200], "module"],
  ["cuts without anything new", [part(content, one, 1000), part(content, one, 0)], ["-", 1000, 1000, 1000, 1000, 1000], ["LoadError", "connection"]],
  ["a failure between", [part(content, one, 1000), busy, refuse, part(content, one)], ["-", 1000, 1000, 1000], "module"],
  ["without a size", [cutChunked(content, 1000, one), part(content, one)], ["-", 1000], "module"],
  ["a date a second older than the answer", [part(content, old, 1000), part(content, old)], ["-", 1000], "module"],
  ["a date as old as the answer", [part(content, young, 1000), part(content, young)], ["-", "-"], "module"],
  ["a weak tag", [part(content, { etag: 'W/"one"' }, 1000), part(content, { etag: 'W/"one"' })], ["-", "-"], "module"],
  ["a weak tag and an old date", [part(content, { etag: 'W/"one"', ...old }, 1000), part(content, { etag: 'W/"one"', ...old })], ["-", "-"], "module"],
  ["no validator", [cutAfter(content, 1000), whole(content)], ["-", "-"], "module"],
  ["no ranges, the server says", [cutAfter(content, 1000, { ...one, "accept-ranges": "none" }), whole(content, one)], ["-", "-"], "module"],
  ["no ranges, the server does", [cutAfter(content, 1000, one), whole(content, one)], ["-", 1000], "module"],
  ["no ranges and another tag for the same bytes", [cutAfter(content, 1000, one), whole(content, tagged("b"))], ["-", 1000], "module"],
  ["no ranges, cut after cut", [cutAfter(content, 5000), cutAfter(content, 1000), cutAfter(content, 20_000), whole(content)], ["-", "-", "-", "-"], "module"],
  ["no ranges and no size", [cutChunked(content, 5000), chunked(content)], ["-", "-"], "module"],
  ["resume: false", [part(content, one, 1000), part(content, one)], ["-", "-"], "module", { resume: false }],
  ["gzip", [gzipped(content)], isDeno ? ["-", "-"] : ["-"], "module"],
  ["gzip, cut", [gzipped(content, true), gzipped(content)], ["-", "-"], "module"],
  ["gzip, cut, then as it is", [gzipped(content, true), whole(content)], ["-", "-"], "module"],
  ["a page instead of the rest", [part(content, one, 1000), html], ["-", 1000], ["TypeError", "content-type"]],
  ["a page as a part", [part(content, one, 1000), partAs(`bytes 1000-${length - 1}/${length}`, 1000, { ...one, "content-type": "text/html" })], ["-", 1000], ["TypeError", "content-type"]],
  ["404 instead of the rest", [part(content, one, 1000), status(404, type)], ["-", 1000], ["TypeError", "status"]],

  // Wrong ranges
  ["the wrong part", [part(content, one, 1000), partAs(`bytes 0-${length - 1}/${length}`), part(content, one)], ["-", 1000, "-"], "module"],
  ["a part from elsewhere", [part(content, one, 1000), partAs(`bytes 1001-${length - 1}/${length}`, 1001), whole(content)], ["-", 1000, "-"], "module"],
  ["a part that does not say which", [part(content, one, 1000), partAs("", 1000), whole(content)], ["-", 1000, "-"], "module"],
  ["a part of a whole of another size", [part(content, one, 1000), partAs(`bytes 1000-${length - 1}/${length + 5}`, 1000), whole(content)], ["-", 1000, "-"], "module"],
  ["a part that ends before it begins", [part(content, one, 1000), partAs(`bytes 1000-999/${length}`, 1000), whole(content)], ["-", 1000, "-"], "module"],
  ["a part that ends after the end", [part(content, one, 1000), partAs(`bytes 1000-${length}/${length}`, 1000), whole(content)], ["-", 1000, "-"], "module"],
  ["a part without its validator", [part(content, one, 1000), partAs(`bytes 1000-${length - 1}/${length}`, 1000, {}), whole(content)], ["-", 1000, "-"], "module"],
  ["a part without a type", [part(content, one, 1000), untypedPart], ["-", 1000], "module"],
  ["several parts", [part(content, one, 1000), partAs("", 1000, { ...one, "content-type": "multipart/byteranges; boundary=x" }), whole(content)], ["-", 1000, "-"], "module"],
  ["a part of an unknown whole", [part(content, one, 1000), partAs(`bytes 1000-${length - 1}/*`, 1000)], ["-", 1000], "module"],
  ["nonsense to the end", [part(content, one, 1000), partAs("bytes x", 1000)], ["-", 1000, "-", "-"], ["LoadError", "range"]],
  ["a part, unasked", [partAs(`bytes 0-${length - 1}/${length}`)], ["-"], "module"],
  ["a part that is not the beginning, unasked", [partAs(`bytes 5-${length - 1}/${length}`, 5), whole(content)], ["-", "-"], "module"],
  ["parts that are not the beginning, unasked", [partAs(`bytes 5-${length - 1}/${length}`, 5)], ["-", "-"], ["LoadError", "range"]],
  ["parts that do not say which, unasked", [partAs("", 5)], ["-", "-"], ["LoadError", "range"]],
  ["the beginning, unasked, then the rest", [beginning(one), part(content, one)], ["-", 1000], "module"],
  ["the beginning, unasked, whatever is asked for", [beginning(one)], ["-", 1000], ["LoadError", "range"]],
  ["the beginning, unasked, without a validator", [beginning({})], ["-"], ["LoadError", "range"]],
  ["the beginning, unasked, with resume: false", [beginning(one)], ["-"], ["LoadError", "range"], { resume: false }],
  ["the beginning, unasked, with a schedule that ends", [beginning(one)], ["-"], ["LoadError", "range"], { schedule: Schedule.recurs(0) }],
  ["416 where all has come", [cutChunked(content, length, one), status(416, { "content-range": `bytes */${length}` })], ["-", length], "module"],
  ["416 with a smaller size", [part(content, one, 1000), status(416, { "content-range": "bytes */500" }), whole(other)], ["-", 1000, "-"], "module"],
  ["416 without a reason", [part(content, one, 1000), status(416), whole(content)], ["-", 1000, "-"], "module"],

  // Content that changes
  ["a part with another tag", [part(content, one, 5000), partAs(`bytes 5000-${length - 1}/${length}`, 5000, tagged("two")), whole(content)], ["-", 5000, "-"], "module"],
]

for (const [name, replies, asks, ends, options] of cases) {
  test(`loadModule ends as it should with ${name}`, () =>
    withServer(replies, async (server) => {
      const load = loadModule(server.url, { schedule: quick, timeout: "20 seconds", ...options })
      if (ends === "module") await settledModule(load)
      else await checkFailure(load, ends)
      const asked = server.asked.map((request) => {
        const start = startOf(request)
        return Number.isNaN(start) ? "-" : start
      })
      assert.deepEqual(asked, asks)
      await untilIdle(server)
    }))
}

const settledModule = async (load: Promise<WebAssembly.Module>): Promise<void> => {
  const module = await load
  assert.ok(WebAssembly.Module.exports(module).length === 1)
}

// deno-fmt-ignore
const changes: ReadonlyArray<readonly [name: string, replies: ReadonlyArray<Reply>]> = [
  ["other content with another tag", [part(content, one, 50_000), part(other, tagged("two"))]],
  ["other content without a validator", [cutAfter(content, 50_000), whole(other)]],
  ["other content, longer", [cutChunked(content, 50_000), chunked(Uint8Array.of(...other, 0, 2, 1, 65))]],
  ["other content, cut again", [part(content, one, 50_000), part(other, tagged("two"), 60_000), part(other, tagged("two"), 60_000), part(other, tagged("two"))]],
  ["the same again after other content", [part(other, tagged("two"), 50_000), part(content, one, 60_000), part(other, tagged("two"))]],
]

for (const [name, replies] of changes) {
  test(`loadModule begins anew with ${name}`, () =>
    withServer(replies, async (server) => {
      const last = replies.length === 5 ? content : other
      const load = loadModule(server.url, { schedule: quick })
      await (name.includes("longer") ? settledModule(load) : checkModule(load, last))
      await untilIdle(server)
    }))
}

test("loadModule gives up content that keeps changing", () => {
  let version = 0
  const changing: Reply = (answer, asked) =>
    part(makeContent(), tagged(`${version++}`), 50_000)(answer, asked)
  return withServer([changing], async (server) => {
    await checkFailure(loadModule(server.url, { schedule: quick }), ["LoadError", "changed"])
    assert.ok(server.asked.length < 20)
    await untilIdle(server)
  })
})

test("loadModule asks for content as it is, and for the rest by its validator", () =>
  withServer([part(content, one, 1000), part(content, one)], async (server) => {
    await checkModule(loadModule(server.url, { schedule: quick }), content)
    assert.deepEqual(server.asked.map(({ headers }) => headers["if-range"]), [undefined, '"one"'])
    for (const { headers } of server.asked) {
      assert.match(headers["accept-encoding"] ?? "", /^identity(, identity)?$/)
    }
  }))

test("loadModule lets the server compress where it does not resume", () =>
  withServer([whole(content)], async (server) => {
    await checkModule(loadModule(server.url, { resume: false }), content)
    assert.match(server.asked[0]?.headers["accept-encoding"] ?? "", /gzip/)
  }))

for (
  const [name, headers, options] of [
    ["fails at once", {}, {}],
    ["is not retried", one, { schedule: Schedule.recurs(0) }],
  ] as const
) {
  test(`a part that was not asked for ${name}, and says which it is`, () =>
    withServer([beginning(headers)], async (server) => {
      const load = loadModule(server.url, { schedule: quick, ...options })
      const error = await checkFailure(load, ["LoadError", "range"])
      assert.deepEqual(
        ["status", "expected", "attempts"].map((key) => Reflect.get(error, key)),
        [206, length, 1],
      )
      assert.match(String(Reflect.get(error, "message")), /bytes 0 to 999 of \d+ \(status 206\)/)
    }))
}

test("the error of the last attempt says what is known", () =>
  withServer([part(content, one, 1000), status(503, { "retry-after": "0" })], async (server) => {
    const error = await checkFailure(
      loadModule(server.url, { schedule: quick }),
      ["LoadError", "status"],
    )
    const { attempts, received, retryAfter, status: code, url } = Object.fromEntries(
      Object.entries(error),
    )
    assert.deepEqual([attempts, received, retryAfter, code], [6, 1000, 0, 503])
    assert.equal(url, server.url)
  }))

// Redirects

const redirect = (location: (asked: string) => string): Reply => (answer, { path }) =>
  void answer.writeHead(302, { location: location(path) }).end()

test("loadModule follows a redirect", () =>
  withServer([redirect(() => "/there.wasm"), whole(content)], async (server) => {
    await checkModule(loadModule(server.url, { schedule: quick }), content)
  }))

test("loadModule tries a circle of redirects once", () =>
  withServer([redirect((path) => path)], async (server) => {
    const load = loadModule(server.url, { schedule: quick })
    const error = await checkFailure(load, ["LoadError", "connection"])
    assert.equal(Reflect.get(error, "attempts"), 1)
  }))

// Time

test("loadModule tries again where nothing comes", () =>
  withServer(
    [silent, stallAfter(content, 0), stallAfter(content, 500, one), part(content, one)],
    async (server) => {
      const load = loadModule(server.url, { schedule: quick, idleTimeout: 800 })
      await checkModule(load, content)
      assert.equal(startOf(server.asked[3] ?? { path: "", headers: {} }), 500)
      await untilIdle(server)
    },
  ))

for (
  const [name, reply] of [["no answer", silent], [
    "a body that stalls",
    stallAfter(content, 500),
  ]] as const
) {
  test(`loadModule fails by idleTimeout with ${name}`, () =>
    withServer([reply], async (server) => {
      const load = loadModule(server.url, { schedule: quick, idleTimeout: 50 })
      await checkFailure(load, ["LoadError", "idle-timeout"])
      await untilIdle(server)
    }))

  test(`loadModule fails by timeout with ${name}`, () =>
    withServer([reply], async (server) => {
      await checkFailure(loadModule(server.url, { timeout: 100 }), ["LoadError", "timeout"])
      await untilIdle(server)
    }))
}

test("loadModule fails by timeout while it waits for the next attempt", () =>
  withServer([status(429, { "retry-after": "30" })], async (server) => {
    await checkFailure(loadModule(server.url, { timeout: 500 }), ["LoadError", "timeout"])
    assert.equal(server.asked.length, 1)
  }))

test("a trickle is no silence", () => {
  const trickle: Reply = (answer) => {
    answer.writeHead(200, type)
    let at = 0
    const timer = setInterval(() => {
      answer.write(content.subarray(at, at += Math.ceil(length / 10)))
      if (at < length) return
      clearInterval(timer)
      answer.end()
    }, 130)
  }
  return withServer([trickle], async (server) => {
    await checkModule(loadModule(server.url, { idleTimeout: 900 }), content)
    assert.equal(server.asked.length, 1)
  })
})
