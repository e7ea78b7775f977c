/**
 * Clients that add to requests what the cache does not see, such as a token: the cache must not give one user's module to
 * another.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { type ByteStore, Http, loadModule, ModuleCache } from "../../../src/http/mod.ts"
import { type Reply, whole, withServer } from "../../support/servers/http_server.ts"
import { checkModule, makeContent } from "../../support/loads.ts"

const content = makeContent()
const other = makeContent()

type Load = Effect.Effect<WebAssembly.Module, unknown, HttpClient.HttpClient>

const memoryStore = (): ByteStore => {
  const values = new Map<string, Uint8Array>()
  return {
    getUint8Array: (key) => Effect.sync(() => values.get(key)),
    set: (key, value) => Effect.sync(() => void values.set(key, value)),
    remove: (key) => Effect.sync(() => void values.delete(key)),
  }
}

/** Every way in which a client may add a token to its requests. */
const ways: ReadonlyArray<readonly [name: string, as: (user: string) => (load: Load) => Load]> = [
  [
    "a mapped request",
    (user) =>
      Effect.updateService(
        HttpClient.HttpClient,
        HttpClient.mapRequest(HttpClientRequest.setHeader("x-user", user)),
      ),
  ],
  [
    "a request mapped by an effect",
    (user) =>
      Effect.updateService(
        HttpClient.HttpClient,
        HttpClient.mapRequestEffect((request) =>
          Effect.succeed(HttpClientRequest.setHeader(request, "x-user", user))
        ),
      ),
  ],
  [
    "a client around another",
    (user) =>
      Effect.updateService(
        HttpClient.HttpClient,
        (client) =>
          HttpClient.make((request) =>
            client.execute(HttpClientRequest.setHeader(request, "x-user", user))
          ),
      ),
  ],
  [
    "RequestInit",
    (user) => Effect.provideService(FetchHttpClient.RequestInit, { headers: { "x-user": user } }),
  ],
  [
    "a transformed response",
    (user) =>
      Effect.updateService(
        HttpClient.HttpClient,
        HttpClient.transformResponse(
          Effect.provideService(FetchHttpClient.RequestInit, { headers: { "x-user": user } }),
        ),
      ),
  ],
  [
    "another fetch",
    (user) => {
      const fetching = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
        fetch(input, { ...init, headers: { ...init?.headers, "x-user": user } })
      return Effect.provideService(FetchHttpClient.Fetch, Object.assign(fetching, fetch))
    },
  ],
]

const byUser = (fields: Readonly<Record<string, string>>): Reply => (answer, asked) =>
  whole(asked.headers["x-user"] === "a" ? content : other, fields)(answer, asked)

const kinds: ReadonlyArray<Readonly<Record<string, string>>> = [
  { "cache-control": "max-age=600" },
  { "cache-control": "max-age=600", "etag": '"x"' },
  { "cache-control": "private, max-age=600", "etag": '"x"' },
  { "cache-control": "public, max-age=600", "vary": "X-User" },
]

for (const [name, as] of ways) {
  test(`what ${name} adds tells one user's module from another's`, async () => {
    for (const fields of kinds) {
      await withServer([byUser(fields)], async ({ url }) => {
        const cache = Http.ModuleCache.make({ store: memoryStore() })
        const load = (user: string): Promise<WebAssembly.Module> =>
          Effect.runPromise(
            Effect.provide(as(user)(Http.loadModule(url, { cache })), FetchHttpClient.layer),
          )
        await checkModule(load("a"), content)
        await Effect.runPromise(cache.flush)
        await checkModule(load("b"), other)
        await Promise.all([checkModule(load("b"), other), checkModule(load("a"), content)])
      })
    }
  })
}

test("a client that leads elsewhere while it sends has its own modules", () =>
  withServer([(answer, asked) =>
    whole(asked.path.startsWith("/a") ? content : other, {
      "cache-control": "public, max-age=600",
    })(answer, asked)], async ({ url }) => {
    const { origin } = new URL(url)
    const cache = Http.ModuleCache.make({ store: memoryStore() })
    const load = (base: string): Promise<WebAssembly.Module> =>
      Effect.runPromise(
        Http.loadModule(url, { cache }).pipe(
          Effect.updateService(HttpClient.HttpClient, (client) =>
            HttpClient.make((request) =>
              client.execute(HttpClientRequest.setUrl(request, `${origin}/${base}`))
            )),
          Effect.provide(FetchHttpClient.layer),
        ),
      )
    await checkModule(load("a"), content)
    await Effect.runPromise(cache.flush)
    await checkModule(load("b"), other)
  }))

