/**
 * Full validation against the running engine: on generated modules, which are valid by construction, on mutations of them,
 * and on programs that run. A failure shows its seed, and `SEED=123` repeats it; the fuzz task searches longer.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { moduleBytes } from "../../support/generator/generator.ts"
import { exceptionPrograms } from "../../support/modules/exception_modules.ts"
import { judgeFully } from "../../support/fuzz/full_verdict.ts"
import { fuzz } from "../../support/fuzz/fuzz.ts"
import { gcPrograms } from "../../support/modules/gc_modules.ts"
import { anyModule } from "../../support/generator/arbitrary.ts"
import { engineFeatures, FEATURES } from "../../support/generator/features.ts"
import { runProgram } from "../../support/programs/program.ts"
import { seed } from "../../support/random.ts"
import { bytewise } from "../../support/verdicts.ts"

console.log(`differential_test: seed ${seed}`)

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

const programs = [...gcPrograms, ...exceptionPrograms]

for (const program of programs) {
  const { bytes, features } = program
  test(`full validation accepts a program: ${program.name}`, () => {
    const verdict = judgeFully([bytes])
    assert.equal(verdict.code, "ok", verdict.message)
    assert.deepEqual(judgeFully(bytewise(bytes)), verdict)
  })

  const missing = features.filter((feature) => !engineFeatures.has(feature))
  if (missing.length > 0) console.log(`Skipped: running ${program.name}: no ${missing}`)
  else {test(`the program runs here: ${program.name}`, () =>
      assert.equal(runProgram(program), undefined))}
}

test("full validation accepts every generated module, whatever the engine has", () => {
  fc.assert(
    fc.property(anyModule(new Set(FEATURES)), (module) => {
      const { code, message } = judgeFully([moduleBytes(module)])
      assert.equal(code, "ok", message)
    }),
    { seed, numRuns: 400, interruptAfterTimeLimit: 1_000, markInterruptAsFailure: false },
  )
})

test("full validation judges generated modules and changes of them as the engine does", () => {
  const { accepted, findings, judged, known } = fuzz({
    seed,
    milliseconds: 2_500,
    features: engineFeatures,
    modules: programs.map(({ bytes }) => bytes),
    size: 80,
  })
  for (const [reason, count] of known) console.log(`Known, ${count} times: the engine ${reason}`)
  const [finding] = findings
  if (finding !== undefined) {
    const { bytes, engine, ours, seed, what } = finding
    assert.fail(`SEED=${seed}: ${what}; ours: ${ours}; the engine's: ${engine}; ${hex(bytes)}`)
  }
  assert.ok(accepted > 0 && accepted < judged, `${accepted} of ${judged} are valid`)
})
