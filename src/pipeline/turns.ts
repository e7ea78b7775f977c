/**
 * Long work in short turns: chunks in slices, and between them, when a turn has lasted, the event loop goes round. So
 * full validation of a module that is there at once blocks neither a page nor a server.
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

/** Hands on the chunks of one run. */
class Turns<E extends object> {
  /** The run is over: nobody waits for what is left. */
  isOver = false
  private turnEnd = now() + turnLength
  private sliceSize = smallestSlice
  private readonly take: (chunk: Uint8Array) => Step<E>

  constructor(take: (chunk: Uint8Array) => Step<E>) {
    this.take = take
  }

  /** A chunk in slices, each taken before the next one. */
  readonly takeSlices = (chunk: Uint8Array): Step<E> =>
    chunk.byteLength <= this.sliceSize && now() < this.turnEnd
      ? this.take(chunk)
      : this.takeInTurns(chunk)

  private async takeInTurns(chunk: Uint8Array): Promise<void | E> {
    for (let start = 0; start < chunk.byteLength && !this.isOver;) {
      let began = now()
      if (began >= this.turnEnd) {
        await nextTurn()
        if (this.isOver) return
        began = now()
        this.turnEnd = began + turnLength
      }
      const end = start + this.sliceSize
      const step = this.take(chunk.subarray(start, end))
      this.adapt(now() - began)
      const error = step instanceof Promise ? await step : step
      if (error !== undefined) return error
      start = end
    }
  }

  /** Makes the next slice fit what the last one took. */
  private adapt(took: number): void {
    if (took > slow && this.sliceSize > smallestSlice) this.sliceSize /= 2
    else if (took < quick && this.sliceSize < largestSlice) this.sliceSize *= 2
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
