/**
 * Chunks that are looked at before they are handed on, where a fault may need a few more bytes to be explained: `{}` is
 * JSON only if nothing follows, and what follows a module says why it is there. Nothing is handed on after the fault.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { clearTimeout, NativePromise, setTimeout } from "../platform/natives.ts"
import { type ChunkCheck, type Chunks, settle, type Step } from "./chunks.ts"

/** How long, in milliseconds, more bytes are waited for: a body may stall, and a busy process is late. */
const patience = 250

/** What is done about a fault that is not explained yet. */
export interface Explaining<E> {
  /** Whether it is. */
  readonly isEnough: (error: E) => boolean
  /** More bytes were received. */
  readonly more: (chunk: Uint8Array) => void
  /** There are no more. */
  readonly end: () => void
}

/**
 * Looks at chunks before they are handed on.
 *
 * @param chunks the chunks
 * @param check looks at them, up to the first fault
 * @param explaining is told of those after it
 */
export const patientlyChecked = <E, R, E2 extends object>(
  chunks: Chunks<E, R>,
  check: ChunkCheck<E2>,
  { end, isEnough, more }: Explaining<E2>,
): Chunks<E | E2, R> => ({
  forEach: <E3 extends object>(take: (chunk: Uint8Array) => Step<E3>, stop?: Promise<E3>) =>
    Effect.suspend(() => {
      let fault: E2 | undefined
      let timer: ReturnType<typeof setTimeout> | undefined
      let giveUp: (fault: E2) => void = () => {}
      const late = new NativePromise<E2>((resolve) => (giveUp = resolve))
      /** Goes on for a while: nothing of it is handed on. */
      const wait = (found: E2): undefined => {
        fault = found
        timer = setTimeout(giveUp, patience, found)
      }
      const takeUnless = async (
        found: Promise<E2 | undefined>,
        chunk: Uint8Array,
      ): Promise<E2 | E3 | void> => {
        const error = await found
        if (error === undefined) return await take(chunk)
        return isEnough(error) ? error : wait(error)
      }
      const run = chunks.forEach<E2 | E3>(
        (chunk) => {
          if (fault !== undefined) {
            more(chunk)
            return isEnough(fault) ? fault : undefined
          }
          const found = check.push(chunk)
          if (found === undefined) return take(chunk)
          if (found instanceof Promise) return takeUnless(found, chunk)
          return isEnough(found) ? found : wait(found)
        },
        stop === undefined ? late : NativePromise.race<E2 | E3>([stop, late]),
      )
      return Effect.andThen(
        run,
        Effect.suspend(() => {
          if (fault === undefined) return settle(check.end())
          end()
          return Effect.fail(fault)
        }),
      ).pipe(Effect.onExit(() => Effect.sync(() => clearTimeout(timer))))
    }),
})
