/**
 * The times that the summary of `compile` shows.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { LoadTimes } from "../../src/cli/load_times.ts"

/** The steps of a load, 10 ms apart; a number is the status of a response. */
type Step = "request" | "bytes" | "module" | number

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [title: string, steps: ReadonlyArray<Step>, firstByte: number | undefined, download: number, compiled: number, attempts: number, retrying: number]> = [
  ["a download", ["request", 200, "bytes", "bytes", "module"], 10, 20, 10, 1, 0],
  ["a file", ["bytes", "bytes", "module"], undefined, 0, 10, 0, 0],
  ["a redirect counts for the first byte", ["request", 302, "request", 200, "bytes", "module"], 30, 10, 10, 1, 0],
  ["a failed attempt does not", ["request", 503, "request", 200, "bytes", "module"], 10, 10, 10, 2, 20],
  ["nor does one without a response", ["request", "request", 200, "bytes", "module"], 10, 10, 10, 2, 10],
  ["going on counts for the download", ["request", 200, "bytes", "request", 206, "bytes", "module"], 10, 40, 10, 2, 30],
]
for (const [title, steps, firstByte, download, compiled, attempts, retrying] of cases) {
  test(`times: ${title}`, () => {
    let now = 0
    const times = new LoadTimes(() => now)
    for (const step of steps) {
      now += 10
      if (step === "request") times.requested()
      else if (step === "bytes") times.chunk(new Uint8Array(1))
      else if (step === "module") times.compiled()
      else times.answered(step)
    }
    assert.deepEqual([times.firstByte, times.download, times.afterwards], [
      firstByte,
      download,
      compiled,
    ])
    assert.deepEqual([times.attempts, times.retrying], [attempts, retrying])
  })
}
