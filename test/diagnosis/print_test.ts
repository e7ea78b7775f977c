/**
 * Untrusted bytes, printed on one line.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { excerpt, hexOf } from "../../src/diagnosis/mod.ts"

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

// deno-fmt-ignore
const excerpts: ReadonlyArray<readonly [bytes: Uint8Array, expected: string, max?: number]> = [
  [text(""), '""'],
  [text("<html>"), '"<html>"'],
  [text('{"a":1}'), `'{"a":1}'`],
  [text(`"'`), `"\\"'"`],
  [text("it's"), `"it's"`],
  [text("a\\n\n\t\r"), '"a\\\\n\\n\\t\\r"'],
  [text("\0\x1b[2J\x7f"), '"\\u{0}\\u{1b}[2J\\u{7f}"'],
  [text("\u0085\u00a0\u00ad\u2028\u2029\ufeff"), '"\\u{85}\\u{a0}\\u{ad}\\u{2028}\\u{2029}\\u{feff}"'],
  [text("\u202a\u202e\u2066\u2069\u200e\u061c"), '"\\u{202a}\\u{202e}\\u{2066}\\u{2069}\\u{200e}\\u{61c}"'],
  [text("\u3164\u115f\ufe0f\u{e0041}\u{e000}"), '"\\u{3164}\\u{115f}\\u{fe0f}\\u{e0041}\\u{e000}"'],
  [text("\u0301e\u0301"), '"\\u{301}e\u0301"'],
  [text("Ключ 鍵 🔑"), '"Ключ 鍵 🔑"'],
  [Uint8Array.of(0x61, 0xff, 0xc3), '"a\\xff\\xc3"'],
  [Uint8Array.of(0xed, 0xa0, 0x80), '"\\xed\\xa0\\x80"'],
  [Uint8Array.of(0xc0, 0x80, 0xe0, 0x80, 0x80), '"\\xc0\\x80\\xe0\\x80\\x80"'],
  [Uint8Array.of(0xf4, 0x90, 0x80, 0x80), '"\\xf4\\x90\\x80\\x80"'],
  [text("abcdef"), '"abc"…', 3],
  [text("abc"), '"abc"', 3],
  [text("ab\n"), '"ab"…', 3],
  [text("abc"), '""…', 0],
  [text("abc"), '""…', -1],
]
for (const [bytes, expected, max] of excerpts) {
  test(`excerpt() prints ${expected}`, () => {
    assert.equal(max === undefined ? excerpt(bytes) : excerpt(bytes, max), expected)
  })
}

test("excerpt() reads UTF-8 as TextDecoder does", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  const isValid = (bytes: Uint8Array): boolean => {
    try {
      decoder.decode(bytes)
      return true
    } catch {
      return false
    }
  }
  for (let lead = 0; lead < 0x100; lead++) {
    for (let second = 0; second < 0x100; second++) {
      for (const rest of [[], [0x80], [0xbf, 0x80], [0x80, 0x7f], [0xc0]]) {
        const bytes = Uint8Array.of(lead, second, ...rest)
        // A backslash comes out doubled.
        const refused = excerpt(bytes).replaceAll("\\\\", "").includes("\\x")
        assert.equal(!refused, isValid(bytes), hexOf(bytes))
      }
    }
  }
})

// deno-fmt-ignore
const hexes: ReadonlyArray<readonly [bytes: ReadonlyArray<number>, expected: string, max?: number]> = [
  [[], "none"],
  [[0, 0x61, 0x73, 0x6d], "00 61 73 6d"],
  [[0, 1, 2, 3, 4, 5, 6, 7, 8], "00 01 02 03 04 05 06 07 …"],
  [[0xff, 0x0a], "ff …", 1],
  [[0xff], "…", 0],
]
for (const [bytes, expected, max] of hexes) {
  test(`hexOf() prints ${expected}`, () => {
    const given = Uint8Array.from(bytes)
    assert.equal(max === undefined ? hexOf(given) : hexOf(given, max), expected)
  })
}
