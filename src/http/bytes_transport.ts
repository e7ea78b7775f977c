/**
 * Bytes that are here already, as an answer: what was stored goes through the same stages as what is fetched.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { openStream } from "../pipeline/read_body.ts"
import { newStream } from "../platform/brands.ts"
import type { OpenedBody } from "./answer.ts"
import { said, type Transport } from "./transport.ts"

const chunkSize = 262_144

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  let at = 0
  return newStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at += chunkSize))
    },
  })
}

/**
 * Bytes as a transport.
 *
 * @param url where they came from
 * @param contentType what the server said that they are
 * @param bytes the bytes
 */
export const bytesTransport = (
  url: string,
  contentType: string | null,
  bytes: Uint8Array,
): Transport => ({
  url,
  remote: false,
  own: () => true,
  broken: ({ cause }) => ({ reason: "file", message: said(cause), passing: false, cause }),
  begin: () =>
    Effect.succeed({
      answer: Effect.succeed({
        head: { url, status: 200, statusText: "", contentType },
        field: (name) => name === "content-length" ? String(bytes.length) : undefined,
        open: true,
        body: Effect.sync((): OpenedBody => openStream(streamOf(bytes), { url, contentType })),
        discard: Effect.void,
      }),
      end: Effect.void,
    }),
})
