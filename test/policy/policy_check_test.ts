/**
 * The function of a policy, for what rules cannot express; and that the broken rule does not depend on how the bytes are
 * split.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming } from "../../mod.ts"
import { type ModuleFact, policy, PolicyError, type PolicyRules } from "../../src/policy/mod.ts"
import {
  build,
  exports,
  func,
  FUNCREF,
  functions,
  imports,
  memories,
  type Part,
  tables,
  types,
  u,
} from "../support/module_builder.ts"
import { settled } from "../support/outcomes.ts"
import { chunks, response, split } from "../support/responses.ts"
import { log, plugin, signatures } from "./support/plugin.ts"

// The function.

const factsOf = async (
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<ReadonlyArray<ModuleFact>> => {
  const facts: Array<ModuleFact> = []
  const options = {
    policy: policy({}, (fact, earlier) => {
      assert.equal(earlier.length, facts.length)
      facts.push(fact)
      return undefined
    }),
  }
  await settled(compileStreaming(response(chunks(...split(bytes, size))), options))
  return facts
}

test("the function is told every fact in the order of the bytes, however they are cut", async () => {
  const facts = await factsOf(plugin, 1_000)
  assert.deepEqual(await factsOf(plugin, 1), facts)
  const told = facts.map((fact) => fact.fact === "section" ? `section ${fact.section}` : fact.fact)
  assert.deepEqual(told, [
    ...["section type", "section import", "import", "import", "memory", "import", "end-of-imports"],
    ...["section function", "functions", "section table", "table", "section global"],
    ...["section export", "export", "export", "export", "end-of-exports", "section start", "start"],
    ...["end-of-declarations", "section code", "section custom", "custom-section", "end"],
  ])
})

test("the function refuses with its reason and the fact's place", async () => {
  const rules = policy(
    {},
    (fact) =>
      fact.fact === "import" && fact.name.startsWith("__wbg_")
        ? "it is made by wasm-bindgen"
        : undefined,
  )
  const error: unknown = await settled(
    compileStreaming(response(chunks(plugin)), { policy: rules }).catch((error) => error),
  )
  assert.ok(error instanceof PolicyError)
  assert.equal(error.rule, "check")
  assert.equal(error.import?.name, "__wbg_now")
  assert.equal(error.section, "import")
  assert.match(error.message, /it is made by wasm-bindgen/)
})

test("the function sees the whole at its end", async () => {
  const either = policy({}, (fact, earlier) =>
    fact.fact === "end-of-declarations" &&
      !earlier.some((fact) => fact.fact === "export" && /^(main|_start)$/.test(fact.name))
      ? "it exports neither main nor _start"
      : undefined)
  const error: unknown = await settled(
    compileStreaming(response(chunks(plugin)), { policy: either }).catch((error) => error),
  )
  assert.ok(error instanceof PolicyError)
  assert.equal(error.rule, "check")
})

test("a function that throws, or returns nonsense, refuses", async () => {
  const mine = new Error("mine")
  const throwing = policy({}, () => {
    throw mine
  })
  const nonsense: unknown = Reflect.apply(policy, undefined, [{}, () => false])
  for (const policy of [throwing, nonsense]) {
    const error: unknown = await settled(
      Reflect.apply(compileStreaming, undefined, [response(chunks(plugin)), { policy }]).catch(
        (error: unknown) => error,
      ),
    )
    assert.ok(error instanceof PolicyError, `got ${error}`)
    assert.equal(error.rule, "check")
    if (policy === throwing) assert.equal(error.cause, mine)
  }
})

test("a function that is async refuses, and whatever becomes of its promise ends nothing", async () => {
  const fates: ReadonlyArray<() => Promise<unknown>> = [
    () => Promise.resolve(undefined),
    () => Promise.reject(new Error("mine")),
  ]
  for (const check of fates) {
    const made: unknown = Reflect.apply(policy, undefined, [{}, check])
    const error: unknown = await settled(
      Reflect.apply(compileStreaming, undefined, [response(chunks(plugin)), { policy: made }])
        .catch((error: unknown) => error),
    )
    assert.ok(error instanceof PolicyError, `got ${error}`)
    assert.equal(error.rule, "check")
  }
})

test("what a function does with the facts changes nothing for another policy", async () => {
  const spoiling: unknown = Reflect.apply(policy, undefined, [{}, (
    fact: object,
    earlier: Array<unknown>,
  ) => {
    earlier.length = 0
    Reflect.set(fact, "name", "harmless")
    return undefined
  }])
  const module: unknown = await settled(
    Reflect.apply(compileStreaming, undefined, [response(chunks(plugin)), { policy: spoiling }]),
  )
  assert.ok(module instanceof WebAssembly.Module)
  const strict = policy({ imports: { refuse: [{ namePrefix: "__wbg_" }] } })
  assert.equal(strict.check(module)?.rule, "imports.refuse")
})

// However the bytes are cut.

const outOfOrder = [1, 1, 0]
const cuts: ReadonlyArray<readonly [rule: string, rules: PolicyRules, ...Array<Part>]> = [
  ["memory.initial", { memory: { initial: 0 } }, memories([0, 1]), outOfOrder],
  ["functions", { functions: 0 }, types(func([], [])), functions(0), outOfOrder],
  [
    "imports.require",
    { imports: { require: [{ name: "none" }] } },
    signatures,
    imports(log),
    outOfOrder,
  ],
  ["exports.require", { exports: { require: [{ name: "none" }] } }, exports(), outOfOrder],
  ["memory.initial", { memory: { initial: 0 } }, memories([0, 1]), [0x05, 0x01, 0x00]],
]
for (const [rule, rules, ...parts] of cuts) {
  test(`${rule} is broken before a fault that follows, however the bytes are cut`, async () => {
    const { bytes } = build(...parts)
    for (const size of [1, 2, 3, 5, 7, 11, bytes.length]) {
      const error: unknown = await settled(
        compileStreaming(response(chunks(...split(bytes, size))), { policy: policy(rules) })
          .catch((error) => error),
      )
      assert.ok(error instanceof PolicyError, `${size}: got ${error}`)
      assert.equal(error.rule, rule)
    }
  })
}

test("no ceiling is passed by rounding", async () => {
  // A table of 64 bits with 2^53 + 1 entries at most.
  const { bytes } = build(tables([FUNCREF, 0x05, 0, u(2n ** 53n + 1n)]))
  const error: unknown = await settled(
    compileStreaming(response(chunks(bytes)), { policy: policy({ table: { maximum: 2 ** 53 } }) })
      .catch((error) => error),
  )
  assert.ok(error instanceof PolicyError, `got ${error}`)
  assert.equal(error.rule, "table.maximum")
})
