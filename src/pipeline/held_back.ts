/**
 * Holds bytes back until they were validated: a function body is validated as a whole, and until then the engine gets none
 * of its bytes.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { type Chunks, settle, type Step } from "./chunks.ts"

/**
 * The same bytes, passed on only as far as they were checked.
 *
 * @param chunks the chunks, each checked as far as possible before it is passed on
 * @param checked the number of bytes checked so far; at the end of the chunks, all of them
 */
export const heldBack = <E, R>(chunks: Chunks<E, R>, checked: () => number): Chunks<E, R> => ({
  forEach: <E2 extends object>(take: (chunk: Uint8Array) => Step<E2>, stop?: Promise<E2>) =>
    Effect.suspend(() => {
      const waiting: Array<Uint8Array> = []
      let handedOn = 0
      const handOn = (limit: number): Step<E2> => {
        for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
          const count = Math.min(first.length, limit - handedOn)
          if (count <= 0) return undefined
          if (count === first.length) waiting.shift()
          else waiting[0] = first.subarray(count)
          handedOn += count
          const step = take(count === first.length ? first : first.subarray(0, count))
          if (step instanceof Promise) return step.then((error) => error ?? handOn(limit))
          if (step !== undefined) return step
        }
        return undefined
      }
      const run = chunks.forEach<E2>((chunk) => {
        if (chunk.length > 0) waiting.push(chunk)
        return handOn(checked())
      }, stop)
      return Effect.andThen(run, Effect.suspend(() => settle(handOn(Number.POSITIVE_INFINITY))))
    }),
})
