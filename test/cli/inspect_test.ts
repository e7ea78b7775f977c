/**
 * What `inspect` shows: the tables, cut and filtered; the JSON document, in this version and in earlier ones.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import * as Schema from "effect/Schema"
import { ModuleDecoder, type ModuleOutline, ModuleOutlineBuilder } from "../../src/binary/mod.ts"
import { jsonText } from "../../src/cli/json.ts"
import { plainStyle } from "../../src/cli/terminal/style.ts"
import { inspectLines, type InspectView } from "../../src/cli/views/inspect_lines.ts"
import type { InspectDocument } from "../../src/documents.ts"
import { InspectDocumentJson } from "../../src/schema.ts"
import { everything } from "../support/modules/cli_modules.ts"
import { large } from "../support/modules.ts"
import { projectFile } from "../support/project_file.ts"
import { matchSnapshot } from "../support/snapshots.ts"

const outlineOf = (bytes: Uint8Array): ModuleOutline => {
  const builder = new ModuleOutlineBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  decoder.push(bytes)
  decoder.finish()
  return builder.outline(decoder)
}

const view: InspectView = {
  all: false,
  filter: undefined,
  width: 100,
  figureWidth: 80,
  style: plainStyle,
}

test("inspect shows everything, on one line each, and nothing that steers a terminal", () => {
  const lines = inspectLines("everything.wasm", outlineOf(everything), view)
  for (const line of lines) assert.equal(/[\p{Cc}\p{Cf}\p{Zl}]/u.test(line), false, line)
  matchSnapshot("inspect", `${lines.join("\n")}\n`)
})

test("inspect shows few rows, or all of them", () => {
  const outline = outlineOf(large(200))
  const few = inspectLines("large.wasm", outline, view)
  assert.ok(few.some((line) => line.includes("… and 180 more: --all")))
  const all = inspectLines("large.wasm", outline, { ...view, all: true })
  assert.equal(all.length, few.length + 179)
})

test("inspect makes no row that it does not show", () => {
  const { report, ...outline } = outlineOf(large(200))
  let made = 0
  const counted = Array.from({ length: 200 }, (_, index) => ({
    index,
    kind: "function" as const,
    type: "(func)",
    get name(): string {
      made++
      return `export${index}`
    },
  }))
  const shown = { ...outline, report: { ...report, exports: counted } }
  const lines = inspectLines("large.wasm", shown, view)
  assert.ok(lines.some((line) => line.startsWith("Exports (200)")))
  assert.equal(made, 20)
})

test("inspect --filter shows the rows that hold a text, whatever the case", () => {
  const lines = inspectLines("e", outlineOf(everything), { ...view, filter: "ADD" })
  assert.ok(lines.some((line) => /^Exports \(1 of 6\)$/.test(line)), lines.join("\n"))
  assert.equal(lines.some((line) => line.startsWith("Memories")), false)
  const none = inspectLines("e", outlineOf(everything), { ...view, filter: "nowhere" })
  assert.ok(none.some((line) => line.includes("nowhere")))
})

test("inspect keeps to the width of a terminal", () => {
  for (const width of [20, 40, 60]) {
    const lines = inspectLines("e", outlineOf(everything), { ...view, width, figureWidth: width })
    const tables = lines.slice(lines.indexOf(""))
    for (const line of tables) {
      if (line.startsWith("  ")) assert.ok(line.length <= width, `${width}: ${line}`)
    }
  }
})

const documentOf = (bytes: Uint8Array): InspectDocument => {
  const { functions, globals, report, tags } = outlineOf(bytes)
  const source = "everything.wasm"
  return { document: "inspect", version: 1, source, module: report, functions, globals, tags }
}

test("InspectDocumentJson reads what inspect --json writes", () => {
  for (const bytes of [everything, large(20)]) {
    const document = documentOf(bytes)
    assert.deepEqual(Schema.decodeSync(InspectDocumentJson)(jsonText(document)), document)
  }
})

test("InspectDocumentJson reads a document of version 1 as it was first written", () => {
  const file = projectFile("test/cli/documents/inspect_1.json")
  const document = Schema.decodeSync(InspectDocumentJson)(readFileSync(file, "utf8"))
  assert.deepEqual(document, documentOf(everything))
})

test("InspectDocumentJson ignores what a later release adds, and refuses another version", () => {
  const decode = Schema.decodeSync(InspectDocumentJson)
  const written: Record<string, unknown> = JSON.parse(jsonText(documentOf(everything)))
  assert.deepEqual(decode(JSON.stringify({ ...written, later: 1 })), documentOf(everything))
  assert.throws(() => decode(JSON.stringify({ ...written, version: 2 })))
  assert.throws(() => decode(JSON.stringify({ ...written, document: "validate" })))
})
