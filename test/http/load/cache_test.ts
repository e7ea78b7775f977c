/**
 * The service ModuleCache: what is requested again, what is shared, what is kept, and what is never compiled.
 */
import assert from "node:assert/strict"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import type { ProgressEvent } from "../../../mod.ts"
import { type Freshness, freshnessOf, renewed } from "../../../src/http/cache/policy.ts"
import { type ByteStore, Http, loadModule, type LoadModuleOptions } from "../../../src/http/mod.ts"
import {
  part,
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
  runLoad,
} from "../../support/loads.ts"
import { settled } from "../../support/outcomes.ts"

const content = makeContent()
const other = makeContent()
const one = tagged("one")

type Headers = Readonly<Record<string, string>>

/** A server with conditional requests: 304 if the validator is the current one. */
const validating = (bytes: Uint8Array, headers: Headers): Reply => (answer, asked) => {
  const same = headers["etag"] !== undefined
    ? asked.headers["if-none-match"] === headers["etag"]
    : headers["last-modified"] !== undefined &&
      asked.headers["if-modified-since"] === headers["last-modified"]
  if (same) answer.writeHead(304, headers).end()
  else whole(bytes, headers)(answer, asked)
}

const old = "Tue, 03 Mar 2020 10:00:00 GMT"
const later = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString()

/** What a second load requests: nothing, a revalidation, or everything. */
type Second = "nothing" | "condition" | "all"

// deno-fmt-ignore
const policies: ReadonlyArray<readonly [name: string, headers: Headers, second: Second]> = [
  ["nothing", {}, "all"],
  ["a tag", one, "condition"],
  ["a weak tag", { etag: 'W/"one"' }, "condition"],
  ["a date", { "last-modified": old }, "condition"],
  ["a tag and a date", { ...one, "last-modified": old }, "condition"],
  ["max-age", { "cache-control": "max-age=60" }, "nothing"],
  ["max-age and a tag", { ...one, "cache-control": "public, max-age=60" }, "nothing"],
  ["max-age in capitals and quotes", { ...one, "cache-control": 'Max-Age="60"' }, "nothing"],
  ["max-age=0", { ...one, "cache-control": "max-age=0" }, "condition"],
  ["max-age=0 without a validator", { "cache-control": "max-age=0" }, "all"],
  ["max-age that has passed on the way", { ...one, "cache-control": "max-age=60", age: "61" }, "condition"],
  ["max-age that is left", { ...one, "cache-control": "max-age=60", age: "10" }, "nothing"],
  ["s-maxage, which is for others", { ...one, "cache-control": "s-maxage=60" }, "condition"],
  ["private", { ...one, "cache-control": "private, max-age=60" }, "nothing"],
  ["no-cache", { ...one, "cache-control": "no-cache, max-age=60" }, "condition"],
  ["no-cache of some fields", { ...one, "cache-control": 'max-age=60, no-cache="set-cookie, x"' }, "condition"],
  ["no-store", { ...one, "cache-control": "no-store, max-age=60" }, "all"],
  ["NO-STORE", { ...one, "cache-control": "NO-STORE" }, "all"],
  ["Vary: *", { ...one, "cache-control": "max-age=60", vary: "*" }, "all"],
  ["Vary: Accept-Encoding", { ...one, "cache-control": "max-age=60", vary: "Accept-Encoding" }, "nothing"],
  ["Expires", { ...one, expires: later(60) }, "nothing"],
  ["Expires in the past", { ...one, expires: old }, "condition"],
  ["Expires: 0", { ...one, expires: "0" }, "condition"],
  ["Expires by the server's clock", { ...one, date: later(-3_600), expires: later(-3_540) }, "condition"],
  ["an old Date without Age", { ...one, date: old, "cache-control": "max-age=60" }, "condition"],
  ["Age twice", { ...one, "cache-control": "max-age=60", age: "1, 100" }, "condition"],
  ["Age that is no number", { ...one, "cache-control": "max-age=60", age: "new" }, "condition"],
  ["max-age twice", { ...one, "cache-control": "max-age=600, max-age=0" }, "condition"],
  ["max-age that is no number", { ...one, "cache-control": "max-age=1h" }, "condition"],
  ["max-age before Expires", { ...one, "cache-control": "max-age=60", expires: old }, "nothing"],
]

