/**
 * Stage 3: reads the body, chunk by chunk.
 *
 * A body is opened before it is read, so that its lock is taken synchronously with the checks. Whoever opened it closes it,
 * which releases the lock and cancels what is left unread.
 *
 * @see https://fetch.spec.whatwg.org/#body-incrementally-read
 * @module
 */
import { constVoid } from "effect/Function"
import * as Effect from "effect/Effect"
import { type ResponseFacts, SourceError, TypeError } from "../errors.ts"
import { bodyOf, noteBody, oddChunk } from "../platform/brands.ts"
import { nextTurn, now } from "../platform/natives.ts"
import type { CheckedResponse } from "./check_response.ts"
import { type ClientResponse, discardClientResponse, isClientResponse } from "./client_response.ts"
import { bodyUsed, notAResponse } from "./check_response.ts"
import { type Chunks, noChunks, type Step } from "./chunks.ts"
import { printText } from "../messages/print.ts"
import { annotate, span } from "./span.ts"
import { forUrl } from "../messages/wording.ts"

/** An open body, and the facts about its response. */
export interface OpenBody {
  readonly chunks: Chunks<TypeError | SourceError>
  readonly facts: ResponseFacts
  /** Whether the content type is the one that the specification demands. */
  readonly typed: boolean
  /** The `Content-Length`, in bytes, if it can be relied on. */
  readonly declaredSize: number | undefined
  /** Further facts about the response, for a diagnosis. */
  readonly story?: CheckedResponse["story"]
  /** Releases the lock; cancels the body if it was not read to its end. */
  readonly close: Effect.Effect<void>
}

/**
 * Whether the memory of a body's chunks is private, as it is if fetch received them. A program's own stream may reuse its
 * buffers at any time, so its chunks are copied: the bytes compiled must be the ones checked.
 */
const isReceived = ({ url }: ResponseFacts): boolean => url !== undefined

/** The number of chunks or bytes, whichever is reached first, after which the clock is read. */
const chunksAtOnce = 64
const bytesAtOnce = 131_072
/** How long chunks are read before yielding to the event loop, in milliseconds. */
const turnLength = 10

/**
 * Yields to the event loop now and then. A stream that always has a chunk ready, even an empty one, is read in microtasks
 * only: without breaks, timers, signals and other requests would wait for its end.
 */
class Breaks {
  #chunks = 0
  #bytes = 0
  #turnEnd = now() + turnLength

