/**
 * The three loads that run side by side, each over a connection of its own, and what is recorded of each.
 *
 * @module
 */
import { compileStreamingWithReport } from "../../mod.ts"
import type { ModuleReport } from "../../src/binary/mod.ts"
import { nextTurn } from "../../src/platform/natives.ts"
import { type Line, paced, troubled } from "../line.ts"
import type { Collector } from "./collector.ts"

/** The state of a load; times are in milliseconds from its start. */
export interface Lane {
  readonly name: string
  readonly detail: string
  readonly began: number
  firstByte?: number
  lastByte?: number
  /** When it ended, successfully or not. */
  over?: number
  /** The number of bytes taken from the connection; for a sample, the number that the server has sent. */
  taken: number
  /** The number of bytes to send, once it is known. */
  whole?: number
  error?: unknown
  /** Whether the user stopped it. */
  isStopped: boolean
  /** Whether the times of the first and the last byte are final: the browser's own times come late. */
  isTimed: boolean
}

/** The source of the module. */
export type Source =
  | { readonly kind: "sample"; readonly name: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }

/** A response whose bytes are counted. */
interface Opened {
  readonly response: Response
  /** Updates the counts and times once the load has ended. */
  readonly settle: (lane: Lane) => Promise<void>
}

const headers = { "content-type": "application/wasm" }

let runs = 0

/** Loads a sample: the server throttles, and counts what it has sent. */
const openSample = async (
  name: string,
  line: Line,
  lane: Lane,
  signal: AbortSignal,
): Promise<Opened> => {
  const run = `${Math.random()}-${runs++}`
  const { at, rate, trouble } = line
  const query = new URLSearchParams({ rate: `${rate}`, trouble, at: `${at}`, run })
  const url = new URL(`samples/${name}.wasm?${query}`, document.baseURI)
  const response = await fetch(url, { signal })
  lane.firstByte = performance.now() - lane.began
  lane.whole = Number(response.headers.get("content-length"))
  return {
    response,
    settle: async (lane) => {
      // A browser takes a moment to close a connection.
      await new Promise((resolve) => setTimeout(resolve, 100))
      const told: { sent?: number } = await (await fetch(`sent?run=${run}`)).json()
      lane.taken = Math.max(lane.taken, told.sent ?? 0)
      const [entry] = performance.getEntriesByName(url.href)
      if (!(entry instanceof PerformanceResourceTiming) || entry.responseStart === 0) return
      // The browser's own times: the page may have been late to read.
      lane.firstByte = Math.max(entry.responseStart - lane.began, 0)
      // A failed load has a last byte only if it was read to the end, a stopped one never.
      if (lane.error === undefined || (!lane.isStopped && entry.decodedBodySize === lane.whole)) {
        lane.lastByte = Math.max(entry.responseEnd - lane.began, 0)
      }
    },
  }
}

/** Loads bytes that the page has; the stream is throttled here. */
const openBytes = (
  bytes: Uint8Array<ArrayBuffer>,
  line: Line,
  lane: Lane,
  signal: AbortSignal,
): Opened => {
  const sent = troubled(bytes, line)
  lane.whole = sent.bytes.length
  const chunks = paced(sent, line.rate)
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      // Without a turn, the first load to read would keep the others and the page waiting.
      await nextTurn()
      const { done, value } = await chunks.next()
      if (signal.aborted) return controller.error(signal.reason)
      if (done !== true) {
        lane.firstByte ??= performance.now() - lane.began
        lane.taken += value.length
        if (lane.taken === lane.whole) lane.lastByte = performance.now() - lane.began
        return controller.enqueue(value)
      }
      if (sent.end < sent.bytes.length) {
        return controller.error(new TypeError("simulated network error"))
      }
      lane.lastByte ??= performance.now() - lane.began
      controller.close()
    },
    cancel: () => void chunks.return(),
  }, { highWaterMark: 0 })
  return { response: new Response(stream, { headers }), settle: () => Promise.resolve() }
}

/** A response whose bytes are collected while they are read. */
const watched = (
  response: Response,
  lane: Lane,
  collector: Collector,
  signal: AbortSignal,
): Response => {
  if (response.body === null) return response
  const reader = response.body.getReader()
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await reader.read()
      if (done) {
        // A body that is cancelled ends, too.
        if (!signal.aborted) lane.lastByte ??= performance.now() - lane.began
        return controller.close()
      }
      lane.firstByte ??= performance.now() - lane.began
      collector.push(value)
      lane.taken = collector.received
      if (lane.taken === lane.whole) lane.lastByte ??= performance.now() - lane.began
      controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 })
  return new Response(stream, { headers: response.headers })
}

/** Runs a load to its end, and records the result. */
const follow = async <A>(
  lane: Lane,
  signal: AbortSignal,
  open: () => Opened | Promise<Opened>,
  load: (response: Response) => Promise<A>,
): Promise<A | undefined> => {
  let opened: Opened | undefined
  try {
    opened = await open()
    return await load(opened.response)
  } catch (error) {
    lane.error = error
    lane.isStopped = signal.aborted
    return undefined
  } finally {
    lane.over = performance.now() - lane.began
    await opened?.settle(lane).catch(() => {})
    lane.isTimed = true
  }
}

/** The loads of one run. */
export interface Run {
  readonly lanes: ReadonlyArray<Lane>
  /** The result of our load: the report, if the module is valid. */
  readonly ours: Promise<ModuleReport | undefined>
  /** Resolves when all loads are over. */
  readonly all: Promise<unknown>
}

/**
 * Starts the three loads at once.
 *
 * @param source the source of the module
 * @param line the properties of each connection
 * @param isFull whether function bodies are validated
 * @param collector collects the bytes of our load
 * @param signal aborts all loads
 */
export const start = (
  source: Source,
  line: Omit<Line, "isStamped">,
  isFull: boolean,
  collector: Collector,
  signal: AbortSignal,
): Run => {
  const began = performance.now()
  // Browsers stop recording after a few hundred entries.
  performance.clearResourceTimings()
  const lane = (name: string, detail: string): Lane => ({
    name,
    detail,
    began,
    taken: 0,
    isStopped: false,
    isTimed: false,
  })
  const ours = lane(
    "compile-streaming",
    isFull ? "with full validation" : "without full validation",
  )
  const native = lane("native", "WebAssembly.compileStreaming")
  const whole = lane("arrayBuffer", "then WebAssembly.compile")
  const opening = (lane: Lane) => () =>
    source.kind === "sample"
      ? openSample(source.name, { ...line, isStamped: true }, lane, signal)
      // Our load gets the file unchanged; the others get a copy that the engine does not take from its cache.
      : openBytes(source.bytes, { ...line, isStamped: lane !== ours }, lane, signal)
  const ourLoad = follow(ours, signal, opening(ours), async (response) => {
    const options = { signal, validation: isFull ? "full" : "structure" } as const
    const seen = watched(response, ours, collector, signal)
    return (await compileStreamingWithReport(seen, options)).report
  })
  const others = [
    follow(native, signal, opening(native), (response) => WebAssembly.compileStreaming(response)),
    follow(whole, signal, opening(whole), async (response) => {
      const buffer = await response.arrayBuffer()
      whole.lastByte = performance.now() - began
      return await WebAssembly.compile(buffer)
    }),
  ]
  return { lanes: [ours, native, whole], ours: ourLoad, all: Promise.all([ourLoad, ...others]) }
}
