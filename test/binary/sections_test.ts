// Header, order and sizes of sections, custom sections, LEB128, truncation.
import assert from "node:assert/strict"
import { test } from "node:test"
import { DecodeError, ModuleDecoder } from "../../src/binary/mod.ts"
import {
  assemble,
  AT,
  build,
  code,
  custom,
  data,
  dataCount,
  elements,
  emptyBody,
  exports,
  func,
  functions,
  globals,
  HEADER,
  imports,
  memories,
  section,
  start,
  tables,
  tags,
  types,
} from "../support/module_builder.ts"
import { accepts, acceptsBytes, defers, judge, rejects, rejectsBytes } from "../support/verdicts.ts"

const TYPE = types(func([], []))

// Header
accepts("an empty module", [])
rejectsBytes("unexpected-end", "no bytes", assemble(AT))
rejectsBytes("unexpected-end", "a part of the magic number", assemble(0x00, 0x61, AT))
rejectsBytes("unexpected-end", "a part of the version", assemble(HEADER.slice(0, 7), AT))
rejectsBytes("magic-mismatch", "HTML", assemble(AT, [0x3c, 0x21, 0x64]))
rejectsBytes("magic-mismatch", "a wrong fourth byte", assemble(0x00, 0x61, 0x73, AT, 0x6e))
rejectsBytes("version-mismatch", "version 2", assemble([0, 0x61, 0x73, 0x6d], AT, [2, 0, 0, 0]))
rejectsBytes("version-mismatch", "a component", assemble([0, 0x61, 0x73, 0x6d], AT, [13, 0, 1, 0]))

// Ids and order
accepts("all sections in order", [
  custom("a"),
  TYPE,
  imports(),
  functions(0),
  tables([0x70, 0, 0]),
  memories([0, 0]),
  tags([0, 0]),
  globals(),
  exports(),
  start(0),
  elements(),
  dataCount(0),
  custom("b", 1, 2),
  code(emptyBody),
  data(),
  custom("a"),
])
accepts("empty vectors", [types(), imports(), functions(), code(), data()])
defers("malformed-section-id", "section id 14", [[AT, 14], 0])
defers("malformed-section-id", "section id 127", [TYPE, [AT, 127], 0])
defers("malformed-section-id", "section id 255", [AT, 255])
rejects("duplicate-section", "two type sections", [TYPE, AT, TYPE])
rejects("duplicate-section", "two code sections", [code(), AT, code()])
rejects("section-out-of-order", "a type section after functions", [functions(), AT, types()])
rejects("section-out-of-order", "a tag section after globals", [globals(), AT, tags()])
rejects("section-out-of-order", "a tag section before memories", [tags(), AT, memories()])
rejects("section-out-of-order", "a data count after code", [code(), AT, dataCount(0)])
rejects("section-out-of-order", "elements after data count", [dataCount(0), AT, elements()])
rejects("section-out-of-order", "an order fault before its size is there", [globals(), AT, 1])

// Sizes
rejects("unexpected-end", "a missing size", [1, AT])
rejects("unexpected-end", "a section beyond the end", [[1, 5], [1, 0x60], AT])
rejects("unexpected-end", "a section without a count", [[1, 0], AT])
rejects("section-size-mismatch", "bytes after the entries", [[1, 2, 0], AT, 0])
rejects("section-size-mismatch", "bytes after a start function", [
  TYPE,
  functions(0),
  section(8, 0, AT, 0),
  code(emptyBody),
])
rejects("unexpected-end", "an entry beyond its section", [[1, 2, 1, 0x60], AT, 0, 0])
rejects("length-out-of-bounds", "a count that the section has no room for", [[1, 2, AT, 2], 0x60])
rejects("leb128-too-long", "a size of six bytes", [1, [0x80, 0x80, 0x80, 0x80], AT, 0x80])
rejects("leb128-too-large", "a size above 32 bits", [1, [0x80, 0x80, 0x80, 0x80], AT, 0x10])
acceptsBytes("a size of five bytes", build([1, 0x81, 0x80, 0x80, 0x80, 0x00], 0))
rejects("leb128-too-long", "a count of six bytes", [[1, 7], [0x80, 0x80, 0x80, 0x80], AT, 0x80])

