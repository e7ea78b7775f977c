/**
 * The normative algorithm of `instantiateStreaming`, a line per case; each is run with native streaming, without it, and
 * through the Effect API.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { instantiateStreaming } from "../../mod.ts"
import { build, func, imported, imports, types } from "../support/module_builder.ts"
import {
  builtin,
  empty,
  importing,
  starting,
  stringConstant,
  trapping,
} from "../support/modules.ts"
import {
  call,
  checkPromise,
  compileError,
  linkError,
  ok,
  type Outcome,
  same,
  settled,
  trap,
  typeError,
  ways,
} from "../support/outcomes.ts"
import { response, typed } from "../support/responses.ts"

interface Case {
  readonly name: string
  readonly source: () => unknown
  readonly imports: () => unknown
  readonly options?: unknown
  readonly outcome: Outcome
}

const mine = new Error("mine")
const mineTyped = new TypeError("mine")
const thrower = (error: unknown) => () => {
  throw error
}
const getter = (name: string, error: unknown): object =>
  Object.defineProperty({}, name, { get: thrower(error) })
const never = (): Promise<never> => new Promise(() => {})
const pair = { m: { f: () => {} } }

/** Whether this engine supports an option of the JS API: it rejects a module that violates it. */
const heeds = (options: object, wrong: Uint8Array): boolean =>
  !Reflect.apply(WebAssembly.validate, WebAssembly, [wrong, options])

const knowsBuiltins = heeds({ builtins: ["js-string"] }, builtin(false))
/** Node 22 does not. */
const knowsStringConstants = heeds({ importedStringConstants: "strings" }, stringConstant(false))

// deno-fmt-ignore
const cases: ReadonlyArray<Case> = [
  { name: "no imports, no import object", source: () => response(), imports: () => undefined, outcome: ok },
  { name: "no imports, an empty import object", source: () => response(), imports: () => ({}), outcome: ok },
  { name: "an import object that is a function", source: () => response(), imports: () => Object.assign(() => {}, pair), outcome: ok },
  { name: "imports that fit", source: () => response(importing), imports: () => pair, outcome: ok },
  { name: "a namespace that is a function", source: () => response(importing), imports: () => ({ m: Object.assign(() => {}, pair.m) }), outcome: ok },
  { name: "import object null", source: () => response(), imports: () => null, outcome: typeError("imports") },
  { name: "import object a number", source: () => response(), imports: () => 1, outcome: typeError("imports") },
  { name: "import object a string", source: () => response(), imports: () => "m", outcome: typeError("imports") },
  { name: "import object a symbol", source: () => response(), imports: () => Symbol(), outcome: typeError("imports") },
  { name: "import object false", source: () => response(), imports: () => false, outcome: typeError("imports") },
  { name: "imports without an import object", source: () => response(importing), imports: () => undefined, outcome: typeError("imports") },
  { name: "a missing namespace", source: () => response(importing), imports: () => ({}), outcome: typeError("imports") },
  { name: "a namespace null", source: () => response(importing), imports: () => ({ m: null }), outcome: typeError("imports") },
  { name: "a namespace that is a number", source: () => response(importing), imports: () => ({ m: 1 }), outcome: typeError("imports") },
  { name: "a missing field", source: () => response(importing), imports: () => ({ m: {} }), outcome: linkError },
  { name: "a field that is no function", source: () => response(importing), imports: () => ({ m: { f: 1 } }), outcome: linkError },
  { name: "a field that is an object", source: () => response(importing), imports: () => ({ m: { f: {} } }), outcome: linkError },
  { name: "a namespace getter that throws", source: () => response(importing), imports: () => getter("m", mine), outcome: same(mine) },
  { name: "a namespace getter that throws a TypeError", source: () => response(importing), imports: () => getter("m", mineTyped), outcome: same(mineTyped) },
  { name: "a field getter that throws", source: () => response(importing), imports: () => ({ m: getter("f", mine) }), outcome: same(mine) },
  { name: "a field getter that throws undefined", source: () => response(importing), imports: () => ({ m: getter("f", undefined) }), outcome: same(undefined) },
  { name: "a start function that traps", source: () => response(trapping), imports: () => undefined, outcome: trap },
  { name: "a start function that throws", source: () => response(starting), imports: () => ({ m: { f: thrower(mine) } }), outcome: same(mine) },
  { name: "a start function that throws a TypeError", source: () => response(starting), imports: () => ({ m: { f: thrower(mineTyped) } }), outcome: same(mineTyped) },
  { name: "a start function that throws a string", source: () => response(starting), imports: () => ({ m: { f: thrower("no") } }), outcome: same("no") },
  { name: "a start function that throws null", source: () => response(starting), imports: () => ({ m: { f: thrower(null) } }), outcome: same(null) },

  // The order of checks when several fail.
  { name: "the import object before a source that never settles", source: never, imports: () => 1, outcome: typeError("imports") },
  { name: "the import object before a rejected source", source: () => Promise.reject(mine), imports: () => null, outcome: typeError("imports") },
  { name: "the import object before the options", source: () => response(), imports: () => 1, options: 1, outcome: typeError("imports") },
  { name: "the options before the source", source: never, imports: () => ({}), options: 1, outcome: typeError("options") },
  { name: "the source before what the import object holds", source: () => typed("text/html"), imports: () => getter("m", mine), outcome: typeError("content-type") },
  { name: "the bytes before what the import object holds", source: () => response("<!doctype html>"), imports: () => getter("m", mine), outcome: compileError("html") },
  { name: "a missing import object before the start function", source: () => response(starting), imports: () => undefined, outcome: typeError("imports") },

  ...(knowsBuiltins
    ? [
      { name: "a builtin", source: () => response(builtin(true)), imports: () => ({}), options: { builtins: ["js-string"] }, outcome: ok },
      { name: "a builtin of a wrong type", source: () => response(builtin(false)), imports: () => ({}), options: { builtins: ["js-string"] }, outcome: compileError("engine") },
    ]
    : []),
  ...(knowsStringConstants
    ? [
      { name: "a string constant", source: () => response(stringConstant(true)), imports: () => ({}), options: { importedStringConstants: "strings" }, outcome: ok },
      { name: "a string constant of a wrong type", source: () => response(stringConstant(false)), imports: () => ({}), options: { importedStringConstants: "strings" }, outcome: compileError("engine") },
    ]
    : []),
]

