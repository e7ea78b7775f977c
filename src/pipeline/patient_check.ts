/**
 * Checks chunks before they are passed on, and after a fault reads a few more bytes to explain it: `{}` is JSON only if
 * nothing follows, for example. Nothing is passed on after the fault.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { clearInterval, NativePromise, setInterval } from "../platform/natives.ts"
import { type ChunkCheck, type Chunks, settle, type Step } from "./chunks.ts"

/**
 * How long to wait for more bytes, in milliseconds: the body may stall. The wait consists of several shorter ones, as a
 * single timer would be overdue after other work has blocked the event loop, and would fire before bytes that have come
 * meanwhile are received.
 */
const shortWait = 50
const shortWaits = 5

/** Handles a fault that needs more bytes to be explained. */
export interface Explaining<E> {
  /** Whether enough bytes were received to explain the fault. */
  readonly isEnough: (error: E) => boolean
  /** Called with each chunk after the fault. */
  readonly more: (chunk: Uint8Array) => void
  /** Called at the end of the chunks. */
  readonly end: () => void
}

/**
 * Checks chunks before they are passed on.
 *
 * @param chunks the chunks
 * @param check checks them, up to the first fault
 * @param explaining gets those after the fault
 */
export const patientlyChecked = <E, R, E2 extends object>(
  chunks: Chunks<E, R>,
  check: ChunkCheck<E2>,
  { end, isEnough, more }: Explaining<E2>,
): Chunks<E | E2, R> => ({
  forEach: <E3 extends object>(take: (chunk: Uint8Array) => Step<E3>, stop?: Promise<E3>) =>
    Effect.suspend(() => {
      let fault: E2 | undefined
      let timer: ReturnType<typeof setInterval> | undefined
      let giveUp: (fault: E2) => void = () => {}
      const late = new NativePromise<E2>((resolve) => (giveUp = resolve))
      /** Continues for a while, without passing anything on. */
      const wait = (found: E2): undefined => {
        fault = found
        let left = shortWaits
        timer = setInterval(() => --left === 0 && giveUp(found), shortWait)
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
      ).pipe(Effect.onExit(() => Effect.sync(() => clearInterval(timer))))
    }),
})
