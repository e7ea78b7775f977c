/**
 * Agreement of the two manifests and of the built example.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { exampleModule } from "../../demo/build.ts"
import { exampleModule as servedExample } from "../../src/cli/example.ts"
import { version } from "../../src/cli/version.ts"

const read = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../${name}`, import.meta.url)))
const json = (name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(read(name)))

test("package.json and deno.json agree on name, version, license and entries", () => {
  const [npm, jsr] = [json("package.json"), json("deno.json")]
  for (const field of ["name", "version", "license"]) assert.equal(npm[field], jsr[field], field)
  // The command is the package's bin on npm, and an entry that is run on JSR.
  const entries = Object.keys(jsr["exports"] ?? {}).filter((name) => name !== "./cli")
  assert.deepEqual(Object.keys(npm["exports"] ?? {}), entries)
  assert.equal(version, npm["version"])
})

test("dependencies stand in package.json alone, by caret range", () => {
  assert.equal("imports" in json("deno.json"), false)
  const ranges = ["dependencies", "devDependencies"].flatMap((field) =>
    Object.values(json("package.json")[field] ?? {})
  )
  assert.ok(ranges.length > 0)
  for (const range of ranges) assert.match(String(range), /^\^/)
})

test("demo/example.wasm is what demo/build.ts builds, and what the command serves", () => {
  assert.deepEqual(read("demo/example.wasm"), exampleModule)
  assert.equal(btoa(String.fromCharCode(...exampleModule)), servedExample)
})

test("no lock file names a registry's host", () => {
  for (const name of ["bun.lock", "deno.lock"]) {
    assert.equal(/https?:\/\//.test(new TextDecoder().decode(read(name))), false, name)
  }
})
