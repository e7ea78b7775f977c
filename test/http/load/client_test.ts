/**
 * Http.loadModule over any client: its requests, retries, spans and metrics.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as TestClock from "effect/testing/TestClock"
import { Http, loadModule } from "../../../src/http/mod.ts"
import {
  part,
  type Reply,
  silent,
  stallAfter,
  status,
  tagged,
  untilAsked,
  untilIdle,
  withServer,
} from "../../support/servers/http_server.ts"
import { checkModule, makeContent, quick, runLoad } from "../../support/loads.ts"
import { settled } from "../../support/outcomes.ts"

const content = makeContent()
const { length } = content
const one = tagged("one")
const url = "https://example.org/module.wasm"
const type = { "content-type": "application/wasm" }

/** A client with prepared responses; counts the requests whose signal was aborted. */
const mock = (
  ...answers: ReadonlyArray<(request: HttpClientRequest.HttpClientRequest) => Response | Error>
) => {
  const asked: Array<HttpClientRequest.HttpClientRequest> = []
  const signals: Array<AbortSignal> = []
  const client = HttpClient.make((request, _, signal) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]?.(request)
    asked.push(request)
    signals.push(signal)
    return answer instanceof Response
      ? Effect.succeed(HttpClientResponse.fromWeb(request, answer))
      : Effect.fail(
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, cause: answer }),
        }),
      )
  })
  return { client, asked, signals }
}

const run = <A, E>(
  effect: Effect.Effect<A, E, HttpClient.HttpClient>,
  client: HttpClient.HttpClient,
) => settled(Effect.runPromise(Effect.provideService(effect, HttpClient.HttpClient, client)))

/** A client's response with another stream on top. */
const withStream = (
  response: HttpClientResponse.HttpClientResponse,
  stream: HttpClientResponse.HttpClientResponse["stream"],
): HttpClientResponse.HttpClientResponse => Object.create(response, { stream: { value: stream } })

const broken = (size: number): Response => {
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent) controller.error(new Error("cut"))
      else controller.enqueue(content.slice(0, size))
      sent = true
    },
  }, { highWaterMark: 0 })
  return new Response(body, { headers: { ...type, ...one } })
}

const rest = (request: HttpClientRequest.HttpClientRequest): Response => {
  const start = Number(/\d+/.exec(request.headers["range"] ?? "")?.[0])
  return new Response(content.slice(start), {
    status: 206,
    headers: { ...type, ...one, "content-range": `bytes ${start}-${length - 1}/${length}` },
  })
}

test("Http.loadModule goes through the client that there is, and resumes", async () => {
  const { asked, client } = mock(() => new Error("down"), () => broken(1000), rest)
  await checkModule(run(Http.loadModule(url, { schedule: quick }), client), content)
  assert.deepEqual(asked.map(({ headers }) => headers["range"]), [
    undefined,
    undefined,
    "bytes=1000-",
  ])
  assert.equal(asked[2]?.headers["if-range"], '"one"')
})

test("Http.loadModule sends a request's own headers each time, and leaves them as they are", async () => {
  const { asked, client } = mock(() => broken(1000), rest)
  const request = HttpClientRequest.get(url).pipe(
    HttpClientRequest.bearerToken("secret"),
    HttpClientRequest.setHeader("accept-encoding", "gzip"),
  )
  await checkModule(run(Http.loadModule(request, { schedule: quick }), client), content)
  assert.deepEqual(
    asked.map(({ headers }) => [headers["authorization"], headers["accept-encoding"]]),
    [["Bearer secret", "gzip"], ["Bearer secret", "gzip"]],
  )
})

test("Http.loadModule takes a client that completes URLs, and one that judges the status itself", async () => {
  const { asked, client } = mock(
    () => new Response(null, { status: 503 }),
    () => new Response(content, { headers: type }),
  )
  const own = client.pipe(
    HttpClient.mapRequest(HttpClientRequest.prependUrl("https://example.org")),
    HttpClient.filterStatusOk,
  )
  const request = HttpClientRequest.get("/module.wasm")
  await checkModule(run(Http.loadModule(request, { schedule: quick }), own), content)
  assert.deepEqual(asked.map(({ url }) => url), [url, url])
})

test("Http.loadModule reads a client's stream where that is not the response's own", async () => {
  const { client } = mock(() => new Response(content.map((byte) => byte ^ 0xff), { headers: type }))
  const decoding = HttpClient.transformResponse(
    client,
    Effect.map((response) =>
      withStream(response, Stream.map(response.stream, (chunk) => chunk.map((byte) => byte ^ 0xff)))
    ),
  )
  await checkModule(run(Http.loadModule(url), decoding), content)
})

test("a client's stream that breaks is resumed", async () => {
  const { client } = mock(() => broken(1000), rest)
  const own = HttpClient.transformResponse(
    client,
    Effect.map((response) => withStream(response, response.stream)),
  )
  await checkModule(run(Http.loadModule(url, { schedule: quick }), own), content)
})

