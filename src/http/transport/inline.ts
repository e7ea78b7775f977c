/**
 * Transports that need no network: `data:` and `blob:` URLs, which the platform's fetch reads, bytes in memory, and a
 * response that the caller has.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { newStream } from "../../platform/brands.ts"
import { printUrl } from "../../messages/print.ts"
import { openStream } from "../../pipeline/read_body.ts"
import { said } from "./failure.ts"
import { webResponse } from "./response.ts"
import { type OpenedBody, type Transport, TransportError } from "./transport.ts"

const chunkSize = 262_144

/**
 * The content of a `data:` or `blob:` URL.
 *
 * @param url the URL
 */
export const localTransport = (url: string): Transport => {
  const printed = printUrl(url)
  const malformed = (cause: unknown): TransportError =>
    new TransportError({
      reason: "url",
      message: `Cannot load ${printed}: ${said(cause)}`,
      transient: false,
      cause,
    })
  return {
    url: printed,
    isRemote: false,
    request: { url, headers: {}, client: "" },
    bodyFailed: ({ cause }) => malformed(cause),
    send: () =>
      Effect.succeed({
        response: FetchHttpClient.Fetch.pipe(
          Effect.flatMap((fetch) => Effect.tryPromise({ try: () => fetch(url), catch: malformed })),
          Effect.map((web) => webResponse(web, url)),
        ),
        end: Effect.void,
      }),
  }
}

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
 * Bytes in memory.
 *
 * @param url their URL or a description, printed
 * @param contentType their content type
 * @param bytes the bytes
 */
export const bytesTransport = (
  url: string,
  contentType: string | null,
  bytes: Uint8Array,
): Transport => ({
  url,
  isRemote: false,
  request: { url: "", headers: {}, client: "" },
  bodyFailed: ({ cause }) =>
    new TransportError({ reason: "file", message: said(cause), transient: false, cause }),
  send: () =>
    Effect.succeed({
      response: Effect.succeed({
        head: { url, status: 200, statusText: "", contentType },
        url: "",
        isUrlStated: false,
        field: (name: string) => name === "content-length" ? String(bytes.length) : undefined,
        showsAllFields: true,
        body: Effect.sync((): OpenedBody =>
          openStream(streamOf(bytes), { url, contentType }, true)
        ),
        discard: Effect.void,
      }),
      end: Effect.void,
    }),
})

/**
 * A response that the caller has. It can be read only once, and its connection is not closed here.
 *
 * @param response the response
 */
export const responseTransport = (response: Response): Transport => {
  const received = webResponse(response, "")
  return {
    url: received.head.url || "the Response",
    isRemote: false,
    request: { url: received.url, headers: {}, client: "" },
    bodyFailed: ({ cause, message }) =>
      new TransportError({ reason: "connection", message, transient: false, cause }),
    send: () => Effect.succeed({ response: Effect.succeed(received), end: Effect.void }),
  }
}
