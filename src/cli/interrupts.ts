/**
 * Ctrl-C and SIGTERM end the command at once, whatever it does. While it waits, listeners put the terminal back in order and
 * exit. While it is busy no listener could run, so there is none, and the system's default action ends the process.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import process from "node:process"
import { nextTurn } from "../platform/natives.ts"
import { isDeno } from "../platform/runtime.ts"
import { exitInterrupted, exitTerminated } from "./cli_error.ts"

const signals = [["SIGINT", exitInterrupted], ["SIGTERM", exitTerminated]] as const

/** Listens for the signals; returns a function that stops listening. */
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
 * Listens for signals while the command waits.
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
        // A signal that arrived while the last step was busy is delivered in one of the next two turns of the event loop; on
        // Deno, where another thread receives it, a little later.
        await nextTurn()
        await nextTurn()
        if (isDeno) await new Promise((resolve) => setTimeout(resolve, 5))
        stop()
      }),
  )

/** A shell starts background jobs with SIGINT ignored. Node undoes that by itself; for other runtimes, this does. */
export const takeSignals = (): void => listen(() => {})()
