/**
 * The differences that `diff` finds between two builds, as text and as a document.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import * as Schema from "effect/Schema"
import { ModuleDecoder, ModuleOutlineBuilder } from "../../src/binary/mod.ts"
import { jsonText } from "../../src/cli/json.ts"
import { diffOf } from "../../src/cli/module_diff.ts"
import { plainStyle } from "../../src/cli/terminal/style.ts"
import { diffLines } from "../../src/cli/views/diff_lines.ts"
import type { DiffDocument } from "../../src/documents.ts"
import { DiffDocumentJson } from "../../src/schema.ts"
import {
  callable,
  everything,
  invalid,
  makingStruct,
  rebuilt,
} from "../support/modules/cli_modules.ts"
import { declarations } from "../../src/types/mod.ts"
import { empty, large } from "../support/modules.ts"
import { projectFile } from "../support/project_file.ts"
import { matchSnapshot } from "../support/snapshots.ts"

const named = (source: string, bytes: Uint8Array) => {
  const builder = new ModuleOutlineBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  decoder.push(bytes)
  decoder.finish()
  return { source, outline: builder.outline(decoder), bytes }
}

const compare = (before: Uint8Array, after: Uint8Array): DiffDocument =>
  diffOf(named("before.wasm", before), named("after.wasm", after))

/** A document as the first version of the command wrote it. */
const firstForm = (
  { faults: _faults, isIdentical: _isIdentical, sameSize: _sameSize, ...rest }: DiffDocument,
): DiffDocument => rest

const view = { all: false, style: plainStyle, width: 80 }

test("diff finds what is new, gone and of another size", () => {
  const diff = compare(callable, rebuilt)
  assert.deepEqual(diff.functions, [
    { name: "divide", before: 7, after: 0 },
    { name: "extended", before: 0, after: 6 },
    { name: "add", before: 7, after: 10 },
  ])
  assert.deepEqual(diff.imports.added.map(({ name }) => name), ["log"])
  assert.deepEqual(diff.exports.removed.map(({ name }) => name), ["div"])
  assert.deepEqual([diff.exports.added, diff.imports.removed], [[], []])
  matchSnapshot("diff", `${diffLines(diff, view).join("\n")}\n`)
})

test("diff makes no row that it does not show", () => {
  let made = 0
  const functions = Array.from({ length: 200 }, (_, index) => ({
    before: 0,
    after: index + 1,
    get name(): string {
      made++
      return `function${index}`
    },
  }))
  const diff = { ...compare(callable, rebuilt), functions }
  const lines = diffLines(diff, view)
  assert.ok(lines.some((line) => line.includes("… and 180 more: --all")), lines.join("\n"))
  assert.equal(made, 20)
})

test("diff the other way round finds the opposite", () => {
  const [there, back] = [compare(callable, rebuilt), compare(rebuilt, callable)]
  const turned = there.functions.map(({ after, before, name }) => ({
    name,
    before: after,
    after: before,
  }))
  assert.deepEqual(back.functions, turned)
  assert.deepEqual(back.imports, { added: there.imports.removed, removed: there.imports.added })
})

test("diff of a module with itself finds nothing, and says so", () => {
  for (const bytes of [empty, everything, large(20)]) {
    const diff = compare(bytes, bytes)
    assert.deepEqual([diff.sections, diff.functions, diff.imports.added], [[], [], []])
    assert.equal(diffLines(diff, view).length, 3)
  }
})

test("diff counts functions without names", () => {
  const diff = compare(large(20), large(30))
  assert.equal(diff.unnamed.after.count - diff.unnamed.before.count, 10)
  assert.ok(diffLines(diff, view).some((line) => line.startsWith("unnamed")))
})

test("diff says that functions without names are not compared, if their code differs", () => {
  const [one, other] = [large(20), large(20).slice()]
  const at = other.lastIndexOf(0x41)
  other[at + 1] = (other[at + 1] ?? 0) ^ 1
  assert.ok(
    diffLines(compare(one, other), view).some((line) => /^unnamed .* not compared/.test(line)),
  )
  assert.ok(diffLines(compare(one, one), view).every((line) => !line.startsWith("unnamed")))
})

