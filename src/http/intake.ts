/**
 * Takes in one body, chunk by chunk: what was fed before is compared and passed over, the rest is counted, hashed and
 * handed on.
 *
 * @module
 */
import type { Step } from "../pipeline/chunks.ts"
import { AttemptFailed, Refusal, Restart } from "./attempt_end.ts"
import type { Content } from "./content.ts"
import type { Hasher } from "./hasher.ts"
import type { LoadError, LoadErrorFields } from "./load_error.ts"
import type { Silence } from "./silence.ts"

/** What a body is taken in with. */
export interface IntakeTools {
  readonly url: string
  readonly maxBytes: number
  /** The digest of what was fed. */
  readonly fed: Hasher | undefined
  /** A digest for the beginning that is compared. */
  readonly prefix: Hasher | undefined
  /** Where the chunks are to be kept. */
  readonly kept: Array<Uint8Array> | undefined
  readonly silence: Silence
  /** Makes an error with what is known of the load. */
  readonly error: (
    reason: LoadErrorFields["reason"],
    message: string,
    facts?: Partial<LoadErrorFields>,
  ) => LoadError
}

/** A module in a sentence that is larger than it may be. */
export const tooLarge = (url: string, actual: number, maxBytes: number): string =>
  `The module at ${url} has ${actual} bytes or more, and maxBytes allows ${maxBytes}`

/** The taking in of one body. */
export class Intake {
  readonly #content: Content
  readonly #tools: IntakeTools
  readonly #skip: number
  #toSkip: number
  /** How many bytes have come. */
  size = 0

  /**
   * @param content what is known of the content
   * @param skip how many bytes at the beginning were fed before
   * @param tools what it is done with
   */
  constructor(content: Content, skip: number, tools: IntakeTools) {
    this.#content = content
    this.#skip = skip
    this.#toSkip = skip
    this.#tools = tools
  }

  /**
   * A chunk has come.
   *
   * @param chunk the chunk
   * @param take what is done with what is new in it
   */
  push<E extends object>(
    chunk: Uint8Array,
    take: (chunk: Uint8Array) => Step<E>,
  ): Step<LoadError | Restart | Refusal<E>> {
    const { error, fed, kept, maxBytes, silence, url } = this.#tools
    const content = this.#content
    silence.heard()
    this.size += chunk.length
    const known = Math.min(this.#toSkip, chunk.length)
    const changed = this.#compare(chunk.subarray(0, known))
    if (changed !== undefined) return changed
    if (known === chunk.length) return undefined
    const fresh = known === 0 ? chunk : chunk.subarray(known)
    if (content.end !== undefined && content.position + fresh.length > content.end) {
      content.ranges = false
      return new Restart(error("range", `More bytes came than were announced, for ${url}`))
    }
    content.position += fresh.length
    if (content.position > maxBytes) {
      const actual = content.position
      return error("too-large", tooLarge(url, actual, maxBytes), { expected: maxBytes, actual })
    }
    fed?.update(fresh)
    kept?.push(fresh)
    const step = take(fresh)
    if (step === undefined) return undefined
    if (!(step instanceof Promise)) return new Refusal(step)
    silence.pause()
    return step.then((error) => {
      silence.heard()
      return error === undefined ? undefined : new Refusal(error)
    })
  }

  /** No more chunks will come: the error for which that is too early, if it is. */
  end(): Restart | AttemptFailed | undefined {
    const { end, position, total } = this.#content
    const arrived = this.#toSkip > 0 ? this.#skip - this.#toSkip : position
    if (end !== undefined && arrived < end) return this.#short(arrived, end)
    if (this.#toSkip > 0) return this.#changed(`it has ${arrived} bytes now`)
    return total !== undefined && position < total ? this.#short(position, total) : undefined
  }

  /** Compares with what was fed, as soon as all of that has come again. */
  #compare(known: Uint8Array): Restart | undefined {
    if (known.length === 0) return undefined
    const { fed, prefix } = this.#tools
    prefix?.update(known)
    this.#toSkip -= known.length
    return this.#toSkip > 0 || prefix?.digest() === fed?.digest()
      ? undefined
      : this.#changed(`its first ${this.#skip} bytes are others now`)
  }

  #changed(how: string): Restart {
    const { error, url } = this.#tools
    return new Restart(
      error("changed", `The content of ${url} changed while it was loaded: ${how}`),
    )
  }

  #short(arrived: number, expected: number): AttemptFailed {
    const { error, url } = this.#tools
    const message = `The body ended after ${arrived} of ${expected} bytes, for ${url}`
    return new AttemptFailed(error("connection", message))
  }
}
