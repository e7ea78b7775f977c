/**
 * What a word of the command line is loaded as: a path always begins so that it cannot be taken for a relative URL.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { namedSource } from "../../src/cli/source.ts"

// deno-fmt-ignore
const sources: ReadonlyArray<readonly [argument: string, loaded: string]> = [
  ["a.wasm", "./a.wasm"], ["./a.wasm", "./a.wasm"], ["../a.wasm", "../a.wasm"], ["/a.wasm", "/a.wasm"],
  [".hidden.wasm", "./.hidden.wasm"], ["..a.wasm", "./..a.wasm"], [".", "./."], ["..", "./.."],
  ["https://example.org/a.wasm", "https://example.org/a.wasm"], ["data:application/wasm,", "data:application/wasm,"],
]
for (const [argument, loaded] of sources) {
  test(`${argument} is loaded as ${loaded}`, async () => {
    const { open } = await Effect.runPromise(namedSource(argument))
    assert.equal(open(), loaded)
  })
}
