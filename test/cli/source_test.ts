/**
 * What a word of the command line is loaded as: a path always begins so that it cannot be taken for a relative URL.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { namedSource, sourceOf } from "../../src/cli/source.ts"

// deno-fmt-ignore
const sources: ReadonlyArray<readonly [argument: string, loaded: string]> = [
  ["a.wasm", "./a.wasm"], ["./a.wasm", "./a.wasm"], ["../a.wasm", "../a.wasm"], ["/a.wasm", "/a.wasm"],
  [".hidden.wasm", "./.hidden.wasm"], ["..a.wasm", "./..a.wasm"], [".", "./"], ["..", "../"],
  ["https://example.org/a.wasm", "https://example.org/a.wasm"], ["data:application/wasm,", "data:application/wasm,"],
]
for (const [argument, loaded] of sources) {
  test(`${argument} is loaded as ${loaded}`, async () => {
    const { open } = await Effect.runPromise(namedSource(argument))
    assert.equal(open(), loaded)
  })
}

const long = `${"d".repeat(150)}/${"d".repeat(150)}.wasm`

// deno-fmt-ignore
const names: ReadonlyArray<readonly [argument: string, name: string, source: string]> = [
  ["a#b.wasm", "a#b.wasm", "a#b.wasm"], ["a?b=c.wasm", "a?b=c.wasm", "a?b=c.wasm"], ["u@h/a.wasm", "u@h/a.wasm", "u@h/a.wasm"],
  ["\u001ba.wasm", "\\u{1b}a.wasm", "\u001ba.wasm"], [long, long, long],
  ["https://u:p@h/a?b=c#d", "https://h/a?b=…", "https://h/a?b=…"], ["data:application/wasm,a", "data:application/wasm,… (23 characters)", "data:application/wasm,… (23 characters)"],
]
for (const [argument, name, source] of names) {
  test(`${JSON.stringify(argument)} is named in full, a URL without its secrets`, async () => {
    const named = await Effect.runPromise(namedSource(argument))
    assert.deepEqual([named.name, named.source], [name, source])
    assert.equal(sourceOf(argument), source)
  })
}
