/**
 * Properties of `policyOf` for any module: the module fits its policy, and no policy that allows less.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Schema from "effect/Schema"
import { inspect } from "../../mod.ts"
import {
  type ImportPattern,
  policy,
  policyOf,
  type PolicyRule,
  type PolicyRules,
} from "../../src/policy/mod.ts"
import { PolicyRulesJson } from "../../src/schema.ts"
import { generateModule, moduleBytes } from "../support/generator/generator.ts"
import { FEATURES } from "../support/generator/features.ts"
import {
  build,
  code,
  custom,
  emptyBody,
  exported,
  exports,
  func,
  FUNCREF,
  functions,
  I32,
  imported,
  imports,
  memories,
  start,
  tables,
  types,
} from "../support/module_builder.ts"
import { empty, importing, large, starting } from "../support/modules.ts"
import { settled } from "../support/outcomes.ts"
import { cut, random, seed } from "../support/random.ts"
import { chunks, response } from "../support/responses.ts"

console.log(`policy_property_test: seed ${seed}`)

type Bytes = Uint8Array<ArrayBuffer>

const rounds = 60
const generated = Array.from(
  { length: rounds },
  (_, round) =>
    moduleBytes(generateModule({ seed: seed + round, features: new Set(FEATURES), size: 30 })),
)

/** Random imports and exports, memories and tables, whose names have something in common. */
const declaring = (next: (below: number) => number): Bytes => {
  const name = () => ["", "a", "ab", "log", "__wbg_", "é", "a.b"][next(7)] ?? ""
  const many = <A>(most: number, make: (index: number) => A) =>
    Array.from({ length: next(most + 1) }, (_, index) => make(index))
  const limits = () => next(2) === 0 ? [0, next(5)] : [1, next(3), 3 + next(5)]
  const imported_ = many(6, () => imported(name(), name(), 0, next(2)))
  const imported_memories = many(2, () => imported(name(), name(), 2, limits()))
  const own = many(4, () => next(2))
  const exported_ = many(5, (index) => exported(`${name()}${index}`, 0, 0))
  const hasFunctions = imported_.length + own.length > 0
  return build(
    types(func([], []), func([I32], [I32])),
    imports(...imported_, ...imported_memories),
    functions(...own.map(() => 0)),
    tables(...many(3, () => [FUNCREF, limits()])),
    memories(...many(2, limits)),
    exports(...(hasFunctions ? exported_ : [])),
    own.length > 0 && next(2) === 0 ? start(imported_.length) : [],
    code(...own.map(() => emptyBody)),
    ...many(3, () => custom(name(), next(100))),
  ).bytes
}

const next = random(seed)
const modules: ReadonlyArray<Bytes> = [
  ...[empty, importing, starting, large(20)],
  ...generated,
  ...Array.from({ length: rounds }, () => declaring(next)),
]

/** The rule that a module breaks, in chunks of any size. */
const broken = async (bytes: Bytes, rules: PolicyRules): Promise<unknown> => {
  // As a file has them.
  const read = Schema.decodeSync(PolicyRulesJson)(JSON.stringify(rules))
  try {
    await settled(inspect(response(chunks(...cut(bytes, next))), { policy: policy(read) }))
    return undefined
  } catch (error) {
    const rule: unknown = Reflect.get(Object(error), "rule")
    if (rule === undefined) throw error
    return rule
  }
}

const without = <A>(list: ReadonlyArray<A> = [], index: number): ReadonlyArray<A> =>
  list.filter((_, at) => at !== index)

/** Whether another entry has the same name and kind, and no type, as entries that refer to the module's own types. */
const isCovered = (list: ReadonlyArray<ImportPattern> = [], index: number): boolean => {
  const { module, name, type = "" } = list[index] ?? {}
  const isFunction = type.startsWith("(func")
  return list.some((other, at) =>
    at !== index && other.module === module && other.name === name && other.kind !== undefined &&
    (type.startsWith(`(${other.kind} `) || (isFunction && other.kind === "function"))
  )
}

