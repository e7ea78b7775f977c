/**
 * Searches for modules for which full validation and this engine disagree, or chunks and the whole. Real modules that are
 * given as paths are mutated too.
 *
 * `bun run fuzz [seconds] [seed] [path ...]`, `deno task fuzz [seconds] [seed] [path ...]`
 *
 * @module
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fuzz } from "./support/fuzz/fuzz.ts"
import { engineFeatures } from "./support/generator/features.ts"
import { seed as randomSeed } from "./support/random.ts"

const [secondsText = "60", seedText, ...paths] = process.argv.slice(2)
const seconds = Number(secondsText)
const seed = seedText === undefined ? randomSeed : Number(seedText)
if (!(seconds >= 0) || !Number.isSafeInteger(seed)) {
  console.error(
    "Cannot start: seconds and seed have to be numbers; fuzz [seconds] [seed] [path ...]",
  )
  process.exit(2)
}

console.log(`Fuzzing for ${seconds} s from seed ${seed}, with ${[...engineFeatures].join(", ")}`)
const modules = paths.map((path) => new Uint8Array(readFileSync(path)))
const { accepted, findings, judged, known, rounds } = fuzz({
  seed,
  milliseconds: seconds * 1_000,
  features: engineFeatures,
  modules,
})
console.log(`${rounds} rounds: ${judged} modules judged, ${accepted} of them valid to the engine`)
for (const [reason, count] of known) console.log(`Known, ${count} times: the engine ${reason}`)
for (const { bytes, engine, ours, round, seed, what } of findings) {
  const file = join(mkdtempSync(join(tmpdir(), "fuzz-")), `${seed}.wasm`)
  writeFileSync(file, bytes)
  console.log(`Found in round ${round}: ${what}
  ours    ${ours}
  engine  ${engine}
  module  ${file}, ${bytes.length} bytes
  again   fuzz 0 ${[seed, ...paths].join(" ")}`)
}
process.exitCode = findings.length > 0 ? 1 : 0
