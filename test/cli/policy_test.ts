/**
 * Policies in files: the messages for wrong files, the output of `inspect --policy-of`, and the message and data for a
 * refused module.
 */
import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { ModuleDecoder, type ModuleReport, ModuleReportBuilder } from "../../src/binary/mod.ts"
import { CliError, exitBad, exitUsage } from "../../src/cli/cli_error.ts"
import { jsonText } from "../../src/cli/json.ts"
import { jsonFault } from "../../src/cli/json_fault.ts"
import { policyIn, policyText } from "../../src/cli/policy_file.ts"
import { failureOf } from "../../src/cli/tell_failure.ts"
import { plainStyle } from "../../src/cli/terminal/style.ts"
import { validateModule } from "../../src/cli/validate_module.ts"
import { countLine, validateLines } from "../../src/cli/views/validate_lines.ts"
import type { ValidateDocument } from "../../src/documents.ts"
import { inspect } from "../../src/effect.ts"
import { policy, PolicyError, type PolicyRule, type PolicyRules } from "../../src/policy/mod.ts"
import { ValidateDocumentJson } from "../../src/schema.ts"
import {
  callable,
  everything,
  hostileName,
  invalid,
  trappingStartWithExport,
} from "../support/modules/cli_modules.ts"
import { build, FUNCREF, imported, imports, tables, types, u } from "../support/module_builder.ts"
import { empty, importing, large } from "../support/modules.ts"
import { projectFile } from "../support/project_file.ts"
import { matchSnapshot } from "../support/snapshots.ts"

type Bytes = Uint8Array<ArrayBuffer>

