/**
 * A server on loopback for tests of loading by URL: each request gets the next response of a list, the last of which is
 * repeated; requests are recorded.
 */
import type { IncomingHttpHeaders, ServerResponse } from "node:http"
import { startLoopback } from "./loopback.ts"

/** A request as it arrived. */
export interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** Answers one request. */
export type Reply = (answer: ServerResponse, asked: Asked) => void

/** A server that is running. */
export interface TestServer {
  readonly url: string
  readonly asked: ReadonlyArray<Asked>
  /** The number of connections in use. */
  readonly busy: () => number
  readonly close: () => Promise<void>
}

/**
 * Starts a server on a port that the system picks.
 *
 * @param replies its answers, in order
 */
export const startServer = async (...replies: ReadonlyArray<Reply>): Promise<TestServer> => {
  const asked: Array<Asked> = []
  let busy = 0
  const { close, origin } = await startLoopback((request, answer) => {
    const reply = replies[Math.min(asked.length, replies.length - 1)]
    const now = { path: request.url ?? "", headers: request.headers }
    asked.push(now)
    busy++
    answer.on("close", () => busy--).on("error", () => {})
    if (reply === undefined) answer.writeHead(404).end()
    else reply(answer, now)
  })
  return { url: `${origin}/module.wasm`, asked, busy: () => busy, close }
}

/**
 * Runs a test against a server, and closes it afterwards.
 *
 * @param replies the server's answers, in order
 * @param use the test
 */
export const withServer = async <A>(
  replies: ReadonlyArray<Reply>,
  use: (server: TestServer) => Promise<A>,
): Promise<A> => {
  const server = await startServer(...replies)
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

/** Waits until a server has responded to all requests. */
export const untilIdle = async (server: TestServer): Promise<void> => {
  for (let tries = 0; server.busy() > 0; tries++) {
    if (tries === 500) throw new Error("The server still holds a connection")
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Waits until a server has had that many requests, and a moment longer. */
export const untilAsked = async (server: TestServer, times = 1): Promise<void> => {
  for (let tries = 0; server.asked.length < times; tries++) {
    if (tries === 500) throw new Error(`The server was asked ${server.asked.length} times`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
}

const type = { "content-type": "application/wasm" }

/** The fields of a strong validator. */
export const tagged = (tag = "one"): Readonly<Record<string, string>> => ({ etag: `"${tag}"` })

type Headers = Readonly<Record<string, string>>

/** The whole content. */
export const whole = (bytes: Uint8Array, headers: Headers = {}): Reply => (answer) => {
  answer.writeHead(200, { ...type, "content-length": String(bytes.length), ...headers }).end(bytes)
}

/** The whole content without a size. */
export const chunked = (bytes: Uint8Array, headers: Headers = {}): Reply => (answer) => {
  answer.writeHead(200, { ...type, ...headers }).end(bytes)
}

/** The beginning of the content; then the connection breaks. */
export const cutAfter =
  (bytes: Uint8Array, size: number, headers: Headers = {}, wait = 60): Reply => (answer) => {
    answer.writeHead(200, { ...type, "content-length": String(bytes.length), ...headers })
    answer.flushHeaders()
    answer.write(bytes.subarray(0, size), () => setTimeout(() => answer.destroy(), wait))
  }

/** The same without a size. */
export const cutChunked =
  (bytes: Uint8Array, size: number, headers: Headers = {}): Reply => (answer) => {
    answer.writeHead(200, { ...type, ...headers })
    answer.flushHeaders()
    answer.write(bytes.subarray(0, size), () => setTimeout(() => answer.destroy(), 60))
  }

/** The beginning of the content; then nothing. */
export const stallAfter =
  (bytes: Uint8Array, size: number, headers: Headers = {}): Reply => (answer) => {
    answer.writeHead(200, { ...type, "content-length": String(bytes.length), ...headers })
    answer.flushHeaders()
    if (size > 0) answer.write(bytes.subarray(0, size))
  }

/** The beginning of the requested range. */
export const startOf = ({ headers }: Asked): number =>
  Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? Number.NaN)

/**
 * The requested range; the whole content if there is none, or if the validator is another one.
 *
 * @param bytes the content
 * @param headers its fields, with its validator
 * @param size how many bytes of the range are sent before the connection breaks
 */
export const part =
  (bytes: Uint8Array, headers: Headers, size?: number, wait?: number): Reply => (answer, asked) => {
    const start = startOf(asked)
    const asks = asked.headers["if-range"]
    if (Number.isNaN(start) || (asks !== headers["etag"] && asks !== headers["last-modified"])) {
      return size === undefined
        ? whole(bytes, headers)(answer, asked)
        : cutAfter(bytes, size, headers, wait)(answer, asked)
    }
    answer.writeHead(206, {
      ...type,
      ...headers,
      "content-length": String(bytes.length - start),
      "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    })
    answer.flushHeaders()
    if (size === undefined) answer.end(bytes.subarray(start))
    else {answer.write(bytes.subarray(start, start + size), () =>
        setTimeout(() =>
          answer.destroy(), 20))}
  }

/** A status, and nothing else. */
export const status = (code: number, headers: Headers = {}, body = ""): Reply => (answer) => {
  answer.writeHead(code, { "content-length": String(body.length), ...headers }).end(body)
}

/** The connection breaks before the response. */
export const refuse: Reply = (answer) => void answer.destroy()

/** No response at all. */
export const silent: Reply = () => {}
