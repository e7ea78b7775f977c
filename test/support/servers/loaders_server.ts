/**
 * A server on loopback for programs that load packages: it answers all of a package's files in one way, and tells how much
 * it has sent.
 */
import type { ServerResponse } from "node:http"
import { readFile } from "node:fs/promises"
import { type LoopbackServer, startLoopback } from "./loopback.ts"

/** How the files of a package are answered. */
export interface Answer {
  readonly status: number
  readonly type: string
  /** What is sent at once. */
  readonly head: Uint8Array
  /** How many zeros follow. */
  readonly rest: number
  /** For how many milliseconds they are held back, for the first request; it may be for ever. */
  readonly hold: number
}

/**
 * Starts a server on a port that the system picks. `/sent` tells how many bytes were sent for each file that was asked
 * for; `/closed` is answered when no answer to one is under way.
 *
 * @param files the places of the package's files, by name
 * @param answer how they are answered; as they are, unless told
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