  /** Whether a break is due after a chunk. */
  isDue(chunk: Uint8Array): boolean {
    this.#bytes += chunk.byteLength
    if (++this.#chunks < chunksAtOnce && this.#bytes < bytesAtOnce) return false
    this.#chunks = 0
    this.#bytes = 0
    return now() >= this.#turnEnd
  }

  async take(): Promise<void> {
    await nextTurn()
    this.#turnEnd = now() + turnLength
  }
}

const chunkFault = (facts: ResponseFacts, odd: string): TypeError => {
  const message = `A chunk of the body is ${odd}${forUrl(facts.url)}`
  return new TypeError({ reason: "chunk", message, ...facts })
}

const bodyFailed = (facts: ResponseFacts, cause: unknown): SourceError => {
  const said = cause instanceof Error ? `: ${printText(cause.message)}` : ""
  return new SourceError({
    reason: "body",
    message: `Reading the body failed${forUrl(facts.url)}${said}`,
    url: facts.url,
    cause,
  })
}

/**
 * Adds the stage's span, with the number of bytes.
 *
 * @param chunks the chunks
 * @param url their URL
 */
export const measured = <E, R>(
  chunks: Chunks<E, R>,
  url: string | undefined,
): Chunks<E, R> => ({
  forEach: (take, stop) =>
    Effect.suspend(() => {
      let bytes = 0
      const count = (chunk: Uint8Array) => {
        bytes += chunk.byteLength
        return take(chunk)
      }
      return Effect.onExit(chunks.forEach(count, stop), () => annotate(() => ({ bytes })))
    }).pipe(span("Wasm.readBody", { url })),
})

/**
 * Opens a body; throws if it cannot be locked.
 *
 * @param body the body of a response
 * @param facts the facts about the response
 * @param isPrivate whether the memory of its chunks is private
 */
export const openStream = (
  body: ReadableStream<Uint8Array>,
  facts: ResponseFacts,
  isPrivate: boolean,
): Pick<OpenBody, "chunks" | "close"> => {
  const reader = body.getReader()
  let ended = false

  /** Reads to the end; resolves to the error, if any: of `take`, of the body, or of a chunk that is not bytes. */
  const readAll = async <E extends object>(
    take: (chunk: Uint8Array) => Step<E>,
    isStopped: () => boolean,
  ): Promise<E | TypeError | SourceError | undefined> => {
    const breaks = new Breaks()
    for (;;) {
      let next: Awaited<ReturnType<typeof reader.read>>
      try {
        next = await reader.read()
      } catch (cause) {
        ended = true
        return bodyFailed(facts, cause)
      }
      if (isStopped()) return undefined
      if (next.done) {
        ended = true
        return undefined
      }
      const odd = oddChunk(next.value)
      if (odd !== undefined) return chunkFault(facts, odd)
      const step = take(isPrivate ? next.value : new Uint8Array(next.value))
      const error = step instanceof Promise ? await step : step
      if (isStopped()) return undefined
      if (error !== undefined) return error
      if (breaks.isDue(next.value)) await breaks.take()
      if (isStopped()) return undefined
    }
  }

  const chunks: Chunks<TypeError | SourceError> = {
    forEach: <E extends object>(take: (chunk: Uint8Array) => Step<E>, stop?: Promise<E>) =>
      Effect.callback<void, E | TypeError | SourceError>((resume) => {
        let stopped = false
        stop?.then((error) => {
          stopped = true
          resume(Effect.fail(error))
        })
        readAll(take, () => stopped).then(
          (error) => resume(error === undefined ? Effect.void : Effect.fail(error)),
          (defect: unknown) => resume(Effect.die(defect)),
        )
        return Effect.sync(() => void (stopped = true))
      }),
  }

  const close = Effect.sync(() => {
    // Not awaited: a body whose cancellation never settles must not hold up the result.
    if (!ended) reader.cancel().catch(constVoid)
    reader.releaseLock()
  })

  return { chunks: measured(chunks, facts.url), close }
}

/** Whether an error is the operating system's: such errors name the system call. */
const isSystemError = (cause: unknown): boolean =>
  cause instanceof Error && typeof Reflect.get(cause, "syscall") === "string"

type Known = Omit<CheckedResponse, "source">

const openWebBody = (response: Response, known: Known): OpenBody => {
  const body = bodyOf(response)
  if (body === null) return { ...known, chunks: noChunks, close: Effect.void }
  noteBody(body)
  return { ...known, ...openStream(body, known.facts, isReceived(known.facts)) }
}

/** The client responses whose streams were run. */
const ran = new WeakSet<ClientResponse>()

/** The stream of a client's response: running it opens and closes the body. */
const openClientBody = (response: ClientResponse, known: Known): OpenBody => {
  let begun = false
  const chunks: Chunks<TypeError | SourceError> = {
    forEach: (take, stop) =>
      Effect.flatMap(
        Effect.promise(() => import("./streams.ts")),
        ({ fromClientStream, isStream }) => {
          if (!isStream(response.stream)) return notAResponse(response)
          begun = true
          const again = ran.has(response)
          ran.add(response)
          let some = false
          const run = fromClientStream(response.stream, (cause) => bodyFailed(known.facts, cause))
            .forEach((chunk) => {
              some = true
              return take(chunk)
            }, stop)
          // A body that was already read may show as an empty stream without an error: on a second run, or although the
          // server announced bytes.
          const { declaredSize = 0, facts } = known
          return Effect.andThen(
            run,
            Effect.suspend(() =>
              !some && (again || declaredSize > 0) ? Effect.fail(bodyUsed(facts)) : Effect.void
            ),
          )
        },
      ),
  }
  const close = Effect.suspend(() => begun ? Effect.void : discardClientResponse(response))
  return { ...known, chunks: measured(chunks, known.facts.url), close }
}

/**
 * Opens the body of a checked response.
 *
 * @param checked a checked response
 */
export const openBody = (
  checked: CheckedResponse,
): Effect.Effect<OpenBody, TypeError | SourceError> =>
  Effect.suspend((): Effect.Effect<OpenBody, TypeError | SourceError> => {
    const { source, ...known } = checked
    try {
      return Effect.succeed(
        isClientResponse(source) ? openClientBody(source, known) : openWebBody(source, known),
      )
    } catch (cause) {
      const { facts } = known
      // On Bun, a missing file fails here.
      if (isSystemError(cause)) return Effect.fail(bodyFailed(facts, cause))
      // The body was not locked before, so the platform's methods must have been replaced.
      const message = `The body cannot be read${forUrl(facts.url)}: getReader() threw`
      return Effect.fail(new TypeError({ reason: "not-a-response", message, cause, ...facts }))
    }
  })
