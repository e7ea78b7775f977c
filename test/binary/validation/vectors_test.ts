// The official test suite's modules with full validation: every result is the one that the suite
// demands, however the bytes are split.
import assert from "node:assert/strict"
import { test } from "node:test"
import { cut, random, seed } from "../../support/random.ts"
import { missing, readVectors, type SpecVector } from "../../support/spec_vectors.ts"
import { bytewise, judge, type JudgeOptions, type Verdict } from "../../support/verdicts.ts"

const FULL: JudgeOptions = { validation: "full", limits: "core" }

const vectors: ReadonlyArray<SpecVector> = readVectors()
const verdicts: ReadonlyArray<Verdict> = vectors.map(({ bytes }) => judge([bytes], FULL))

/** The wrong results for vectors, one line each. */
const faultsOf = (
  check: (vector: SpecVector, verdict: Verdict) => string | undefined,
): Array<string> => {
  return vectors.flatMap((vector, index) => {
    const verdict = verdicts[index]
    assert.ok(verdict !== undefined)
    const fault = check(vector, verdict)
    return fault === undefined ? [] : [`vector ${index} of ${vector.file}: ${fault}`]
  })
}

/** How another result for the same bytes differs, if it does. */
const differenceOf = (other: Verdict, verdict: Verdict): string | undefined => {
  const words = ({ code, functionIndex, offset }: Verdict) => `${code} ${offset} ${functionIndex}`
  if (words(other) === words(verdict)) return undefined
  return `${words(other)}, not ${words(verdict)}`
}

if (missing !== false) console.log(`Skipped: the official suite: ${missing}`)
const options = { skip: missing !== false }

test("full validation judges every vector right", options, () => {
  const faults = faultsOf(({ message, verdict }, { code, offset }) => {
    if ((code === "ok") === (verdict === "valid")) return undefined
    return `${verdict} ${message}, judged ${code} at ${offset}`
  })
  assert.deepEqual(faults, [])
  assert.ok(vectors.length > 0)
})

test("full validation judges every vector the same byte by byte", options, () => {
  const faults = faultsOf(({ bytes }, verdict) =>
    differenceOf(judge(bytewise(bytes), FULL), verdict)
  )
  assert.deepEqual(faults, [])
})

test("full validation judges every vector the same in chunks of random sizes", options, () => {
  console.log(`seed ${seed}`)
  const next = random(seed)
  const faults = faultsOf(({ bytes }, verdict) =>
    differenceOf(judge(cut(bytes, next), FULL), verdict)
  )
  assert.deepEqual(faults, [])
})

test("full validation knows every instruction of the vectors", options, () => {
  const faults = faultsOf(({ message, verdict }, { code, offset }) => {
    // The illegal opcodes in the suite.
    if (code !== "unsupported" || verdict === "malformed") return undefined
    return `${message}, unsupported at ${offset}`
  })
  assert.deepEqual(faults, [])
})
