/**
 * Attacks on loading by URL: another user's module, foreign bytes that continue a body, bytes that change after they were
 * checked, forbidden URLs, leaked secrets.
 */
import assert from "node:assert/strict"
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { directory } from "../../../src/http/cache/directory.ts"
import { Checksum } from "../../../src/http/download/checksum.ts"
import {
  Http,
  LoadError,
  loadModule,
  type LoadModuleOptions,
  ModuleCache,
} from "../../../src/http/mod.ts"
import {
  discreet,
  isCertificateRefusal,
  isDecodingFailure,
  isRedirectCircle,
  said,
} from "../../../src/http/transport/failure.ts"
import { compileStreaming } from "../../../mod.ts"
import { isWasmContentType } from "../../../src/pipeline/content_type.ts"
import { printUrl } from "../../../src/messages/print.ts"
import { empty } from "../../support/modules.ts"
import { settled } from "../../support/outcomes.ts"
import {
  cutAfter,
  part,
  type Reply,
  status,
  tagged,
  untilIdle,
  whole,
  withServer,
} from "../../support/servers/http_server.ts"
import {
  checkFailure,
  checkModule,
  integrityOf,
  makeContent,
  quick,
  runLoad,
} from "../../support/loads.ts"

const content = makeContent()
const other = makeContent()
const one = tagged("one")
const fresh = { "cache-control": "max-age=600" }

// Whose module is it?

