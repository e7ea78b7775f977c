/**
 * Adapters with real programs of each toolchain: they work, and loading errors reach the program.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  AdapterError,
  type AdapterErrorReason,
  type AdapterSource,
  emscripten,
  type EmscriptenSettings,
  go,
  type GoRuntime,
  jco,
  type ProgressEvent,
  wasmBindgen,
} from "../../src/adapters/mod.ts"
import {
  freshSqlJs,
  programs,
  quadrupleParts,
  runQuadruple,
  sqlBytes,
} from "../support/adapters/adapter_programs.ts"
import { policy } from "../../src/policy/mod.ts"
import { build, func, imported, imports, types } from "../support/module_builder.ts"
import { importing } from "../support/modules.ts"
import {
  call,
  checkPromise,
  checkRejection,
  compileError,
  linkError,
  type Outcome,
  same,
  settled,
  typeError,
} from "../support/outcomes.ts"
import { chunks, endless, failing, response, split } from "../support/responses.ts"

const page = new TextEncoder().encode("<!doctype html><html><title>Not Found</title></html>")
const html = { "content-type": "text/html" }
const lost = new Error("The connection was lost")
const notFound = (): Response => new Response(page, { status: 404, headers: html })

/** Checks that a promise is rejected with an error of adapters. */
const refused = async (
  promise: Promise<unknown>,
  reason: AdapterErrorReason,
): Promise<AdapterError> => {
  const error = await settled(promise.then(() => "resolved", (error: unknown) => error))
  assert.ok(error instanceof AdapterError, String(error))
  assert.equal(error.reason, reason)
  return error
}

interface Failure {
  readonly name: string
  readonly source: (bytes: Uint8Array<ArrayBuffer>) => AdapterSource
  readonly outcome: Outcome
}

// deno-fmt-ignore
const failures: ReadonlyArray<Failure> = [
  { name: "a page as 404", source: () => new Response(page, { status: 404, headers: html }), outcome: typeError("status") },
  { name: "a page as 200 text/html", source: () => new Response(page, { headers: html }), outcome: typeError("content-type") },
  { name: "a page in place of the module", source: () => response(page), outcome: compileError("html") },
  { name: "a body that is cut", source: (bytes) => response(chunks(bytes.slice(0, -9))), outcome: compileError("truncated") },
  { name: "a body that fails", source: (bytes) => response(failing(lost, bytes.slice(0, 20))), outcome: same(lost) },
  { name: "a request that fails", source: () => Promise.reject(lost), outcome: same(lost) },
  { name: "a source that is none", source: () => Promise.resolve(new Response()).then(() => Object.create(null)), outcome: typeError("not-a-response") },
]