for (const stored of [false, true]) {
  for (const [name, headers, second] of policies) {
    test(`a second load asks for ${second} after ${name}${stored ? ", from a store" : ""}`, () =>
      withServer([validating(content, headers)], async (server) => {
        const { store, size } = mapStore()
        const first = Http.ModuleCache.make(stored ? { store, singleClient: true } : {})
        await checkModule(loadModule(server.url, { cache: first }), content)
        await Effect.runPromise(first.flush)
        if (stored) assert.equal(size(), second === "all" ? 0 : 1)
        const cache = stored ? Http.ModuleCache.make({ store, singleClient: true }) : first
        await checkModule(loadModule(server.url, { cache }), content)
        assert.equal(server.asked.length, second === "nothing" ? 1 : 2)
        const { "if-none-match": tag, "if-modified-since": date } = server.asked[1]?.headers ?? {}
        const [etag, modified] = second === "condition"
          ? [headers["etag"], headers["last-modified"]]
          : []
        assert.deepEqual([tag, date], [etag, modified])
        await untilIdle(server)
      }))
  }
}

/** A store in memory, to look into. */
const mapStore = () => {
  const values = new Map<string, Uint8Array>()
  const store: ByteStore = {
    getUint8Array: (key) => Effect.sync(() => values.get(key)),
    set: (key, value) => Effect.sync(() => void values.set(key, value)),
    remove: (key) => Effect.sync(() => void values.delete(key)),
  }
  return { store, values, size: () => values.size }
}

test("a 304 gives the module that was compiled; a 200 another one, which stays", () =>
  withServer(
    [validating(content, one), validating(content, one), validating(other, tagged("two"))],
    async (server) => {
      const cache = Http.ModuleCache.make()
      const first = await settled(loadModule(server.url, { cache }))
      assert.equal(await settled(loadModule(server.url, { cache })), first)
      const third = await settled(loadModule(server.url, { cache }))
      await checkModule(Promise.resolve(third), other)
      assert.equal(await settled(loadModule(server.url, { cache })), third)
      assert.deepEqual(
        server.asked.map(({ headers }) => headers["if-none-match"]),
        [undefined, '"one"', '"one"', '"two"'],
      )
    },
  ))

test("a 304 renews: what it leaves out stays as it was", () => {
  const field = (headers: Headers) => (name: string) => headers[name]
  const url = "https://example.org/module.wasm"
  const before: Freshness = {
    url,
    until: 0,
    fields: { etag: '"a"', "cache-control": "max-age=60", age: "90", date: old },
  }
  assert.deepEqual(renewed(before, field({}), url, 1_000), {
    url,
    until: 61_000,
    fields: { etag: '"a"', "cache-control": "max-age=60" },
  })
  assert.equal(renewed(before, field({ "cache-control": "max-age=5" }), url, 1_000)?.until, 6_000)
  assert.equal(renewed(before, field({ "cache-control": "no-store" }), url, 1_000), undefined)
  assert.equal(freshnessOf({ url, field: field({ ...one, expires: "soon" }) }, url, 0)?.until, 0)
})

test("a thousand loads at once make one request and one module", () =>
  withServer([whole(content)], async (server) => {
    const cache = Http.ModuleCache.make()
    const loads = Array.from({ length: 1_000 }, () => loadModule(server.url, { cache }))
    const modules = new Set(await settled(Promise.all(loads)))
    assert.deepEqual([modules.size, server.asked.length], [1, 1])
  }))

