/**
 * Runs a scenario: loads from the chaos server, and checks how the load ended and what it requested.
 */
import assert from "node:assert/strict"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { Http, loadModule, type ModuleCacheService } from "../../../../src/http/mod.ts"
import { strongValidator } from "./answer.ts"
import { isMadeOf } from "./content.ts"
import { aborted, type End, type Scenario } from "./scenario.ts"
import type { ChaosServer, Seen } from "./server.ts"
import { settled } from "../../../support/outcomes.ts"

/** The time limit of a scenario, in milliseconds, on a busy machine. */
const limit = 60_000

/** A part of a body that the loader took, by the request's `Range`. */
interface Taken {
  readonly status: number
  readonly range: string | undefined
  bytes: number
}

type Fetch = typeof globalThis.fetch

/** A fetch that counts what is read of its bodies. */
const countingFetch = (taken: Array<Taken>): Fetch => {
  const counting = async (...args: Parameters<Fetch>): Promise<Response> => {
    const response = await fetch(...args)
    const range = new Headers(args[1]?.headers).get("range") ?? undefined
    const entry: Taken = { status: response.status, range, bytes: 0 }
    taken.push(entry)
    if (response.body === null) return response
    const reader = response.body.getReader()
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        entry.bytes += value.length
        controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    }, { highWaterMark: 0 })
    const { headers, status } = response
    return new Response(body, { headers, status })
  }
  return Object.assign(counting, { preconnect: () => {} })
}

const read = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

/** The tagged error in what a promise was rejected with. */
const taggedOf = (error: unknown): unknown => {
  const cause = read(error, "cause")
  if (read(error, "_tag") !== undefined) return error
  // A native error is exactly of the constructor that its tag names.
  const tag = read(cause, "_tag")
  const native = tag === "TypeError" ? TypeError : WebAssembly.CompileError
  return read(error, "constructor") === native ? cause : error
}

const showEnd = (end: End): string =>
  "module" in end ? `module ${end.module}` : `${end.tag} ${end.reason}`

const showSeen = (seen: ReadonlyArray<Seen>): string =>
  seen.slice(0, 12).map(({ asked, left, offset, sent, status, step }) =>
    `  ${asked.path} ${asked.fields.get("range") ?? "-"} ${asked.fields.get("if-range") ?? "-"}` +
    ` → ${status}, ${sent} bytes from ${offset}${left ? ", left" : ""} ${JSON.stringify(step)}`
  ).join("\n")

/** The violations of what RFC 9110 requires of range requests. */
const breaches = (scenario: Scenario, seen: ReadonlyArray<Seen>): ReadonlyArray<string> =>
  seen.flatMap(({ asked }, index) => {
    const range = asked.fields.get("range")
    const condition = asked.fields.get("if-range")
    if (asked.method !== "GET") return [`${index}: ${asked.method}`]
    if (range === undefined) return condition === undefined ? [] : [`${index}: If-Range alone`]
    if (scenario.options.resume === false) return [`${index}: a range in spite of resume: false`]
    const first = Number(/^bytes=([1-9]\d*)-$/.exec(range)?.[1] ?? Number.NaN)
    if (Number.isNaN(first)) return [`${index}: Range: ${range}`]
    const known = seen.slice(0, index).filter(({ status, step }) =>
      (status === 200 || status === 206) && step.coding === undefined &&
      strongValidator(scenario.validators, step.version ?? 0) !== undefined &&
      strongValidator(scenario.validators, step.version ?? 0) === condition
    )
    if (known.length === 0) return [`${index}: If-Range: ${condition} is no strong validator here`]
    const sent = Math.max(...known.map(({ offset, sent }) => offset + sent))
    return first <= sent ? [] : [`${index}: from ${first} of ${sent}`]
  })

/** Checks that each request continues where the previous bytes stopped, and that no byte is fetched twice. */
const checkSteady = (scenario: Scenario, taken: ReadonlyArray<Taken>): void => {
  const resumable = strongValidator(scenario.validators, 0) !== undefined
  let have = 0
  for (const { bytes, range, status } of taken.filter(({ status }) => status < 300)) {
    if (resumable && have > 0) assert.equal(range, `bytes=${have}-`)
    have = status === 206 ? have + bytes : Math.max(have, bytes)
  }
  const size = scenario.contents[0]?.bytes.length
  assert.equal(have, size)
  if (!resumable) return
  const sum = taken.filter(({ status }) => status < 300).reduce((sum, { bytes }) => sum + bytes, 0)
  assert.equal(sum, size, "no byte is fetched twice")
}