for (const { bytes, instantiates, keeps = false, load, name } of programs) {
  if (bytes === undefined) {
    console.log(`Skipped: ${name} is not installed`)
    continue
  }
  const wide = { timeout: 60_000 }

  for (const { name: failure, outcome, source } of failures) {
    test(`${name}: ${failure}`, wide, () => checkPromise(load(source(bytes)), outcome))
  }

  test(`${name}: aborted before the response`, wide, async () => {
    const reason = new Error("not wanted")
    const pending = new Promise<Response>(() => {})
    await checkPromise(load(pending, { signal: AbortSignal.abort(reason) }), same(reason))
    const controller = new AbortController()
    const loading = load(pending, { signal: controller.signal })
    controller.abort(reason)
    await checkPromise(loading, same(reason))
  })

  test(`${name}: aborted while the body arrives, which is cancelled`, wide, async () => {
    const reason = new Error("not wanted")
    const controller = new AbortController()
    const { cancelled, stream } = endless(bytes.slice(0, 30))
    const loading = load(response(stream), {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await checkPromise(loading, same(reason))
    await settled(cancelled)
  })

  test(
    `${name}: options that are malformed`,
    wide,
    () => checkPromise(load(response(bytes), Object.create({ signal: 1 })), typeError("options")),
  )

  if (instantiates) {
    test(
      `${name}: another module, whose imports are not there`,
      wide,
      () => checkPromise(load(response(importing)), typeError("imports")),
    )
  }

  // Last, as some glue keeps what it has loaded.
  test(`${name}: works, with progress`, wide, async () => {
    const events: Array<ProgressEvent> = []
    const source = Promise.resolve(response(chunks(...split(bytes, 100_000))))
    await settled(load(source, { onProgress: (event) => events.push(event) }), 50_000)
    assert.equal(events.at(-1)?.received, bytes.length)
    assert.equal(events.at(-1)?.fraction, 1)
  })

  if (keeps) {
    test(`${name}: a second time, when it does not ask for the module`, wide, async () => {
      const { cancelled, stream } = endless(bytes.slice(0, 30))
      await refused(load(response(stream)), "not-asked")
      await settled(cancelled)
      await refused(load(response(bytes)), "not-asked")
      await checkPromise(load(notFound()), typeError("status"))
    })
    continue
  }

  test(`${name}: works with a module that is ready`, wide, async () => {
    const module = await WebAssembly.compile(bytes)
    await settled(load(module), 50_000)
    await settled(load(Promise.resolve(module)), 50_000)
  })
}

// What each adapter adds

test("emscripten: onAbort is told, once, and the glue's own promise is settled", {
  skip: sqlBytes === undefined,
}, async () => {
  const told: Array<unknown> = []
  let own: Promise<unknown> = Promise.resolve()
  const sqlJs = freshSqlJs()
  const settings = { onAbort: (error: unknown) => told.push(error) }
  const loading = emscripten((given) => own = sqlJs(given), notFound(), { settings })
  const error = await settled(loading.then(() => undefined, (error: unknown) => error))
  checkRejection(error, typeError("status"))
  assert.deepEqual(told, [error])
  // The glue wraps the message of onAbort in an error of its own.
  await assert.rejects(settled(own), /404/)
})

test("emscripten: the factory has its settings, and its own failure counts and cancels the load", async () => {
  const seen: Array<unknown> = []
  const failure = new Error("of the factory's own")
  const factory = (settings: object): Promise<never> => {
    seen.push(Reflect.get(settings, "print"))
    return Promise.reject(failure)
  }
  const throwing = (): never => {
    throw failure
  }
  const told: Array<unknown> = []
  const settings = { print: "its own", onAbort: (error: unknown) => told.push(error) }
  for (const failing of [factory, throwing]) {
    const { cancelled, stream } = endless(importing.slice(0, 20))
    await checkPromise(emscripten(failing, response(stream), { settings }), same(failure))
    await settled(cancelled)
  }
  assert.deepEqual(seen, ["its own"])
  // Only the glue itself may call onAbort.
  assert.deepEqual(told, [])
})

test("emscripten: a failure after the module was handed over, and an onAbort that throws", async () => {
  const failure = new Error("of the glue's own")
  type Settings = Parameters<Parameters<typeof emscripten>[0]>[0]
  const factory = ({ instantiateWasm }: Settings): Promise<never> => {
    instantiateWasm({ m: { f: () => {} } }, () => {
      throw failure
    })
    return new Promise(() => {})
  }
  const settings = {
    onAbort: () => {
      throw new Error("of the handler's own")
    },
  }
  await checkPromise(emscripten(factory, response(importing), { settings }), same(failure))
})

type Factory = (settings: EmscriptenSettings) => unknown
const m = { f: () => {} }
const never = (): Promise<never> => new Promise(() => {})
const nothing = (): void => {}

// deno-fmt-ignore
const unasked: ReadonlyArray<readonly [name: string, factory: Factory]> = [
  ["a promise", () => Promise.resolve("a program")],
  ["a value", () => "a program"],
  ["nothing", nothing],
  ["a promise, later", () => new Promise((resolve) => setTimeout(() => resolve("a program"), 20))],
]
for (const [name, factory] of unasked) {
  test(`emscripten: glue that never asks for the module, and gives ${name}`, async () => {
    const told: Array<unknown> = []
    const settings = { onAbort: (error: unknown) => told.push(error) }
    const { cancelled, stream } = endless(importing.slice(0, 20))
    await refused(emscripten(factory, response(stream), { settings }), "not-asked")
    await settled(cancelled)
    await refused(emscripten(factory, response(importing), { settings }), "not-asked")
    await refused(emscripten(factory, never(), { settings }), "not-asked")
    // The program that there is goes on.
    assert.deepEqual(told, [])
    await checkPromise(emscripten(factory, notFound()), typeError("status"))
    await checkPromise(emscripten(factory, response(page)), compileError("html"))
    await checkPromise(emscripten(factory, Object.create(null)), typeError("not-a-response"))
    await checkPromise(emscripten(factory, Promise.reject(lost)), same(lost))
    const none = policy({ imports: { allow: [] } })
    const refusing: object = { policy: none }
    const module = new WebAssembly.Module(importing)
    const error: unknown = await settled(
      emscripten(factory, module, refusing).catch((error) => error),
    )
    assert.equal(Reflect.get(Object(error), "_tag"), "PolicyError")
  })
}

test("emscripten: a program that is there before its module waits for that", async () => {
  const early: Factory = ({ instantiateWasm }) => {
    instantiateWasm({ m }, nothing)
    return "a program"
  }
  const late: Factory = ({ instantiateWasm }) => {
    setTimeout(() => instantiateWasm({ m }, nothing))
    return new Promise((resolve) => setTimeout(() => resolve("a program"), 20))
  }
  for (const factory of [early, late]) {
    assert.equal(await settled(emscripten(factory, response(importing))), "a program")
    await checkPromise(emscripten(factory, response(page)), compileError("html"))
    await checkPromise(emscripten(factory, response(failing(lost))), same(lost))
  }
  const twice: Factory = ({ instantiateWasm }) =>
    new Promise((resolve) =>
      instantiateWasm({ m }, () => instantiateWasm({ m }, () => resolve("a program")))
    )
  assert.equal(await settled(emscripten(twice, response(importing))), "a program")
})

test("emscripten: a callback that rejects", async () => {
  const failure = new Error("of the glue's own")
  const factory: Factory = ({ instantiateWasm }) => {
    instantiateWasm({ m }, () => Promise.reject(failure))
    return never()
  }
  await checkPromise(emscripten(factory, response(importing)), same(failure))
})

test("jco: one that fails cancels the others, and all reject with its error", async () => {
  const { cancelled, stream } = endless()
  const signals: Array<AbortSignal> = []
  const getCoreModule = jco((path, signal) => {
    signals.push(signal)
    return path === "a" ? response(stream) : notFound()
  })
  const [a, b] = [getCoreModule("a"), getCoreModule("b")]
  const error = await b.then(() => undefined, (error: unknown) => error)
  checkRejection(error, typeError("status"))
  await checkPromise(a, same(error))
  await settled(cancelled)
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true])
})