test("Http.loadModule uses the service where there is one", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const load = Http.loadModule(server.url)
    const program = Effect.gen(function* () {
      const hits = Effect.map(Metric.value(Http.metrics.cacheHits), ({ count }) => count)
      const before = yield* hits
      const [a, b] = yield* Effect.all([load, load], { concurrency: "unbounded" })
      const c = yield* load
      yield* Http.loadModule(server.url, { cache: false })
      return { same: a === b && b === c, hits: (yield* hits) - before }
    })
    const result = await runLoad(Effect.provide(program, Http.ModuleCache.layerMemory()))
    assert.deepEqual(result, { same: true, hits: 1 })
    assert.equal(server.asked.length, 2)
  }))

test("a failed load is not remembered, and fails all who wait for it", () =>
  withServer([status(404), whole(content)], async (server) => {
    const cache = Http.ModuleCache.make()
    const failing = [loadModule(server.url, { cache }), loadModule(server.url, { cache })]
    for (const load of failing) await checkFailure(load, ["TypeError", "status"])
    await checkModule(loadModule(server.url, { cache }), content)
    assert.equal(server.asked.length, 2)
  }))

test("one who gives up does not end the load for others; the last one does", () =>
  withServer([stallAfter(content, 1_000), part(content, one)], async (server) => {
    const cache = Http.ModuleCache.make()
    const controllers = [new AbortController(), new AbortController()]
    const loads = controllers.map(({ signal }) => loadModule(server.url, { cache, signal }))
    const ends = controllers.map(({ signal }, index) =>
      checkAborted(loads[index] ?? Promise.resolve(), signal)
    )
    await untilAsked(server)
    controllers[0]?.abort()
    await ends[0]
    assert.equal(server.busy(), 1)
    controllers[1]?.abort()
    await ends[1]
    await untilIdle(server)
    assert.equal(server.asked.length, 1)
    await checkModule(loadModule(server.url, { cache }), content)
  }))

test("those who wait have time limits of their own", () =>
  withServer([silent], async (server) => {
    const cache = Http.ModuleCache.make()
    const ended: Array<string> = []
    const wait = async (name: string, timeout: number) => {
      await checkFailure(loadModule(server.url, { cache, timeout }), ["LoadError", "timeout"])
      ended.push(name)
    }
    await Promise.all([wait("long", 1_000), wait("short", 300)])
    assert.deepEqual(ended, ["short", "long"])
    await untilIdle(server)
    assert.equal(server.asked.length, 1)
  }))

test("everyone who waits is told of progress, and of the end at once where there is nothing to wait for", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const cache = Http.ModuleCache.make()
    const load = async () => {
      const events: Array<ProgressEvent> = []
      await settled(
        loadModule(server.url, { cache, onProgress: (event) => void events.push(event) }),
      )
      return events
    }
    const throwing = loadModule(server.url, { cache, onProgress: () => assert.fail() })
    for (const events of await Promise.all([load(), load()])) {
      assert.equal(events.filter(({ fraction }) => fraction === 1).length, 1)
      assert.equal(events.at(-1)?.received, content.length)
    }
    await settled(throwing)
    assert.deepEqual((await load()).map(({ fraction, received }) => [fraction, received]), [
      [1, content.length],
    ])
  }))

// deno-fmt-ignore
const variants: ReadonlyArray<readonly [name: string, options: LoadModuleOptions, requests: number]> = [
  ["the same options", {}, 1],
  ["another listener and other limits", { onProgress: () => {}, timeout: "1 minute", expectedSize: 5, resume: false }, 1],
  ["another content type", { contentType: "sniff" }, 2],
  ["builtins", { builtins: ["js-string"] }, 2],
  ["string constants", { importedStringConstants: "strings" }, 2],
  ["integrity", { integrity: await integrityOf(content) }, 2],
  ["cache: false", { cache: false }, 2],
]
for (const [name, options, requests] of variants) {
  test(`a second load with ${name} makes ${requests - 1} more request`, () =>
    withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
      const cache = Http.ModuleCache.make()
      await checkModule(loadModule(server.url, { cache }), content)
      await checkModule(loadModule(server.url, { cache, ...options }), content)
      assert.equal(server.asked.length, requests)
    }))
}

