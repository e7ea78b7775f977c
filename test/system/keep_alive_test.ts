/**
 * A pending compilation keeps the process alive until it settles, and no longer; a source that never settles does not.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { runProgram } from "../support/command.ts"

test("a process does not end before its compilation", async () => {
  assert.deepEqual(await runProgram("test/support/programs/pending_program.ts"), {
    code: 0,
    stdout: "compiled\n",
    stderr: "",
  })
})