test("jco: a failure that nobody waits for is no unhandled rejection, and a later try succeeds", async () => {
  let missing = true
  const getCoreModule = jco((path) => {
    if (missing) throw lost
    return response(quadrupleParts[path])
  })
  getCoreModule("quadruple.core.wasm")
  await checkPromise(runQuadruple(getCoreModule), same(lost))
  missing = false
  await runQuadruple(getCoreModule)
})

test("jco: no listener is left on the signal", async () => {
  const { signal } = new AbortController()
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    },
  })
  await runQuadruple(jco((path) => response(quadrupleParts[path]), { signal }))
  assert.equal(listeners, 0)
})

test("go: a program that stops with an error is told by exited", async () => {
  const failure = new Error("exit")
  const runtime: GoRuntime = {
    importObject: { m: { f: () => {} } },
    run: () => Promise.reject(failure),
  }
  const { exited, instance, module } = await go(runtime, response(importing))
  await checkPromise(exited.then(() => module), same(failure))
  assert.ok(instance instanceof WebAssembly.Instance)
})

// Arguments are checked before the source is read, and the body is then cancelled.

/** Calls an adapter with wrong arguments, as JavaScript could. */
const refusing = async (
  adapter: unknown,
  glue: unknown,
  reason: AdapterErrorReason,
): Promise<void> => {
  for (
    const wrap of [(source: Response) => source, (source: Response) => Promise.resolve(source)]
  ) {
    const { cancelled, stream } = endless(importing.slice(0, 20))
    await refused(call(adapter, glue, wrap(response(stream))), reason)
    await settled(cancelled)
  }
  await refused(call(adapter, glue, never()), reason)
  await refused(call(adapter, glue, Promise.reject(lost)), reason)
}

class Runtime implements GoRuntime {
  readonly importObject = { m }
  run(): Promise<void> {
    return Promise.resolve()
  }
}

