/**
 * Details of reports: custom sections that cannot be read or occur twice, and both forms of build ids.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { inspect, type ModuleReport } from "../../mod.ts"
import { build, custom } from "../support/module_builder.ts"

const inspected = (
  ...sections: ReadonlyArray<readonly [name: string, payload: ReadonlyArray<number>]>
) =>
  inspect(
    new Response(build(...sections.map(([name, payload]) => custom(name, payload))).bytes, {
      headers: { "content-type": "application/wasm" },
    }),
  )

const unread = ({ sections }: ModuleReport): ReadonlyArray<string | undefined> =>
  sections.map((section) => section.unread)

const id = [0x30, 0x2d, 0xbc, 0x86]

test("a build id has its size before it, or not", async () => {
  assert.equal((await inspected(["build_id", [4, ...id]])).buildId, "302dbc86")
  assert.equal((await inspected(["build_id", id])).buildId, "302dbc86")
  assert.equal((await inspected(["build_id", [3, 1, 2]])).buildId, "030102")
})

test("a known section that is too large says that it was not read", async () => {
  const payload = Array.from({ length: 70_000 }, () => 0)
  const report = await inspected(["producers", payload], ["other", payload])
  assert.deepEqual(unread(report), ["too-large", undefined])
})

test("the first of two equal sections counts", async () => {
  const report = await inspected(["build_id", id], ["x", []], ["build_id", [4, 1, 2, 3, 4]], [
    "x",
    [],
  ])
  assert.equal(report.buildId, "302dbc86")
  assert.deepEqual(unread(report), [undefined, undefined, "not-first", undefined])
})