/** Checks that the fields of a `LoadError` are correct. */
const checkFacts = (
  { options, rest, steps }: Scenario,
  error: unknown,
  url: string,
  seen: ReadonlyArray<Seen>,
): void => {
  const reason = read(error, "reason")
  const attempts = read(error, "attempts")
  const received = read(error, "received")
  assert.ok(typeof attempts === "number" && typeof received === "number")
  assert.equal(read(error, "url"), url)
  // Redirects cause more requests, as do encoded bodies on Deno. A load that timed out may have made one more request.
  const plain = [...steps, rest ?? {}].every(({ coding, fields }) =>
    coding === undefined && fields?.["location"] === undefined
  )
  const timed = reason === "timeout" || reason === "idle-timeout" || reason === "aborted"
  if (plain && !timed) assert.equal(attempts, seen.length, "attempts")
  if (reason === "status") assert.equal(read(error, "status"), seen.at(-1)?.status)
  if (reason === "too-large") assert.equal(read(error, "expected"), options.maxBytes)
  if (reason === "integrity") {
    const algorithm = String(read(error, "expected")).split("-")[0] ?? ""
    assert.ok(options.integrity?.includes(algorithm))
    assert.ok(String(read(error, "actual")).startsWith(`${algorithm}-`))
  }
}

const abortLater = async (
  { abortAt }: Scenario,
  controller: AbortController,
  seen: () => ReadonlyArray<Seen>,
): Promise<void> => {
  if (abortAt === undefined) return
  while (seen().length < abortAt && !controller.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  if (abortAt > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  controller.abort(new Error("enough"))
}

/** What a scenario is run with. */
export interface Stage {
  readonly server: ChaosServer
  /** The controller of the load's signal, which some scenarios abort. */
  readonly controller: AbortController
  /** Through the Effect API, which counts the bytes read; or through the Promise API, with or without a cache. */
  readonly way: "effect" | "promise" | "cache"
  readonly cache: ModuleCacheService
}

/** Runs a scenario to its end; throws if anything is wrong. */
export const playScenario = async (scenario: Scenario, stage: Stage): Promise<void> => {
  const { cache, controller, server, way } = stage
  const { ends, options: { retries = 8, spacing = 1, ...options }, requests, steady } = scenario
  const { seen, url } = server.play(scenario)
  const schedule = Schedule.upTo(Schedule.spaced(spacing), { times: retries })
  const all = { ...options, schedule, signal: controller.signal }
  const taken: Array<Taken> = []

  const start = async (): Promise<WebAssembly.Module> => {
    if (way === "promise") return await loadModule(url, all)
    if (way === "cache") return await loadModule(url, { ...all, cache })
    const program = Http.loadModule(url, all).pipe(
      Effect.provide(FetchHttpClient.layer),
      Effect.provideService(FetchHttpClient.Fetch, countingFetch(taken)),
    )
    const exit = await Effect.runPromiseExit(program)
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }

  const abort = scenario.abortAt === 0
    ? Promise.resolve(controller.abort(new Error("enough")))
    : abortLater(scenario, controller, seen)
  let ended: End | undefined
  let error: unknown
  try {
    const module = await settled(start(), limit)
    const version = scenario.contents.findIndex((content) => isMadeOf(module, content))
    ended = { module: version }
  } catch (caught) {
    error = taggedOf(caught)
    const tag = read(error, "_tag")
    if (tag === "TypeError" || tag === "CompileError" || tag === "LoadError") {
      ended = { tag, reason: String(read(error, "reason")) }
    }
    // A promise is rejected with the signal's reason; the Effect fails with a tagged error.
    const isAbort = controller.signal.aborted && error === controller.signal.reason
    if (isAbort || (tag === "SourceError" && read(error, "reason") === "aborted")) ended = aborted
  } finally {
    await abort
  }

  try {
    const expected = ends.map(showEnd)
    assert.ok(ended !== undefined, `It ended in ${error}`)
    assert.ok(
      expected.includes(showEnd(ended)),
      `It ended in ${showEnd(ended)}, not in ${expected.join(" or ")}: ${read(error, "message")}`,
    )
    if (requests !== undefined) assert.equal(seen().length, requests, "requests")
    assert.deepEqual(breaches(scenario, seen()), [])
    if (steady === true && way === "effect") checkSteady(scenario, taken)
    if (read(error, "_tag") === "LoadError") checkFacts(scenario, error, url, seen())
  } catch (failure) {
    if (failure instanceof Error) {
      failure.message += `\n  options ${JSON.stringify(scenario.options)}, ${way},` +
        ` ${scenario.validators}, sizes ${scenario.contents.map(({ bytes }) => bytes.length)}` +
        `\n${showSeen(seen())}\n  taken ${JSON.stringify(taken)}`
    }
    throw failure
  }
}
