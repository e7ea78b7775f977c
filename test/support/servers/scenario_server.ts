/**
 * An HTTP server on loopback whose paths are scenarios: what networks and servers may do to a module in transit. Each
 * request identifies itself with `?id=…`; `/seen?id=…` returns how it went.
 */
import type { ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import {
  assemble,
  body,
  END,
  func,
  HEADER,
  I32,
  type Part,
  refNull,
  sizeOf,
  types,
  u,
} from "../module_builder.ts"
import { type LoopbackServer, startLoopback } from "./loopback.ts"
import { large } from "../modules.ts"

/** How a request went, as the server saw it. */
export interface Seen {
  /** Bytes of the body handed to the socket. */
  readonly sent: number
  /** Whether the connection was closed before the whole response was sent. */
  readonly broken: boolean
  /** Whether nothing more will happen. */
  readonly over: boolean
}

type Scenario = (answer: ServerResponse, query: URLSearchParams, send: Send) => void | Promise<void>
/** Writes bytes to the socket; `false` if its buffer is full. */
type Send = (bytes: Uint8Array) => boolean

const wasm = { "content-type": "application/wasm" }
const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
const number = (query: URLSearchParams, name: string): number => Number(query.get(name) ?? 0)

/** The first part of a module, of `?after=` bytes, with the headers before it. */
const begin = (answer: ServerResponse, query: URLSearchParams, send: Send): void => {
  const module = large()
  const length = query.has("length") ? { "content-length": String(module.length) } : {}
  answer.writeHead(200, { ...wasm, ...length })
  answer.flushHeaders()
  const after = number(query, "after")
  if (after > 0) send(module.subarray(0, after))
}

/** Sends bytes one by one, from an offset on, as long as the connection is open. */
const trickle = async (
  answer: ServerResponse,
  query: URLSearchParams,
  send: Send,
  bytes: Uint8Array,
): Promise<void> => {
  for (let at = number(query, "after"); query.has("trickle") && !answer.destroyed; at++) {
    await wait(50)
    send(bytes.subarray(at, at + 1))
  }
}

/** The size of a module with an error at its start, in bytes, both declared and actual. */
const FAULTY_SIZE = 32 * 1024 * 1024

const FILLER = new Uint8Array(64 * 1024)

/** The start of a section that claims to go on to the end of the module. */
const longSection = (id: number, ...payload: ReadonlyArray<Part>): Part => [
  id,
  u(FAULTY_SIZE),
  payload,
]
const declared: Part = [HEADER, types(func([], [])), [3, u(3), u(2), 0, 0]]

/** Beginnings of modules: the part that is sent at once, and the part that is sent a moment later. One has the error. */
const faults: Readonly<Record<string, readonly [first: Part, later: Part]>> = {
  magic: [[0x00, 0x61, 0x73, 0x6e, 1, 0, 0, 0], []],
  section: [[HEADER, types(func([], [])), types(func([], []))], []],
  type: [[HEADER, longSection(1, u(1000), func([refNull(5000)], []))], []],
  function: [[declared, longSection(10, u(2), u(FAULTY_SIZE + 1))], []],
  "late-type": [[HEADER, longSection(1, u(1000), func([I32], []))], func([refNull(5000)], [])],
  "late-function": [[declared, longSection(10, u(2), body(0, END))], u(FAULTY_SIZE)],
}

/** Waits until the socket takes more, or is closed. */
const drained = (answer: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      answer.off("drain", done).off("close", done)
      resolve()
    }
    answer.on("drain", done).on("close", done)
  })

