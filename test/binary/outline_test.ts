/**
 * The outline of a module: functions with their offsets and names; globals; tags.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { ModuleDecoder, type ModuleOutline, ModuleOutlineBuilder } from "../../src/binary/mod.ts"
import { everything } from "../support/modules/cli_modules.ts"
import { empty, large } from "../support/modules.ts"

const outlineOf = (bytes: Uint8Array, size: number, most?: number): ModuleOutline => {
  const builder = new ModuleOutlineBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size))
  decoder.finish()
  return builder.outline(decoder, most)
}

test("ModuleOutlineBuilder tells of functions, the largest first, whatever the chunks", () => {
  const whole = outlineOf(everything, everything.length)
  assert.deepEqual(whole.functions.map(({ index, size }) => [index, size]), [[3, 9], [1, 7], [
    2,
    3,
  ]])
  for (const { offset, size } of whole.functions) {
    assert.equal(everything[offset - 1], size, "behind its size")
    assert.equal(everything[offset + size - 1], 0x0b, "to its end")
  }
  for (const size of [1, 2, 7]) assert.deepEqual(outlineOf(everything, size), whole)
})

test("ModuleOutlineBuilder takes names from the name section, or else from exports", () => {
  const names = outlineOf(everything, 64).functions.map(({ name }) => name)
  assert.deepEqual([names[0], names[1]], ["sum64", "add"])
  const exported = outlineOf(large(20), 64).functions.find(({ name }) => name !== undefined)
  assert.deepEqual([exported?.index, exported?.name], [19, "last"])
})

test("ModuleOutlineBuilder tells of globals, imported ones first", () => {
  assert.deepEqual(outlineOf(everything, 64).globals, [
    { isImported: true, type: "(global i32)" },
    { isImported: false, type: "(global (mut i32))" },
    { isImported: false, type: "(global i64)" },
  ])
})

test("ModuleOutlineBuilder tells of no more functions than are wanted", () => {
  assert.equal(outlineOf(large(200), 1_000).functions.length, 200)
  assert.equal(outlineOf(large(200), 1_000, 3).functions.length, 3)
  assert.deepEqual(outlineOf(empty, 8).functions, [])
})

test("ModuleOutlineBuilder.bodyOf() finds bodies, and nothing of imports and beyond", () => {
  const builder = new ModuleOutlineBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  decoder.push(everything)
  decoder.finish()
  const body = builder.bodyOf(1)
  assert.equal((body?.end ?? 0) - (body?.start ?? 0), 7)
  for (const index of [0, 4, -1, NaN, Infinity]) {
    assert.equal(builder.bodyOf(index), undefined, String(index))
  }
})
