/**
 * The option `validation`: with "full", the library's own validation of every function decides, on every runtime alike.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { compileStreaming, Wasm } from "../../mod.ts"
import {
  AT,
  body,
  build,
  type Built,
  code,
  END,
  exported,
  exports,
  F64,
  func,
  functions,
  I32,
  i32,
  memories,
  types,
  u,
} from "../support/module_builder.ts"
import { badFunction, badFunctionOffset, huge, importing, large } from "../support/modules.ts"
import { call, checkPromise, compileError, settled, typeError, ways } from "../support/outcomes.ts"
import { chunks, endless, response } from "../support/responses.ts"

const full = { validation: "full" }
const noLocals = 0x00

const split = (bytes: Uint8Array, size: number): ReadonlyArray<Uint8Array> =>
  Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, i) => bytes.subarray(i * size, (i + 1) * size),
  )

const [ADD, DROP, SELECT, EXTEND8] = [0x6a, 0x1a, 0x1b, 0xc0]

/** A module whose second function, exported as "render", has a float operand for an integer addition in its block. */
const mistyped: Built = build(
  types(func([], [I32]), func([F64], [I32])),
  functions(0, 1),
  exports(exported("render", 0x00, 1)),
  code(
    body(noLocals, i32(1), END),
    body(noLocals, 0x02, I32, i32(1), i32(2), 0x20, 0x00, AT, ADD, ADD, END, END),
  ),
)

/** The error of a compilation with full validation. */
const failureOf = async (compiled: Promise<unknown>): Promise<Wasm.CompileError> => {
  const error: unknown = await settled(compiled).then(
    () => assert.fail("It was compiled"),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Error && error.cause instanceof Wasm.CompileError, `${error}`)
  return error.cause
}

for (const way of ways) {
  const cases = [
    ["a mistyped instruction", mistyped.bytes, "structure", "type-mismatch", mistyped.at, 1],
    ["an unknown one", badFunction, "unsupported", "unsupported", badFunctionOffset, 2],
  ] as const
  for (const [title, bytes, reason, code, offset, functionIndex] of cases) {
    test(`compileStreaming() says where ${title} is, in full mode: ${way.name}`, async () => {
      const error = await failureOf(way.compile(response(bytes), full))
      const { section } = error
      const found = { reason: error.reason, code: error.code, offset: error.offset, section }
      assert.deepEqual(found, { reason, code, offset, section: "code" })
      assert.equal(error.functionIndex, functionIndex)
    })
  }

  test(`compileStreaming() compiles what is valid, in full mode: ${way.name}`, async () => {
    for (const bytes of [importing, large()]) {
      assert.ok(await way.compile(response(bytes), full) instanceof WebAssembly.Module)
    }
  })
}

test("a fault in a function is told with the function's name and its place in the block", async () => {
  const { message } = await failureOf(compileStreaming(response(mistyped.bytes), {
    validation: "full",
  }))
  const words = [
    "i32.add expects i32 but found f64",
    `0x${mistyped.at.toString(16)}`,
    `function 1 "render"`,
    "instruction 4 of the innermost block",
  ]
  assert.deepEqual(words.filter((word) => !message.includes(word)), [], message)
  const unknown = await failureOf(call(compileStreaming, response(badFunction), full))
  assert.ok(unknown.message.includes("0x27"), unknown.message)
})

test("a body stops at the first bad instruction, in full mode", async () => {
  const { cancelled, stream } = endless(mistyped.bytes)
  const error = await failureOf(call(compileStreaming, response(stream), full))
  assert.equal(error.code, "type-mismatch")
  await settled(cancelled)
})

test("the engine gets nothing of a body before it was validated, however long it is", async () => {
  const nops = new Array<number>(20_000).fill(0x01)
  const { bytes } = build(
    types(func([], [])),
    functions(0, 0),
    code(body(noLocals, END), body(noLocals, ...nops, AT, ADD, ...nops, END)),
  )
  for (const size of [100, 5_000, bytes.length]) {
    let received = 0
    const engine = Wasm.Engine.of({
      compile: ({ chunks }) =>
        Effect.flatMap(
          chunks.forEach<never>((chunk) => void (received += chunk.length)),
          () => Effect.die("It was compiled"),
        ),
    })
    const error = await settled(Effect.runPromise(
      Wasm.compileStream(Stream.fromIterable(split(bytes, size)), { validation: "full" }).pipe(
        Effect.provideService(Wasm.Engine, engine),
        Effect.flip,
      ),
    ))
    assert.ok(error._tag === "CompileError" && error.functionIndex === 1)
    assert.ok(received > 0 && received <= 40, `${received}`)
  }
})