test("another identity, another module; a fragment is none; a caller's own condition is not cached", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const load = (...requests: ReadonlyArray<string | HttpClientRequest.HttpClientRequest>) =>
      runLoad(
        Effect.provide(
          Effect.forEach(requests, (request) => Http.loadModule(request)),
          Http.ModuleCache.layerMemory(),
        ),
      )
    const as = (token: string) =>
      HttpClientRequest.bearerToken(HttpClientRequest.get(server.url), token)
    await load(as("a"), as("b"), as("a"))
    assert.equal(server.asked.length, 2)
    await load(server.url, `${server.url}#part`)
    assert.equal(server.asked.length, 3)
    const own = HttpClientRequest.setHeader(HttpClientRequest.get(server.url), "range", "bytes=0-")
    await load(own, own)
    assert.equal(server.asked.length, 5)
    const query = (a: string) =>
      HttpClientRequest.setUrlParam(HttpClientRequest.get(server.url), "a", a)
    await load(query("1"), query("2"), query("1"))
    assert.equal(server.asked.length, 7)
  }))

test("a URL that the client completes is cached by its parameters, secret ones too", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const as = (key: string) =>
      HttpClientRequest.get("/module.wasm", { urlParams: { key: Redacted.make(key) } })
    const loads = Effect.forEach(["a", "b", "a"], (key) => Http.loadModule(as(key)))
    const completing = Effect.updateService(
      loads,
      HttpClient.HttpClient,
      HttpClient.mapRequest(HttpClientRequest.prependUrl(new URL(server.url).origin)),
    )
    await runLoad(Effect.provide(completing, Http.ModuleCache.layerMemory()))
    assert.deepEqual(server.asked.map(({ path }) => path), [
      "/module.wasm?key=a",
      "/module.wasm?key=b",
    ])
  }))

test("maxBytes is held against a module from the cache too", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const cache = Http.ModuleCache.make()
    await checkModule(loadModule(server.url, { cache }), content)
    const load = loadModule(server.url, { cache, maxBytes: 10 })
    await checkFailure(load, ["LoadError", "too-large"])
  }))

test("the module that was used longest ago goes first", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const cache = Http.ModuleCache.make({ maxBytes: 2.5 * content.length })
    const load = async (...names: ReadonlyArray<string>) => {
      const before = server.asked.length
      for (const name of names) await settled(loadModule(`${server.url}?${name}`, { cache }))
      return server.asked.length - before
    }
    assert.equal(await load("a", "b", "a", "c"), 3)
    assert.equal(await load("a", "c"), 0)
    assert.equal(await load("b"), 1)
    assert.equal(await load("c", "b"), 0)
    await Effect.runPromise(cache.clear)
    assert.equal(await load("b"), 1)
    const none = Http.ModuleCache.make({ maxBytes: content.length - 1 })
    await settled(loadModule(server.url, { cache: none }))
    await settled(loadModule(server.url, { cache: none }))
    assert.equal(server.asked.length, 7)
  }))

// Stores