/** The rules with one thing less allowed each, and the rule that is then broken. */
const tightened = function* (rules: PolicyRules): Generator<readonly [PolicyRules, PolicyRule]> {
  const {
    customSections,
    exports,
    features,
    functions = 0,
    imports,
    memory,
    moduleSize = 0,
    start,
    table,
  } = rules
  for (const index of imports?.require?.keys() ?? []) {
    if (isCovered(imports?.require, index)) continue
    yield [
      { ...rules, imports: { ...imports, require: without(imports?.require, index) } },
      "imports.allow",
    ]
  }
  for (const index of exports?.require?.keys() ?? []) {
    yield [
      { ...rules, exports: { ...exports, require: without(exports?.require, index) } },
      "exports.allow",
    ]
  }
  for (const kind of ["memory", "table"] as const) {
    const { initial = 0, maximum = 0 } = { memory, table }[kind] ?? {}
    if (initial > 0) yield [{ ...rules, [kind]: { initial: initial - 1 } }, `${kind}.initial`]
    if (maximum > 0 && maximum < 2 ** 53) {
      yield [{ ...rules, [kind]: { maximum: maximum - 1 } }, `${kind}.maximum`]
    }
  }
  if (functions > 0) yield [{ ...rules, functions: functions - 1 }, "functions"]
  yield [{ ...rules, moduleSize: moduleSize - 1 }, "moduleSize"]
  for (const index of features?.allow?.keys() ?? []) {
    yield [{ ...rules, features: { allow: without(features?.allow, index) } }, "features.allow"]
  }
  for (const index of customSections?.allow?.keys() ?? []) {
    yield [
      { ...rules, customSections: { allow: without(customSections?.allow, index) } },
      "customSections.allow",
    ]
  }
  if (start === true) yield [{ ...rules, start: false }, "start"]
}

/** The rules with one more requirement each, and the rule that is then broken. */
const demanding = function* (rules: PolicyRules): Generator<readonly [PolicyRules, PolicyRule]> {
  const { exports, imports } = rules
  const more = { name: "not there" }
  yield [
    { ...rules, imports: { ...imports, require: [...imports?.require ?? [], more] } },
    "imports.require",
  ]
  yield [
    { ...rules, exports: { ...exports, require: [...exports?.require ?? [], more] } },
    "exports.require",
  ]
}

test("a module fits its policy, and no tighter one", async () => {
  let tried = 0
  for (const [index, bytes] of modules.entries()) {
    const report = await settled(inspect(response(chunks(bytes)), { validation: "full" }))
    const rules = policyOf(report)
    assert.equal(await broken(bytes, rules), undefined, `module ${index}`)
    for (const [changed, rule] of [...tightened(rules), ...demanding(rules)]) {
      assert.equal(
        await broken(bytes, changed),
        rule,
        `module ${index}: ${JSON.stringify(changed)}`,
      )
      tried++
    }
  }
  assert.ok(tried > 5 * modules.length, `${tried}`)
})

test("the policy of a compiled module has its names and kinds", async () => {
  const module = new WebAssembly.Module(importing)
  const rules = policyOf(module)
  assert.deepEqual(rules.imports?.require, [{ module: "m", name: "f", kind: "function" }])
  assert.deepEqual(rules.exports?.require, [{ name: "run", kind: "function" }])
  assert.equal(policy(rules).check(module), undefined)
  assert.equal(await broken(importing, rules), undefined)
})

test("the policy of a report without its instructions says nothing of features", async () => {
  const rules = policyOf(await settled(inspect(response(chunks(importing)))))
  assert.equal("features" in rules, false)
  assert.equal(await broken(importing, rules), undefined)
})

test("there is no policy of what the decoder does not know", async () => {
  const bytes = build(types(func([], [])), [0x3f, 2, 7, 7]).bytes
  const report = await settled(inspect(response(chunks(bytes))))
  assert.throws(() => policyOf(report), TypeError)
})

/** Calls it as a program without types might. */
const call = (subject: unknown): unknown => Reflect.apply(policyOf, undefined, [subject])

// deno-fmt-ignore
const notSubjects: ReadonlyArray<readonly [name: string, given: () => unknown, says: RegExp]> = [
  ["nothing", () => undefined, /a report, .*not undefined/],
  ["null", () => null, /not null/],
  ["a text", () => "x.wasm\n", /not "x\.wasm\\u\{a\}"/],
  ["a number", () => 1, /not 1/],
  ["bytes", () => importing, /bytes.*inspect/],
  ["a buffer", () => importing.buffer, /bytes.*inspect/],
  ["a list", () => [importing], /not a list/],
  ["an object", () => ({}), /not an object of another kind/],
  ["a promise", () => Promise.resolve(), /promise.*await/],
  ["a response", () => new Response("x"), /Response.*inspect/],
  ["what looks like a module", () => Object.create(WebAssembly.Module.prototype), /not an object of another kind/],
  ["part of a report", () => ({ imports: [], exports: [] }), /not an object of another kind/],
  ["a report without exports", () => ({ imports: [], sections: [] }), /not an object of another kind/],
  ["a policy", () => policy({}), /not an object of another kind/],
]
for (const [name, given, says] of notSubjects) {
  test(`there is no policy of what is neither a report nor a module: ${name}`, () => {
    assert.throws(
      () => call(given()),
      (error) => error instanceof TypeError && says.test(error.message),
    )
  })
}
