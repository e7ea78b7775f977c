/**
 * Files as answers: streamed in chunks, on Bun, Deno and Node alike. A file has no type; what it is, its bytes say.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "node:fs/promises"
import type { SourceError } from "../errors.ts"
import type { Answer, OpenedBody } from "./answer.ts"
import { newStream } from "../platform/brands.ts"
import { nodeBuiltin } from "../platform/node.ts"
import { openStream } from "../pipeline/read_body.ts"
import { type NoAnswer, said, type Transport } from "./transport.ts"

const chunkSize = 262_144

const ignore = (): void => {}

/** What the system's codes mean, where a person should not have to look it up. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "the permission is missing",
  EISDIR: "it is a folder, not a file",
}

const cannotRead = (name: string, cause: unknown): NoAnswer => {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined
  const meaning = typeof code === "string" ? meanings[code] : undefined
  const words = meaning === undefined ? said(cause) : `${meaning} (${code})`
  return { reason: "file", message: `Cannot read ${name}: ${words}`, passing: false, cause }
}

/** A file that is open, as a stream that reads when it is asked. */
const streamOf = (file: FileSystem.FileHandle): ReadableStream<Uint8Array> =>
  newStream({
    pull: async (controller) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(chunkSize), 0, chunkSize)
      if (bytesRead === 0) controller.close()
      else controller.enqueue(buffer.subarray(0, bytesRead))
    },
  })

const open = async (path: string | URL): Promise<{ file: FileSystem.FileHandle; size: number }> => {
  const file = await nodeBuiltin("node:fs/promises").open(path)
  try {
    const stats = await file.stat()
    if (stats.isDirectory()) throw Object.assign(new Error("It is a folder"), { code: "EISDIR" })
    return { file, size: stats.isFile() ? stats.size : 0 }
  } catch (error) {
    await file.close()
    throw error
  }
}

const answerOf = (name: string, file: FileSystem.FileHandle, size: number): Answer => {
  const fields: Readonly<Record<string, string>> = size === 0
    ? {}
    : { "content-length": String(size) }
  return {
    head: { url: name, status: 200, statusText: "", contentType: "application/wasm" },
    field: (field) => fields[field],
    open: true,
    body: Effect.sync((): OpenedBody => openStream(streamOf(file), { url: name })),
    discard: Effect.void,
  }
}

/**
 * The content of a file.
 *
 * @param name what the caller called it
 * @param path where it is
 */
export const fileTransport = (name: string, path: string | URL): Transport => ({
  url: name,
  remote: false,
  own: () => true,
  // What failed once is told at once: files do not come back.
  broken: (error: SourceError) => cannotRead(name, error.cause),
  begin: () =>
    Effect.sync(() => {
      const opening = open(path)
      return {
        answer: Effect.map(
          Effect.tryPromise({ try: () => opening, catch: (cause) => cannotRead(name, cause) }),
          ({ file, size }) => answerOf(name, file, size),
        ),
        // Not awaited: a read that never returns must not hold up the result.
        end: Effect.sync(() => void opening.then(({ file }) => file.close()).catch(ignore)),
      }
    }),
})
