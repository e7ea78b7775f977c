/**
 * Tests the chaos server itself with plain `fetch`, as the other tests rely on it.
 */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import type { Step, Validators } from "./support/answer.ts"
import { isMadeOf, makeContent } from "./support/content.ts"
import { type ChaosServer, type Play, startChaosServer } from "./support/server.ts"
import { random } from "../../support/random.ts"

const content = makeContent(random(1), 40_000)
const changed = makeContent(random(2), 50_000, "text")
const { bytes } = content

let server: ChaosServer | undefined
before(async () => {
  server = await startChaosServer()
})
after(() => server?.close())

const play = (steps: ReadonlyArray<Step>, validators: Validators = "strong"): Play => {
  assert.ok(server !== undefined)
  return server.play({ validators, contents: [content, changed], steps })
}

interface Got {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly failed: boolean
}

/** Reads a response, and whether it ended without an error. */
const get = async (url: string, headers: Record<string, string> = {}): Promise<Got> => {
  const response = await fetch(url, { headers })
  const parts: Array<Uint8Array> = []
  let failed = false
  try {
    for await (const part of response.body ?? []) parts.push(part)
  } catch {
    failed = true
  }
  return {
    status: response.status,
    headers: response.headers,
    bytes: new Uint8Array(await new Blob(parts.map((part) => part.slice())).arrayBuffer()),
    failed,
  }
}

/** Compares bytes; `deepEqual` would print them. */
const checkBytes = (got: Uint8Array, expected: Uint8Array): void => {
  assert.equal(got.length, expected.length)
  assert.ok(got.every((byte, at) => byte === expected[at]))
}

const untilClosed = async (): Promise<void> => {
  for (let tries = 0; tries < 500 && server?.open() !== 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.equal(server?.open(), 0)
}

test("the contents are modules that tell what they were made of", async () => {
  const sizes = [0, 200, 5_000, 1_000_000].flatMap((size) =>
    (["noise", "text", "zeros"] as const).map((kind) => makeContent(random(size), size, kind))
  )
  for (const one of sizes) {
    const module = await WebAssembly.compile(one.bytes)
    assert.equal(isMadeOf(module, one), true)
    assert.equal(isMadeOf(module, content), false)
    const head = Array.from({ length: one.bytes.length - one.filler.length }, (_, at) => at)
    const whole = head.filter((at) => WebAssembly.validate(one.bytes.subarray(0, at)))
    assert.deepEqual(whole.filter((at) => !one.boundaries.includes(at)), [])
    assert.equal(WebAssembly.validate(one.bytes.subarray(0, one.bytes.length - 1)), false)
  }
})

for (const framing of ["length", "chunked", "close"] as const) {
  test(`an honest answer: ${framing}`, async () => {
    const played = play([{ framing }])
    const got = await get(played.url)
    assert.deepEqual([got.status, got.failed, got.bytes.length], [200, false, bytes.length])
    checkBytes(got.bytes, bytes)
    assert.equal(got.headers.get("etag"), `"v0"`)
    assert.deepEqual(played.seen().map(({ left, sent }) => [sent, left]), [[bytes.length, false]])
    await untilClosed()
  })
}

for (const framing of ["length", "chunked", "close"] as const) {
  for (const by of ["reset", "end"] as const) {
    for (const at of [0, 1, 5_000, bytes.length - 1]) {
      test(`a cut after ${at} bytes: ${framing}, ${by}`, async () => {
        const played = play([{ framing, cut: { at, by } }])
        const got = await get(played.url).catch(() => undefined)
        // A body that is delimited by the connection's end cannot be seen to be incomplete.
        if (framing === "close" && by === "end") assert.equal(got?.failed, false)
        else if (framing !== "close") assert.notEqual(got?.failed, false)
        if (got?.failed === false) assert.equal(got.bytes.length, at)
        assert.ok((got?.bytes.length ?? 0) <= at)
        assert.equal(played.seen()[0]?.sent, at)
        await untilClosed()
      })
    }
  }
}

for (const at of [0, 4, 30]) {
  test(`a cut after ${at} bytes of the head`, async () => {
    const played = play([{ cut: { at, by: "end", head: true } }])
    await assert.rejects(get(played.url))
    await untilClosed()
  })
}

test("a stalled answer stays open until the client leaves", async () => {
  const played = play([{ cut: { at: 1_000, by: "stall" } }])
  const controller = new AbortController()
  const response = await fetch(played.url, { signal: controller.signal })
  const reader = response.body?.getReader()
  let received = 0
  while (received < 1_000) received += (await reader?.read())?.value?.length ?? 1_000
  assert.equal(received, 1_000)
  assert.equal(server?.open(), 1)
  controller.abort()
  await reader?.read().catch(() => undefined)
  await untilClosed()
  assert.deepEqual(played.seen().map(({ left, over }) => [over, left]), [[true, true]])
})

test("a body in pieces", async () => {
  const played = play([{ pace: [7_000, 1] }])
  checkBytes((await get(played.url)).bytes, bytes)
})

// deno-fmt-ignore
const ranged: ReadonlyArray<readonly [name: string, step: Step, status: number, range: string | null, start: number, end: number]> = [
  ["honour", {}, 206, "bytes 100-39999/40000", 100, 40_000],
  ["ignore", { ranges: "ignore" }, 200, null, 0, 40_000],
  ["changed", { version: 1 }, 200, null, 0, 50_000],
  ["careless", { version: 1, ranges: "careless" }, 206, "bytes 100-49999/50000", 100, 50_000],
  ["liar", { version: 1, ranges: "liar" }, 206, "bytes 100-49999/50000", 100, 50_000],
  ["shifted", { ranges: "shifted" }, 206, "bytes 107-39999/40000", 107, 40_000],
  ["mislabelled", { ranges: "mislabelled" }, 206, "bytes 100-39999/40000", 107, 40_000],
  ["wrong-total", { ranges: "wrong-total" }, 206, "bytes 100-39999/40011", 100, 40_000],
  ["malformed", { ranges: "malformed" }, 206, "bytes from 100", 100, 40_000],
  ["overlong", { ranges: "overlong" }, 206, "bytes 100-39994/40000", 100, 40_000],
  ["unlabelled", { ranges: "unlabelled" }, 206, null, 100, 40_000],
  ["short", { ranges: "short" }, 206, "bytes 100-20049/40000", 100, 20_050],
  ["unknown-total", { ranges: "unknown-total" }, 206, "bytes 100-39999/*", 100, 40_000],
  ["unsatisfiable", { ranges: "unsatisfiable" }, 416, "bytes */40000", 0, 0],
]

for (const [name, step, status, range, start, end] of ranged) {
  test(`a range: ${name}`, async () => {
    const got = await get(play([step]).url, { range: "bytes=100-", "if-range": `"v0"` })
    const source = step.version === 1 ? changed : content
    assert.deepEqual([got.status, got.headers.get("content-range")], [status, range])
    checkBytes(got.bytes, source.bytes.subarray(start, end))
    assert.equal(
      got.headers.get("etag"),
      status === 416 ? null : `"v${name === "liar" ? 0 : step.version ?? 0}"`,
    )
  })
}

test("a range beyond the end, and a cut within a range", async () => {
  const beyond = await get(play([{}]).url, { range: "bytes=40000-" })
  assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, "bytes */40000"])
  const played = play([{ cut: { at: 30_000, by: "end" } }])
  const got = await get(played.url, { range: "bytes=29000-" })
  assert.deepEqual([got.status, got.failed], [206, true])
  assert.deepEqual(played.seen().map(({ offset, sent }) => [offset, sent]), [[29_000, 1_000]])
})

