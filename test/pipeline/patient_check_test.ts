/**
 * What arrives after a fault explains it, also in a program whose other work keeps the event loop busy.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { Wasm } from "../../mod.ts"
import { nextTurn, now } from "../../src/platform/natives.ts"
import { response } from "../support/responses.ts"
import { importing } from "../support/modules.ts"

/** Blocks the event loop. */
const block = (milliseconds: number): void => {
  const end = now() + milliseconds
  while (now() < end);
}

// Longer than the wait for more bytes.
for (const [title, blocked] of [["idle", 0], ["blocked", 400]] as const) {
  test(`the bytes after a fault are received: ${title}`, async () => {
    let at = 0
    const twice = [importing, importing.subarray(0, 3), importing.subarray(3)]
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        if (at > 0) {
          block(blocked)
          // Received bytes come in a later turn, after timers that are due.
          await nextTurn()
        }
        const chunk = twice[at++]
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk.slice())
      },
    }, { highWaterMark: 0 })
    const error = await Effect.runPromise(Effect.flip(Wasm.inspect(response(stream))))
    assert.equal(error.reason, "trailing-bytes")
  })
}