test("all of a valid module is handed on, in full mode", async () => {
  for (const size of [1, 7, 1_000]) {
    let received = 0
    const engine = Wasm.Engine.of({
      compile: ({ chunks }) =>
        Effect.map(
          chunks.forEach<never>((chunk) => void (received += chunk.length)),
          () => new WebAssembly.Module(importing),
        ),
    })
    const bytes = large(50)
    await settled(Effect.runPromise(
      Wasm.compileStream(Stream.fromIterable(split(bytes, size)), { validation: "full" }).pipe(
        Effect.provideService(Wasm.Engine, engine),
      ),
    ))
    assert.equal(received, bytes.length)
  }
})

test("full mode does not matter to what the decoder alone refuses", async () => {
  const page = response("<!doctype html><title>Not found</title>")
  await checkPromise(call(compileStreaming, page, full), compileError("html"))
})

for (const validation of ["full", "structure", undefined]) {
  test(`the option validation may be ${validation}`, async () => {
    const compiled = call(compileStreaming, response(importing), { validation })
    assert.ok(await compiled instanceof WebAssembly.Module)
  })
}

for (const validation of ["Full", "", null, true, 1, {}]) {
  test(`the option validation may not be ${JSON.stringify(validation)}`, async () => {
    const compiled = call(compileStreaming, response(importing), { validation })
    await checkPromise(compiled, typeError("options"))
  })
}

test("compileStream() takes the option validation", async () => {
  const bytes = Stream.make(mistyped.bytes.subarray(0, 30), mistyped.bytes.subarray(30))
  const run = Wasm.compileStream(bytes, { validation: "full" }).pipe(Effect.flip)
  const error = await Effect.runPromise(run)
  assert.equal(error._tag === "CompileError" && error.code, "type-mismatch")
  const good = Wasm.compileStream(Stream.make(importing), { validation: "full" })
  assert.ok(await Effect.runPromise(good) instanceof WebAssembly.Module)
})

/** A module whose only feature beyond the first version is sign extension, which only its instructions show. */
const extending = build(
  types(func([], [I32])),
  functions(0),
  memories([0x00, 1]),
  code(body(noLocals, i32(1), EXTEND8, i32(1), i32(1), SELECT, DROP, i32(0), END)),
).bytes

test("a report's features come from the instructions too, in full mode", async () => {
  const featuresOf = async (options: Wasm.CompileStreamingOptions) => {
    const inspected = await Effect.runPromise(Wasm.inspect(response(extending), options))
    const compiled = await Effect.runPromise(
      Wasm.compileStreamingWithReport(response(extending), options),
    )
    assert.deepEqual(inspected.features, compiled.report.features)
    return inspected.features
  }
  assert.deepEqual(await featuresOf({ validation: "full" }), ["sign-extension"])
  assert.deepEqual(await featuresOf({}), [])
})

test("inspect() refuses a mistyped instruction in full mode only", async () => {
  const inspected = Wasm.inspect(response(mistyped.bytes), { validation: "full" })
  const error = await Effect.runPromise(Effect.flip(inspected))
  assert.ok(error instanceof Wasm.CompileError)
  assert.equal(error.code, "type-mismatch")
  const report = await Effect.runPromise(Wasm.inspect(response(mistyped.bytes)))
  assert.equal(report.functions.defined, 2)
})

/** Counts the turns of the event loop while something runs. */
const roundsDuring = async (run: () => Promise<unknown>): Promise<number> => {
  let rounds = 0
  let isOver = false
  const next = (): void => {
    rounds++
    if (!isOver) setTimeout(next, 0)
  }
  setTimeout(next, 0)
  await run()
  isOver = true
  return rounds
}

test("the event loop goes round while a module that is there at once is validated", async () => {
  const bytes = huge(200_000)
  const inspecting = () =>
    Effect.runPromise(Wasm.inspect(response(chunks(bytes)), { validation: "full" }))
  assert.ok(await roundsDuring(inspecting) >= 3)
})

test("an interruption stops the validation of a module that is there at once", async () => {
  const controller = new AbortController()
  let last = 0
  const compiling = compileStreaming(response(chunks(huge(200_000))), {
    validation: "full",
    signal: controller.signal,
    onProgress: ({ received }) => {
      last = received
      controller.abort("enough")
    },
  })
  await assert.rejects(settled(compiling), (reason) => reason === "enough")
  const seen = last
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(last, seen, "nothing is read any more")
})

test("a body of many locals is counted by its index", async () => {
  const many = build(
    types(func([], [])),
    functions(0),
    code(body(1, u(50_000), I32, 0x20, u(49_999), DROP, END)),
  ).bytes
  assert.ok(await call(compileStreaming, response(many), full) instanceof WebAssembly.Module)
})
