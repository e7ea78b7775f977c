/**
 * The entry `./polyfill`: installs both functions in place of the native ones, as Web IDL would define them, and restores
 * those, whatever was there before or was installed meanwhile.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming, instantiateStreaming } from "../mod.ts"
import { replacementOf } from "../src/platform/replacement.ts"
import { empty, importing } from "./support/modules.ts"
import {
  call,
  checkPromise,
  checkRejection,
  compileError,
  ok,
  type Outcome,
  settled,
  typeError,
  withoutNative,
} from "./support/outcomes.ts"
import { response, typed } from "./support/responses.ts"

type Name = "compileStreaming" | "instantiateStreaming"

const ours: Readonly<Record<Name, unknown>> = { compileStreaming, instantiateStreaming }
const names: ReadonlyArray<Name> = ["compileStreaming", "instantiateStreaming"]

const propertyOf = (name: Name): PropertyDescriptor | undefined =>
  Object.getOwnPropertyDescriptor(WebAssembly, name)

const put = (name: Name, property: PropertyDescriptor | undefined): void => {
  if (property === undefined) Reflect.deleteProperty(WebAssembly, name)
  else Object.defineProperty(WebAssembly, name, property)
}

/** The native properties: the tests import the entry only later. */
const natives = new Map(names.map((name) => [name, propertyOf(name)]))
const putNatives = (): void => natives.forEach((property, name) => put(name, property))

const load = () => import("../src/polyfill.ts")

/** Runs a test with ours installed, and restores the native functions in any case. */
const installed = async (run: () => unknown): Promise<void> => {
  const { install, uninstall } = await load()
  install()
  try {
    await run()
  } finally {
    uninstall()
    putNatives()
  }
}

test("importing puts both functions there; uninstall puts back the very properties that were there", async () => {
  try {
    const { uninstall } = await load()
    assert.deepEqual(names.map((name) => propertyOf(name)?.value), Object.values(ours))
    uninstall()
    assert.deepEqual(names.map(propertyOf), [...natives.values()])
  } finally {
    putNatives()
  }
})

for (const name of names) {
  const fixed = { writable: false, enumerable: false, configurable: true }

  test(`${name} is a property as Web IDL's operations are`, () =>
    installed(() => {
      const value = ours[name]
      const attributes = { writable: true, enumerable: true, configurable: true }
      assert.deepEqual(propertyOf(name), { value, ...attributes })
      assert.ok(Object.keys(WebAssembly).includes(name))
    }))

  test(`${name} is a function as Web IDL's operations are`, () =>
    installed(() => {
      const value: unknown = propertyOf(name)?.value
      assert.ok(typeof value === "function")
      assert.equal(Object.getPrototypeOf(value), Function.prototype)
      assert.equal(Object.prototype.toString.call(value), "[object Function]")
      assert.deepEqual(Object.getOwnPropertyDescriptors(value), {
        length: { value: 1, ...fixed },
        name: { value: name, ...fixed },
      })
      assert.throws(() => Reflect.construct(value, [response()]), TypeError)
      assert.throws(() => Reflect.construct(Object, [], value), TypeError)
    }))

  test(`${name} never throws, and needs no this`, () =>
    installed(async () => {
      for (const receiver of [undefined, null, WebAssembly, {}]) {
        const run: unknown = Reflect.get(WebAssembly, name)
        assert.ok(typeof run === "function")
        await checkPromise(Reflect.apply(run, receiver, []), typeError("not-a-response"))
        await checkPromise(Reflect.apply(run, receiver, [response()]), ok)
      }
    }))
}

// Orders of installing and uninstalling

const attributes = { writable: true, enumerable: true, configurable: true }
const other = { value: () => Promise.reject(new Error("not ours")), ...attributes }
const hidden = { ...other, enumerable: false }
const accessor = { get: () => other.value, set: () => {}, enumerable: false, configurable: true }
const off = { value: undefined, ...attributes }

/** What may happen to a function, or be found in its place. */
const happenings = { other, hidden, accessor, off, missing: undefined }
type Happening = keyof typeof happenings

