/**
 * Files, streamed in chunks, on Bun, Deno and Node. A file has no content type, so it counts as `application/wasm`.
 *
 * @module
 */
import { constVoid } from "effect/Function"
import * as Effect from "effect/Effect"
import type * as FileSystem from "node:fs/promises"
import { newStream } from "../../platform/brands.ts"
import { nodeBuiltin } from "../../platform/node.ts"
import { printPath, printUrl } from "../../messages/print.ts"
import { openStream } from "../../pipeline/read_body.ts"
import { said } from "./failure.ts"
import {
  type OpenedBody,
  type Transport,
  TransportError,
  type TransportResponse,
} from "./transport.ts"

const chunkSize = 262_144

/** The meanings of common system error codes, for messages. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTDIR: "a part of its path is not a folder",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links form a loop",
  EMFILE: "too many files are open",
  ENOSPC: "no space is left on the device",
  EROFS: "the file system is read-only",
  EIO: "the device failed",
  EISDIR: "it is a folder, not a file",
  EINVAL: "it is not a regular file",
}

/**
 * Why a file cannot be read, safe to print.
 *
 * @param cause what the system threw
 */
export const whyUnreadable = (cause: unknown): string => {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined
  const meaning = typeof code === "string" ? meanings[code] : undefined
  return meaning === undefined ? said(cause) : `${meaning} (${code})`
}

const cannotRead = (name: string, cause: unknown): TransportError => {
  const message = `Cannot read ${name}: ${whyUnreadable(cause)}`
  return new TransportError({ reason: "file", message, transient: false, cause })
}

/** An open file as a stream, which reads on demand. */
const streamOf = (file: FileSystem.FileHandle): ReadableStream<Uint8Array> =>
  newStream({
    pull: async (controller) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(chunkSize), 0, chunkSize)
      if (bytesRead === 0) controller.close()
      else controller.enqueue(buffer.subarray(0, bytesRead))
    },
  })

const failWith = (code: string): never => {
  throw Object.assign(new Error(meanings[code]), { code })
}

/** Opens a regular file. Anything else is rejected by its type before: opening a pipe may wait indefinitely. */
const open = async (path: string | URL): Promise<{ file: FileSystem.FileHandle; size: number }> => {
  const fs = nodeBuiltin("node:fs/promises")
  const stats = await fs.stat(path)
  if (stats.isDirectory()) failWith("EISDIR")
  if (!stats.isFile()) failWith("EINVAL")
  return { file: await fs.open(path), size: stats.size }
}

const responseOf = (name: string, file: FileSystem.FileHandle, size: number): TransportResponse => {
  const fields: Readonly<Record<string, string>> = size === 0
    ? {}
    : { "content-length": String(size) }
  return {
    head: { url: name, status: 200, statusText: "", contentType: "application/wasm" },
    url: "",
    isUrlStated: false,
    field: (field) => fields[field],
    showsAllFields: true,
    body: Effect.sync((): OpenedBody => openStream(streamOf(file), { url: name }, true)),
    discard: Effect.void,
  }
}

/**
 * The content of a file.
 *
 * @param name the file's name as the caller gave it, for messages
 * @param path the file's path
 */
export const fileTransport = (name: string, path: string | URL): Transport => {
  const printed = typeof path === "string" ? printPath(name) : printUrl(name)
  return {
    url: printed,
    isRemote: false,
    request: { url: "", headers: {}, client: "" },
    bodyFailed: ({ cause }) => cannotRead(printed, cause),
    send: () =>
      Effect.sync(() => {
        const opening = open(path)
        return {
          response: Effect.map(
            Effect.tryPromise({ try: () => opening, catch: (cause) => cannotRead(printed, cause) }),
            ({ file, size }) => responseOf(printed, file, size),
          ),
          // Not awaited: a read that never returns must not hold up the result.
          end: Effect.sync(() => void opening.then(({ file }) => file.close()).catch(constVoid)),
        }
      }),
  }
}
