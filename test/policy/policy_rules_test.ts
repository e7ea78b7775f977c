/**
 * The rules of a policy as data: what policy() and the schema accept, and what both reject; and the check of compiled
 * modules.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { compileStreaming } from "../../mod.ts"
import { policy, PolicyError, type PolicyRule, type PolicyRules } from "../../src/policy/mod.ts"
import { PolicyRules as PolicyRulesSchema, PolicyRulesJson } from "../../src/schema.ts"
import {
  body,
  build,
  code,
  custom,
  emptyBody,
  END,
  exported,
  exports,
  func,
  functions,
  I32,
  i32,
  imported,
  imports,
  memories,
  ref,
  types,
} from "../support/module_builder.ts"
import { settled } from "../support/outcomes.ts"
import { chunks, response } from "../support/responses.ts"

const complete: PolicyRules = {
  imports: {
    allow: [{ module: "env", name: "log", kind: "function", type: "(func (param i32))" }],
    refuse: [{ modulePrefix: "wasi_" }],
    require: [{ namePrefix: "__wbg_" }],
  },
  exports: { allow: [{ name: "run" }], refuse: [{ kind: "tag" }], require: [{ namePrefix: "r" }] },
  memory: { initial: 0, maximum: 65_536 },
  table: { initial: 10 },
  functions: 5,
  moduleSize: 1_000_000,
  features: { allow: ["simd", "bulk-memory"], refuse: ["threads"] },
  customSections: { allow: [{ namePrefix: ".debug_" }], refuse: [{ name: "name" }] },
  start: false,
}

/** Without the members that are absent. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test("rules go through JSON and back", () => {
  const text = JSON.stringify(complete)
  assert.deepEqual(plain(policy(JSON.parse(text)).rules), complete)
  assert.deepEqual(plain(Schema.decodeSync(PolicyRulesJson)(text)), complete)
  assert.deepEqual(JSON.parse(Schema.encodeSync(PolicyRulesJson)(complete)), complete)
})

test("ceilings beyond 2^53, which tables of 64 bits have, go through JSON and back", () => {
  const vast: PolicyRules = { table: { initial: 2 ** 60, maximum: 2 ** 64 }, functions: 2 ** 53 }
  assert.deepEqual(plain(policy(vast).rules), vast)
  const text = Schema.encodeSync(PolicyRulesJson)(vast)
  assert.deepEqual(plain(Schema.decodeSync(PolicyRulesJson)(text)), vast)
})

test("rules are copied: what is changed afterwards changes nothing", () => {
  const allow: Array<{ module: string }> = []
  const { rules } = policy({ imports: { allow } })
  allow.push({ module: "env" })
  assert.deepEqual(rules.imports?.allow, [])
})

test("policies that refuse the same have the same key", () => {
  const check = (): undefined => undefined
  const keys = [
    policy({ functions: 1, moduleSize: 2 }),
    policy({ moduleSize: 2, functions: 1 }),
    policy({ functions: 2 }),
    policy({}, check),
    policy({}, check),
    policy({}, () => undefined),
  ].map(({ key }) => key)
  assert.equal(keys[0], keys[1])
  assert.equal(keys[3], keys[4])
  assert.equal(new Set(keys).size, 4)
})

/** Rules that both reject. */
const malformed: ReadonlyArray<readonly [name: string, rules: unknown]> = [
  ["null", null],
  ["a list", []],
  ["text", "none"],
  ["a rule that there is not", { import: { allow: [] } }],
  ["a list that there is not", { imports: { alow: [] } }],
  ["a member of a pattern that there is not", { imports: { allow: [{ modul: "env" }] } }],
  ["a module of an export", { exports: { allow: [{ module: "env" }] } }],
  ["a ceiling that there is not", { memory: { max: 1 } }],
  ["a required feature", { features: { require: ["simd"] } }],
  ["a list that is none", { imports: { allow: { module: "env" } } }],
  ["a pattern that is text", { exports: { allow: ["run"] } }],
  ["a name that is a number", { exports: { allow: [{ name: 1 }] } }],
  ["a kind that there is not", { exports: { allow: [{ kind: "func" }] } }],
  ["a negative ceiling", { memory: { initial: -1 } }],
  ["half a function", { functions: 0.5 }],
  ["a size that is text", { moduleSize: "1 MB" }],
  ["a start that is no flag", { start: "no" }],
  ["null in place of a rule", { imports: null }],
]
for (const [name, rules] of malformed) {
  test(`policy() and the schema refuse ${name}`, () => {
    assert.throws(() => Reflect.apply(policy, undefined, [rules]), TypeError)
    assert.ok(Exit.isFailure(Schema.decodeUnknownExit(PolicyRulesSchema)(rules)))
    assert.ok(Exit.isFailure(Schema.decodeUnknownExit(PolicyRulesJson)(JSON.stringify(rules))))
  })
}