/** A client that adds something to every request, as programs use them. */
const clientWith = (
  add: (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest,
) => Effect.map(HttpClient.HttpClient, HttpClient.mapRequest(add))

const loadWith = (
  add: (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest,
  url: string,
  options: LoadModuleOptions,
): Promise<WebAssembly.Module> =>
  runLoad(
    Effect.provideServiceEffect(
      Http.loadModule(url, options),
      HttpClient.HttpClient,
      clientWith(add),
    ),
  )

const byToken: Reply = (answer, asked) =>
  whole(asked.headers.authorization === "Bearer a" ? content : other, fresh)(answer, asked)

test("what a client adds to a request tells one user's module from another's", () =>
  withServer([byToken], async ({ asked, url }) => {
    const cache = Http.ModuleCache.make({ singleClient: true })
    const load = (token: string) => loadWith(HttpClientRequest.bearerToken(token), url, { cache })
    await checkModule(load("a"), content)
    await checkModule(load("b"), other)
    await checkModule(load("a"), content)
    assert.equal(asked.length, 2)
  }))

test("a relative URL is another module behind another base URL", () =>
  withServer(
    [whole(content, fresh)],
    (first) =>
      withServer([whole(other, fresh)], async (second) => {
        const cache = Http.ModuleCache.make()
        const load = (server: string) =>
          loadWith(HttpClientRequest.prependUrl(new URL(server).origin), "/module.wasm", { cache })
        await checkModule(load(first.url), content)
        await checkModule(load(second.url), other)
      }),
  ))

const redirectTo =
  (path: string, headers: Readonly<Record<string, string>> = {}): Reply => (answer) =>
    void answer.writeHead(302, { location: path, ...headers }).end()

/** Responds by path; later requests may get other responses. */
const byPath = (paths: Readonly<Record<string, ReadonlyArray<Reply>>>): Reply => {
  const counts = new Map<string, number>()
  return (answer, asked) => {
    const replies = paths[asked.path] ?? []
    const count = counts.get(asked.path) ?? 0
    counts.set(asked.path, count + 1)
    const reply = replies[Math.min(count, replies.length - 1)]
    if (reply === undefined) answer.writeHead(404).end()
    else reply(answer, asked)
  }
}

const immutable = { "cache-control": "public, max-age=31536000, immutable" }

test("a redirect is followed again, whatever the response behind it allows", () =>
  withServer(
    [byPath({
      "/module.wasm": [redirectTo("/a", { "cache-control": "no-store" }), redirectTo("/b")],
      "/a": [whole(content, immutable)],
      "/b": [whole(other, immutable)],
    })],
    async ({ url }) => {
      const cache = Http.ModuleCache.make()
      await checkModule(loadModule(url, { cache }), content)
      await checkModule(loadModule(url, { cache }), other)
    },
  ))

const notModified = (headers: Readonly<Record<string, string>> = {}): Reply => (answer, asked) => {
  if (asked.headers["if-none-match"] === undefined) answer.writeHead(404).end()
  else answer.writeHead(304, headers).end()
}

test("a 304 from elsewhere is not about what is known", () =>
  withServer(
    [byPath({
      "/module.wasm": [redirectTo("/a"), redirectTo("/b")],
      "/a": [whole(content, one)],
      // Two resources with the same tag.
      "/b": [notModified(one), whole(other, one)],
    })],
    async ({ url }) => {
      const cache = Http.ModuleCache.make()
      await checkModule(loadModule(url, { cache }), content)
      await checkModule(loadModule(url, { cache }), other)
    },
  ))

test("a 304 with another tag is not about what is known", () =>
  withServer(
    [whole(content, one), notModified(tagged("two")), whole(other, tagged("two"))],
    async ({ url }) => {
      const cache = Http.ModuleCache.make()
      await checkModule(loadModule(url, { cache }), content)
      await checkModule(loadModule(url, { cache }), other)
    },
  ))

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-trust-"))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test("what one caller does not accept stays for the others", () =>
  withFolder((folder) =>
    withServer([whole(content, { ...one, ...fresh }), status(500)], async ({ asked, url }) => {
      const cache = new ModuleCache({ store: ModuleCache.directory(folder) })
      await checkModule(loadModule(url, { cache }), content)
      await cache.flush()
      const retries = 0
      for (const stored of [false, true]) {
        if (stored) await cache.clear()
        const integrity = await integrityOf(other)
        // It is requested again, as it may have changed; the server is down by now.
        await checkFailure(loadModule(url, { cache, integrity, retries }), ["LoadError", "status"])
        await checkFailure(loadModule(url, { cache, maxBytes: 100, retries }), [
          "LoadError",
          stored ? "status" : "too-large",
        ])
        const before = asked.length
        await checkModule(loadModule(url, { cache }), content)
        assert.equal(asked.length, before)
      }
    })
  ))

test("modules in memory are bounded in number too", () =>
  withServer([whole(empty, fresh)], async ({ asked, url }) => {
    const cache = Http.ModuleCache.make({ maxBytes: 20 * 20_000 })
    const urls = Array.from({ length: 60 }, (_, index) => `${url}?${index}`)
    for (const each of urls) await settled(loadModule(each, { cache }))
    assert.equal(asked.length, urls.length)
    // The first entries have been evicted, the last one is still there.
    await settled(loadModule(urls.at(-1) ?? url, { cache }))
    assert.equal(asked.length, urls.length)
    await settled(loadModule(urls[0] ?? url, { cache }))
    assert.equal(asked.length, urls.length + 1)
  }))

test("a folder is bounded: what was written first goes first", () =>
  withFolder(async (folder) => {
    const store = directory(folder, { maxBytes: 2_500 })
    for (const key of ["a", "b", "c"]) {
      await Effect.runPromise(store.set(key, new Uint8Array(1_000)))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.deepEqual((await readdir(folder)).sort(), ["b.wasm-cache", "c.wasm-cache"])
    await Effect.runPromise(store.set("d", new Uint8Array(3_000)))
    assert.equal((await readdir(folder)).length, 2)
  }))

// What continues a body?

test("a part from elsewhere with an equal tag continues nothing", () =>
  withServer(
    [byPath({
      "/module.wasm": [redirectTo("/a"), redirectTo("/b"), redirectTo("/b"), redirectTo("/b")],
      "/a": [cutAfter(content, 50_000, one)],
      "/b": [part(other, one)],
    })],
    async (server) => {
      await checkModule(loadModule(server.url, { schedule: quick }), other)
      await untilIdle(server)
    },
  ))

/** A client whose bodies use one buffer for all their chunks. */
const refilling = (bytes: Uint8Array): HttpClient.HttpClient =>
  HttpClient.make((request) =>
    Effect.sync(() => {
      const buffer = new Uint8Array(1_000)
      let at = 0
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          // A reader that kept the last chunk sees this one instead.
          buffer.fill(0xff)
          const next = bytes.subarray(at, at += buffer.length)
          if (next.length === 0) return controller.close()
          buffer.set(next)
          controller.enqueue(buffer.subarray(0, next.length))
        },
      }, { highWaterMark: 0 })
      const headers = { "content-type": "application/wasm", ...fresh }
      return HttpClientResponse.fromWeb(request, new Response(body, { headers }))
    })
  )

