/**
 * Reports as JSON: a round trip for any module; rejection of anything else.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Schema from "effect/Schema"
import { inspect } from "../mod.ts"
import { ModuleReport, ModuleReportJson } from "../src/schema.ts"
import { empty, importing, large, starting } from "./support/modules.ts"
import { response } from "./support/responses.ts"

const modules: ReadonlyArray<readonly [name: string, bytes: Uint8Array<ArrayBuffer>]> = [
  ["nothing", empty],
  ["an import", importing],
  ["a start function", starting],
  ["many functions", large(20)],
]
for (const [name, bytes] of modules) {
  test(`ModuleReportJson reads what it wrote of a module with ${name}`, async () => {
    const report = await inspect(response(bytes))
    assert.deepEqual(Schema.decodeSync(ModuleReport)(report), report)
    const text = Schema.encodeSync(ModuleReportJson)(report)
    assert.deepEqual(Schema.decodeSync(ModuleReportJson)(text), report)
    // Any JSON parser gets the same, except for absent members.
    assert.equal(Reflect.get(JSON.parse(text), "size"), bytes.length)
  })
}

test("ModuleReportJson ignores what it does not know", async () => {
  const report = await inspect(response(importing))
  const text = Schema.encodeSync(ModuleReportJson)(report)
  const later = JSON.stringify({ ...JSON.parse(text), policy: [1] })
  assert.deepEqual(Schema.decodeSync(ModuleReportJson)(later), report)
})

const wrong: ReadonlyArray<readonly [name: string, change: Readonly<Record<string, unknown>>]> = [
  ["a negative size", { size: -1 }],
  ["a size that is text", { size: "8" }],
  ["no sections", { sections: null }],
  ["a kind that there is not", {
    exports: [{ name: "", kind: "module", index: 0, type: "" }],
  }],
  ["a fraction of a function", { functions: { imported: 0.5, defined: 0 } }],
]
for (const [name, change] of wrong) {
  test(`ModuleReportJson refuses ${name}`, async () => {
    const text = Schema.encodeSync(ModuleReportJson)(await inspect(response(empty)))
    const changed = JSON.stringify({ ...JSON.parse(text), ...change })
    assert.throws(() => Schema.decodeSync(ModuleReportJson)(changed))
  })
}