/** Rules that only policy() rejects. */
const senseless: ReadonlyArray<readonly [name: string, rules: PolicyRules]> = [
  ["a pattern that fits everything", { imports: { refuse: [{}] } }],
  ["a pattern of nothing but undefined", { exports: { allow: [{ name: undefined }] } }],
  ["a name and its beginning", { exports: { allow: [{ name: "a", namePrefix: "a" }] } }],
  ["a module and its beginning", { imports: { allow: [{ module: "a", modulePrefix: "a" }] } }],
  ["a feature that there is not", { features: { refuse: ["thread"] } }],
  ["a pattern that begins with nothing", { imports: { refuse: [{ modulePrefix: "" }] } }],
  ["a list with a hole", { imports: { allow: Array(1) } }],
  ["a kind and a type of another", { imports: { refuse: [{ kind: "memory", type: "(func)" }] } }],
  ...[
    ...[
      "(func (param i32) (param i32))",
      "(func (param i32  i32))",
      "(func (param i33))",
      "(func )",
    ],
    ...["(memory 1 2 i64)", "(memory 01)", "(memory 1 2 SHARED)", "(table 1 anyfunc)"],
    ...["(table 1 (ref null func))", "(global (mut))", "(global mut i32)", "(tag i32)", "(fun)"],
  ].map((type) => [`the type ${type}`, { imports: { refuse: [{ type }] } }] as const),
  ["a type in another notation", { exports: { allow: [{ type: "i32 -> i32" }] } }],
  ["a type of the module's own", { exports: { allow: [{ type: "(func (param (ref null 3)))" }] } }],
]
for (const [name, rules] of senseless) {
  test(`policy() refuses ${name}`, () => assert.throws(() => policy(rules), TypeError))
}

class Kept {
  get imports() {
    return { allow: [] }
  }
}
const strangers: ReadonlyArray<readonly [name: string, rules: unknown]> = [
  ["a promise", Promise.resolve({ start: false })],
  ["a Map", new Map([["start", false]])],
  ["an object of a class", new Kept()],
  ["an object that inherits its rules", Object.create({ start: false })],
  ["a rule that is no object of data", { imports: Promise.resolve({ allow: [] }) }],
  ["a pattern that is no object of data", { imports: { allow: [new Map([["name", "a"]])] } }],
]
for (const [name, rules] of strangers) {
  test(`policy() refuses ${name}`, () => {
    assert.throws(() => Reflect.apply(policy, undefined, [rules]), TypeError)
  })
}

test("policy() takes objects without a prototype", () => {
  const rules = Object.assign(Object.create(null), { start: false })
  assert.equal(policy(rules).rules.start, false)
})

test("a policy cannot be changed afterwards", () => {
  const { rules } = policy(complete)
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" || value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen))
  assert.ok(frozen(rules))
  assert.ok(!Object.isFrozen(complete))
})

test("policy() refuses a check that is no function", () => {
  assert.throws(() => Reflect.apply(policy, undefined, [{}, "none"]), TypeError)
})

test("a type of the module's own fits no pattern with a type", async () => {
  const bytes = build(
    types(func([], []), func([ref(0)], [])),
    imports(imported("m", "f", 0, 1)),
  ).bytes
  const run = (kind: PolicyRules) =>
    settled(compileStreaming(response(chunks(bytes)), { policy: policy(kind) })).then(
      () => "compiled",
      (error) => error.rule,
    )
  const type = "(func (param funcref))"
  assert.equal(await run({ imports: { allow: [{ module: "m", type }] } }), "imports.allow")
  assert.equal(await run({ imports: { allow: [{ module: "m", kind: "function" }] } }), "compiled")
})

// Compiled modules.

const ready = new WebAssembly.Module(
  build(
    types(func([I32], [])),
    imports(imported("env", "log", 0, 0)),
    functions(0),
    memories([0, 1]),
    exports(exported("run", 0, 1)),
    code(emptyBody),
    custom("made-by", 1),
  ).bytes,
)
const type = "(func (param i32))"

