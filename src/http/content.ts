/**
 * What is known of the content that is being loaded, over all attempts; and the judgement of each answer by it: does its
 * body go on where the last one stopped, does it begin anew, or is it of no use?
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-range-requests
 * @module
 */
import type { Answer } from "./answer.ts"
import {
  contentLength,
  contentRange,
  type Field,
  isEncoded,
  strongValidator,
  unsatisfiedTotal,
} from "./http_fields.ts"

/** What an answer's body is good for. */
export type Verdict =
  /** The content from its beginning. */
  | { readonly kind: "whole" }
  /** The rest of the content, or a part of the rest. */
  | { readonly kind: "rest" }
  /** Nothing is left to come. */
  | { readonly kind: "complete" }
  /** It is not the content that was begun. */
  | { readonly kind: "changed"; readonly message: string }
  /** It is not what was asked for. */
  | { readonly kind: "nonsense"; readonly message: string }

/** The content, as far as it is known. */
export class Content {
  /** How many bytes have come: from here on they are missing. */
  position = 0
  /** How many bytes there are, where that is truly known. */
  total: number | undefined
  /** Where the body that is being read is to end. */
  end: number | undefined
  /** Whether this server is to be asked for parts. */
  ranges: boolean
  #validator: string | undefined

  /**
   * @param ranges whether the server is to be asked for parts at all
   */
  constructor(ranges: boolean) {
    this.ranges = ranges
  }

  /** Begins at zero. What was learnt of the server's ranges stays. */
  reset(): void {
    this.position = 0
    this.total = undefined
    this.end = undefined
    this.#validator = undefined
  }

  /** What to send as `If-Range` where the rest can be asked for; `undefined` where it cannot. */
  get validator(): string | undefined {
    return this.ranges ? this.#validator : undefined
  }

  /** Whether all bytes have come. */
  get complete(): boolean {
    return this.position > 0 && this.position === this.total
  }

  /**
   * Judges an answer whose status is ok and that begins at zero.
   *
   * @param answer the answer
   * @param partial whether the caller asked for a part himself, which then is his whole
   */
  judgeWhole(answer: Answer, partial: boolean): Verdict {
    const { field } = answer
    const encoded = isEncoded(field) || !answer.open
    const length = encoded ? undefined : contentLength(field)
    const isPart = answer.head.status === 206 && !partial
    const range = isPart ? contentRange(field) : undefined
    if (isPart && range?.start !== 0) {
      return { kind: "nonsense", message: "sent a part that nobody had asked for" }
    }
    const total = range === undefined ? length : range.total
    if (this.position > 0 && total !== undefined && (this.total ?? total) !== total) {
      return { kind: "changed", message: `has ${total} bytes now, not ${this.total}` }
    }
    this.total = total
    this.end = range?.end ?? length
    this.#validator = encoded ? undefined : strongValidator(field)
    if (field("accept-ranges")?.trim().toLowerCase() === "none") this.ranges = false
    return { kind: "whole" }
  }

  /**
   * Judges an answer of status 206 to a request for the rest.
   *
   * @param answer the answer
   */
  judgeRest({ field }: Answer): Verdict {
    const range = contentRange(field)
    const nonsense = (message: string): Verdict => {
      // Whoever does that once is asked for the whole from now on.
      this.ranges = false
      return { kind: "nonsense", message }
    }
    if (range === undefined) return nonsense("sent a part without saying which")
    if (range.start !== this.position) {
      return nonsense(`sent the part from byte ${range.start} instead of ${this.position}`)
    }
    if (isEncoded(field)) return nonsense("sent a part of an encoded form")
    if (this.#differs(field)) {
      return { kind: "changed", message: "has another validator now" }
    }
    if (range.total !== undefined && (this.total ?? range.total) !== range.total) {
      return nonsense(`says that there are ${range.total} bytes, after ${this.total}`)
    }
    if ((contentLength(field) ?? range.end - range.start) !== range.end - range.start) {
      return nonsense("sent a part of another size than it says")
    }
    this.total ??= range.total
    this.end = range.end
    return { kind: "rest" }
  }

  /**
   * Judges an answer of status 416 to a request for the rest.
   *
   * @param answer the answer
   */
  judgePastEnd({ field }: Answer): Verdict {
    const total = unsatisfiedTotal(field)
    if (total === this.position) return { kind: "complete" }
    if (total !== undefined && total < this.position) {
      return { kind: "changed", message: `has ${total} bytes now` }
    }
    this.ranges = false
    return { kind: "nonsense", message: "refused to send the rest" }
  }

  #differs(field: Field): boolean {
    const name = this.#validator?.startsWith('"') === true ? "etag" : "last-modified"
    const value = field(name)?.trim()
    return value !== undefined && value !== this.#validator
  }
}
