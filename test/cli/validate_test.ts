/**
 * The output of `validate`: a line per error, the byte at its offset, the engine's message, the explanation; and as JSON.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { explanationOf } from "../../src/cli/errors_document.ts"
import { jsonText } from "../../src/cli/json.ts"
import { plainStyle } from "../../src/cli/terminal/style.ts"
import { unreadResult, validateModule } from "../../src/cli/validate_module.ts"
import { hexLines } from "../../src/cli/views/hex_line.ts"
import { countLine, validateLines } from "../../src/cli/views/validate_lines.ts"
import type { ValidateDocument, ValidateResult } from "../../src/documents.ts"
import { ValidateDocumentJson } from "../../src/schema.ts"
import { everything, invalid, malformed } from "../support/modules/cli_modules.ts"
import { empty } from "../support/modules.ts"
import { projectFile } from "../support/project_file.ts"
import { matchSnapshot } from "../support/snapshots.ts"

const page = new TextEncoder().encode("<!doctype html><title>404 \u001b[31m</title>")
const view = { engine: "an engine", document: undefined, width: 80, style: plainStyle }

const resultOf = (bytes: Uint8Array<ArrayBuffer>, asksEngine = false): Promise<ValidateResult> =>
  Effect.runPromise(validateModule("a.wasm", bytes, asksEngine))

// deno-fmt-ignore
const verdicts: ReadonlyArray<readonly [name: string, bytes: Uint8Array<ArrayBuffer>, begins: string]> = [
  ["a valid module", everything, "a.wasm: valid, 406 bytes"],
  ["the empty module", empty, "a.wasm: valid, 8 bytes"],
  ["a wrong operand", invalid, "a.wasm:0x2e: type-mismatch: i32.add expects i32 but found f32"],
  ["a malformed section", malformed, "a.wasm:0xa: length-out-of-bounds: "],
  ["a page", page, "a.wasm:0x0: html: "],
  ["nothing", new Uint8Array(0), "a.wasm:0x0: empty: "],
  ["half a module", everything.slice(0, 100), "a.wasm:0x64: truncated: "],
]
for (const [name, bytes, begins] of verdicts) {
  test(`validate tells of ${name}`, async () => {
    const result = await resultOf(bytes)
    const lines = validateLines(result, bytes, view)
    assert.ok(lines[0]?.startsWith(begins) === true, lines.join("\n"))
    assert.equal(result.isValid, result.fault === undefined)
    for (const line of lines) assert.equal(/[\p{Cc}\p{Cf}]/u.test(line), false, line)
  })
}

test("validate asks this engine, whose verdict is the same of these", async () => {
  for (const bytes of [everything, invalid, malformed, page]) {
    const { engine, isValid } = await resultOf(bytes, true)
    assert.equal(engine?.isValid, isValid)
    assert.equal(engine?.message === undefined, isValid)
  }
})

test("validate shows where it and the engine disagree", async () => {
  const ours = await resultOf(invalid)
  const accepted = { ...ours, engine: { isValid: true, message: undefined } }
  assert.ok(
    validateLines(accepted, invalid, view).some((line) => /this engine accepts it/.test(line)),
  )
  const valid = await resultOf(everything)
  const refused = { ...valid, engine: { isValid: false, message: "no\u001b[2J" } }
  const lines = validateLines(refused, everything, view)
  assert.match(lines[1] ?? "", /this engine refuses it \(an engine\): no\\u\{1b\}\[2J$/)
})

test("validate explains by docs/errors.md", async () => {
  const document = readFileSync(projectFile("docs/errors.md"), "utf8")
  const result = await resultOf(invalid)
  const lines = validateLines(result, invalid, { ...view, document })
  matchSnapshot("validate", `${lines.join("\n")}\n`)
  assert.equal(explanationOf(document, "there-is-no-such-code"), undefined)
  const html = explanationOf(document, "html")
  assert.deepEqual(html?.parts.map(([head]) => head), [
    "what it means",
    "what causes it",
    "what to do",
  ])
  assert.match(
    explanationOf(document, "content-type")?.parts.map(([, text]) => text).join() ?? "",
    /--sniff/,
  )
})

test("the mark stands below the byte that is meant, at every width and place", () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, at) => at)
  for (const width of [10, 20, 40, 80]) {
    for (const offset of [0, 1, 9, 31, 63, 64]) {
      const [line = "", mark = ""] = hexLines(bytes, offset, width, plainStyle)
      const at = mark.indexOf("^^")
      const expected = offset === 64 ? "" : offset.toString(16).padStart(2, "0")
      assert.equal(line.slice(at, at + 2).trim(), expected, `${width}, ${offset}`)
      if (width >= 40) assert.ok(line.length <= width, `${width}, ${offset}`)
    }
  }
  for (const offset of [-1, 65, NaN]) assert.deepEqual(hexLines(bytes, offset, 80, plainStyle), [])
})

test("the last line counts", async () => {
  const results = [await resultOf(everything), await resultOf(invalid)]
  assert.equal(countLine(results, 0), "1 of 2 modules valid")
  assert.equal(countLine(results, 1), "1 of 3 modules valid; 1 could not be read")
})

const unread = unreadResult("gone.wasm", Cause.fail({ reason: "file" }), "there is no such file")

const documentOf = async (): Promise<ValidateDocument> => ({
  document: "validate",
  version: 1,
  engine: "an engine",
  modules: [await resultOf(everything), await resultOf(invalid), await resultOf(page), unread],
})

test("ValidateDocumentJson reads what validate --json writes", async () => {
  const document = await documentOf()
  assert.deepEqual(Schema.decodeSync(ValidateDocumentJson)(jsonText(document)), document)
})

test("ValidateDocumentJson reads a document of version 1 as it was first written", () => {
  const file = projectFile("test/cli/documents/validate_1.json")
  const { modules, version } = Schema.decodeSync(ValidateDocumentJson)(readFileSync(file, "utf8"))
  assert.equal(version, 1)
  assert.deepEqual(modules.map(({ fault, isValid }) => [isValid, fault?.code]), [
    [true, undefined],
    [false, "type-mismatch"],
  ])
  assert.equal(modules[1]?.engine?.isValid, false)
})

test("ValidateDocumentJson reads a document with a module that could not be read as it was first written", () => {
  const file = projectFile("test/cli/documents/validate_1_unread.json")
  const { modules } = Schema.decodeSync(ValidateDocumentJson)(readFileSync(file, "utf8"))
  assert.deepEqual(modules.map(({ isValid, size, unread }) => [isValid, size, unread]), [
    [true, 154, undefined],
    [false, 0, {
      reason: "file",
      message: "Cannot read ./gone.wasm: there is no such file (ENOENT)",
    }],
    [false, 0, { reason: undefined, message: "There is no module in empty" }],
  ])
})