// Custom sections
accepts("a custom section with an empty name", [custom("")])
accepts("names beyond ASCII", [custom("\u{feff}é漢\u{1f600}\u{10ffff}")])
accepts("a custom section with a payload", [custom("x", Array(300).fill(7))])
accepts("a name section of nonsense", [custom("name", 1, 200, 3, 255)])
rejects("unexpected-end", "a custom section without a name", [[0, 0], AT])
rejects("length-out-of-bounds", "a name beyond its section", [[0, 2], AT, 2, 0x61])
for (
  const [title, bytes] of [
    ["a lone continuation byte", [0x80]],
    ["an over-long form of two bytes", [0xc0, 0x80]],
    ["an over-long form of three bytes", [0xe0, 0x9f, 0xbf]],
    ["an over-long form of four bytes", [0xf0, 0x8f, 0xbf, 0xbf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a character above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a byte 0xF5", [0xf5, 0x80, 0x80, 0x80]],
    ["a sequence cut short", [0xe2, 0x82]],
    ["a sequence broken off", [0xe2, 0x82, 0x41]],
  ] as const
) {
  rejects("malformed-utf8", title, [
    section(0, bytes.length + 5, [97, 98, 99, 100, 101], AT, bytes),
  ])
}

// Counts that must agree
rejects("function-code-mismatch", "functions without code", [TYPE, functions(0), AT])
rejects("function-code-mismatch", "functions without code before data", [
  TYPE,
  functions(0),
  AT,
  data(),
])
rejects("function-code-mismatch", "code without functions", [[10, 3, AT, 1, 2], 0])
rejects("function-code-mismatch", "fewer bodies than functions", [
  TYPE,
  functions(0, 0),
  [10, 4, AT, 1],
  emptyBody,
])
rejects("data-count-mismatch", "a data count without data", [dataCount(1), AT])
rejects("data-count-mismatch", "more data than the data count", [
  dataCount(0),
  section(11, AT, 1, 1, 0),
])
accepts("a data count of zero without data", [dataCount(0)])

test("DecodeError names the section and the function", () => {
  const missing = build(TYPE, functions(0, 0), section(10, 2, emptyBody, 5, 0))
  const verdict = judge([missing.bytes])
  assert.equal(verdict.section, "code")
  assert.equal(verdict.functionIndex, 1)
})

test("DecodeError has a message that starts with a capital and ends with the offset", () => {
  assert.throws(() => new ModuleDecoder().push(Uint8Array.of(0x3c)), (error) => {
    assert.ok(error instanceof DecodeError)
    assert.match(error.message, /^[A-Z].* at 0x0$/)
    assert.equal(error.name, "DecodeError")
    return true
  })
})

test("ModuleDecoder rejects a push after finish", () => {
  const decoder = new ModuleDecoder()
  decoder.push(build().bytes)
  decoder.finish()
  decoder.finish()
  assert.throws(() => decoder.push(new Uint8Array(0)), TypeError)
})

test("ModuleDecoder rejects at the byte that makes it certain", () => {
  for (
    const built of [
      assemble(0x00, AT, 0x62),
      build(types(func([], []), func([AT, 0x01], []))),
      build([1, [0xff, 0xff, 0xff, 0xff], AT, 0x80]),
      build(globals(), AT, 1),
    ]
  ) {
    const decoder = new ModuleDecoder()
    decoder.push(built.bytes.slice(0, built.at))
    assert.throws(() => decoder.push(built.bytes.slice(built.at, built.at + 1)), DecodeError)
  }
})

test("ModuleDecoder does not keep or change chunks", () => {
  const { bytes } = build(TYPE, functions(0), custom("x", 1, 2, 3), code(emptyBody))
  const decoder = new ModuleDecoder()
  const chunk = new Uint8Array(3)
  for (let at = 0; at < bytes.length; at += 3) {
    const part = bytes.subarray(at, at + 3)
    chunk.set(part)
    decoder.push(chunk.subarray(0, part.length))
    assert.deepEqual(chunk.subarray(0, part.length), part)
    chunk.fill(0xff)
  }
  decoder.finish()
})

test("ModuleDecoder passes on what a sink throws, and throws it again", () => {
  const fault = new Error("sink")
  const decoder = new ModuleDecoder({
    sink: {
      section() {
        throw fault
      },
    },
  })
  const isFault = (error: unknown) => error === fault
  assert.throws(() => decoder.push(build(TYPE).bytes), isFault)
  assert.throws(() => decoder.finish(), isFault)
})