test("what the server marks as public is shared by clients, and through the store", () =>
  withServer(
    [whole(content, { "cache-control": "public, max-age=600" })],
    async ({ asked, url }) => {
      const store = memoryStore()
      const cache = Http.ModuleCache.make({ store })
      const load = (given: Http.ModuleCacheService): Promise<WebAssembly.Module> =>
        Effect.runPromise(
          Effect.provide(Http.loadModule(url, { cache: given }), FetchHttpClient.layer),
        )
      await checkModule(load(cache), content)
      await checkModule(load(cache), content)
      await Effect.runPromise(cache.flush)
      await checkModule(load(Http.ModuleCache.make({ store })), content)
      assert.equal(asked.length, 1)
    },
  ))

test("a single client's modules are shared by whoever sends", () =>
  withServer([whole(content, { "cache-control": "max-age=600" })], async ({ asked, url }) => {
    const cache = Http.ModuleCache.make({ singleClient: true })
    for (let i = 0; i < 2; i++) {
      const load = Effect.provide(Http.loadModule(url, { cache }), FetchHttpClient.layer)
      await checkModule(Effect.runPromise(load), content)
    }
    assert.equal(asked.length, 1)
  }))

test("a fetch that was replaced has its own modules", () =>
  withServer([byUser({ "cache-control": "max-age=600" })], async ({ url }) => {
    const native = globalThis.fetch
    const cache = new ModuleCache({ store: memoryStore() })
    try {
      for (const [user, bytes] of [["a", content], ["b", other]] as const) {
        const fetching = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
          native(input, { ...init, headers: { ...init?.headers, "x-user": user } })
        globalThis.fetch = Object.assign(fetching, native)
        await checkModule(loadModule(url, { cache }), bytes)
        await cache.flush()
      }
    } finally {
      globalThis.fetch = native
    }
    await checkModule(loadModule(url, { cache }), other)
  }))

for (
  const [name, options] of [
    ["a size that is no number", { maxBytes: Number.NaN }],
    ["an option that there is not", { maxbytes: 1 }],
    ["an empty secret", { secret: "" }],
    ["a secret that is no string", { secret: 1 }],
    ["a store that is none", { store: {} }],
    ["a time that is none", { storeTimeout: "soon" }],
    ["no object", 1],
  ] as const
) {
  test(`a cache refuses ${name}`, () => {
    const make = () => Reflect.construct(ModuleCache, [options])
    assert.throws(make, (error) => {
      assert.ok(error instanceof TypeError)
      assert.equal(Reflect.get(error.cause ?? {}, "reason"), "options")
      return true
    })
  })
}

for (
  const [name, path, options] of [
    ["a negative size", "cache", { maxBytes: -1 }],
    ["a size in words", "cache", { maxBytes: "10MB" }],
    ["an option that there is not", "cache", { maxByte: 1_000 }],
    ["no path", "", {}],
  ] as const
) {
  test(`a folder as a store refuses ${name}`, () => {
    const make = () => Reflect.apply(ModuleCache.directory, ModuleCache, [path, options])
    assert.throws(make, TypeError)
  })
}

test("a store that uses its buffer again does not change what is compiled", () =>
  withServer([whole(content, { "cache-control": "max-age=600" })], async ({ asked, url }) => {
    const values = memoryStore()
    const filled = new ModuleCache({ store: values, secret: "s" })
    await checkModule(loadModule(url, { cache: filled }), content)
    await filled.flush()
    for (let later = 0; later < 24; later++) {
      const store: ByteStore = {
        ...values,
        getUint8Array: (key) =>
          Effect.map(values.getUint8Array(key), (value) => {
            const buffer = value && new Uint8Array(value)
            let turn = Promise.resolve()
            for (let i = 0; i < later; i++) turn = turn.then(() => {})
            turn.then(() => buffer?.fill(0xff, 200))
            return buffer
          }),
      }
      const cache = new ModuleCache({ store, secret: "s" })
      await checkModule(loadModule(url, { cache }), content)
    }
    assert.ok(asked.length >= 1)
  }))

test("a store that does not respond is given up, for loads and for flush", () =>
  withServer([whole(content, { "cache-control": "max-age=600" })], async ({ url }) => {
    const store: ByteStore = {
      getUint8Array: () => Effect.never,
      set: () => Effect.uninterruptible(Effect.never),
      remove: () => Effect.never,
    }
    const cache = new ModuleCache({ store, storeTimeout: "20 millis" })
    await checkModule(loadModule(url, { cache }), content)
    await cache.flush()
  }))