const folder = mkdtempSync(join(tmpdir(), "compile-streaming-policy-"))
after(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const steers = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

// Where a text stops being JSON.

// deno-fmt-ignore
const faults: ReadonlyArray<readonly [text: string, line: number, column: number, message: RegExp]> = [
  ["", 1, 1, /a value, not the end of the file/],
  ["  \n", 2, 1, /a value/],
  ["{", 1, 2, /double quotes or }, not the end of the file/],
  ["{}}", 1, 3, /the end of the file, not "}"/],
  ["{} x", 1, 4, /the end of the file, not "x"/],
  ['{"a" 1}', 1, 6, /a colon, not "1"/],
  ['{"a":}', 1, 6, /a value, not "}"/],
  ['{"a":1,}', 1, 8, /a name in double quotes, not "}"/],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /a comma or }, not a double quote/],
  ["{a:1}", 1, 2, /double quotes or }, not "a"/],
  ["{'a':1}", 1, 2, /not "'"/],
  ["[1,]", 1, 4, /a value, not "]"/],
  ["[1 2]", 1, 4, /a comma or ], not "2"/],
  ["[}", 1, 2, /a value or ], not "}"/],
  ["[1}", 1, 3, /a comma or ], not "}"/],
  ["[01]", 1, 2, /a value or ], not "01"/],
  ["[1.]", 1, 2, /not "1\."/],
  ["[+1]", 1, 2, /not "\+1"/],
  ["[.5, 1]", 1, 2, /not "\.5"/],
  ["[NaN]", 1, 2, /not "NaN"/],
  ["[True]", 1, 2, /not "True"/],
  ["[true1]", 1, 2, /not "true1"/],
  ["// no\n{}", 1, 1, /not "\/"/],
  ['["a', 1, 4, /a closing ", not the end of the file/],
  ['["a\n"]', 1, 4, /a closing ", not the end of the line/],
  ['["a\t"]', 1, 4, /a closing ", not "\\u\{9\}"/],
  ['["\\x41"]', 1, 3, /an escape of JSON, not "\\x41"/],
  ['["\\u12g4"]', 1, 3, /an escape of JSON/],
  ["\u00a0{}", 1, 1, /a value/],
  ["\ufeff{}", 1, 1, /a value/],
  ["[\u202e]", 1, 2, /not "\\u\{202e\}"/],
  ["[\ud800]", 1, 2, /not "\\u\{d800\}"/],
  [`[${"x".repeat(1_000)}]`, 1, 2, /not "x{20}…"$/],
  ["[".repeat(100_000), 1, 100_001, /a value or ]/],
]
for (const [text, line, column, message] of faults) {
  test(`jsonFault() finds where ${JSON.stringify(text.slice(0, 30))} is no JSON`, () => {
    const fault = jsonFault(text)
    assert.deepEqual([fault?.line, fault?.column], [line, column])
    assert.match(fault?.message ?? "", message)
    assert.equal(steers.test(fault?.message ?? ""), false)
    assert.throws(() => JSON.parse(text))
  })
}

// deno-fmt-ignore
const noFaults: ReadonlyArray<string> = [
  "{}", "[]", "0", "-0", "-1.5e+3", "1E5", '""', "null", ' [ true , false ] \r\n', '{"a":{"b":[{}]},"c":"\\u00e9\\n\\\\\\""}', '"\u2028\u007f"',
]
for (const text of noFaults) {
  test(`jsonFault() finds nothing in ${text}`, () => {
    JSON.parse(text)
    assert.equal(jsonFault(text), undefined)
  })
}

// Files.

const wide = Uint8Array.from([
  ...[0xff, 0xfe],
  ...[...'{"functions":3}'].flatMap((character) => [character.charCodeAt(0), 0]),
])

// deno-fmt-ignore
const good: ReadonlyArray<readonly [name: string, content: Uint8Array | string, rules: PolicyRules]> = [
  ["no rules", "{}", {}],
  ["some rules", '{"imports":{"allow":[{"module":"env"}]},"start":false}', { imports: { allow: [{ module: "env" }] }, start: false }],
  ["a byte order mark", '\ufeff{"functions":3}\r\n', { functions: 3 }],
  ["UTF-16, as Windows PowerShell writes it", wide, { functions: 3 }],
  ["sizes beyond 2^53", '{"table":{"maximum":18446744073709551615},"functions":1e300}', { table: { maximum: 2 ** 64 }, functions: 1e300 }],
]
for (const [name, content, rules] of good) {
  test(`policyIn() reads ${name}`, async () => {
    const read = await Effect.runPromise(policyIn(file("good.json", content)))
    assert.deepEqual(JSON.parse(JSON.stringify(read?.rules)), JSON.parse(JSON.stringify(rules)))
  })
}

test("policyIn() without a file is no policy", async () => {
  assert.equal(await Effect.runPromise(policyIn(undefined)), undefined)
})

// deno-fmt-ignore
const wrong: ReadonlyArray<readonly [name: string, content: Uint8Array | string | undefined]> = [
  ["no file", undefined],
  ["nothing", ""],
  ["a page", "<!doctype html>"],
  ["a module", empty],
  ["bytes that are no text", Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d)],
  ["half a character", Uint8Array.of(0x7b, 0x7d, 0xe2, 0x82)],
  ["a comma too many", '{\n  "imports": {\n    "allow": [],\n  }\n}'],
  ["a comment", '{\n  // none\n  "imports": {}\n}'],
  ["null", "null"],
  ["a list", "[]"],
  ["a rule that there is not", '{ "import": {} }'],
  ["a rule that would steer a terminal", '{ "\\u001b[2J\\u202e": {} }'],
  ["null in place of a rule", '{ "imports": null }'],
  ["a list that is none", '{ "imports": { "allow": { "module": "env" } } }'],
  ["a pattern that is text", '{ "exports": { "require": ["run"] } }'],
  ["a member that there is not", '{ "imports": { "allow": [{ "module": "env" }, { "modul": "env" }] } }'],
  ["a pattern that fits everything", '{ "imports": { "refuse": [{}] } }'],
  ["a name and its beginning", '{ "exports": { "allow": [{ "name": "a", "namePrefix": "a" }] } }'],
  ["a kind that there is not", '{ "exports": { "allow": [{ "kind": "func" }] } }'],
  ["a type in another notation", '{ "exports": { "allow": [{ "type": "i32 -> i32" }] } }'],
  ["a feature that there is not", '{ "features": { "refuse": ["thread"] } }'],
  ["a negative ceiling", '{ "memory": { "maximum": -1 } }'],
  ["a ceiling that is text", '{ "memory": { "maximum": "1 GB" } }'],
  ["half a function", '{ "functions": 0.5 }'],
  ["a number beyond all", '{ "moduleSize": 1e400 }'],
  ["a start that is no flag", '{ "start": "no" }'],
]

const wrongWith = async (path: string): Promise<string> => {
  const error = await Effect.runPromise(Effect.flip(policyIn(path)))
  assert.ok(error instanceof CliError)
  assert.equal(error.exitCode, exitUsage)
  const { lines } = failureOf((await failed(error)).cause, [])
  assert.equal(lines.length, 1)
  for (const line of lines) assert.equal(steers.test(line), false, line)
  return lines.join("\n").replaceAll(folder, "…")
}

const failed = async <E>(error: E): Promise<Exit.Failure<never, E>> => {
  const exit = await Effect.runPromiseExit(Effect.fail(error))
  assert.ok(Exit.isFailure(exit))
  return exit
}

