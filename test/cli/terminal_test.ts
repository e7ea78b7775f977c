/**
 * Output on a terminal: no control characters from modules, no line wider than the terminal, and colors only if wanted.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { displayWidth } from "effect/cli/CliOutput"
import { inCommandWords } from "../../src/cli/option_names.ts"
import { barText, progressLine, RateMeter } from "../../src/cli/progress_line.ts"
import {
  amountText,
  countText,
  rateText,
  sizeText,
  timeText,
  waitText,
} from "../../src/cli/terminal/numbers.ts"
import { hasColor } from "../../src/cli/terminal/color.ts"
import { makeOutput, type StreamFacts } from "../../src/cli/terminal/output.ts"
import {
  columnsOf,
  cutTo,
  inColumns,
  nameText,
  oneLine,
  safeJson,
} from "../../src/cli/terminal/text.ts"

const stream = (
  isTerminal: boolean,
  columns?: number,
): StreamFacts & { readonly written: Array<string> } => {
  const written: Array<string> = []
  return { isTerminal, columns: () => columns, write: (text) => void written.push(text), written }
}

const normal = { color: "auto", quiet: false, verbose: false } as const

// deno-fmt-ignore
const colors: ReadonlyArray<readonly [choice: "auto" | "always" | "never", isTerminal: boolean, variables: Record<string, string>, has: boolean]> = [
  ["auto", true, {}, true],
  ["auto", false, {}, false],
  ["auto", true, { NO_COLOR: "1" }, false],
  ["auto", true, { NO_COLOR: "" }, true],
  ["auto", true, { TERM: "dumb" }, false],
  ["auto", false, { FORCE_COLOR: "1" }, true],
  ["auto", false, { FORCE_COLOR: "yes", TERM: "dumb" }, true],
  ["auto", true, { FORCE_COLOR: "0" }, false],
  ["auto", true, { FORCE_COLOR: "false" }, false],
  ["auto", false, { FORCE_COLOR: "" }, false],
  ["auto", true, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ["never", true, { FORCE_COLOR: "1" }, false],
  ["always", false, { NO_COLOR: "1" }, true],
  ["never", true, {}, false],
]
for (const [choice, isTerminal, variables, has] of colors) {
  test(`hasColor() is ${has} for ${choice}, terminal ${isTerminal}, ${JSON.stringify(variables)}`, () => {
    assert.equal(hasColor(choice, isTerminal, variables), has)
  })
}

test("a live line is rewritten, cut to the terminal, and gone before anything else is written", () => {
  const [out, error] = [stream(true, 40), stream(true, 20)]
  const output = makeOutput(out, error, normal, {})
  output.live?.("x".repeat(100))
  output.live?.("short")
  output.print("result")
  output.clear()
  const erase = "\r\u001b[K"
  assert.deepEqual(error.written, [`${erase}${"x".repeat(18)}…`, `${erase}short`, erase])
  assert.deepEqual(out.written, ["result\n"])
})

test("there is no live line without a terminal, on a dumb one, and with --quiet", () => {
  assert.equal(makeOutput(stream(true), stream(false), normal, {}).live, undefined)
  assert.equal(makeOutput(stream(true), stream(true), normal, { TERM: "dumb" }).live, undefined)
  assert.equal(
    makeOutput(stream(true), stream(true), { ...normal, quiet: true }, {}).live,
    undefined,
  )
})

test("--quiet silences notes, not complaints", () => {
  const error = stream(false)
  const output = makeOutput(stream(false), error, { ...normal, quiet: true }, {})
  output.note("note")
  output.complain("complaint")
  assert.deepEqual(error.written, ["complaint\n"])
})

test("no lines are no line", () => {
  const out = stream(false)
  makeOutput(out, stream(false), normal, {}).print([])
  assert.deepEqual(out.written, [""])
})

const hostile = "a\u001b[31m\u202eb\r\n\u0007\u2028\ud800\u200b\u009b"
const steers = /[^\P{C}\n]|[\u2028\u2029]/u

test("names, messages and JSON hold nothing that steers a terminal", () => {
  for (
    const text of [
      nameText(hostile),
      oneLine(hostile),
      safeJson(JSON.stringify({ hostile }, null, 2)),
    ]
  ) {
    assert.equal(steers.test(text), false, JSON.stringify(text))
  }
  assert.deepEqual(JSON.parse(safeJson(JSON.stringify({ hostile }))), { hostile })
})

test("names are bounded", () => {
  assert.ok(nameText("x".repeat(1_000_000)).length < 200)
  assert.ok(nameText("\u001b".repeat(1_000_000)).length < 1_000)
})

// deno-fmt-ignore
const cuts: ReadonlyArray<readonly [text: string, width: number, cut: string]> = [
  ["short", 10, "short"],
  ["exactly 10", 10, "exactly 10"],
  ["longer than ten", 10, "longer th…"],
  ["日本語の名前", 6, "日本…"],
]
for (const [text, width, cut] of cuts) {
  test(`cutTo() cuts "${text}" to ${width} columns`, () => assert.equal(cutTo(text, width), cut))
}

test("columnsOf() measures every character as effect/cli does, the short way too", () => {
  for (let code = 0x20; code < 0x3000; code++) {
    const character = String.fromCodePoint(code)
    for (const text of [character, `a${character}`, `${character}b`]) {
      assert.equal(columnsOf(text), displayWidth(text), `U+${code.toString(16)}`)
    }
  }
  for (
    const text of ["", "日本", "e\u0301", "\u{1f468}\u200d\u{1f469}", "\u001b[31mred\u001b[39m"]
  ) {
    assert.equal(columnsOf(text), displayWidth(text), JSON.stringify(text))
  }
})

test("inColumns() aligns by what is seen", () => {
  assert.deepEqual(
    inColumns([["a", "1", "x"], ["日本", "100", "\u001b[31my\u001b[39m"]], ["left", "right"]),
    ["a       1  x", "日本  100  \u001b[31my\u001b[39m"],
  )
})

test("the thousands of counts are apart", () => {
  const counts = [0, 7, 999, 1_000, 12_345, 123_456, 1_234_567, 4_294_967_295]
  assert.deepEqual(counts.map(countText), counts.map((count) => count.toLocaleString("en")))
})

test("numbers are as short as they can be read", () => {
  assert.deepEqual([sizeText(1), sizeText(99_999), sizeText(1_500_000)], [
    "1 byte",
    "99,999 bytes",
    "1.5 MB",
  ])
  assert.deepEqual([sizeText(150_000), sizeText(999_999), sizeText(2.5e9)], [
    "150 kB",
    "1.0 MB",
    "2.50 GB",
  ])
  assert.deepEqual([amountText(0, 78), amountText(40_000, 250_000), amountText(4e5, 12.3e6)], [
    " 0 of 78 bytes",
    " 40 of 250 kB",
    " 0.4 of 12.3 MB",
  ])
  assert.deepEqual([rateText(12, 1_000), rateText(90_000, 1_000), rateText(5e6, 1_000)], [
    "12 B/s",
    "90.0 kB/s",
    "5.0 MB/s",
  ])
  assert.deepEqual([timeText(1.26), timeText(12_345), timeText(150_000)], [
    "1.3 ms",
    "12.3 s",
    "2 min 30 s",
  ])
  assert.deepEqual([waitText(400), waitText(30_400), waitText(61_000)], [
    "0.4 s",
    "30 s",
    "1 min 1 s",
  ])
})

const event = {
  received: 12_300_000,
  total: 24_600_000,
  fraction: 0.5,
  section: "code",
  functions: 1_203,
  declaredFunctions: 8_000,
}

test("a progress line has what there is room for", () => {
  const at = (width: number): string => progressLine(event, 6_000, width)
  assert.equal(
    at(120),
    "███████████████░░░░░░░░░░░░░░░  50%  12.3 of 24.6 MB    6.0 MB/s  2.0 s left  code  1,203 of 8,000 functions",
  )
  for (let width = 30; width <= 200; width++) {
    assert.ok(at(width).length <= Math.max(width, 27), String(width))
  }
  assert.equal(at(20), "50%  12.3 of 24.6 MB")
})

test("the bar is as wide whatever stands behind it", () => {
  for (const width of [40, 60, 79, 119]) {
    const widths = [0, 0.003, 0.07, 0.5, 0.99].map((fraction) => {
      const received = Math.round(fraction * event.total)
      return /^[█░]*/.exec(progressLine({ ...event, fraction, received }, 1 / fraction, width))?.[0]
        .length
    })
    assert.equal(new Set(widths).size, 1, `${width}: ${widths.join(" ")}`)
  }
})

