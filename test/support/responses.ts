/**
 * Responses for the tests, and streams that report their cancellation.
 */
import { empty } from "./modules.ts"

/** What a `Response` can be made from. */
export type BodyOf = ConstructorParameters<typeof Response>[0]

/** The right content type. */
export const wasm = { "content-type": "application/wasm" }

/** A response, with the right type by default. */
export const response = (body: BodyOf = empty, init: ResponseInit = {}): Response =>
  new Response(body, { headers: wasm, ...init })

/** A response with a given content type, or none. */
export const typed = (contentType: string | undefined): Response => {
  const made = new Response(empty)
  made.headers.delete("content-type")
  if (contentType !== undefined) made.headers.set("content-type", contentType)
  return made
}

/** A body of these chunks, of any type. */
export const chunks = (...parts: ReadonlyArray<unknown>): ReadableStream => {
  const left = [...parts]
  return new ReadableStream({
    pull: (controller) => {
      if (left.length === 0) return controller.close()
      controller.enqueue(left.shift())
    },
  }, { highWaterMark: 0 })
}

/** A body that fails after these chunks. */
export const failing = (reason: unknown, ...parts: ReadonlyArray<Uint8Array>): ReadableStream => {
  const left = [...parts]
  return new ReadableStream({
    pull: (controller) => {
      if (left.length === 0) return controller.error(reason)
      controller.enqueue(left.shift())
    },
  }, { highWaterMark: 0 })
}

/** A body that stalls after these chunks, and reports when it is cancelled. */
export const endless = (
  ...parts: ReadonlyArray<Uint8Array>
): { readonly stream: ReadableStream; readonly cancelled: Promise<unknown> } => {
  const left = [...parts]
  let cancel: (reason: unknown) => void = () => {}
  const cancelled = new Promise<unknown>((resolve) => (cancel = resolve))
  const stream = new ReadableStream({
    pull: (controller) => {
      const next = left.shift()
      return next === undefined ? new Promise<void>(() => {}) : controller.enqueue(next)
    },
    cancel: (reason) => cancel(reason),
  }, { highWaterMark: 0 })
  return { stream, cancelled }
}

/** Splits bytes into chunks of a size. */
export const split = (bytes: Uint8Array, size: number): Array<Uint8Array> => {
  const parts: Array<Uint8Array> = []
  for (let start = 0; start < bytes.length; start += size) {
    parts.push(bytes.slice(start, start + size))
  }
  return parts
}