// deno-fmt-ignore
const damages: ReadonlyArray<readonly [name: string, damage: (value: Uint8Array) => Uint8Array]> = [
  ["nothing in it", () => new Uint8Array()],
  ["its first byte", (value) => value.with(0, 1)],
  ["its digest", (value) => value.with(20, (value[20] ?? 0) ^ 1)],
  ["the size of its facts", (value) => value.with(57, 1)],
  ["its facts", (value) => value.with(70, (value[70] ?? 0) ^ 1)],
  ["a byte of the module", (value) => value.with(-5, (value.at(-5) ?? 0) ^ 1)],
  ["its end missing", (value) => value.slice(0, -1)],
  ["more at its end", (value) => Uint8Array.of(...value, 0)],
  ["its beginning only", (value) => value.slice(0, 30)],
]
for (const [name, damage] of damages) {
  for (const headers of [one, { ...one, "cache-control": "max-age=60" }]) {
    const fresh = "cache-control" in headers ? "fresh" : "stale"
    test(`an entry with damage (${name}, ${fresh}) is dropped and fetched again`, () =>
      withServer([validating(content, headers)], async (server) => {
        const { store, values } = mapStore()
        const first = Http.ModuleCache.make({ store, singleClient: true })
        await checkModule(loadModule(server.url, { cache: first }), content)
        await Effect.runPromise(first.flush)
        const [key = "", value = new Uint8Array()] = [...values][0] ?? []
        values.set(key, damage(value))
        const second = Http.ModuleCache.make({ store, singleClient: true })
        await checkModule(loadModule(server.url, { cache: second }), content)
        await Effect.runPromise(second.flush)
        assert.equal(server.asked[1]?.headers["if-none-match"], undefined)
        assert.equal(server.asked.length, 2)
        const third = Http.ModuleCache.make({ store, singleClient: true })
        await checkModule(loadModule(server.url, { cache: third }), content)
        assert.equal(server.asked.length, fresh === "fresh" ? 2 : 3)
      }))
  }
}

test("an entry of another URL is not taken for this one's", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const { store, values } = mapStore()
    const load = async (name: string) => {
      const cache = Http.ModuleCache.make({ store, singleClient: true })
      await settled(loadModule(`${server.url}?${name}`, { cache }))
      await Effect.runPromise(cache.flush)
    }
    await load("a")
    await load("b")
    const [a, b] = [...values.keys()]
    values.set(a ?? "", values.get(b ?? "") ?? new Uint8Array())
    await load("a")
    assert.equal(server.asked.length, 3)
  }))

test("stored bytes are held against integrity, and fetched again where they do not match", () =>
  withServer(
    [whole(content, { "cache-control": "max-age=60" }), whole(other)],
    async (server) => {
      const { store } = mapStore()
      const first = Http.ModuleCache.make({ store, singleClient: true })
      await checkModule(loadModule(server.url, { cache: first }), content)
      await Effect.runPromise(first.flush)
      const load = async (bytes: typeof content) =>
        loadModule(server.url, {
          cache: Http.ModuleCache.make({ store, singleClient: true }),
          integrity: await integrityOf(bytes),
        })
      await checkModule(load(content), content)
      assert.equal(server.asked.length, 1)
      await checkModule(load(other), other)
      assert.equal(server.asked.length, 2)
    },
  ))

test("a store that fails never fails a load", () =>
  withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
    const fail = () => Effect.fail("broken")
    const die = () => Effect.die("broken")
    for (const broken of [fail, die]) {
      const store: ByteStore = { getUint8Array: broken, set: broken, remove: broken }
      const cache = Http.ModuleCache.make({ store, singleClient: true })
      await checkModule(loadModule(server.url, { cache }), content)
      await Effect.runPromise(cache.flush)
    }
    // A folder in a file.
    const folder = Http.ModuleCache.directory(`${process.execPath}/cache`)
    const nowhere = Http.ModuleCache.make({ store: folder })
    await checkModule(loadModule(server.url, { cache: nowhere }), content)
    await Effect.runPromise(nowhere.flush)
  }))

test("any KeyValueStore is a store", () =>
  withServer([validating(content, one)], async (server) => {
    const load = Effect.provide(
      Http.loadModule(server.url),
      Http.ModuleCache.layerKeyValueStore({ singleClient: true }),
    )
    const program = Effect.andThen(load, load)
    await checkModule(runLoad(Effect.provide(program, KeyValueStore.layerMemory)), content)
    assert.deepEqual(
      server.asked.map(({ headers }) => headers["if-none-match"]),
      [undefined, '"one"'],
    )
  }))

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-cache-"))
  try {
    await use(join(folder, "modules"))
  } finally {
    await rm(folder, { recursive: true })
  }
}