test("what was checked is what is compiled and stored, even if the buffer is used again", () =>
  withFolder(async (folder) => {
    const store = Http.ModuleCache.directory(folder)
    const integrity = await integrityOf(content)
    for (const validation of ["structure", "full"] as const) {
      const cache = Http.ModuleCache.make({ store, singleClient: true })
      const options: LoadModuleOptions = { integrity, validation, cache }
      const url = `https://example.org/${validation}.wasm`
      const load = () =>
        Effect.runPromise(
          Effect.provideService(
            Http.loadModule(url, options),
            HttpClient.HttpClient,
            refilling(content),
          ),
        )
      await checkModule(load(), content)
      await Effect.runPromise(cache.flush)
      const again = Http.ModuleCache.make({ store, singleClient: true })
      const stored = Effect.provideService(
        Http.loadModule(url, { ...options, cache: again }),
        HttpClient.HttpClient,
        HttpClient.make(() => Effect.die("It was asked for again")),
      )
      await checkModule(Effect.runPromise(stored), content)
    }
  }))

test("a buffer that is filled anew at any time later does not change what is compiled", async () => {
  const integrity = await integrityOf(content)
  for (let later = 0; later < 24; later++) {
    const body = () => {
      const buffer = new Uint8Array(content)
      return new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          controller.enqueue(buffer)
          controller.close()
          for (let i = 0; i < later; i++) await Promise.resolve()
          buffer.set(other)
        },
      }, { highWaterMark: 0 })
    }
    const response = () => new Response(body(), { headers: { "content-type": "application/wasm" } })
    const client = HttpClient.make((request) =>
      Effect.succeed(HttpClientResponse.fromWeb(request, response()))
    )
    const loads = [
      loadModule(response(), { integrity }),
      Effect.runPromise(
        Effect.provideService(
          Http.loadModule("https://example.org/module.wasm", { integrity, retries: 0 }),
          HttpClient.HttpClient,
          client,
        ),
      ),
    ]
    for (const load of loads) {
      const [outcome] = await Promise.allSettled([load])
      if (outcome?.status === "fulfilled") await checkModule(load, content)
    }
    // Without integrity, the module is one of the two, whole: the one that was decoded.
    const [plain] = await Promise.allSettled([compileStreaming(response())])
    assert.ok(plain?.status === "fulfilled" || plain?.reason instanceof WebAssembly.CompileError)
  }
})

test("a checksum is the same for every split, and another one for other bytes", () => {
  const checksum = (...chunks: ReadonlyArray<Uint8Array>): string => {
    const made = new Checksum()
    for (const chunk of chunks) made.update(chunk)
    return made.digest()
  }
  const bytes = content.subarray(0, 1_003)
  const expected = checksum(bytes)
  for (let at = 0; at < 20; at++) {
    for (let to = at; to < 40; to += 3) {
      assert.equal(
        checksum(bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)),
        expected,
      )
    }
  }
  const seen = new Set([expected])
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at] = (changed[at] ?? 0) ^ 1
    seen.add(checksum(changed))
  }
  for (let size = 0; size < bytes.length; size++) seen.add(checksum(bytes.subarray(0, size)))
  assert.equal(seen.size, 1 + 2 * bytes.length)
})

