/**
 * A server on loopback for programs that load packages: it serves all files of a package in the same way, and counts the
 * bytes that it sends.
 */
import type { ServerResponse } from "node:http"
import { readFile } from "node:fs/promises"
import { type LoopbackServer, startLoopback } from "./loopback.ts"

/** The response for all files of a package. */
export interface Answer {
  readonly status: number
  readonly type: string
  /** The bytes that are sent at once. */
  readonly head: Uint8Array
  /** The number of zeros that follow. */
  readonly rest: number
  /** How long they are held back for the first request, in milliseconds; may be `Infinity`. */
  readonly hold: number
}

/**
 * Starts a server on a port that the system picks. `/sent` returns the number of bytes that were sent for each requested
 * file; `/closed` responds when no response with a file is under way.
 *
 * @param files the paths of the package's files, by name
 * @param answer the response for all files; `undefined` serves them unchanged
 */
export const startLoaderServer = async (
  files: ReadonlyMap<string, string>,
  answer: Answer | undefined,
): Promise<LoopbackServer> => {
  const sent: Array<number> = []
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let busy = 0
  let waiting: Array<() => void> = []

  const answerFile = async (path: string, response: ServerResponse): Promise<void> => {
    const index = sent.push(0) - 1
    busy++
    response.on("error", () => {}).on("close", () => {
      if (--busy > 0) return
      waiting.forEach((resume) => resume())
      waiting = []
    })
    const { head, hold, rest, status, type } = answer ??
      { head: await readFile(path), hold: 0, rest: 0, status: 200, type: "application/wasm" }
    response.writeHead(status, { "content-type": type, "content-length": head.length + rest })
    response.write(head)
    sent[index] = head.length
    const finish = (): void => {
      if (response.destroyed) return
      sent[index] = head.length + rest
      response.end(new Uint8Array(rest))
    }
    if (index > 0 || hold === 0) finish()
    else if (hold !== Number.POSITIVE_INFINITY) timers.add(setTimeout(finish, hold))
  }

  const { close, origin } = await startLoopback((request, response) => {
    const name = (request.url ?? "").slice(1)
    const path = files.get(name)
    if (path !== undefined) void answerFile(path, response)
    else if (name === "sent") response.end(JSON.stringify(sent))
    else if (name !== "closed") response.writeHead(404).end()
    else if (busy === 0) response.end()
    else waiting.push(() => response.end())
  })

  return {
    origin,
    close: () => {
      timers.forEach(clearTimeout)
      return close()
    },
  }
}