const scenarios: Readonly<Record<string, Scenario>> = {
  "/length": (answer, _, send) => {
    const module = large()
    answer.writeHead(200, { ...wasm, "content-length": String(module.length) })
    send(module)
    answer.end()
  },
  "/chunked": (answer, _, send) => {
    const module = large()
    answer.writeHead(200, wasm)
    for (let start = 0; start < module.length; start += 5_000) {
      send(module.subarray(start, start + 5_000))
    }
    answer.end()
  },
  "/gzip": (answer, _, send) => {
    const packed = gzipSync(large())
    answer.writeHead(200, {
      ...wasm,
      "content-encoding": "gzip",
      "content-length": String(packed.length),
    })
    send(packed)
    answer.end()
  },
  "/bad-gzip": (answer, _, send) => {
    const packed = gzipSync(large())
    packed.fill(0xff, 20, packed.length >> 1)
    answer.writeHead(200, { ...wasm, "content-encoding": "gzip" })
    send(packed)
    answer.end()
  },
  "/slow": async (answer, query, send) => {
    const module = large(200)
    answer.writeHead(200, wasm)
    const step = Math.ceil(module.length / 10)
    for (let start = 0; start < module.length && !answer.destroyed; start += step) {
      send(module.subarray(start, start + step))
      await wait(number(query, "pause"))
    }
    answer.end()
  },
  "/late": async (answer, query, send) => {
    await wait(number(query, "pause"))
    scenarios["/length"]?.(answer, query, send)
  },
  "/redirect": (answer, query) => {
    answer.writeHead(302, { location: query.get("to") ?? `/chunked?id=${query.get("id")}` })
    answer.end()
  },
  "/hang": (answer, query, send) => {
    begin(answer, query, send)
    return trickle(answer, query, send, large())
  },
  "/cut": async (answer, query, send) => {
    begin(answer, query, send)
    await wait(30)
    answer.destroy()
  },
  "/end-of-file": async (answer, query, send) => {
    begin(answer, query, send)
    await wait(30)
    answer.socket?.end()
  },
  "/faulty": async (answer, query, send) => {
    const [first, later] = faults[query.get("fault") ?? ""] ?? [[], []]
    answer.writeHead(200, wasm)
    send(assemble(first).bytes)
    if (sizeOf(later) > 0) {
      await wait(number(query, "pause"))
      send(assemble(later).bytes)
    }
    const end = query.has("endless") ? Number.POSITIVE_INFINITY : FAULTY_SIZE
    for (let sent = 0; sent < end && !answer.destroyed; sent += FILLER.length) {
      if (!send(FILLER)) await drained(answer)
      await wait(number(query, "pace"))
    }
    answer.end()
  },
  "/truncated": (answer, query, send) => {
    answer.writeHead(200, wasm)
    send(large().subarray(0, number(query, "after")))
    answer.end()
  },
  "/refuse": (answer) => {
    answer.destroy()
  },
  "/status": (answer, query) => {
    answer.writeHead(number(query, "code"), wasm)
    answer.end("no such module")
  },
  "/page": (answer) => {
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8" })
    answer.end("<!doctype html><title>not a module</title>")
  },
  "/untyped": (answer, _, send) => {
    send(large())
    answer.end()
  },
  // Never ends by itself: it is over when the client closes the connection.
  "/endless": (answer, query, send) => {
    const type = query.get("type") ?? wasm["content-type"]
    answer.writeHead(number(query, "code"), { "content-type": type })
    answer.write("<!doctype html><title>not a module</title>")
    return trickle(answer, query, send, FILLER)
  },
  "/bad": (answer) => {
    answer.writeHead(200, wasm)
    answer.end("<!doctype html><title>not a module</title>")
  },
}

/**
 * Starts the server on a port that the system picks.
 *
 * @param page what `/` answers, for browsers
 */
export const startScenarioServer = (page = ""): Promise<LoopbackServer> => {
  const requests = new Map<string, { sent: number; broken: boolean; over: boolean }>()
  return startLoopback((request, answer) => {
    const url = new URL(request.url ?? "/", "http://loopback")
    const id = url.searchParams.get("id") ?? ""
    if (url.pathname === "/") {
      return void answer.writeHead(200, { "content-type": "text/html" }).end(page)
    }
    if (url.pathname === "/seen") {
      return void answer.writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(requests.get(id) ?? { sent: 0, broken: false, over: false }))
    }
    const scenario = scenarios[url.pathname]
    if (scenario === undefined) return void answer.writeHead(404).end()
    const seen = { sent: 0, broken: false, over: false }
    requests.set(id, seen)
    answer.on("close", () => {
      seen.over = true
      seen.broken = !answer.writableFinished
    })
    answer.on("error", () => {})
    void scenario(answer, url.searchParams, (bytes) => {
      seen.sent += bytes.length
      return answer.write(bytes)
    })
  })
}