if (!knowsBuiltins) console.log("This engine ignores builtins: their two cases are left out")
if (!knowsStringConstants) {
  console.log("This engine ignores string constants: their two cases are left out")
}

test("messages hold no code of this library, which an engine may quote", async () => {
  const failing = cases.filter(({ outcome }) => outcome.kind === "error")
  for (const { imports, options, source } of failing) {
    const args = [source(), imports(), options]
    const error: unknown = await call(instantiateStreaming, ...args).catch((error) => error)
    assert.ok(error instanceof Error)
    assert.doesNotMatch(error.message, /evaluating|native/)
  }
})

for (const way of ways) {
  for (const { name, source, imports, options, outcome } of cases) {
    test(`instantiateStreaming() [${way.name}] ${name}`, async () => {
      const args = options === undefined ? [source(), imports()] : [source(), imports(), options]
      await checkPromise(way.instantiate(...args), outcome)
    })
  }

  test(`instantiateStreaming() [${way.name}] gives a plain object of module and instance`, async () => {
    const seen: Array<unknown> = []
    const imports = { m: { f: (value: unknown) => void seen.push(value) } }
    const result: unknown = await settled(way.instantiate(response(importing), imports))
    assert.ok(typeof result === "object" && result !== null)
    assert.equal(Object.getPrototypeOf(result), Object.prototype)
    assert.deepEqual(Object.keys(result), ["module", "instance"])
    const instance: unknown = Reflect.get(result, "instance")
    assert.ok(instance instanceof WebAssembly.Instance)
    const run: unknown = instance.exports["run"]
    assert.ok(typeof run === "function")
    run()
    assert.deepEqual(seen, [42])
  })
}

test("instantiateStreaming() reads the import object after the compilation", async () => {
  const read: Array<string> = []
  const imports = {
    get m() {
      read.push("m")
      return { f: () => {} }
    },
  }
  const promise = instantiateStreaming(response(importing), imports)
  assert.deepEqual(read, [])
  await settled(promise)
  assert.deepEqual(read, ["m"])
})

test("names of imports are escaped and cut in messages, whatever an engine quotes", async () => {
  const unsafe = /[\p{Cc}\u202e]/u
  const name = `\u001b[31m\u202e\n${"f".repeat(90_000)}`
  const { bytes } = build(types(func([], [])), imports(imported(name, name, 0, 0)))
  for (const given of [{}, { [name]: {} }]) {
    const error: unknown = await instantiateStreaming(response(bytes), given).catch((e) => e)
    assert.ok(error instanceof TypeError || error instanceof WebAssembly.LinkError)
    assert.doesNotMatch(error.message, unsafe)
    assert.ok(error.message.length < 1_000, `${error.message.length} characters`)
  }
})

test("a trap keeps the engine's stack", async () => {
  const error: unknown = await instantiateStreaming(response(trapping)).then(
    () => undefined,
    (e: unknown) => e,
  )
  assert.ok(error instanceof WebAssembly.RuntimeError && error.cause instanceof Error)
  assert.ok(error.cause.cause instanceof WebAssembly.RuntimeError)
  assert.equal(error.stack, error.cause.cause.stack)
})

test("instantiateStreaming() without an argument is a TypeError", async () => {
  await checkPromise(ways[0]?.instantiate() ?? Promise.resolve(), typeError("not-a-response"))
})

test("the empty module needs nothing", async () => {
  const { instance } = await instantiateStreaming(Promise.resolve(response(empty)))
  assert.deepEqual(Object.keys(instance.exports), [])
})
