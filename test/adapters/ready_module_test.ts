/**
 * Ready modules: values that are not modules, missing imports and exports; and adapters with a ready module.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  readyModule,
  ReadyModuleError,
  type ReadyModuleErrorReason,
  type ReadyModuleExpectations,
} from "../../src/adapters/mod.ts"
import { declaring, everything, hostileNames, named } from "../support/modules/declared_modules.ts"
import { empty, importing } from "../support/modules.ts"

const plain = new WebAssembly.Module(importing)
const f = (): void => {}

const refusal = (value: unknown, expected?: ReadyModuleExpectations): ReadyModuleError => {
  try {
    readyModule(value, expected)
  } catch (error) {
    assert.ok(error instanceof ReadyModuleError, String(error))
    return error
  }
  return assert.fail("It was accepted")
}

// deno-fmt-ignore
const strangers: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ["nothing", undefined],
  ["null", null],
  ["a URL as text", "./module.wasm"],
  ["a function", f],
  ["a number", 1],
  ["bytes", importing],
  ["a buffer", importing.buffer],
  ["a response", new Response()],
  ["a promise", Promise.resolve(plain)],
  ["an instance", new WebAssembly.Instance(new WebAssembly.Module(empty))],
  ["the prototype", WebAssembly.Module.prototype],
  ["an heir of a module", Object.create(plain)],
  ["a Proxy of one", new Proxy(plain, {})],
  ["an object with another default", { default: importing }],
  ["the namespace of a URL", { default: "./module.wasm" }],
  ["a namespace in a namespace", { default: { default: plain } }],
  ["an object that throws", { get default() { throw new Error("looked at") } }],
  ["what calls itself one", { [Symbol.toStringTag]: "WebAssembly.Module\n" }],
]
for (const [name, value] of strangers) {
  test(`no module: ${name}`, () => {
    const { message, missing, reason } = refusal(value)
    assert.equal(reason, "not-a-module")
    assert.deepEqual(missing, [])
    assert.match(message, /^[\x20-\x7e…]+$/)
  })
}

test("a module, and the namespace that has it as its default", () => {
  assert.equal(readyModule(plain), plain)
  assert.equal(readyModule({ default: plain }), plain)
  assert.equal(readyModule(plain, {}), plain)
})

const run = { module: undefined, name: "run" }
const absent = { module: "m", name: "f", kind: "function" }
// deno-fmt-ignore
const cases: ReadonlyArray<readonly [name: string, expected: ReadyModuleExpectations, reason: ReadyModuleErrorReason | "ok", missing?: object]> = [
  ["its imports", { imports: { m: { f } } }, "ok"],
  ["more imports than it has", { imports: { m: { f, g: 1 }, n: {} } }, "ok"],
  ["imports that are inherited", { imports: Object.create({ m: Object.create({ f }) }) }, "ok"],
  ["no module of that name", { imports: {} }, "imports", absent],
  ["no import of that name", { imports: { m: {} } }, "imports", absent],
  ["a module that is none", { imports: { m: 1 } }, "imports", absent],
  ["an import of another kind", { imports: { m: { f: 1 } } }, "imports", { ...absent, found: "number" }],
  ["its exports", { exports: ["run"] }, "ok"],
  ["its exports with their kinds", { exports: { run: "function" } }, "ok"],
  ["no exports", { exports: [] }, "ok"],
  ["an export that is not there", { exports: ["stop"] }, "exports", { name: "stop", kind: undefined, found: undefined }],
  ["a name of every object", { exports: ["constructor"] }, "exports", { name: "constructor", kind: undefined, found: undefined }],
  ["an export of another kind", { exports: { run: "memory" } }, "exports", { name: run.name, kind: "memory", found: "function" }],
]
for (const [name, expected, reason, missing] of cases) {
  test(`expected: ${name}: ${reason}`, () => {
    if (reason === "ok") return void readyModule(plain, expected)
    const error = refusal(plain, expected)
    assert.equal(error.reason, reason)
    assert.deepEqual(error.missing, [missing])
  })
}

// deno-fmt-ignore
const malformed: ReadonlyArray<readonly [name: string, expected: unknown]> = [
  ["text", "exports"],
  ["a list", ["run"]],
  ["an unknown member", { export: ["stop"] }],
  ["an unknown member that would steer a terminal", { "\u001b[2J\u202e": ["stop"] }],
  ["imports that are null", { imports: null }],
  ["imports that are text", { imports: "m" }],
  ["exports that are null", { exports: null }],
  ["exports as text", { exports: "run" }],
  ["exports as a set", { exports: new Set(["stop"]) }],
  ["exports as a map", { exports: new Map([["stop", "function"]]) }],
  ["exports as a function", { exports: f }],
  ["a name that is a number", { exports: ["run", 1] }],
  ["a name that is undefined", { exports: [undefined] }],
  ["a kind that there is not", { exports: { run: "func" } }],
  ["a kind that is undefined", { exports: { run: undefined } }],
  ["a kind that is a list", { exports: { run: ["function"] } }],
]
for (const [name, expected] of malformed) {
  test(`malformed expectations: ${name}`, () => {
    try {
      Reflect.apply(readyModule, undefined, [plain, expected])
    } catch (error) {
      assert.ok(error instanceof ReadyModuleError, String(error))
      assert.deepEqual([error.reason, error.missing], ["expectations", []])
      return assert.match(error.message, /^[\x20-\x7e]+$/)
    }
    assert.fail("It was accepted")
  })
}

test("expectations that are null or undefined", () => {
  assert.equal(Reflect.apply(readyModule, undefined, [plain, null]), plain)
  assert.equal(readyModule(plain, { imports: undefined, exports: undefined }), plain)
})

test("all that is missing is there, of every kind, and names are printed with care", () => {
  const kinds = ["function", "table", "memory", "global"]
  const names = /^(?:none|numbers|constant|variable|memory|functionTable)$/
  const module = new WebAssembly.Module(
    declaring(everything.filter(({ name }) => names.test(name))),
  )
  const { missing } = refusal(module, { imports: { m: {} } })
  assert.deepEqual(new Set(missing.map(({ kind }) => kind)), new Set(kinds))
  const m = {
    none: f,
    numbers: f,
    constant: 1,
    variable: new WebAssembly.Global({ value: "f64", mutable: true }, 1),
    memory: new WebAssembly.Memory({ initial: 1 }),
    functionTable: new WebAssembly.Table({ element: "anyfunc", initial: 1 }),
  }
  readyModule(module, { imports: { m } })
  for (const name of ["none", "memory", "functionTable"]) {
    assert.equal(refusal(module, { imports: { m: { ...m, [name]: {} } } }).missing.length, 1)
  }
  const hostile = new WebAssembly.Module(named(hostileNames))
  const { message, missing: all } = refusal(hostile, { imports: {} })
  assert.equal(all.length, hostileNames.length)
  assert.ok(message.length < 2_000)
  assert.equal(/[\n\r\0\u2028\u202e]/.test(message), false)
})
