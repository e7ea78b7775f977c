/**
 * Ctrl-C and SIGTERM end the command at once, whatever is under way. While it waits, it hears of them itself, and puts the
 * terminal back in order. While it is busy nobody would hear of them, so they are left to the system, which ends the process.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import process from "node:process"
import { nextTurn } from "../platform/natives.ts"
import { exitInterrupted, exitTerminated } from "./cli_error.ts"

const signals = [["SIGINT", exitInterrupted], ["SIGTERM", exitTerminated]] as const

/** Listens, and says how to stop it. */
const listen = (restore: () => void): () => void => {
  const listeners = signals.map(([signal, exitCode]) => {
    const end = (): void => {
      restore()
      process.exit(exitCode)
    }
    process.on(signal, end)
    return () => process.off(signal, end)
  })
  return () => listeners.forEach((stop) => stop())
}

/**
 * Hears of signals while the command waits.
 *
 * @param self what is waited for
 * @param restore puts the terminal back in order
 */
export const hearingSignals = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  restore: () => void,
): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => listen(restore)),
    () => self,
    (stop) =>
      Effect.promise(async () => {
        // A signal that arrived while the last step was busy is heard in the next turn of the loop, or in the one after it.
        await nextTurn()
        await nextTurn()
        stop()
      }),
  )

/** A shell starts what runs in its background with SIGINT ignored; Node takes that back by itself, others do not. */
export const takeSignals = (): void => listen(() => {})()