// What may a URL reach?

// deno-fmt-ignore
const unreachable: ReadonlyArray<readonly [name: string, source: string | URL, options?: LoadModuleOptions]> = [
  ["an absolute path", "/etc/passwd"],
  ["a relative path", "./package.json"],
  ["a path of another system", "C:\\Windows\\win.ini"],
  ["a file: URL", "file:///etc/passwd"],
  ["a file: URL as URL", new URL("file:///etc/passwd")],
  ["data: where it was not allowed", "data:application/wasm;base64,AGFzbQEAAAA=", { protocols: ["https:"] }],
  ["http: where it was not allowed", "http://127.0.0.1:1/module.wasm", { protocols: ["https:"] }],
]
for (const [name, source, options = {}] of unreachable) {
  test(`${name} is not read`, async () => {
    const error = await checkFailure(loadModule(source, options), ["LoadError", "url"])
    assert.equal(Reflect.get(error, "attempts"), 0)
    assert.doesNotMatch(String(Reflect.get(error, "message")), /root:/)
  })
}

test("a file that is no file is not waited for", () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, "a.wasm"))
    const load = loadModule(join(folder, "a.wasm"), { protocols: ["file:"] })
    await checkFailure(load, ["LoadError", "file"])
  }))

// Where do secrets end up?

const secret = "s3cr3t"

test("tokens are in no message, no field of an error and no span", async () => {
  await withServer([status(500), status(404)], async ({ url }) => {
    const spans: Array<string> = []
    const collecting = Effect.map(Effect.tracer, (base) =>
      Tracer.make({
        span: (options) => {
          const span = base.span(options)
          const { attribute } = span
          span.attribute = (key, value) => {
            spans.push(`${key}=${value}`)
            attribute.call(span, key, value)
          }
          for (const [key, value] of span.attributes) spans.push(`${key}=${value}`)
          return span
        },
      }))
    const sources = [
      `${url}?token=${secret}&x=${secret}`,
      `http://user:${secret}@[/module.wasm`,
      `http://user:${secret}@127.0.0.1:1/module.wasm`,
      `//user:${secret}@127.0.0.1:1/module.wasm`,
      `gopher://${secret}@x/`,
      `data:text/plain,${secret.repeat(50_000)}`,
    ]
    for (const source of sources) {
      const program = Http.loadModule(source, { retries: 0 }).pipe(
        Effect.flip,
        Effect.provideService(HttpClient.TracerPropagationEnabled, false),
        Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      )
      const error = await runLoad(
        Effect.flatMap(collecting, (tracer) => Effect.withTracer(program, tracer)),
      )
      const { message } = error
      const url = Reflect.get(error, "url")
      for (const text of [message, String(url)]) {
        assert.doesNotMatch(text, new RegExp(secret), source.slice(0, 60))
        assert.ok(text.length < 1_000)
      }
    }
    for (const attribute of spans) assert.doesNotMatch(attribute, new RegExp(secret))
  })
})

test("a store holds no header field and no URL, in files of their owner alone", () =>
  withFolder((folder) =>
    withServer([whole(content, { ...one, ...fresh })], async ({ url }) => {
      const path = join(folder, "cache")
      const cache = Http.ModuleCache.make({
        store: Http.ModuleCache.directory(path),
        singleClient: true,
      })
      const add = (request: HttpClientRequest.HttpClientRequest) =>
        request.pipe(
          HttpClientRequest.bearerToken(Redacted.make(secret)),
          HttpClientRequest.setHeader("cookie", secret),
          HttpClientRequest.setUrlParam("token", secret),
        )
      await checkModule(loadWith(add, url, { cache }), content)
      await Effect.runPromise(cache.flush)
      const [name = ""] = await readdir(path)
      const text = (await readFile(join(path, name))).toString("latin1")
      assert.doesNotMatch(name + text, new RegExp(`${secret}|127\\.0\\.0\\.1`))
      // On Windows, the folder's access rules apply.
      if (process.platform === "win32") return
      assert.equal((await lstat(join(path, name))).mode & 0o777, 0o600)
      assert.equal((await lstat(path)).mode & 0o777, 0o700)
    })
  ))