test("Http.loadModule refuses requests that are no GET, and clients that hand out a body twice", async () => {
  const { client } = mock(() => broken(10))
  const post = await run(Effect.flip(Http.loadModule(HttpClientRequest.post(url))), client)
  assert.deepEqual([post._tag, post.reason], ["TypeError", "options"])
  const same = broken(1000)
  const twice = mock(() => same)
  const error = await run(Effect.flip(Http.loadModule(url, { schedule: quick })), twice.client)
  assert.deepEqual([error._tag, error.reason], ["TypeError", "body-used"])
})

test("Retry-After is a lower bound of the wait, up to a minute", async () => {
  const waited = (retryAfter: string, schedule = quick) => {
    const { client } = mock(
      () => new Response(null, { status: 429, headers: { "retry-after": retryAfter } }),
      () => new Response(content, { headers: type }),
    )
    const program = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Http.loadModule(url, { schedule }))
      const clock = yield* Clock.currentTimeMillis
      while (fiber.pollUnsafe() === undefined) {
        yield* TestClock.adjust("1 seconds")
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 1)))
      }
      yield* Fiber.join(fiber)
      return ((yield* Clock.currentTimeMillis) - clock) / 1_000
    })
    return run(Effect.provide(program, TestClock.layer()), client)
  }
  const few = (seconds: number, least: number) =>
    assert.ok(seconds >= least && seconds < least + 30, `${seconds}`)
  few(await waited("7"), 7)
  few(await waited("3600"), 60)
  few(await waited(new Date(20_000).toUTCString()), 20)
})

test("the schedule is told why each attempt failed", async () => {
  const reasons: Array<string> = []
  const schedule = Schedule.recurs(5).pipe(
    Schedule.setInputType<Http.LoadError>(),
    Schedule.tap(({ input }) => Effect.sync(() => void reasons.push(input.reason))),
  )
  const replies = [silent, status(500), part(content, one, 100), part(content, one)]
  await withServer(replies, async (server) => {
    await checkModule(loadModule(server.url, { schedule, idleTimeout: 800 }), content)
  })
  assert.deepEqual(reasons, ["idle-timeout", "status", "connection"])
})

for (
  const [name, reply] of [["before the answer", silent], [
    "in the body",
    stallAfter(content, 5_000),
  ]] as const
) {
  test(`interruption ${name} closes the connection`, () =>
    withServer([reply], async (server) => {
      const program = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Http.loadModule(server.url))
        yield* Effect.promise(() => untilAsked(server))
        yield* Fiber.interrupt(fiber)
        return yield* Fiber.await(fiber)
      })
      assert.equal((await runLoad(program))._tag, "Failure")
      assert.equal(server.asked.length, 1)
      await untilIdle(server)
    }))
}

test("attempts are spans, and counted", () =>
  withServer([status(503), part(content, one, 1000), part(content, one)], async (server) => {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: ({ startTime, ...options }) => {
        const attributes = new Map<string, unknown>()
        const span: Tracer.Span = {
          _tag: "Span",
          ...options,
          spanId: `${spans.length}`,
          traceId: "t",
          attributes,
          status: { _tag: "Started", startTime },
          end: () => {},
          attribute: (key, value) => void attributes.set(key, value),
          event: () => {},
          addLinks: () => {},
        }
        spans.push(span)
        return span
      },
    })
    const { attempts: made, bytes, resumes } = Http.metrics
    const counts = Effect.forEach(
      [made, resumes, bytes],
      (metric) => Effect.map(Metric.value(metric), ({ count }) => count),
    )
    const program = Effect.gen(function* () {
      const before = yield* counts
      yield* Effect.withTracer(Http.loadModule(server.url, { schedule: quick }), tracer)
      return (yield* counts).map((count, index) => count - (before[index] ?? 0))
    })
    assert.deepEqual(await runLoad(program), [3, 1, length])
    const attempts = spans.filter(({ name }) => name === "Wasm.fetchAttempt").map((
      { attributes },
    ) => ["attempt", "offset", "status"].map((name) => attributes.get(name)))
    assert.deepEqual(attempts, [[1, 0, 503], [2, 0, 200], [3, 1000, 206]])
    assert.ok(spans.some(({ name }) => name === "Wasm.loadModule"))
  }))

test("connections are closed where answers are refused", () => {
  const endless = (code: number, headers: Readonly<Record<string, string>>): Reply => (answer) => {
    answer.writeHead(code, headers)
    const timer = setInterval(() => answer.write(content), 5)
    answer.on("close", () => clearInterval(timer))
  }
  return withServer(
    [endless(503, type), endless(200, { "content-type": "text/html" })],
    async (server) => {
      const error = await runLoad(Effect.flip(Http.loadModule(server.url, { schedule: quick })))
      assert.equal(error.reason, "content-type")
      await untilIdle(server)
    },
  )
})

test("Http.loadModule uses the fetch that the client was given", async () => {
  const fetches: Array<string> = []
  const own: typeof globalThis.fetch = Object.assign(
    (input: string | URL | Request) => {
      fetches.push(String(input))
      return Promise.resolve(new Response(content, { headers: type }))
    },
    { preconnect: () => {} },
  )
  const program = Http.loadModule(url).pipe(
    Effect.provide(FetchHttpClient.layer),
    Effect.provideService(FetchHttpClient.Fetch, own),
  )
  await checkModule(settled(Effect.runPromise(program)), content)
  assert.deepEqual(fetches, [url])
})