test("a file that is no policy is wrong usage: where it is wrong, and what is expected", async () => {
  const lines: Array<string> = []
  for (const [name, content] of wrong) {
    const path = join(folder, "wrong.json")
    rmSync(path, { force: true })
    if (content !== undefined) writeFileSync(path, content)
    lines.push(`${name}:`, `  ${await wrongWith(path)}`)
  }
  lines.push("a folder:", `  ${await wrongWith(folder)}`)
  matchSnapshot("policy_file", `${lines.join("\n")}\n`)
})

test("a policy is not read without end", async () => {
  const spaces = new Uint8Array(33_554_433).fill(0x20)
  assert.match(await wrongWith(file("long.json", spaces)), /has more than 32 MiB/)
})

// What `inspect --policy-of` writes.

const reportOf = (bytes: Bytes): ModuleReport => {
  const report = new ModuleReportBuilder()
  const decoder = new ModuleDecoder({ sink: report, unknown: "defer" })
  decoder.push(bytes)
  decoder.finish()
  return report.build(decoder)
}

const bytesResponse = (bytes: Bytes): Response =>
  new Response(bytes, { headers: { "content-type": "application/wasm" } })

/** A table that may have 2^64 - 1 entries. */
const vastTable = build(tables([FUNCREF, 5, 0, u(2n ** 64n - 1n)])).bytes

test("a module fits what policyText() writes of it, read from a file", async () => {
  const modules: ReadonlyArray<Bytes> = [
    ...[empty, importing, large(20), everything, callable, trappingStartWithExport, vastTable],
  ]
  for (const bytes of modules) {
    const report = await Effect.runPromise(inspect(bytesResponse(bytes), { validation: "full" }))
    const text = await Effect.runPromise(policyText(report))
    assert.equal(/[^\P{C}\n]|[\u2028\u2029]/u.test(text), false)
    const read = await Effect.runPromise(policyIn(file("tight.json", text)))
    const { isValid, refusal } = await Effect.runPromise(validateModule("a", bytes, false, read))
    assert.deepEqual([isValid, refusal], [true, undefined])
  }
})

test("policyText() says that of what the decoder does not know no policy can be written", async () => {
  const unknown = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0x7f, 0)
  const error = await Effect.runPromise(Effect.flip(policyText(reportOf(unknown))))
  assert.equal(error.exitCode, exitBad)
})

// A module that is refused.

interface Refused {
  readonly rule: PolicyRule
  readonly rules: PolicyRules
  readonly bytes?: Bytes
}

// deno-fmt-ignore
const refused: ReadonlyArray<Refused> = [
  { rule: "imports.allow", rules: { imports: { allow: [{ module: "env", name: "log" }] } } },
  { rule: "imports.refuse", rules: { imports: { refuse: [{ namePrefix: "lo" }] } } },
  { rule: "imports.require", rules: { imports: { require: [{ module: "wasi_snapshot_preview1" }] } } },
  { rule: "exports.allow", rules: { exports: { allow: [{ kind: "function" }] } } },
  { rule: "exports.refuse", rules: { exports: { refuse: [{ name: "trap" }] } } },
  { rule: "exports.require", rules: { exports: { require: [{ name: "add", type: "(func)" }] } } },
  { rule: "memory.initial", rules: { memory: { initial: 0 } } },
  { rule: "memory.maximum", rules: { memory: { maximum: 1 } } },
  { rule: "table.initial", rules: { table: { initial: 0 } } },
  { rule: "table.maximum", rules: { table: { maximum: 5 } } },
  { rule: "functions", rules: { functions: 2 } },
  { rule: "moduleSize", rules: { moduleSize: 100 } },
  { rule: "features.allow", rules: { features: { allow: ["mutable-globals"] } } },
  { rule: "features.refuse", rules: { features: { refuse: ["multi-value"] } } },
  { rule: "customSections.allow", rules: { customSections: { allow: [{ name: "name" }, { name: "producers" }, { name: "sourceMappingURL" }, { name: "build_id" }] } } },
  { rule: "customSections.refuse", rules: { customSections: { refuse: [{ name: "producers" }] } } },
  { rule: "start", rules: { start: false }, bytes: trappingStartWithExport },
]

const view = { engine: "an engine", document: undefined, width: 80, style: plainStyle }