test("with a secret, an entry that was written without it is dropped", () =>
  withFolder((folder) =>
    withServer([whole(content, fresh), whole(other, fresh)], async ({ asked, url }) => {
      const store = ModuleCache.directory(folder)
      const with_ = (text: string | undefined) =>
        new ModuleCache({ store, ...(text === undefined ? {} : { secret: Redacted.make(text) }) })
      const forged = with_(undefined)
      await checkModule(loadModule(url, { cache: forged }), content)
      await forged.flush()
      // The entry is found under its digest, which is keyed as well: it is not even looked at.
      const keyed = with_("k")
      await checkModule(loadModule(url, { cache: keyed }), other)
      await keyed.flush()
      await checkModule(loadModule(url, { cache: with_("k") }), other)
      assert.equal(asked.length, 2)
    })
  ))

test("what is no regular file in a store is removed", () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, "a.wasm-cache"))
    await writeFile(join(folder, "a.wasm-cache", "x"), "")
    const store = directory(folder)
    assert.equal(await Effect.runPromise(store.getUint8Array("a")), undefined)
    assert.deepEqual(await readdir(folder), [])
  }))

// deno-fmt-ignore
const printed: ReadonlyArray<readonly [url: string, printed: string]> = [
  ["https://example.org/a.wasm", "https://example.org/a.wasm"],
  ["https://u:p@example.org/a.wasm", "https://example.org/a.wasm"],
  ["https://u:p@x@example.org/a@b", "https://example.org/a@b"],
  ["https:\\\\u:p@example.org/", "https:\\\\example.org/"],
  ["//u:p@example.org/a", "//example.org/a"],
  ["https://example.org/?a=1&b=2#c", "https://example.org/?a=…&b=…"],
  ["https://example.org/?a&b=", "https://example.org/?…&b="],
  ["https://example.org/?secret", "https://example.org/?…"],
  ["blob:https://u:p@example.org/1", "blob:https://example.org/1"],
  ["blob:nonsense", "blob:nonsense"],
  ["https://example.org/\u202e\u0007\u0000", "https://example.org/\\u{202e}\\u{7}\\u{0}"],
  [`https://example.org/${"a".repeat(500)}`, `https://example.org/${"a".repeat(180)}…`],
  ["data:application/wasm;base64,AGFzbQEAAAA=", "data:application/wasm;base64,… (41 characters)"],
  ["data:nonsense", "data:…"],
  ["./a.wasm", "./a.wasm"],
  ["", ""],
]
for (const [url, expected] of printed) {
  test(`a URL as it is printed: ${JSON.stringify(url.slice(0, 50))}`, () => {
    assert.equal(printUrl(url), expected)
  })
}

// What decides about a retry?

test("a host or path that holds the words of a failure is retried as any other", async () => {
  for (
    const path of [
      "redirect",
      "redirect count exceeded",
      "certificate",
      "invalid peer certificate: X",
    ]
  ) {
    const url = `http://127.0.0.1:2/${encodeURI(path)}.wasm`
    const error = await checkFailure(loadModule(url, { schedule: quick }), [
      "LoadError",
      "connection",
    ])
    assert.equal(Reflect.get(error, "attempts"), 6)
  }
})

const withCode = (code: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) })

