/**
 * Signals itself while it is busy: at the end of what is waited for, or outside of it.
 *
 * `signalled.ts waiting|busy SIGINT|SIGTERM`
 */
import * as Effect from "effect/Effect"
import process from "node:process"
import { hearingSignals, takeSignals } from "../../../src/cli/interrupts.ts"

const [, , when, signal = ""] = process.argv

/** Its last step; nothing is waited for after it. */
const signalled = Effect.sync(() => process.kill(process.pid, signal))

takeSignals()
if (when === "waiting") {
  await Effect.runPromise(hearingSignals(signalled, () => console.log("restored")))
} else {
  await Effect.runPromise(hearingSignals(Effect.void, () => console.log("restored")))
  Effect.runSync(signalled)
  // Nobody hears of it in here.
  for (;;);
}
console.log("went on")