test("a progress line says what is an estimate", () => {
  const line = progressLine({ ...event, total: undefined, fraction: 0.25 }, 0, 80)
  assert.match(line, /~25% {2}12\.3 MB {2}code/)
})

test("a bar is full at the end and empty at the beginning", () => {
  assert.deepEqual([barText(0, 4), barText(1, 4), barText(7, 4), barText(-1, 4)], [
    "░░░░",
    "████",
    "████",
    "░░░░",
  ])
})

test("the rate follows the last seconds", () => {
  const meter = new RateMeter()
  assert.equal(meter.rate, 0)
  for (let time = 0; time <= 10_000; time += 100) meter.add(time, Math.min(time, 5_000) * 10)
  assert.equal(meter.rate, 0)
})

// deno-fmt-ignore
const words: ReadonlyArray<readonly [message: string, said: string, source?: string]> = [
  ['send application/wasm, or pass contentType: "sniff"', "send application/wasm, or pass --sniff"],
  ['it is a path. To read a file, pass protocols: ["file:"]', "it is a path. To read a file, pass --protocol file:"],
  ['Use validation: "structure" if this engine supports it', "Use --validation structure if this engine supports it"],
  ["The option maxBytes must be a number of bytes", "--max-bytes must be a number of bytes"],
  ["the scheme x: is not in the option protocols", "the scheme x: is not in --protocol"],
  ["The module has 78 bytes, and maxBytes allows 10", "The module has 78 bytes, and --max-bytes allows 10"],
  ["The option integrity must be one or more digests", "--integrity must be one or more digests"],
  ["lost (600000 of 659806 bytes received)", "lost (600,000 of 659,806 bytes received)"],
  ["Loading x took longer than 1s", "Loading x took longer than 1 s"],
  ["Nothing was received from x for 1m 30s 500ms", "Nothing was received from x for 1 min 30 s 500 ms"],
  ["The option of the page, a timeout", "The option of the page, a timeout"],
  // Names and places stay as they are.
  ['The import "maxBytes"."the option timeout" needs maxBytes', 'The import "maxBytes"."the option timeout" needs --max-bytes'],
  ['"a\\"idleTimeout" for 5m', '"a\\"idleTimeout" for 5 min'],
  ["Cannot load https://a.example/maxBytes: idleTimeout", "Cannot load https://a.example/maxBytes: --idle-timeout"],
  ["Cannot read ./maxBytes for 5m.wasm: maxBytes", "Cannot read ./maxBytes for 5m.wasm: --max-bytes", "./maxBytes for 5m.wasm"],
]
for (const [message, said, source] of words) {
  test(`inCommandWords() says ${said}`, () => assert.equal(inCommandWords(message, source), said))
}
