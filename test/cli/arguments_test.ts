/**
 * Which command is meant, and how it is to write.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { helpRequest, outputSettings, withCommand } from "../../src/cli/arguments.ts"
import { parseTime } from "../../src/cli/flags.ts"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

// deno-fmt-ignore
const commands: ReadonlyArray<readonly [given: string, meant: string]> = [
  ["", "compile"],
  ["a.wasm", "compile a.wasm"],
  ["-", "compile -"],
  ["--sniff a.wasm", "compile --sniff a.wasm"],
  ["compile a.wasm", "compile a.wasm"],
  ["--quiet compile a.wasm", "--quiet compile a.wasm"],
  ["--color never compile a.wasm", "--color never compile a.wasm"],
  ["--color=never a.wasm", "compile --color=never a.wasm"],
  ["./compile", "compile ./compile"],
  ["a.wasm compile", "compile a.wasm compile"],
  ["run a.wasm f 1 -inf 2", "run a.wasm f 1 -- -inf 2"],
  ["run a.wasm f -1 -0x10", "run a.wasm f -- -1 -0x10"],
  ["run a.wasm f -- -inf", "run a.wasm f -- -inf"],
  ["run a.wasm f --sniff 1", "run a.wasm f --sniff 1"],
  ["--help", "--help"],
  ["-h", "-h"],
  ["--verbose --help", "--verbose --help"],
  ["--completions fish", "--completions fish"],
]
for (const [given, meant] of commands) {
  test(`withCommand() reads "${given}" as "${meant}"`, () => {
    const args = given === "" ? [] : given.split(" ")
    assert.deepEqual(withCommand(args), meant.split(" "))
  })
}

// deno-fmt-ignore
const settings: ReadonlyArray<readonly [given: string, color: string, quiet: boolean, verbose: boolean]> = [
  ["a.wasm", "auto", false, false],
  ["--color always a.wasm", "always", false, false],
  ["a.wasm --color=never -q", "never", true, false],
  ["--verbose --quiet", "auto", true, true],
  ["--color sometimes", "auto", false, false],
  ["run a.wasm f -- --quiet", "auto", false, false],
]
for (const [given, color, quiet, verbose] of settings) {
  test(`outputSettings() reads ${given}`, () => {
    assert.deepEqual(outputSettings(given.split(" ")), { color, quiet, verbose })
  })
}

// deno-fmt-ignore
const times: ReadonlyArray<readonly [text: string, milliseconds: number | undefined]> = [
  ["500ms", 500], ["30s", 30_000], ["2m", 120_000], ["1.5 min", 90_000], ["1h", 3_600_000],
  ["10 seconds", 10_000], ["3 minutes", 180_000], ["250 millis", 250], ["1 hour", 3_600_000],
  ["", undefined], ["5", undefined], ["s", undefined], ["-1s", undefined], ["1 day", undefined], ["1e9s", undefined],
]
for (const [text, milliseconds] of times) {
  test(`parseTime() reads "${text}"`, () => {
    assert.equal(
      Option.getOrUndefined(Option.map(parseTime(text), Duration.toMillis)),
      milliseconds,
    )
  })
}

// deno-fmt-ignore
const helps: ReadonlyArray<readonly [given: string, name: string | undefined]> = [
  ["--help", ""], ["-h", ""], ["--color never --help", ""], ["inspect --help", "inspect"], ["-q run -h", "run"],
  ["inspect a.wasm --help", undefined], ["--help inspect", undefined], ["a.wasm", undefined], ["run a.wasm f -- --help", undefined],
  ["constructor --help", undefined], ["", undefined],
]
for (const [given, name] of helps) {
  test(`helpRequest() is ${JSON.stringify(name)} for "${given}"`, () => {
    assert.equal(helpRequest(given === "" ? [] : given.split(" ")), name)
  })
}
