// The official test suite's modules: no valid one may be rejected, and every error outside of
// function bodies must be found.
//
// The table below says for each of the suite's messages how many of its modules the decoder rejects,
// and how many have their error in a body, which the decoder does not check. The second number was
// verified with an engine (V8 15.0): with every body replaced by `unreachable end`, each of those
// modules is valid.
import assert from "node:assert/strict"
import { test } from "node:test"
import { cut, random, seed } from "../support/random.ts"
import { missing, readVectors, type SpecVector } from "../support/spec_vectors.ts"
import { bytewise, judge, type Verdict } from "../support/verdicts.ts"

/** The number of vectors that the table is for. */
const KNOWN_VECTORS = 3094

/** A message up to its first colon; the number of rejected modules; that of modules with an error in a body. */
const FAULTS: ReadonlyArray<readonly [string, number, number]> = [
  ["END opcode expected", 0, 1],
  ["alignment must not be larger than natural", 0, 43],
  ["array type is not numeric or vector", 0, 1],
  ["array types do not match", 0, 2],
  ["constant expression required", 15, 0],
  ["data count and data section have inconsistent lengths", 4, 0],
  ["data count section required", 0, 2],
  ["duplicate export name", 9, 0],
  ["function and code section have inconsistent lengths", 3, 0],
  ["illegal opcode", 1, 0],
  ["immutable array", 0, 4],
  ["immutable field", 0, 1],
  ["immutable global", 0, 1],
  ["integer representation too long", 14, 2],
  ["integer too large", 21, 4],
  ["invalid lane index", 0, 23],
  ["invalid result arity", 0, 1],
  ["length out of bounds", 1, 0],
  ["magic header not detected", 13, 0],
  ["malformed UTF-8 encoding", 327, 0],
  ["malformed import kind", 1, 0],
  ["malformed memop flags", 0, 2],
  ["malformed mutability", 4, 0],
  ["malformed reference type", 1, 0],
  ["malformed section id", 4, 0],
  ["memory size", 12, 0],
  ["offset out of range", 0, 4],
  ["section size mismatch", 4, 0],
  ["size minimum must not be greater than maximum", 4, 0],
  ["start function", 1, 0],
  ["sub type", 13, 0],
  ["table size", 1, 0],
  ["too many locals", 1, 0],
  ["type mismatch", 27, 1317],
  ["undeclared function reference", 0, 1],
  ["unexpected content after last section", 13, 0],
  ["unexpected end", 7, 0],
  ["unexpected end of section or function", 6, 1],
  ["uninitialized local", 0, 4],
  ["unknown binary version", 4, 0],
  ["unknown data segment", 0, 1],
  ["unknown data segment 1", 0, 2],
  ["unknown elem segment 0", 0, 1],
  ["unknown elem segment 4", 0, 1],
  ["unknown function", 1, 4],
  ["unknown function 7", 1, 0],
  ["unknown global", 3, 3],
  ["unknown global 0", 1, 0],
  ["unknown global 1", 1, 0],
  ["unknown label", 0, 6],
  ["unknown local", 0, 17],
  ["unknown local 2", 0, 1],
  ["unknown memory", 4, 39],
  ["unknown memory 0", 0, 4],
  ["unknown memory 1", 3, 0],
  ["unknown table", 5, 2],
  ["unknown table 0", 0, 2],
  ["unknown tag 0", 0, 1],
  ["unknown type", 13, 6],
]

const STRUCTURAL = new Set(FAULTS.filter((row) => row[2] === 0).map((row) => row[0]))

const faultOf = (vector: SpecVector): string => {
  return vector.message.split(":")[0] ?? ""
}

const vectors: ReadonlyArray<SpecVector> = missing === false ? readVectors() : []
const verdicts: ReadonlyArray<Verdict> = vectors.map(({ bytes }) =>
  judge([bytes], { limits: "core" })
)

const eachVerdict = (
  check: (vector: SpecVector, verdict: Verdict, title: string) => void,
): void => {
  vectors.forEach((vector, index) => {
    const verdict = verdicts[index]
    assert.ok(verdict !== undefined)
    check(vector, verdict, `vector ${index} of ${vector.file}: ${vector.message}`)
  })
}

if (missing !== false) console.log(`Skipped: the official suite: ${missing}`)
const options = { skip: missing !== false }

test("ModuleDecoder accepts every valid vector", options, () => {
  let count = 0
  eachVerdict((vector, verdict, title) => {
    if (vector.verdict !== "valid") return
    assert.equal(verdict.code, "ok", `${title}${verdict.code} at ${verdict.offset}`)
    count++
  })
  assert.ok(count > 0)
})

test("ModuleDecoder rejects every vector whose fault is outside of bodies", options, () => {
  eachVerdict((vector, verdict, title) => {
    if (vector.verdict === "valid" || !STRUCTURAL.has(faultOf(vector))) return
    assert.notEqual(verdict.code, "ok", title)
  })
})

test("ModuleDecoder rejects as many vectors of each fault as are outside of bodies", {
  skip: vectors.length !== KNOWN_VECTORS,
}, () => {
  const counts = new Map<string, [number, number]>()
  eachVerdict((vector, verdict) => {
    if (vector.verdict === "valid") return
    const entry = counts.get(faultOf(vector)) ?? [0, 0]
    entry[verdict.code === "ok" ? 1 : 0]++
    counts.set(faultOf(vector), entry)
  })
  const rows = [...counts].map(([fault, [outside, inside]]) => [fault, outside, inside])
  assert.deepEqual(rows.sort(), FAULTS.map((row) => [...row]).sort())
})

test("ModuleDecoder judges every vector the same byte by byte", options, () => {
  eachVerdict((vector, verdict, title) => {
    assert.deepEqual(judge(bytewise(vector.bytes), { limits: "core" }), verdict, title)
  })
})

test("ModuleDecoder judges every vector the same in chunks of random sizes", options, () => {
  console.log(`seed ${seed}`)
  const next = random(seed)
  eachVerdict((vector, verdict, title) => {
    assert.deepEqual(judge(cut(vector.bytes, next), { limits: "core" }), verdict, title)
  })
})

test("ModuleDecoder never contradicts a vector's verdict when it defers", options, () => {
  eachVerdict((vector, verdict, title) => {
    const { code, offset } = judge([vector.bytes], { limits: "core", unknown: "defer" })
    if (code === "unknown") assert.notEqual(verdict.code, "ok", title)
    else assert.deepEqual({ code, offset }, { code: verdict.code, offset: verdict.offset }, title)
  })
})

test("ModuleDecoder judges random changes of vectors the same in every split", options, () => {
  console.log(`seed ${seed}`)
  const next = random(seed + 1)
  for (let round = 0; round < 3000; round++) {
    const bytes = vectors[next(vectors.length)]?.bytes.slice() ?? new Uint8Array(0)
    for (let changes = 1 + next(3); changes > 0 && bytes.length > 0; changes--) {
      bytes[next(bytes.length)] = next(256)
    }
    for (const unknown of ["reject", "defer"] as const) {
      const whole = judge([bytes], { unknown })
      assert.deepEqual(judge(bytewise(bytes), { unknown }), whole, `round ${round}`)
      assert.deepEqual(judge(cut(bytes, next), { unknown }), whole, `round ${round}`)
    }
  }
})
