/**
 * Serves the page over loopback: its scripts, the samples over a connection that is as slow or faulty as the page asks for,
 * and the code that the page links to.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import { fileURLToPath } from "node:url"
import { bundlePage } from "./bundle.ts"
import { type Line, paced, type Trouble, troubled, TROUBLES } from "./line.ts"
import { readSamples } from "./samples.ts"

/** A running server. */
export interface DemoServer {
  /** The page's address. */
  readonly url: string
  readonly close: () => Promise<void>
}

const root = fileURLToPath(new URL("../", import.meta.url))

/** The only paths of code and documents that are served: those that the page may link to. */
const linked = /^\/(?:(?:src|demo)\/(?:[a-z0-9_]+\/)*[a-z0-9_]+\.ts|docs\/[a-z_]+\.md|README\.md)$/

/** The Content-Security-Policy: only modules may be fetched from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self' http: https:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ")

const answer = (response: ServerResponse, type: string, body: string | Uint8Array): void => {
  const headers = { "content-type": type, "cache-control": "no-store" }
  response.writeHead(200, { ...headers, "x-content-type-options": "nosniff" }).end(body)
}

/** A number in a query, within bounds. */
const number = (query: URLSearchParams, name: string, most: number): number => {
  const value = Number(query.get(name) ?? 0)
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), most) : 0
}

const troubleOf = (name: string | null): Trouble =>
  TROUBLES.find((trouble) => trouble === name) ?? "none"

/** Sends a module over a simulated connection; then ends the response, or cuts the connection. */
const send = async (
  response: ServerResponse,
  module: Uint8Array<ArrayBuffer>,
  line: Line,
  count: (bytes: number) => void,
): Promise<void> => {
  const sent = troubled(module, line)
  response.writeHead(200, {
    "content-type": "application/wasm",
    "content-length": String(sent.bytes.length),
    "cache-control": "no-store",
  })
  for await (const chunk of paced(sent, line.rate)) {
    if (response.destroyed) return
    count(chunk.length)
    if (!response.write(chunk)) await drained(response)
  }
  if (sent.end === sent.bytes.length) response.end()
  else response.destroy()
}

/** Waits until the socket takes more, or is closed. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done)
      resolve()
    }
    response.on("drain", done).on("close", done)
  })

/** The most runs that are remembered. */
const memory = 1_000

/**
 * Builds the page and serves it.
 *
 * @param port the port; for 0, the system picks one
 */
export const startDemo = async (port = 0): Promise<DemoServer> => {
  const { later, scripts, size } = await bundlePage()
  const samples = readSamples()
  const about = JSON.stringify({
    size,
    later,
    samples: samples.map(({ bytes, name, title }) => ({ name, title, size: bytes.length })),
  })
  const page = readFileSync(new URL("page/index.html", import.meta.url))
  const style = readFileSync(new URL("page/style.css", import.meta.url))
  const runs = new Map<string, number>()

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback")
    if (pathname === "/") return void response.writeHead(302, { location: "/demo/" }).end()
    if (pathname === "/demo/") {
      response.setHeader("content-security-policy", policy)
      return answer(response, "text/html; charset=utf-8", page)
    }
    if (pathname === "/demo/style.css") return answer(response, "text/css", style)
    if (pathname === "/demo/about.json") return answer(response, "application/json", about)
    const script = scripts.get(pathname.replace("/demo/", ""))
    if (script !== undefined) return answer(response, "text/javascript", script)
    const run = (searchParams.get("run") ?? "").slice(0, 64)
    if (pathname === "/demo/sent") {
      return answer(response, "application/json", JSON.stringify({ sent: runs.get(run) ?? 0 }))
    }
    const sample = samples.find(({ name }) => pathname === `/demo/samples/${name}.wasm`)
    if (sample !== undefined) {
      if (runs.size > memory) runs.clear()
      response.on("error", () => {})
      return void send(response, sample.bytes, {
        rate: number(searchParams, "rate", 1e9),
        trouble: troubleOf(searchParams.get("trouble")),
        at: number(searchParams, "at", 1),
        isStamped: true,
      }, (bytes) => runs.set(run, (runs.get(run) ?? 0) + bytes))
    }
    if (linked.test(pathname) && existsSync(root + pathname.slice(1))) {
      return answer(response, "text/plain; charset=utf-8", readFileSync(root + pathname.slice(1)))
    }
    response.writeHead(404, { "content-type": "text/plain" }).end("Not found")
  })
  return await new Promise((resolve, reject) => {
    server.on("error", reject)
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      if (address === null || typeof address === "string") return reject(new Error("No port"))
      resolve({
        url: `http://127.0.0.1:${address.port}/demo/`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}