// deno-fmt-ignore
const notGlue: ReadonlyArray<readonly [name: string, adapter: unknown, glue: unknown]> = [
  ["emscripten, nothing", emscripten, undefined],
  ["emscripten, the namespace of the glue", emscripten, { default: nothing }],
  ["wasmBindgen, null", wasmBindgen, null],
  ["wasmBindgen, the namespace of the glue", wasmBindgen, { default: nothing }],
  ["go, nothing", go, undefined],
  ["go, null", go, null],
  ["go, the class", go, Runtime],
  ["go, an object without run", go, { importObject: {} }],
  ["go, an object without importObject", go, { run: nothing }],
  ["go, another thing as importObject", go, { run: nothing, importObject: 1 }],
]
for (const [name, adapter, glue] of notGlue) {
  test(`no glue: ${name}`, () => refusing(adapter, glue, "argument"))
}

test("no glue: jco without a function, and one of options that throws", async () => {
  const reject = (resolve: unknown, options?: unknown): Promise<unknown> => {
    const getCoreModule: unknown = Reflect.apply(jco, undefined, [resolve, options])
    return call(getCoreModule, "a.core.wasm")
  }
  await refused(reject(undefined), "argument")
  const throwing = (): never => {
    throw lost
  }
  await checkPromise(reject(() => response(), throwing), same(lost))
  for (const options of [undefined, null, () => undefined, () => null]) {
    await checkPromise(reject(() => response(), options), { kind: "module" })
  }
  await checkPromise(reject(() => response(), () => 1), typeError("options"))
})

test("emscripten: options that are null", async () => {
  const factory: Factory = ({ instantiateWasm }) =>
    new Promise((resolve) => instantiateWasm({ m }, (_, module) => resolve(module)))
  await checkPromise(call(emscripten, factory, response(importing), null), { kind: "module" })
  await checkPromise(call(emscripten, factory, response(importing), 1), typeError("options"))
})

test("jco: a source that rejects with undefined", async () => {
  const { cancelled, stream } = endless()
  const getCoreModule = jco((path) => path === "a" ? response(stream) : Promise.reject(undefined))
  const loading = [getCoreModule("a"), getCoreModule("b")]
  for (const each of loading) await checkPromise(each, same(undefined))
  await settled(cancelled)
})

const twoImports = build(
  types(func([], [])),
  imports(imported("m", "f", 0, [0]), imported("m", "g", 0, [0]), imported("n", "h", 0, [0])),
).bytes

// deno-fmt-ignore
const goImports: ReadonlyArray<readonly [name: string, importObject: object, outcome: Outcome]> = [
  ["all", { m: { f: nothing, g: nothing }, n: { h: nothing } }, { kind: "module" }],
  ["all, inherited", Object.create({ m: { f: nothing, g: nothing }, n: { h: nothing } }), { kind: "module" }],
  ["a function is missing", { m: { f: nothing }, n: { h: nothing } }, typeError("imports")],
  ["a module is missing", { m: { f: nothing, g: nothing } }, typeError("imports")],
  ["all are missing", {}, typeError("imports")],
  ["one is of another kind", { m: { f: nothing, g: 1 }, n: { h: nothing } }, linkError],
  ["one is missing, one is of another kind", { m: { f: 1 }, n: { h: nothing } }, typeError("imports")],
]
for (const [name, importObject, outcome] of goImports) {
  test(`go: imports of another compiler: ${name}`, async () => {
    const runtime: GoRuntime = { importObject, run: () => Promise.resolve() }
    await checkPromise(go(runtime, response(twoImports)), outcome)
  })
}

test("go: a getter of the import object that throws", async () => {
  const runtime: GoRuntime = {
    get importObject(): object {
      throw lost
    },
    run: () => Promise.resolve(),
  }
  const { cancelled, stream } = endless()
  await checkPromise(go(runtime, response(stream)), same(lost))
  await settled(cancelled)
})

test("wasm-bindgen: glue older than 0.2.93, which takes the module as it is", async () => {
  const old = async (module: unknown): Promise<unknown> =>
    await call(WebAssembly.instantiate, module, { m })
  const { cause } = await refused(wasmBindgen(old, response(importing)), "not-asked")
  assert.ok(cause instanceof TypeError)
  // Once the glue has the module, its failures are its own.
  const failure = new TypeError("of the glue's own")
  const newer = ({ module_or_path: module }: { readonly module_or_path: unknown }) =>
    module === undefined ? "none" : Promise.reject(failure)
  await checkPromise(wasmBindgen(newer, response(importing)), same(failure))
})

test("wasm-bindgen: what init rejects with", async () => {
  const failure = new Error("of the glue's own")
  const init = () => Promise.reject(failure)
  await checkPromise(wasmBindgen(init, response()), same(failure))
})
