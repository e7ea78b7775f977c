/**
 * Serves one module over loopback for `http_load.ts`: at full speed or paced, over a connection that breaks, with a
 * validator, ranges and 304; and counts what it sends.
 *
 * - `/fresh`: makes the bytes unique; the response has an id and digests of the bytes
 * - `/module?id=…`: the module; `&speed=50` for 50 MB per second, `&breaks=places` or `&breaks=times` if it is to break
 *   five times: after each sixth of the module, or after each sixth of the time that it takes
 * - `/seen?id=…`: the number of requests, and the number of bytes sent in bodies
 *
 * Usage: `http_load_server.ts <module.wasm>`. Prints its port, and ends when its standard input does.
 *
 * @module
 */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import process from "node:process"
import { stampModule } from "./support.ts"

/** The requests for an id. */
interface Load {
  requests: number
  sent: number
  breaks: number
  /** When the first request arrived. */
  began: number | undefined
}

const breaks = 5
const [modulePath] = process.argv.slice(2)
if (modulePath === undefined) throw new Error("Name the module to serve")
const { bytes, renew } = stampModule(await readFile(modulePath))
const loads = new Map<string, Load>()

const digest = (algorithm: string): string =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`

/** Writes the bytes that are due by the clock, up to `end`, and then calls `done`. */
const writePaced = (
  answer: ServerResponse,
  start: number,
  end: number,
  speed: number,
  load: Load,
  done: () => void,
): void => {
  const began = performance.now()
  let at = start
  const step = (): void => {
    const due = Math.min(start + Math.floor((performance.now() - began) * speed * 1_000), end)
    if (due > at) answer.write(bytes.subarray(at, due))
    load.sent += due - at
    at = due
    if (at < end) return
    clearInterval(timer)
    done()
  }
  const timer = setInterval(step, 2)
  answer.on("close", () => clearInterval(timer))
}

/** Where this connection breaks, if it does. */
const breakAt = (query: URLSearchParams, start: number, speed: number, load: Load): number => {
  const kind = query.get("breaks")
  if (kind === null || load.breaks >= breaks) return bytes.length
  const next = (load.breaks + 1) / (breaks + 1)
  if (kind === "places") return Math.floor(bytes.length * next)
  const passed = performance.now() - (load.began ?? 0)
  const left = bytes.length * next / speed / 1_000 - passed
  return Math.min(bytes.length, start + Math.max(0, Math.floor(left * speed * 1_000)))
}

const serve = (request: IncomingMessage, answer: ServerResponse, query: URLSearchParams): void => {
  const id = query.get("id") ?? ""
  const load = loads.get(id)
  if (load === undefined) return void answer.writeHead(404).end()
  load.requests++
  load.began ??= performance.now()
  const tag = `"${id}"`
  const cached = { etag: tag, "cache-control": query.has("fresh") ? "max-age=3600" : "no-cache" }
  if (request.headers["if-none-match"] === tag) return void answer.writeHead(304, cached).end()
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]
  const start = range !== undefined && request.headers["if-range"] === tag ? Number(range) : 0
  const last = bytes.length - 1
  answer.writeHead(start > 0 ? 206 : 200, {
    ...cached,
    "content-type": "application/wasm",
    "content-length": bytes.length - start,
    ...(start > 0 ? { "content-range": `bytes ${start}-${last}/${bytes.length}` } : {}),
  })
  const speed = Number(query.get("speed") ?? 0)
  if (speed === 0) {
    load.sent += bytes.length - start
    return void answer.end(start > 0 ? bytes.subarray(start) : bytes)
  }
  const end = breakAt(query, start, speed, load)
  writePaced(answer, start, end, speed, load, () => {
    if (end === bytes.length) return void answer.end()
    load.breaks++
    answer.socket?.end()
  })
}

let count = 0
const server = createServer((request, answer) => {
  const url = new URL(request.url ?? "/", "http://localhost")
  const json = (value: unknown): void =>
    void answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value))
  switch (url.pathname) {
    case "/fresh": {
      renew()
      const id = `${count++}`
      loads.set(id, { requests: 0, sent: 0, breaks: 0, began: undefined })
      return json({ id, size: bytes.length, sha256: digest("sha256"), sha384: digest("sha384") })
    }
    case "/seen":
      return json(loads.get(url.searchParams.get("id") ?? "") ?? {})
    default:
      return serve(request, answer, url.searchParams)
  }
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") console.log(address.port)
})
process.stdin.on("end", () => process.exit()).resume()
