/**
 * Policies of loadModule on the web platform alone, for every kind of source.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  instantiateModule,
  loadModule,
  loadModuleWithReport,
  type LoadSource,
} from "../../src/http/mod.ts"
import { policy, PolicyError } from "../../src/policy/mod.ts"
import { large } from "../support/modules.ts"
import { settled } from "../support/outcomes.ts"
import { response } from "../support/responses.ts"
import { withScenarios } from "../support/servers/scenarios.ts"

const at = withScenarios()

const fitting = policy({ exports: { require: [{ name: "last", kind: "function" }] } })
const refusing = policy({ exports: { allow: [{ name: "first" }] } })
const bytes = large(20)
const base64 = (data: Uint8Array): string => btoa(String.fromCharCode(...data))

const sources: ReadonlyArray<readonly [name: string, source: () => LoadSource]> = [
  ["a URL", () => at("/length").url],
  ["a URL object", () => new URL(at("/chunked").url)],
  ["a Request", () => new Request(at("/length").url)],
  ["a data: URL", () => `data:application/wasm;base64,${base64(bytes)}`],
  ["a Response", () => response(bytes)],
  ["a promise for a Response", () => Promise.resolve(response(bytes))],
  ["a Blob", () => new Blob([bytes], { type: "application/wasm" })],
  ["an ArrayBuffer", () => bytes.buffer],
  ["a view", () => bytes],
  ["a module", () => new WebAssembly.Module(bytes)],
]
for (const [name, source] of sources) {
  test(`loadModule of ${name} holds it against the policy`, async () => {
    const module = await settled(loadModule(source(), { policy: fitting }))
    assert.equal(WebAssembly.Module.exports(module).length, 1)
    const error: unknown = await settled(
      loadModule(source(), { policy: refusing }).catch((error) => error),
    )
    assert.ok(error instanceof PolicyError, `got ${error}`)
    assert.equal(error.rule, "exports.allow")
    assert.equal(error.export?.name, "last")
  })
}

test("loadModuleWithReport and instantiateModule take a policy", async () => {
  const options = { policy: refusing }
  const forms: ReadonlyArray<() => Promise<unknown>> = [
    () => loadModuleWithReport(bytes, options),
    () => instantiateModule(bytes, {}, options),
  ]
  for (const form of forms) {
    const error: unknown = await settled(form().catch((error: unknown) => error))
    assert.ok(error instanceof PolicyError, `got ${error}`)
  }
  const { report } = await settled(loadModuleWithReport(bytes, { policy: fitting }))
  assert.equal(report.exports.length, 1)
})

test("loadModule refuses what is no policy", async () => {
  const error: unknown = await settled(
    Reflect.apply(loadModule, undefined, [bytes, { policy: { exports: {} } }]).catch(
      (error: unknown) => error,
    ),
  )
  assert.ok(error instanceof TypeError)
  assert.equal(Reflect.get(Object(error.cause), "reason"), "options")
})