test("a type index that moved is no change of an import or an export", () => {
  const { exports, imports } = compare(makingStruct(0), makingStruct(1))
  assert.deepEqual([exports, imports], [{ added: [], removed: [] }, { added: [], removed: [] }])
  assert.equal(declarations(makingStruct(0)), declarations(makingStruct(1)))
})

test("diff pairs equal names in their order", () => {
  const { bytes, outline } = named("a", callable)
  const twice = {
    ...outline,
    functions: [
      { index: 0, name: "same", offset: 0, size: 5 },
      { index: 1, name: "same", offset: 5, size: 7 },
    ],
  }
  const once = { ...outline, functions: twice.functions.slice(0, 1) }
  const { functions } = diffOf({ source: "a", outline: twice, bytes }, {
    source: "b",
    outline: once,
    bytes,
  })
  assert.deepEqual(functions, [{ name: "same", before: 7, after: 0 }])
})

test("diff shows nothing that steers a terminal, and keeps to its width", () => {
  for (const line of diffLines(compare(everything, empty), { ...view, width: 30 })) {
    assert.equal(/[\p{Cc}\p{Cf}\p{Zl}]/u.test(line), false, line)
    if (line.startsWith("  ")) assert.ok(line.length <= 30, line)
  }
})

test("DiffDocumentJson reads what diff --json writes", () => {
  for (const [before, after] of [[callable, rebuilt], [everything, empty]] as const) {
    const document = compare(before, after)
    assert.deepEqual(Schema.decodeSync(DiffDocumentJson)(jsonText(document)), document)
  }
})

test("DiffDocumentJson reads a document of version 1 as it was first written", () => {
  const file = projectFile("test/cli/documents/diff_1.json")
  const { after, before, ...rest } = Schema.decodeSync(DiffDocumentJson)(readFileSync(file, "utf8"))
  assert.deepEqual([before, after], ["callable.wasm", "rebuilt.wasm"])
  assert.deepEqual(
    { ...rest, before: "before.wasm", after: "after.wasm" },
    firstForm(compare(callable, rebuilt)),
  )
})

/** The module with the last occurrence of a byte replaced by another one. */
const exchanged = (bytes: Uint8Array, from: number, to: number): Uint8Array => {
  const changed = bytes.slice()
  changed[changed.lastIndexOf(from)] = to
  return changed
}

test("diff tells identical modules from those of the same sizes", () => {
  const identical = compare(callable, callable.slice())
  assert.equal(identical.isIdentical, true)
  assert.deepEqual(identical.sameSize, { sections: [], functions: [] })
  assert.equal(diffLines(identical, view).at(-1), "The modules are identical")
  // i32.add becomes i32.sub.
  const subtracting = exchanged(callable, 0x6a, 0x6b)
  const diff = compare(callable, subtracting)
  assert.deepEqual([diff.isIdentical, diff.functions], [false, []])
  assert.deepEqual(diff.sameSize, { sections: ["code"], functions: ["add"] })
  assert.match(
    diffLines(diff, view).join("\n"),
    /Same size, other bytes \(2\)\n +section +code\n +function +add$/,
  )
})

test("diff of modules whose bytes differ in nothing that it names says so", () => {
  // The size of the section takes two bytes.
  const padded = Uint8Array.of(...empty, 1, 0x81, 0x00, 0)
  const shorter = Uint8Array.of(...empty, 1, 0x01, 0)
  const diff = compare(padded, shorter)
  assert.equal(diff.isIdentical, false)
  assert.match(diffLines(diff, view).at(-1) ?? "", /but the bytes differ$/)
})

test("diff says that a module is not valid", () => {
  const diff = compare(invalid, callable)
  assert.equal(diff.faults?.before?.code, "type-mismatch")
  assert.equal(diff.faults?.after, undefined)
})