type Step = "install" | "uninstall" | "native" | "ours" | Happening

/** The steps, of which `native`, `ours` and the others are assignments by other code; and what is found in the end. */
type Order = readonly [steps: string, found: Step]

// deno-fmt-ignore
const orders: ReadonlyArray<Order> = [
  ["install", "ours"],
  ["uninstall", "native"],
  ["install install", "ours"],
  ["install uninstall", "native"],
  ["install install uninstall", "native"],
  ["install uninstall uninstall", "native"],
  ["uninstall install", "ours"],
  ["install uninstall install", "ours"],
  ["install uninstall install uninstall", "native"],
  ["install install uninstall uninstall install install uninstall uninstall", "native"],

  // Another function in the place of ours stays.
  ["install other", "other"],
  ["install other uninstall", "other"],
  ["install other uninstall uninstall", "other"],
  ["install accessor uninstall", "accessor"],
  ["install off uninstall", "off"],
  ["install missing uninstall", "missing"],
  ["install native uninstall", "native"],
  // Installed once more over another function, which comes back.
  ["install other install", "ours"],
  ["install other install uninstall", "other"],
  ["install other uninstall install", "ours"],
  ["install other uninstall install uninstall", "other"],
  // Another function that was there for a while.
  ["install other ours uninstall", "native"],
  ["install other ours install uninstall", "native"],
  // Ours, but assigned by other code: it is left alone.
  ["ours install uninstall", "ours"],
  ["install uninstall ours uninstall", "ours"],

  // Whatever was there before is restored unchanged.
  ["other install", "ours"],
  ["other install uninstall", "other"],
  ["hidden install uninstall", "hidden"],
  ["accessor install", "ours"],
  ["accessor install uninstall", "accessor"],
  ["off install", "ours"],
  ["off install uninstall", "off"],
  // If there was nothing, there is nothing again.
  ["missing install", "ours"],
  ["missing install uninstall", "missing"],
  ["missing install install uninstall", "missing"],
  ["missing install uninstall install uninstall", "missing"],
  ["missing install other uninstall", "other"],
  ["missing uninstall", "missing"],
]

const isHappening = (step: string): step is Happening => step in happenings

const propertyFor = (name: Name, step: string): PropertyDescriptor | undefined => {
  if (isHappening(step)) return happenings[step]
  return step === "ours" ? { value: ours[name], ...attributes } : natives.get(name)
}

for (const name of names) {
  for (const [steps, found] of orders) {
    test(`${name}: ${steps}: ${found}`, async () => {
      const polyfill = await load()
      polyfill.uninstall()
      putNatives()
      try {
        const neighbour = name === "compileStreaming" ? "instantiateStreaming" : "compileStreaming"
        let last = "uninstall"
        for (const step of steps.split(" ")) {
          if (step === "install" || step === "uninstall") polyfill[last = step]()
          else put(name, propertyFor(name, step))
        }
        assert.deepEqual(propertyOf(name), propertyFor(name, found))
        // The other function is not affected.
        const expected = last === "install" ? "ours" : "native"
        assert.deepEqual(propertyOf(neighbour), propertyFor(neighbour, expected))
      } finally {
        polyfill.uninstall()
        putNatives()
      }
    })
  }
}

// Several copies, as in a page with several bundles

/** All orders of the numbers below `size`. */
const ordersOf = (size: number): ReadonlyArray<ReadonlyArray<number>> =>
  size === 0
    ? [[]]
    : ordersOf(size - 1).flatMap((order) =>
      Array.from({ length: size }, (_, at) => [...order.slice(0, at), size - 1, ...order.slice(at)])
    )

const orderPairs = ordersOf(3).flatMap((up) => ordersOf(3).map((down) => [up, down] as const))

