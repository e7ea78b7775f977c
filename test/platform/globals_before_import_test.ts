/**
 * Globals that were replaced before the library was imported, as in the environments of test runners: the platform's
 * responses, headers and signals are recognised without them.
 */
import assert from "node:assert/strict"
import process from "node:process"
import { test } from "node:test"
import { calls, replaceAll, restore } from "../support/replaced_before.ts"
import { prepareCalls, wordOf } from "../support/platform_calls.ts"

restore()

for (const replaced of [true, false]) {
  const now = replaced ? "still" : "no longer"
  test(`with globals that were replaced before the import, and ${now} are, all calls end as they should`, async () => {
    const prepared = prepareCalls()
    const putBack = replaced ? replaceAll() : () => {}
    const outcomes: Array<unknown> = []
    try {
      for (const [run] of prepared) outcomes.push(await wordOf(run))
    } finally {
      putBack()
    }
    assert.deepEqual(outcomes, prepared.map(([, expected]) => expected))
  })
}

/** Without `--parallel`, Bun runs all files with one global object, and another file may have imported the library. */
const isLate = Reflect.has(globalThis, "Bun") && process.env["BUN_TEST_WORKER_ID"] === undefined
if (isLate) console.log("Skipped: what is replaced before the import: needs `bun test --parallel`")

test("what was in the place of the engine's functions at the import is what is called", {
  skip: isLate,
}, () => {
  const called = [...calls].filter(([, count]) => count > 0).map(([name]) => name)
  assert.ok(called.includes("compileStreaming") && called.includes("instantiate"), called.join())
})
