/**
 * Long work in short turns: chunks in slices, and between them, when a turn has lasted, the event loop goes round. So
 * full validation of a module that is there at once blocks neither a page nor a server.
 *
 * A slice may be more work than its size tells: a function body is validated when it is whole, and two bytes of it can
 * stand for a thousand operands. So whoever takes a slice asks {@link isTurnOver} now and then, and may put off what is
 * left; it goes on with an empty slice.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { nextTurn, now } from "../platform/natives.ts"
import type { Chunks, Step } from "./chunks.ts"

/**
 * Bytes between two looks at the clock. What takes half a millisecond later takes ten in a fresh process, so slices begin
 * small and follow the pace.
 */
const smallestSlice = 4_096
const largestSlice = 65_536
/** What a slice should take, in milliseconds: below the first it grows, above the second it shrinks. */
const quick = 1
const slow = 2
/** How long a turn lasts, in milliseconds, before it is given up with the next slice. */
const turnLength = 5

/** What an empty slice is made of: there is more to do, and no byte more. */
const nothing: Uint8Array = new Uint8Array(0)

/** The run whose slice is being taken. Runs take turns, so at any moment there is one at most. */
let current: { readonly putOff: () => boolean } | undefined

/**
 * Whether the turn is over, and what is left is to be put off until an empty slice comes. Asked by whoever is taking a slice.
 * Outside of a run nothing is put off.
 */
export const isTurnOver = (): boolean => current !== undefined && current.putOff()

/** Hands on the chunks of one run. */
class Turns<E extends object> {
  /** The run is over: nobody waits for what is left. */
  isOver = false
  #turnEnd = now() + turnLength
  #sliceSize = smallestSlice
  /** Whether the slice taken last has left something undone. */
  #isPutOff = false
  readonly #take: (chunk: Uint8Array) => Step<E>

  constructor(take: (chunk: Uint8Array) => Step<E>) {
    this.#take = take
  }

  /** Whether the turn is over; if so, what is left is put off. */
  readonly putOff = (): boolean => {
    if (now() < this.#turnEnd) return false
    this.#isPutOff = true
    return true
  }

  /** A chunk in slices, each taken before the next one. */
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

  /** What a slice has put off, turn by turn. */
  async #takeRest(first: Step<E>): Promise<void | E> {
    let error = await first
    while (error === undefined && this.#isPutOff && await this.#nextTurn()) {
      error = await this.#takeSlice(nothing)
    }
    return error
  }

  /** Lets the event loop go round; returns whether the run goes on. */
  async #nextTurn(): Promise<boolean> {
    await nextTurn()
    this.#turnEnd = now() + turnLength
    return !this.isOver
  }

  /** Makes the next slice fit what the last one took. */
  #adapt(took: number): void {
    if (took > slow && this.#sliceSize > smallestSlice) this.#sliceSize /= 2
    else if (took < quick && this.#sliceSize < largestSlice) this.#sliceSize *= 2
  }
}

/**
 * The same chunks in slices, taken in turns that are short.
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