test("failures are told apart by their codes", () => {
  for (
    const code of [
      "CERT_HAS_EXPIRED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ]
  ) {
    assert.ok(isCertificateRefusal(withCode(code)))
  }
  for (
    const code of [
      "Z_DATA_ERROR",
      "ZlibError",
      "BrotliDecompressionError",
      "ZSTD_error_prefix_unknown",
    ]
  ) {
    assert.ok(isDecodingFailure(withCode(code)))
  }
  assert.ok(
    isRedirectCircle(
      new TypeError("fetch failed", { cause: new Error("redirect count exceeded") }),
    ),
  )
  for (const code of ["ECONNRESET", "ECONNREFUSED", "UND_ERR_SOCKET", "Z_BUF_ERROR", ""]) {
    const error = withCode(code)
    assert.ok(!isCertificateRefusal(error) && !isDecodingFailure(error) && !isRedirectCircle(error))
  }
})

test("a cause that names a secret of the URL is replaced by one that does not", () => {
  const url = "https://user:pass@example.org/a?token=secret#part"
  for (const secret of ["token=secret", "pass", "part"]) {
    const inner = Object.assign(new Error(`for url (https://example.org/?${secret})`), {
      code: "E",
    })
    const cause = discreet(new TypeError("failed", { cause: inner }), url)
    assert.ok(cause instanceof Error)
    assert.ok(!`${cause} ${cause.stack} ${cause.cause}`.includes(secret))
    assert.deepEqual([cause.name, Reflect.get(cause, "code")], ["TypeError", "E"])
  }
  const harmless = new TypeError("failed", { cause: new Error("ECONNREFUSED") })
  assert.equal(discreet(harmless, url), harmless)
})

test("what a runtime says is printed safely", () => {
  assert.equal(said(new Error("\u001b[2J\u202eevil")), "\\u{1b}[2J\\u{202e}evil")
  assert.ok(said(new Error("a".repeat(1e6))).length < 300)
  assert.equal(said(new Error(`no (https://u:${secret}@h/?t=${secret})`)), "no (the URL)")
})

test("a header field of a megabyte of spaces is looked at once", () => {
  const spaces = " ".repeat(1_000_000)
  assert.equal(isWasmContentType(`application/wasm${spaces}`), true)
  assert.equal(isWasmContentType(`application/wasm${spaces}x`), false)
})

// What do messages say?

test("a timeout tells why the attempts failed", () =>
  withServer([status(503)], async ({ url }) => {
    const load = loadModule(url, {
      timeout: 300,
      retries: { times: 1_000, delay: 20, maxDelay: 20 },
    })
    const error = await checkFailure(load, ["LoadError", "timeout"])
    const cause = Reflect.get(error, "cause")
    assert.ok(cause instanceof LoadError && cause.reason === "status")
    assert.match(String(Reflect.get(error, "message")), /503/)
  }))

test("a body that ends early tells how many bytes were announced", () =>
  withServer([cutAfter(content, 1_000)], async ({ url }) => {
    const error = await checkFailure(loadModule(url, { retries: 0 }), ["LoadError", "connection"])
    assert.deepEqual([Reflect.get(error, "actual"), Reflect.get(error, "expected")], [
      1_000,
      content.length,
    ])
  }))

test("with integrity, what the bytes are is told first", async () => {
  const integrity = await integrityOf(content)
  const cases = [[new Uint8Array(), "empty"], [content.slice(0, 1_000), "truncated"]] as const
  for (const [bytes, reason] of cases) {
    await withServer([whole(bytes)], async ({ url }) => {
      await checkFailure(loadModule(url, { integrity }), ["CompileError", reason])
    })
  }
})

test("a listener that throws does not silence the others of a shared load", () =>
  withServer([whole(content)], async ({ url }) => {
    const cache = Http.ModuleCache.make()
    let told = 0
    const throwing = () => {
      throw new Error("mine")
    }
    const loads = [throwing, () => void told++].map((onProgress) =>
      loadModule(url, { cache, onProgress })
    )
    await settled(Promise.all(loads))
    assert.ok(told > 1, `${told}`)
  }))
