/**
 * A server on loopback that fails on purpose. It writes HTTP/1.1 directly to sockets, so that it can stop after any byte and
 * in any way. Each scenario has a path of its own and a script: one step for each request in turn.
 *
 * One request per connection: connections that are open after a run were left open by the client.
 */
import { createServer, type Socket } from "node:net"
import { type Answer, answerTo, type Asked, type Step, type Validators } from "./answer.ts"
import type { Content } from "./content.ts"

/** What the server does in a scenario. */
export interface Script {
  readonly validators: Validators
  /** The content, and its later versions. */
  readonly contents: ReadonlyArray<Content>
  /** For the first request, the second, … */
  readonly steps: ReadonlyArray<Step>
  /** For all further requests. Defaults to a correct response. */
  readonly rest?: Step | undefined
}

/** How a request went, as the server saw it. */
export interface Seen {
  readonly asked: Asked
  readonly step: Step
  readonly status: number
  /** The offset of the response's body in the content. */
  readonly offset: number
  /** The number of bytes of the body written to the socket, without framing. */
  readonly sent: number
  /** Whether the connection is closed. */
  readonly over: boolean
  /** Whether the client closed it before the end of the response. */
  readonly left: boolean
}

/** A running script. */
export interface Play {
  readonly url: string
  /** The requests so far, in order. */
  readonly seen: () => ReadonlyArray<Seen>
}

/** A running server. */
export interface ChaosServer {
  readonly origin: string
  readonly play: (script: Script) => Play
  /**
   * The number of open connections with a request. Others do not count: when a response is abandoned, Node's fetch opens a
   * spare connection, and closes it after some seconds.
   */
  readonly open: () => number
  readonly close: () => Promise<void>
}

interface Playing {
  readonly script: Script
  readonly seen: Array<{ -readonly [Key in keyof Seen]: Seen[Key] }>
  /** When the last request arrived. */
  last: number
}

const pieceSize = 16 * 1024
const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

const readAsked = (head: string): Asked => {
  const [start = "", ...lines] = head.split("\r\n")
  const [method = "", path = ""] = start.split(" ")
  const fields = new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf(":")
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  return { method, path, fields }
}

/** Resolves to a connection's first request; `undefined` if there is none. */
const receive = (socket: Socket): Promise<Asked | undefined> =>
  new Promise((resolve) => {
    let received = ""
    socket.on("data", (bytes: Uint8Array) => {
      received += new TextDecoder("latin1").decode(bytes)
      const end = received.indexOf("\r\n\r\n")
      if (end >= 0) resolve(readAsked(received.slice(0, end)))
    })
    socket.on("close", () => resolve(undefined))
  })

/** Waits until the socket takes more, or is closed. */
const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done)
      resolve()
    }
    socket.on("drain", done).on("close", done)
  })

/** Writes bytes; resolves when the socket takes more, or the connection is closed. */
const write = async (socket: Socket, bytes: Uint8Array): Promise<void> => {
  if (bytes.length > 0 && !socket.destroyed && !socket.write(bytes)) await drained(socket)
}

const reset = (socket: Socket): void => {
  if (typeof socket.resetAndDestroy === "function") socket.resetAndDestroy()
  else socket.destroy()
}

const framed = (answer: Answer, bytes: Uint8Array): Uint8Array => {
  if (!answer.chunked) return bytes
  const size = new TextEncoder().encode(`${bytes.length.toString(16)}\r\n`)
  const whole = new Uint8Array(size.length + bytes.length + 2)
  whole.set(size)
  whole.set(bytes, size.length)
  whole.set([13, 10], size.length + bytes.length)
  return whole
}

/** The wait before a cut, in milliseconds: a reset discards bytes, and Bun loses those that arrive with the end. */
const beforeCut = 3

const send = async (
  socket: Socket,
  answer: Answer,
  { cut, delay, pace }: Step,
  count: (bytes: number) => void,
): Promise<void> => {
  if (delay !== undefined) await wait(delay)
  const finish = async (): Promise<void> => {
    if (cut?.by === "stall") return
    if (cut !== undefined && cut.atOnce !== true) await wait(beforeCut)
    if (cut?.by === "reset") reset(socket)
    else socket.end()
  }
  if (cut?.head === true) {
    await write(socket, answer.head.subarray(0, cut.at))
    return await finish()
  }
  await write(socket, answer.head)
  const end = cut === undefined ? answer.body.length : cut.at - answer.offset
  const body = answer.body.subarray(0, Math.max(end, 0))
  const [size, pause] = pace ?? [pieceSize, undefined]
  for (let at = 0; at < body.length && !socket.destroyed; at += size) {
    const piece = body.subarray(at, at + size)
    count(piece.length)
    await write(socket, framed(answer, piece))
    if (pause !== undefined) await wait(pause)
  }
  if (answer.chunked && cut === undefined) await write(socket, framed(answer, new Uint8Array(0)))
  await finish()
}

/** Starts the server on a port that the system picks. */
export const startChaosServer = async (): Promise<ChaosServer> => {
  const plays = new Map<string, Playing>()
  const sockets = new Set<Socket>()
  const used = new Set<Socket>()

  const serve = async (socket: Socket): Promise<void> => {
    const asked = await receive(socket)
    if (asked === undefined) return
    used.add(socket)
    const playing = plays.get(asked.path.split("/")[1] ?? "")
    if (playing === undefined) return void socket.end("HTTP/1.1 404 None\r\n\r\n")
    const { last, script, seen } = playing
    const now = performance.now()
    playing.last = now
    const scripted = script.steps[seen.length] ?? script.rest ?? {}
    const early = scripted.notBefore !== undefined && now - last < scripted.notBefore
    const step = early ? { status: 404 } : scripted
    const answer = answerTo(step, asked, script.validators, script.contents)
    const entry = {
      asked,
      step,
      status: answer.status,
      offset: answer.offset,
      sent: 0,
      over: socket.destroyed,
      left: false,
    }
    seen.push(entry)
    let finished = false
    socket.on("close", () => {
      entry.over = true
      entry.left = !finished
    })
    await send(socket, answer, step, (bytes) => (entry.sent += bytes))
    finished = step.cut?.by !== "stall" && !entry.over
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on("close", () => {
      sockets.delete(socket)
      used.delete(socket)
    })
    socket.on("error", () => {})
    void serve(socket)
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (address === null || typeof address === "string") return reject(new Error("No port"))
      resolve(address.port)
    })
  })
  const origin = `http://127.0.0.1:${port}`

  return {
    origin,
    play: (script) => {
      const playing: Playing = { script, seen: [], last: Number.NEGATIVE_INFINITY }
      const id = `p${plays.size}`
      plays.set(id, playing)
      return { url: `${origin}/${id}/module.wasm`, seen: () => playing.seen }
    },
    open: () => used.size,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