test("a folder is a store: one file for each module, nothing unfinished, damage shows", () =>
  withFolder((folder) =>
    withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
      const load = async (bytes = content) => {
        const program = Effect.provide(
          Http.loadModule(server.url),
          Http.ModuleCache.layer({ store: Http.ModuleCache.directory(folder), singleClient: true }),
        )
        await checkModule(runLoad(program), bytes)
      }
      await load()
      await load()
      assert.equal(server.asked.length, 1)
      const [file = "", ...rest] = await readdir(folder)
      assert.match(file, /\.wasm-cache$/)
      assert.deepEqual(rest, [])
      const path = join(folder, file)
      const value = new Uint8Array(await readFile(path))
      await writeFile(path, value.with(-1, (value.at(-1) ?? 0) ^ 1))
      await load()
      await load()
      assert.equal(server.asked.length, 2)
      assert.deepEqual(new Uint8Array(await readFile(path)).length, value.length)
      assert.deepEqual(await readdir(folder), [file])
    })
  ))

test("loads that write at the same time leave one whole file", () =>
  withFolder((folder) =>
    withServer([whole(content, { "cache-control": "max-age=60" })], async (server) => {
      const caches = Array.from(
        { length: 8 },
        () =>
          Http.ModuleCache.make({ store: Http.ModuleCache.directory(folder), singleClient: true }),
      )
      await Promise.all(caches.map((cache) => loadModule(server.url, { cache })))
      await Promise.all(caches.map(({ flush }) => Effect.runPromise(flush)))
      assert.equal((await readdir(folder)).length, 1)
      const before = server.asked.length
      const cache = Http.ModuleCache.make({
        store: Http.ModuleCache.directory(folder),
        singleClient: true,
      })
      await checkModule(loadModule(server.url, { cache }), content)
      assert.equal(server.asked.length, before)
    })
  ))

test("what does not come to its end is not kept", () =>
  withFolder((folder) =>
    withServer(
      [stallAfter(content, 5_000), whole(content.slice(0, 5_000), one), whole(content, one)],
      async (server) => {
        const cache = Http.ModuleCache.make({
          store: Http.ModuleCache.directory(folder),
          singleClient: true,
        })
        const controller = new AbortController()
        const load = loadModule(server.url, { cache, signal: controller.signal })
        const aborted = checkAborted(load, controller.signal)
        await untilAsked(server)
        controller.abort()
        await aborted
        await untilIdle(server)
        await checkFailure(loadModule(server.url, { cache }), ["CompileError", "truncated"])
        await Effect.runPromise(cache.flush)
        assert.deepEqual(await readdir(folder).catch(() => []), [])
        await checkModule(loadModule(server.url, { cache }), content)
        await Effect.runPromise(cache.flush)
        assert.equal((await readdir(folder)).length, 1)
        assert.equal(server.asked[2]?.headers["if-none-match"], undefined)
      },
    )
  ))

test("a resumed load is kept whole", () =>
  withServer(
    [part(content, one, 1_000), part(content, one), validating(content, one)],
    async (server) => {
      const { store } = mapStore()
      const first = Http.ModuleCache.make({ store, singleClient: true })
      await checkModule(loadModule(server.url, { cache: first, schedule: quick }), content)
      await Effect.runPromise(first.flush)
      const cache = Http.ModuleCache.make({ store, singleClient: true })
      const integrity = await integrityOf(content)
      await checkModule(loadModule(server.url, { cache, integrity }), content)
      assert.equal(server.asked[2]?.headers["if-none-match"], '"one"')
    },
  ))