const compiled: ReadonlyArray<
  readonly [name: string, rules: PolicyRules, rule: PolicyRule | undefined]
> = [
  ["no rules", {}, undefined],
  [
    "imports by name",
    { imports: { allow: [{ module: "env", name: "log", kind: "function" }] } },
    undefined,
  ],
  ["an import that is not allowed", { imports: { allow: [{ module: "wasi" }] } }, "imports.allow"],
  ["an import that is refused", { imports: { refuse: [{ module: "env" }] } }, "imports.refuse"],
  ["a missing import", { imports: { require: [{ name: "now" }] } }, "imports.require"],
  ["an export that is not allowed", { exports: { allow: [] } }, "exports.allow"],
  ["an export that is there", { exports: { require: [{ name: "run" }] } }, undefined],
  ["a missing export", { exports: { require: [{ name: "walk" }] } }, "exports.require"],
  [
    "a missing export with a type",
    { exports: { require: [{ name: "walk", type }] } },
    "exports.require",
  ],
  ["an import's type", { imports: { allow: [{ module: "env", type }] } }, "unknown"],
  [
    "an import's type, and another way",
    { imports: { allow: [{ type }, { module: "env" }] } },
    undefined,
  ],
  ["the type of another kind", { imports: { allow: [{ type: "(memory 1)" }] } }, "imports.allow"],
  ["a type that is refused", { imports: { refuse: [{ type }] } }, "unknown"],
  ["a required export's type", { exports: { require: [{ name: "run", type }] } }, "unknown"],
  ["a memory's size", { memory: { initial: 5 } }, "unknown"],
  ["a table's maximum", { table: { maximum: 5 } }, "unknown"],
  ["the number of functions", { functions: 5 }, "unknown"],
  ["the size", { moduleSize: 1_000 }, "unknown"],
  ["features", { features: { refuse: ["threads"] } }, "unknown"],
  ["a start function", { start: false }, "unknown"],
  ["start functions allowed", { start: true }, undefined],
  ["custom sections that are allowed", { customSections: { allow: [] } }, "unknown"],
  ["a custom section by the beginning of its name", {
    customSections: { refuse: [{ namePrefix: "m" }] },
  }, "unknown"],
  [
    "a custom section by its name",
    { customSections: { refuse: [{ name: "made-by" }] } },
    "customSections.refuse",
  ],
  ["another custom section", { customSections: { refuse: [{ name: "name" }] } }, undefined],
]
for (const [name, rules, rule] of compiled) {
  test(`a compiled module against ${name}: ${rule ?? "fits"}`, () => {
    const error = policy(rules).check(ready)
    assert.equal(error?.rule, rule)
    if (error !== undefined) assert.ok(error instanceof PolicyError)
  })
}

test("a compiled module against a function: it would not be told all", () => {
  assert.equal(policy({}, () => undefined).check(ready)?.rule, "unknown")
})

test("a module that was compiled with a policy is held against others by all that was seen", async () => {
  const bytes = build(types(func([], [])), memories([1, 1, 4]), custom("made-by", 1)).bytes
  const module = await settled(
    compileStreaming(response(chunks(bytes)), { policy: policy({}) }),
  )
  assert.equal(policy({ memory: { maximum: 4 }, start: false }).check(module), undefined)
  assert.equal(policy({ memory: { maximum: 3 } }).check(module)?.rule, "memory.maximum")
  assert.equal(
    policy({ customSections: { allow: [] } }).check(module)?.rule,
    "customSections.allow",
  )
})

test("a module that was compiled without full validation is not held against features", async () => {
  // i32.extend8_s, which an instruction alone shows.
  const bytes = build(
    types(func([], [])),
    functions(0),
    code(body(0, i32(1), 0xc0, 0x1a, END)),
  ).bytes
  const features = policy({ features: { refuse: ["sign-extension"] } })
  const compile = (validation: "structure" | "full") =>
    settled(compileStreaming(response(chunks(bytes)), { policy: policy({}), validation }))
  assert.equal(features.check(await compile("structure"))?.rule, "unknown")
  assert.equal(features.check(await compile("structure"), "structure"), undefined)
  assert.equal(features.check(await compile("full"))?.rule, "features.refuse")
  assert.equal(features.check(await compile("full"), "structure")?.rule, "features.refuse")
})
