/**
 * Sends itself a signal while it is busy: at the end of an effect that is waited for, or outside of one.
 *
 * `signalled.ts waiting|busy SIGINT|SIGTERM`
 */
import * as Effect from "effect/Effect"
import process from "node:process"
import { hearingSignals, takeSignals } from "../../../src/cli/interrupts.ts"

const [, , when, signal = ""] = process.argv

/** The last step, after which nothing is waited for. */
const signalled = Effect.sync(() => process.kill(process.pid, signal))

takeSignals()
if (when === "waiting") {
  await Effect.runPromise(hearingSignals(signalled, () => console.log("restored")))
} else {
  await Effect.runPromise(hearingSignals(Effect.void, () => console.log("restored")))
  Effect.runSync(signalled)
  // No listener can run in this loop.
  for (;;);
}
console.log("went on")
