/**
 * Stage 3: the body as a stream of byte chunks.
 *
 * A body is opened before its bytes are asked for, so that its lock is taken in the same breath as the checks; whoever
 * opened it closes it. Closing releases the lock, and cancels what is left unread.
 *
 * @see https://fetch.spec.whatwg.org/#body-incrementally-read
 * @module
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type ResponseFacts, SourceError, TypeError } from "../errors.ts"
import { bodyOf, cloneOf, isUint8Array } from "../platform/brands.ts"
import { isBrowser } from "../platform/runtime.ts"
import type { CheckedResponse } from "./check_response.ts"

/** Bytes on their way, and where they come from. */
export interface OpenBody {
  readonly bytes: Stream.Stream<Uint8Array, TypeError | SourceError>
  /** The response itself, where the engine should read it for the sake of the code cache under its URL. */
  readonly original: Response | undefined
  readonly facts: ResponseFacts
  /** Whether the content type is the one that the specification demands. */
  readonly typed: boolean
  /** Releases the lock; cancels the body where it was not read to its end. */
  readonly close: Effect.Effect<void>
}

const ignore = (): void => {}

const cancelUnread = (body: ReadableStream<Uint8Array> | null): void => {
  if (body !== null && !body.locked) body.cancel().catch(ignore)
}

/** The bytes of memory that others may write to meanwhile are copied: what was checked is what gets compiled. */
const privateBytes = (chunk: Uint8Array): Uint8Array =>
  typeof SharedArrayBuffer === "function" && chunk.buffer instanceof SharedArrayBuffer
    ? new Uint8Array(chunk)
    : chunk

type Pull = Effect.Effect<Chunk.Chunk<Uint8Array>, Option.Option<TypeError | SourceError>>

const endOfBody: Effect.Effect<never, Option.Option<never>> = Effect.fail(Option.none())

const oddChunk = (facts: ResponseFacts, chunk: unknown): TypeError =>
  new TypeError({
    reason: "chunk",
    message: `The body produced ${Object.prototype.toString.call(chunk)}, not a Uint8Array, for ${
      facts.url ?? "a response made by hand"
    }`,
    ...facts,
  })

const bodyFailed = (facts: ResponseFacts, cause: unknown): SourceError => {
  const said = cause instanceof Error ? `: ${cause.message}` : ""
  return new SourceError({
    reason: "body",
    message: `The body failed while it was read, for ${
      facts.url ?? "a response made by hand"
    }${said}`,
    url: facts.url,
    cause,
  })
}

/** Opens a stream of chunks; throws where it cannot be locked. */
const openStream = (
  body: ReadableStream<Uint8Array>,
  facts: ResponseFacts,
): Pick<OpenBody, "bytes" | "close"> => {
  const reader = body.getReader()
  let size = 0
  let ended = false

  const pull: Pull = Effect.async((resume) => {
    reader.read().then(
      ({ done, value }) => {
        if (done) {
          ended = true
          resume(endOfBody)
        } else if (isUint8Array(value)) {
          size += value.byteLength
          resume(Effect.succeed(Chunk.of(privateBytes(value))))
        } else {
          resume(Effect.fail(Option.some(oddChunk(facts, value))))
        }
      },
      (cause: unknown) => {
        ended = true
        resume(Effect.fail(Option.some(bodyFailed(facts, cause))))
      },
    )
  })

  const close = Effect.sync(() => {
    // Not awaited: a body whose cancellation never settles must not hold up the result.
    if (!ended) reader.cancel().catch(ignore)
    reader.releaseLock()
  })

  const bytes = Stream.unwrapScoped(
    Effect.map(
      Effect.makeSpanScoped("Wasm.readBody", { attributes: { url: facts.url } }),
      (span) =>
        Stream.ensuring(
          Stream.repeatEffectChunkOption(pull),
          Effect.sync(() => span.attribute("bytes", size)),
        ),
    ),
  )
  return { bytes, close }
}

/**
 * Opens the body of a checked response.
 *
 * In a browser the engine reads a fetched response by itself, and what we read is a copy of it.
 *
 * @param checked a response, and what the checks found
 */
export const openBody = (checked: CheckedResponse): Effect.Effect<OpenBody, TypeError> =>
  Effect.suspend((): Effect.Effect<OpenBody, TypeError> => {
    const { body, facts, response, typed } = checked
    const whole = { original: undefined, facts, typed }
    if (body === null) {
      return Effect.succeed({ ...whole, bytes: Stream.empty, close: Effect.void })
    }
    try {
      if (!isBrowser || facts.url === undefined || !typed) {
        return Effect.succeed({ ...whole, ...openStream(body, facts) })
      }
      const copy = bodyOf(cloneOf(response))
      if (copy === null) throw new globalThis.TypeError("The copy of the response has no body")
      const opened = openStream(copy, facts)
      const close = Effect.zipRight(opened.close, Effect.sync(() => cancelUnread(bodyOf(response))))
      return Effect.succeed({ ...whole, bytes: opened.bytes, close, original: response })
    } catch (cause) {
      const message = `The body cannot be locked, for ${facts.url ?? "a response made by hand"}`
      return Effect.fail(new TypeError({ reason: "body-used", message, cause, ...facts }))
    }
  })
