/**
 * Reads one body, chunk by chunk: bytes that an earlier attempt received are compared and skipped, the others are counted,
 * hashed and passed on.
 *
 * @module
 */
import { counted } from "../../binary/counted.ts"
import type { Step } from "../../pipeline/chunks.ts"
import type { Hasher } from "../hasher.ts"
import type { LoadError, LoadErrorFields } from "../load_error.ts"
import {
  type AttemptFailed,
  attemptFailed,
  type ContentChanged,
  contentChanged,
  type Rejected,
  rejected,
} from "./attempt_end.ts"
import type { ContentState } from "./content.ts"
import type { IdleTimer } from "./idle_timer.ts"

/** What was received, over all attempts. */
export interface Received {
  /** The number of bytes. */
  size: number
  /** A digest to compare with when bytes are sent again; may be absent if the rest can be requested instead. */
  readonly fingerprint: Hasher | undefined
  /** The digest for the option `integrity`; may be the same object. */
  readonly hasher: Hasher | undefined
  /** The bytes themselves, for a store. */
  readonly kept: Array<Uint8Array> | undefined
}

/** The options of {@linkcode BodyReader}. */
export interface BodyReaderOptions {
  readonly content: ContentState
  readonly received: Received
  /** Makes a fingerprint of the same kind as that of {@linkcode Received}. */
  readonly newFingerprint: (() => Hasher) | undefined
  /** Where the body begins: at the first byte, or where the previous body stopped. */
  readonly start: "first" | "rest"
  readonly maxBytes: number
  readonly idleTimer: IdleTimer
  /** The URL, for messages. */
  readonly url: string
  /** Makes an error with the load's facts. */
  readonly error: (
    reason: LoadErrorFields["reason"],
    message: string,
    facts?: Partial<LoadErrorFields>,
  ) => LoadError
}

/** The message about a module that exceeds `maxBytes`. */
export const tooLarge = (url: string, actual: number, maxBytes: number): string =>
  `The module at ${url} has at least ${counted(actual, "byte")}, and maxBytes allows ${maxBytes}`

/** Reads one body. */
export class BodyReader {
  readonly #options: BodyReaderOptions
  /** How many bytes at its beginning an earlier attempt received. */
  readonly #known: number
  readonly #prefix: Hasher | undefined
  #toSkip: number
  /** The number of bytes of this body that were received. */
  size = 0

  constructor(options: BodyReaderOptions) {
    this.#options = options
    this.#known = options.start === "first" ? options.received.size : 0
    this.#toSkip = this.#known
    this.#prefix = this.#known === 0 ? undefined : options.newFingerprint?.()
  }

  /**
   * Handles a received chunk.
   *
   * @param chunk the chunk
   * @param take takes the new bytes in it
   */
  push<E extends object>(
    chunk: Uint8Array,
    take: (chunk: Uint8Array) => Step<E>,
  ): Step<LoadError | AttemptFailed | ContentChanged | Rejected<E>> {
    const { content, error, idleTimer, maxBytes, received, url } = this.#options
    // An empty chunk is not progress.
    if (chunk.length > 0) idleTimer.restart()
    this.size += chunk.length
    const known = Math.min(this.#toSkip, chunk.length)
    const changed = this.#compare(chunk.subarray(0, known))
    if (changed !== undefined) return changed
    if (known === chunk.length) return undefined
    const fresh = known === 0 ? chunk : chunk.subarray(known)
    if (content.end !== undefined && received.size + fresh.length > content.end) {
      const message = `More bytes were received than announced, for ${url}`
      return contentChanged(error("range", message))
    }
    received.size += fresh.length
    if (received.size > maxBytes) {
      const actual = received.size
      return error("too-large", tooLarge(url, actual, maxBytes), { expected: maxBytes, actual })
    }
    received.hasher?.update(fresh)
    if (received.fingerprint !== received.hasher) received.fingerprint?.update(fresh)
    received.kept?.push(fresh)
    const step = take(fresh)
    if (step === undefined) return undefined
    if (!(step instanceof Promise)) return rejected(step)
    idleTimer.pause()
    return step.then((error) => {
      idleTimer.restart()
      return error === undefined ? undefined : rejected(error)
    })
  }

  /** Handles the end of the body; returns an error if it is too early. */
  end(): ContentChanged | AttemptFailed | undefined {
    const { content: { end, total }, error, received, start, url } = this.#options
    const reached = this.#toSkip > 0 ? this.#known - this.#toSkip : received.size
    if (end !== undefined && reached < end) return this.#short(reached, end)
    if (this.#toSkip > 0) return this.#changed(`it has ${counted(reached, "byte")} now`)
    if (total === undefined || received.size >= total) return undefined
    if (end === undefined || start === "rest") return this.#short(received.size, total)
    const actual = received.size
    const message = `The server sent a part that was not asked for, bytes 0 to ${actual - 1} of ` +
      `${total} (status 206), for ${url}`
    return attemptFailed(error("range", message, { status: 206, expected: total, actual }))
  }

  /** Compares the digests once all the bytes received before were received again. */
  #compare(known: Uint8Array): ContentChanged | undefined {
    if (known.length === 0) return undefined
    this.#prefix?.update(known)
    this.#toSkip -= known.length
    return this.#toSkip > 0 ||
        this.#prefix?.digest() === this.#options.received.fingerprint?.digest()
      ? undefined
      : this.#changed(
        this.#known === 1
          ? "its first byte is different now"
          : `its first ${this.#known} bytes are different now`,
      )
  }

  #changed(how: string): ContentChanged {
    const { error, url } = this.#options
    return contentChanged(
      error("changed", `The content of ${url} changed while it was loaded: ${how}`),
    )
  }

  #short(actual: number, expected: number): AttemptFailed {
    const { error, url } = this.#options
    const message = `The body ended after ${actual} of ${counted(expected, "byte")}, for ${url}`
    return attemptFailed(error("connection", message, { expected, actual }))
  }
}
