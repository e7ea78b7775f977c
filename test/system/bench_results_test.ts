/**
 * The results that benchmarks write, and the comparison of two runs by `bench/compare.ts`.
 */
import assert from "node:assert/strict"
import { join } from "node:path"
import { test } from "node:test"
import { type CaseFigures, readResults, writeResults } from "../../bench/results.ts"
import { runProgram } from "../support/command.ts"
import { withFolder } from "../support/programs/consumer.ts"

const paced = (version: string, ...ours: ReadonlyArray<number>): CaseFigures => ({
  of: [version, "a module", "paced"],
  unit: "ms",
  rival: "native",
  taken: { ours, native: ours.map(() => 4) },
})

test("what was measured is read as it was written, rounds without a turn too", () =>
  withFolder({}, (folder) => {
    const file = join(folder, "a.json")
    const cases = [paced("Bun 1.4.5", 1, NaN, 0.000123456)]
    writeResults(file, "a bench", cases)
    const { bench, cases: read } = readResults(file)
    assert.deepEqual([bench, read], ["a bench", cases])
    return Promise.resolve()
  }))

test("two runs are compared by case and contender, whatever the runtime's minor version", () =>
  withFolder({}, async (folder) => {
    const [before, after] = [join(folder, "before.json"), join(folder, "after.json")]
    writeResults(before, "a bench", [paced("Bun 1.4.5", 2, 2, NaN), paced("Deno 2.9.6", 1)])
    writeResults(after, "a bench", [paced("Bun 1.5.0", 6, 6, 6), paced("Bun 2.0.0", 1)])
    const { code, stderr, stdout } = await runProgram("bench/compare.ts", before, after)
    assert.equal(code, 0, stderr)
    assert.match(
      stdout,
      /^Bun 1, a module, paced, ms +ours +2\.00 +6\.00 +3\.00 .* 0\.50 .* 1\.50 /m,
    )
    assert.match(stdout, /^ +native +4\.00 +4\.00 +1\.00 /m)
    const alone = stdout.split("\n").filter((line) => /alone: (Deno|Bun) 2, /.test(line))
    assert.equal(alone.length, 2)
  }))

test("runs of two benches are not compared", () =>
  withFolder({}, async (folder) => {
    const [one, other] = [join(folder, "one.json"), join(folder, "other.json")]
    writeResults(one, "a bench", [])
    writeResults(other, "another", [])
    assert.notEqual((await runProgram("bench/compare.ts", one, other)).code, 0)
  }))