// deno-fmt-ignore
const validated: ReadonlyArray<readonly [Validators, etag: string | null, dated: boolean]> = [
  ["strong", `"v0"`, false],
  ["weak", `W/"v0"`, false],
  ["none", null, false],
  ["dated", null, true],
  ["fresh", null, true],
  ["strong-dated", `"v0"`, true],
  ["weak-dated", `W/"v0"`, true],
]

for (const [validators, etag, dated] of validated) {
  test(`validators: ${validators}`, async () => {
    const { headers } = await get(play([{}], validators).url)
    assert.equal(headers.get("etag"), etag)
    assert.equal(headers.has("last-modified"), dated)
    const same = headers.get("last-modified") === headers.get("date")
    assert.equal(same, validators === "fresh")
  })
}

test("statuses, fields and steps in turn", async () => {
  const played = play([
    { status: 503 },
    { status: 429, fields: { "retry-after": "0" } },
    { status: 200, whole: true, fields: { "content-type": "text/html", etag: null } },
  ])
  const all = [await get(played.url), await get(played.url), await get(played.url)]
  assert.deepEqual(all.map(({ status }) => status), [503, 429, 200])
  assert.deepEqual(all.map(({ headers }) => headers.get("retry-after")), [null, "0", null])
  assert.deepEqual(all.map(({ headers }) => headers.get("etag")), [null, null, null])
  assert.equal(all[2]?.headers.get("content-type"), "text/html")
  assert.equal((await get(played.url)).headers.get("content-type"), "application/wasm")
  assert.equal(played.seen().length, 4)
})

test("a redirect, and one that never ends", async () => {
  const moved = { status: 307, fields: { location: "there.wasm" } }
  const played = play([moved])
  checkBytes((await get(played.url)).bytes, bytes)
  assert.deepEqual(played.seen().map(({ asked }) => asked.path.split("/")[2]), [
    "module.wasm",
    "there.wasm",
  ])
  const loop = server?.play({ validators: "none", contents: [content], steps: [], rest: moved })
  await assert.rejects(get(loop?.url ?? ""))
})

test("a length that is a lie", async () => {
  const more = await get(play([{ claim: 5 }]).url)
  assert.equal(more.failed, true)
  const less = await get(play([{ claim: -5 }]).url).catch(() => undefined)
  assert.ok((less?.bytes.length ?? 0) <= bytes.length - 5)
})

test("gzip: whole, with bytes turned over, broken", async () => {
  const whole = await get(play([{ version: 1, coding: "gzip" }]).url)
  checkBytes(whole.bytes, changed.bytes)
  const broken = await get(play([{ version: 1, coding: "broken" }]).url).catch(() => undefined)
  assert.notEqual(broken?.failed, false)
  const spoilt = await get(play([{ spoilt: [10, 3] }]).url)
  assert.deepEqual([...spoilt.bytes.keys()].filter((at) => spoilt.bytes[at] !== bytes[at]), [
    10,
    11,
    12,
  ])
})

test("a request that comes too soon", async () => {
  const played = play([{}, { notBefore: 60_000 }])
  assert.deepEqual([(await get(played.url)).status, (await get(played.url)).status], [200, 404])
})

test("the request is on record", async () => {
  const played = play([{}])
  await get(played.url, { range: "bytes=7-", "if-range": `"v0"` })
  const [seen] = played.seen()
  assert.deepEqual(
    ["range", "if-range"].map((name) => seen?.asked.fields.get(name)),
    ["bytes=7-", `"v0"`],
  )
  assert.deepEqual([seen?.status, seen?.offset, seen?.sent], [206, 7, bytes.length - 7])
})

test("nothing is left open", untilClosed)
