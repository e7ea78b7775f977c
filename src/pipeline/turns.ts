/**
 * Splits long work into short turns: chunks are cut into slices, and after each turn the event loop runs. So full validation
 * of a module that arrives at once blocks neither a page nor a server.
 *
 * A slice may be more work than its size suggests: a function body is validated once it is complete, and two bytes of it can
 * stand for a thousand operands. So the taker of a slice calls {@link isTurnOver} now and then, and may put off the rest of
 * its work, which continues with an empty slice.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { nextTurn, now } from "../platform/natives.ts"
import type { Chunks, Step } from "./chunks.ts"

/**
 * The size of a slice, in bytes; the clock is read after each. Work that takes half a millisecond in a warm process takes
 * ten in a fresh one, so slices begin small and adapt.
 */
const smallestSlice = 4_096
const largestSlice = 65_536
/** The time a slice should take, in milliseconds: below `quick` the next ones grow, above `slow` they shrink. */
const quick = 1
const slow = 2
/** The length of a turn, in milliseconds; it ends with the first slice after that. */
const turnLength = 5

/** The empty slice, with which put-off work continues. */
const nothing: Uint8Array = new Uint8Array(0)

/** The run whose slice is being taken. Slices are taken synchronously, so there is at most one. */
let current: { readonly putOff: () => boolean } | undefined

/**
 * Whether the turn is over, so that the rest of the work must be put off until the next, empty slice. To be called by the
 * taker of a slice; `false` outside of a run.
 */
export const isTurnOver = (): boolean => current !== undefined && current.putOff()

/** Passes on the chunks of one run. */
class Turns<E extends object> {
  /** Whether the run is over, and the rest no longer needed. */
  isOver = false
  #turnEnd = now() + turnLength
  #sliceSize = smallestSlice
  /** Whether work on the last slice was put off. */
  #isPutOff = false
  readonly #take: (chunk: Uint8Array) => Step<E>

  constructor(take: (chunk: Uint8Array) => Step<E>) {
    this.#take = take
  }

  /** Whether the turn is over; if so, marks the rest of the work as put off. */
  readonly putOff = (): boolean => {
    if (now() < this.#turnEnd) return false
    this.#isPutOff = true
    return true
  }

  /** Takes a chunk, slice by slice. */
  readonly takeSlices = (chunk: Uint8Array): Step<E> => {
    if (chunk.byteLength > this.#sliceSize || now() >= this.#turnEnd) {
      return this.#takeInTurns(chunk)
    }
    const step = this.#takeSlice(chunk)
    return this.#isPutOff ? this.#takeRest(step) : step
  }

  #takeSlice(slice: Uint8Array): Step<E> {
    this.#isPutOff = false
    current = this
    try {
      return this.#take(slice)
    } finally {
      current = undefined
    }
  }

  async #takeInTurns(chunk: Uint8Array): Promise<void | E> {
    for (let start = 0; start < chunk.byteLength && !this.isOver;) {
      if (now() >= this.#turnEnd && !await this.#nextTurn()) return
      const began = now()
      const end = start + this.#sliceSize
      const step = this.#takeSlice(chunk.subarray(start, end))
      this.#adapt(now() - began)
      const rest = this.#isPutOff ? this.#takeRest(step) : step
      const error = rest instanceof Promise ? await rest : rest
      if (error !== undefined) return error
      start = end
    }
  }

  /** Continues put-off work, turn by turn. */
  async #takeRest(first: Step<E>): Promise<void | E> {
    let error = await first
    while (error === undefined && this.#isPutOff && await this.#nextTurn()) {
      error = await this.#takeSlice(nothing)
    }
    return error
  }

  /** Lets the event loop run; returns whether the run continues. */
  async #nextTurn(): Promise<boolean> {
    await nextTurn()
    this.#turnEnd = now() + turnLength
    return !this.isOver
  }

  /** Adapts the size of the next slice to the time that the last one took. */
  #adapt(took: number): void {
    if (took > slow && this.#sliceSize > smallestSlice) this.#sliceSize /= 2
    else if (took < quick && this.#sliceSize < largestSlice) this.#sliceSize *= 2
  }
}

/**
 * The same chunks in slices, taken in short turns.
 *
 * @param chunks chunks of any size
 */
export const inTurns = <E, R>(chunks: Chunks<E, R>): Chunks<E, R> => ({
  forEach: (take, stop) =>
    Effect.suspend(() => {
      const turns = new Turns(take)
      const end = (): void => void (turns.isOver = true)
      stop?.then(end)
      return Effect.onExit(chunks.forEach(turns.takeSlices, stop), () => Effect.sync(end))
    }),
})
