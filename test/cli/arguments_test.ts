/**
 * Which command is meant, and its output settings.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  helpRequest,
  misuse,
  outputSettings,
  withCommand,
  withNumbers,
} from "../../src/cli/arguments.ts"
import { parseSize, parseTime } from "../../src/cli/flags.ts"
import { mistyped } from "../../src/cli/mistyped.ts"
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
  ["--color compile a.wasm", "--color compile a.wasm"],
  ["--quiet=false inspect a.wasm", "--quiet=false inspect a.wasm"],
  ["--color=never a.wasm", "compile --color=never a.wasm"],
  ["./compile", "compile ./compile"],
  ["a.wasm compile", "compile a.wasm compile"],
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
  ["--color a.wasm", "always", false, false],
  ["a.wasm --color=never -q", "never", true, false],
  ["--verbose --quiet", "auto", true, true],
  ["--color=sometimes", "auto", false, false],
  // An error, but the message uses the intended color setting.
  ["--color never a.wasm", "never", false, false],
  ["--quiet=false --verbose=no a.wasm", "auto", false, false],
  ["--quiet=true --verbose=1 a.wasm", "auto", true, true],
  ["-vq a.wasm", "auto", true, false],
  ["run a.wasm f -- --quiet", "auto", false, false],
]
for (const [given, color, quiet, verbose] of settings) {
  test(`outputSettings() reads ${given}`, () => {
    assert.deepEqual(outputSettings(given.split(" ")), { color, quiet, verbose })
  })
}

// deno-fmt-ignore
const calls: ReadonlyArray<readonly [given: string, meant: string]> = [
  ["run a.wasm f 1 -inf 2", "run -- a.wasm f 1 -inf 2"],
  ["run a.wasm f -1 -0x10", "run -- a.wasm f -1 -0x10"],
  ["run a.wasm f -0x1.8p-3 -1_0.5", "run -- a.wasm f -0x1.8p-3 -1_0.5"],
  ["run a.wasm f -1 --sniff -1_000", "run --sniff -- a.wasm f -1 -1_000"],
  ["run a.wasm f -1.5 --timeout 5s -nan -q", "run --timeout 5s -q -- a.wasm f -1.5 -nan"],
  ["run a.wasm f -1 --timeout=5s 2", "run --timeout=5s -- a.wasm f -1 2"],
  ["--quiet run a.wasm f -.5", "run --quiet -- a.wasm f -.5"],
  ["run - f -1", "run -- - f -1"],
  ["run a.wasm f -1 -- --sniff", "run -- a.wasm f -1 --sniff"],
  ["run a.wasm f -- -inf", "run a.wasm f -- -inf"],
  ["run a.wasm f --sniff 1", "run a.wasm f --sniff 1"],
  ["disassemble a.wasm -1", "disassemble a.wasm -1"],
]
for (const [given, meant] of calls) {
  test(`withNumbers() reads "${given}" as "${meant}"`, () => {
    const read = withNumbers(given.split(" "), (option) => option === "--timeout")
    assert.deepEqual(read, meant.split(" "))
  })
}

// deno-fmt-ignore
const misused: ReadonlyArray<readonly [given: string, word: string | undefined]> = [
  ["-x.wasm", "./-x.wasm"], ["inspect -x.wasm", "./-x.wasm"], ["-qx a.wasm", "-qx"],
  ["--color never a.wasm", "--color=never"], ["--help=no", "--help"], ["--version=1", "--version"],
  ["-- -x.wasm", undefined], ["-", undefined], ["-qv", undefined], ["run a.wasm f -1 -1.5e3 -.5 -inf", undefined],
  ["--color a.wasm", undefined], ["--color=never a.wasm", undefined], ["--quiet=no a.wasm", undefined], ["--fast", undefined],
]
for (const [given, word] of misused) {
  test(`misuse() has ${word === undefined ? "nothing to say" : `"${word}"`} for "${given}"`, () => {
    const said = misuse(given.split(" "))
    if (word === undefined) assert.equal(said, undefined)
    else assert.ok(said?.includes(word), String(said))
  })
}

// deno-fmt-ignore
const mistypings: ReadonlyArray<readonly [given: string, guess: string | undefined]> = [
  ["validat x.wasm", "validate"], ["validat", "validate"], ["vlaidate x.wasm", "validate"], ["Validate x.wasm", "validate"],
  ["disasm x.wasm", "disassemble"], ["insp", "inspect"], ["rnu x.wasm", "run"], ["-q type x.wasm", "types"],
  ["dif a b", "diff"], ["help", "--help"], ["version", "--version"], ["other x.wasm", "The commands are compile, "],
  ["other", undefined], ["there", undefined], ["validate", undefined], ["validat.wasm", undefined],
  ["./validat", undefined], ["--sniff validat", undefined], ["other --sniff", undefined], ["", undefined],
]
for (const [given, guess] of mistypings) {
  test(`mistyped() has ${guess === undefined ? "nothing to say" : `"${guess}"`} for "${given}"`, () => {
    const said = mistyped(given.split(" "), (path) => path === "there")
    if (guess === undefined) assert.equal(said, undefined)
    else assert.ok(said?.includes(guess), String(said))
  })
}

// deno-fmt-ignore
const sizes: ReadonlyArray<readonly [text: string, bytes: number | undefined]> = [
  ["0", 0], ["65536", 65_536], ["64k", 65_536], ["64K", 65_536], ["64KiB", 65_536], ["64kB", 64_000], ["10MB", 10_000_000],
  ["10M", 10_485_760], ["1G", 1_073_741_824], ["1 GiB", 1_073_741_824], ["2gb", 2_000_000_000], ["12B", 12],
  ["", undefined], ["k", undefined], ["-1", undefined], ["1.5M", undefined], ["1T", undefined], ["1kb2", undefined],
  ["1bib", undefined], ["999999999999999G", undefined], ["9999999999999999", undefined],
]
for (const [text, bytes] of sizes) {
  test(`parseSize() reads "${text}"`, () => {
    assert.equal(Option.getOrUndefined(parseSize(text)), bytes)
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
  ["--help", ""], ["-h", ""], ["--color --help", ""], ["--color never --help", undefined], ["inspect --help", "inspect"], ["-q run -h", "run"],
  ["inspect a.wasm --help", undefined], ["--help inspect", undefined], ["a.wasm", undefined], ["run a.wasm f -- --help", undefined],
  ["constructor --help", undefined], ["", undefined],
]
for (const [given, name] of helps) {
  test(`helpRequest() is ${JSON.stringify(name)} for "${given}"`, () => {
    assert.equal(helpRequest(given === "" ? [] : given.split(" ")), name)
  })
}
