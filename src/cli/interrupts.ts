/**
 * Ctrl-C ends the command at once, whatever is under way.
 *
 * @module
 */
import process from "node:process"
import { exitInterrupted } from "./cli_error.ts"

let onInterrupt: (() => void) | undefined

/**
 * Ends the process at Ctrl-C.
 *
 * @param restore puts the terminal back in order
 */
export const watchInterrupts = (restore: () => void): void => {
  onInterrupt = () => {
    restore()
    process.exit(exitInterrupted)
  }
  process.on("SIGINT", onInterrupt)
}

/** The program has ended. */
export const unwatchInterrupts = (): void => {
  if (onInterrupt !== undefined) process.off("SIGINT", onInterrupt)
  onInterrupt = undefined
}

/**
 * Runs what does not let go of the thread: then nobody would hear of Ctrl-C, so the system ends the process.
 *
 * @param run runs it
 */
export const interruptible = <A>(run: () => A): A => {
  const listener = onInterrupt
  if (listener === undefined) return run()
  process.off("SIGINT", listener)
  try {
    return run()
  } finally {
    process.on("SIGINT", listener)
  }
}