test("a module that is refused is told with the rule, what breaks it, its type and its place", async () => {
  const lines: Array<string> = []
  for (const { bytes = everything, rule, rules } of refused) {
    const held = policy(rules)
    const error = await Effect.runPromise(
      Effect.flip(inspect(bytesResponse(bytes), { validation: "full", policy: held })),
    )
    assert.ok(error instanceof PolicyError)
    const { exitCode, lines: told } = failureOf((await failed(error)).cause, [])
    assert.equal(exitCode, exitBad)
    const result = await Effect.runPromise(validateModule("a.wasm", bytes, false, held))
    assert.equal(result.refusal?.rule, rule)
    // It is still valid by the specification.
    assert.deepEqual([result.isValid, result.fault], [true, undefined])
    const validated = validateLines(result, bytes, view)
    assert.equal(validated.length, result.refusal?.offset === undefined ? 1 : 3)
    const document = readFileSync(projectFile("docs/errors.md"), "utf8")
    const explained = validateLines(result, bytes, { ...view, document })
    assert.match(explained[validated.length] ?? "", /^ +What it means: /)
    lines.push(...told.map((line, at) => at === 0 ? `error: ${line}` : line), ...validated, "")
  }
  for (const line of lines) assert.equal(steers.test(line), false, line)
  matchSnapshot("policy", lines.join("\n"))
})

test("names of a module that are those of options stay what they are", async () => {
  const bytes = build(types(), imports(imported("maxBytes", "contentType", 3, [0x7f, 0]))).bytes
  const held = policy({ imports: { allow: [] } })
  const error = await Effect.runPromise(
    Effect.flip(inspect(bytesResponse(bytes), { policy: held })),
  )
  assert.match(
    failureOf((await failed(error)).cause, []).lines[0] ?? "",
    /"maxBytes"\."contentType"/,
  )
  const result = await Effect.runPromise(validateModule("a", bytes, false, held))
  assert.match(validateLines(result, bytes, view)[0] ?? "", /"maxBytes"\."contentType"/)
})

test("a module that is not valid is told as that, and may be refused as well", async () => {
  const [early, late] = await Promise.all(
    [{ exports: { allow: [] } }, { customSections: { allow: [] } }].map((rules) =>
      Effect.runPromise(validateModule("a.wasm", invalid, false, policy(rules)))
    ),
  )
  assert.deepEqual([early?.isValid, early?.refusal?.rule], [false, "exports.allow"])
  assert.deepEqual([late?.isValid, late?.refusal], [false, undefined])
  for (const result of [early, late]) {
    assert.ok(result !== undefined)
    assert.match(validateLines(result, invalid, view)[0] ?? "", /^a\.wasm:0x2e: type-mismatch: /)
  }
})

test("the last line counts what is refused among what is valid", async () => {
  const held = policy({ exports: { allow: [] } })
  const results = await Promise.all(
    [empty, everything, invalid].map((bytes) =>
      Effect.runPromise(validateModule("a", bytes, false, held))
    ),
  )
  assert.equal(countLine(results, 0), "2 of 3 modules valid; 1 of them refused by the policy")
  assert.equal(
    countLine(results, 1),
    "2 of 4 modules valid; 1 of them refused by the policy; 1 could not be read",
  )
})

// The document.

const documentOf = async (): Promise<ValidateDocument> => ({
  document: "validate",
  version: 1,
  engine: "an engine",
  policy: "plugin.json",
  modules: await Promise.all([
    ...refused.map(({ bytes = everything, rules }) =>
      Effect.runPromise(validateModule("a.wasm", bytes, false, policy(rules)))
    ),
    Effect.runPromise(validateModule("a.wasm", everything, true, policy({}))),
  ]),
})

test("ValidateDocumentJson reads refusals as validate --json writes them", async () => {
  const document = await documentOf()
  const read = Schema.decodeSync(ValidateDocumentJson)(jsonText(document))
  assert.deepEqual(read, document)
  assert.deepEqual(read.modules.map(({ refusal }) => refusal?.rule), [
    ...refused.map(({ rule }) => rule),
    undefined,
  ])
  assert.deepEqual(read.modules[0]?.refusal?.import, {
    module: "env",
    name: hostileName,
    kind: "global",
    type: "(global i32)",
  })
})

/** The document without its messages, which later releases may change. */
const factsOf = ({ modules, policy }: ValidateDocument) => ({
  policy,
  modules: modules.map(({ isValid, refusal }) => [isValid, refusal && { ...refusal, message: "" }]),
})

test("ValidateDocumentJson reads refusals of version 1 as they were first written", async () => {
  const file = projectFile("test/cli/documents/validate_1_policy.json")
  const document = Schema.decodeSync(ValidateDocumentJson)(readFileSync(file, "utf8"))
  assert.deepEqual(factsOf(document), factsOf(await documentOf()))
})

test("ValidateDocumentJson reads documents from before there were policies", () => {
  const file = projectFile("test/cli/documents/validate_1.json")
  const document = Schema.decodeSync(ValidateDocumentJson)(readFileSync(file, "utf8"))
  assert.equal("policy" in document, false)
  assert.ok(document.modules.every((module) => !("refusal" in module)))
})