for (const again of [[], [0], [1, 0], [2, 2, 1]]) {
  test(`several copies, uninstalled in any order, give the natives back; again: ${again}`, async () => {
    const { uninstall } = await load()
    uninstall()
    putNatives()
    const copies = [0, 1, 2].map((index) =>
      replacementOf(WebAssembly, {
        compileStreaming: () => index,
        instantiateStreaming: () => -index,
      })
    )
    const symbols = Object.getOwnPropertySymbols(WebAssembly)
    try {
      for (const [up, down] of orderPairs) {
        for (const index of [...up, ...again]) copies[index]?.install()
        for (const index of down) copies[index]?.uninstall()
        assert.deepEqual(names.map(propertyOf), [...natives.values()], `${up} ${down}`)
        assert.deepEqual(Object.getOwnPropertySymbols(WebAssembly), symbols)
      }
    } finally {
      putNatives()
    }
  })
}

test("a copy beneath another that is uninstalled and installed again comes to the top", () => {
  const target = { f: "native" }
  const [a, b] = ["a", "b"].map((f) => replacementOf(target, { f }))
  assert.ok(a !== undefined && b !== undefined)
  const seen: Array<string> = []
  for (const step of [a.install, b.install, a.install, a.uninstall, b.uninstall]) {
    step()
    seen.push(target.f)
  }
  assert.deepEqual(seen, ["a", "b", "a", "b", "native"])
})

test("without WebAssembly, installing and uninstalling do nothing", async () => {
  const { install, uninstall } = await load()
  uninstall()
  putNatives()
  const before = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly")
  assert.ok(before !== undefined)
  try {
    Reflect.deleteProperty(globalThis, "WebAssembly")
    install()
    uninstall()
    assert.equal(Reflect.has(globalThis, "WebAssembly"), false)
  } finally {
    Object.defineProperty(globalThis, "WebAssembly", before)
  }
  assert.deepEqual(names.map(propertyOf), [...natives.values()])
})

// Calls

const html = "<!doctype html><title>Not Found</title>"

// deno-fmt-ignore
const calls: ReadonlyArray<readonly [what: string, args: () => ReadonlyArray<unknown>, Outcome]> = [
  ["a response", () => [response()], ok],
  ["a promise of a response", () => [Promise.resolve(response())], ok],
  ["a URL", () => ["https://example.com/module.wasm"], typeError("not-a-response")],
  ["a 404 page", () => [response(html, { status: 404 })], typeError("status")],
  ["a page with its own type", () => [typed("text/html")], typeError("content-type")],
  ["a page with the type of a module", () => [response(html)], compileError("html")],
  ["a module that is cut short", () => [response(empty.subarray(0, 6))], compileError("truncated")],
]

for (const name of names) {
  for (const [what, args, outcome] of calls) {
    const told = outcome.kind === "error" ? `${outcome.tag}, ${outcome.reason}` : "compiled"
    test(`WebAssembly.${name} of ${what}: ${told}`, () =>
      installed(() => checkPromise(call(Reflect.get(WebAssembly, name), ...args()), outcome)))
  }
}

test("a WebAssembly that is another object meanwhile does not keep ours on the first one", async () => {
  const { install, uninstall } = await load()
  const namespace = WebAssembly
  install()
  Reflect.set(globalThis, "WebAssembly", {})
  try {
    uninstall()
  } finally {
    Reflect.set(globalThis, "WebAssembly", namespace)
  }
  for (const name of names) assert.deepEqual(propertyOf(name), natives.get(name))
})

test("an error's cause has the reason, as the documentation says", () =>
  installed(async () => {
    const error: unknown = await WebAssembly.compileStreaming(response(html)).catch((error) =>
      error
    )
    checkRejection(error, compileError("html"))
    assert.ok(error instanceof WebAssembly.CompileError)
  }))

test("WebAssembly.instantiateStreaming links and runs", () =>
  installed(async () => {
    const told: Array<unknown> = []
    const imports = { m: { f: (value: unknown) => told.push(value) } }
    const { instance, module } = await settled(
      WebAssembly.instantiateStreaming(response(importing), imports),
    )
    await call(instance.exports["run"])
    assert.ok(module instanceof WebAssembly.Module)
    assert.deepEqual(told, [42])
  }))

test("where the engine has no streaming, ours compiles all the same", () =>
  installed(() => withoutNative(() => checkPromise(WebAssembly.compileStreaming(response()), ok))))
