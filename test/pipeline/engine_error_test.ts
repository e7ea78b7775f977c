/**
 * Engines' messages, parsed and completed: byte, section, function, missing feature.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { ModuleDecoder } from "../../src/binary/mod.ts"
import { explainEngineError, type Seen } from "../../src/pipeline/engine_error.ts"
import { engineFeatures, probes } from "../../src/pipeline/engine_features.ts"
import { KeptBytes } from "../../src/pipeline/kept_bytes.ts"
import { ModuleTrace } from "../../src/pipeline/module_trace.ts"
import { compileStreaming } from "../../mod.ts"
import {
  body,
  build,
  code,
  custom,
  END,
  func,
  functions,
  I32,
  i32,
  name,
  types,
  vec,
} from "../support/module_builder.ts"
import { badFunction, badFunctionOffset } from "../support/modules.ts"

/** The trace of a module with one imported function and two of its own, the last one bad. */
const seen = (): Seen => {
  const trace = new ModuleTrace()
  const decoder = new ModuleDecoder({ sink: trace, unknown: "defer" })
  decoder.push(badFunction)
  decoder.finish()
  return { trace, decoder }
}

type Row = readonly [
  said: string,
  expected: {
    readonly reason: string
    readonly offset?: number
    readonly section?: string
    readonly functionIndex?: number
  },
]

// deno-fmt-ignore
const rows: ReadonlyArray<Row> = [
  ["WebAssembly.compileStreaming(): expected magic word 00 61 73 6d, found 3c 21 64 6f @+0", { reason: "engine", offset: 0 }],
  ["WebAssembly.compile(): Compiling function #2 failed: Invalid opcode 0x27 @+40", { reason: "engine", offset: 40, section: "code", functionIndex: 2 }],
  ['WebAssembly.compile(): Compiling function #2:"f" failed: expected 1 elements @+39', { reason: "engine", offset: 39, section: "code", functionIndex: 2 }],
  ["WebAssembly.compile(): unknown type form: 32 @+11", { reason: "engine", offset: 11, section: "type" }],
  ["WebAssembly.Module doesn't parse at byte 11: 0th Type is non-Func", { reason: "engine", offset: 11, section: "type" }],
  ["WebAssembly.Module doesn't parse at byte 2: invalid opcode 39, in function at index 1", { reason: "engine", offset: badFunctionOffset, section: "code", functionIndex: 2 }],
  ["WebAssembly.Module doesn't validate:  block with type: () -> [I32] returns: 1, in function at index 1", { reason: "engine", section: "code", functionIndex: 2 }],
  ["wasm validation error: at offset 11: bad type form", { reason: "engine", offset: 11, section: "type" }],
  [`wasm validation error: at offset ${badFunctionOffset}: unrecognized opcode: 27`, { reason: "engine", offset: badFunctionOffset, section: "code", functionIndex: 2 }],
  ["WebAssembly.compile(): type error in constant expression[0] @+11", { reason: "engine", offset: 11, section: "type" }],
  ["WebAssembly.compile(): invalid value type 'stringref', enable with --experimental-wasm-stringref @+11", { reason: "engine", offset: 11, section: "type" }],
  ["WebAssembly.compile(): Wasm code generation disallowed by embedder", { reason: "forbidden" }],
  ["Compiling or instantiating WebAssembly module violates the following Content Security policy directive", { reason: "forbidden" }],
  ["call to WebAssembly.compileStreaming() blocked by CSP", { reason: "forbidden" }],
  ["WebAssembly.compile(): invalid value type 0x41 @+11", { reason: "engine", offset: 11, section: "type" }],
  ["WebAssembly.compile(): invalid memory limits flags 0x40 @+11", { reason: "engine", offset: 11, section: "type" }],
  ["Out of memory (evaluating 'native.compile?.(bytes, options)')", { reason: "engine" }],
  ["WebAssembly.Module doesn't parse at byte 11: no (evaluating 'x') (evaluating 'f(\n')", { reason: "engine", offset: 11, section: "type" }],
  ["something new", { reason: "engine" }],
]

for (const [said, expected] of rows) {
  test(`explainEngineError() reads: ${said}`, () => {
    const cause = new WebAssembly.CompileError(said)
    const error = explainEngineError(cause, "https://example.com/a.wasm", seen())
    const { functionIndex, offset, reason, section } = error
    assert.deepEqual(
      { reason, offset, section, functionIndex },
      { offset: undefined, section: undefined, functionIndex: undefined, ...expected },
    )
    assert.equal(error.cause, cause)
    assert.match(error.message, /https:\/\/example\.com\/a\.wasm/)
    assert.doesNotMatch(error.message, /native|f\(/)
  })
}

test("a function's name, which may be as long as its module, is cut in a message", async () => {
  const { bytes } = build(
    types(func([], [I32])),
    functions(0),
    code(body(0, i32(0), 0x43, 0, 0, 0, 0, 0x6a, END)),
    custom("name", 1, body(vec([0, name("f".repeat(90_000))]))),
  )
  const response = new Response(bytes, { headers: { "content-type": "application/wasm" } })
  const error: unknown = await compileStreaming(response).catch((error) => error)
  assert.ok(error instanceof WebAssembly.CompileError)
  assert.ok(error.message.length < 1_000, `${error.message.length} characters`)
})

test("explainEngineError() takes whatever an engine rejects with", () => {
  for (const cause of [undefined, null, 1, "no", {}, new RangeError("out of memory")]) {
    const error = explainEngineError(cause, undefined, undefined)
    assert.deepEqual([error.reason, error.cause], ["engine", cause])
  }
})

for (const [name, bytes] of probes) {
  test(`the probe for ${name} is a module`, () => {
    const decoder = new ModuleDecoder({ unknown: "reject" })
    decoder.push(bytes)
    decoder.finish()
  })
}

test("a feature that the engine lacks is named", () => {
  const lacking = [...engineFeatures()].filter(([, has]) => !has).map(([name]) => name)
  const messages: Readonly<Record<string, string>> = {
    memory64: "WebAssembly.Module doesn't parse at byte 12: Memory64 is not enabled",
    gc: "WebAssembly.compile(): Unknown type code 0x5f, enable with --experimental-wasm-gc @+11",
    exceptions: "WebAssembly.compile(): Compiling function #0 failed: Invalid opcode 0x1f @+23",
    "multi-memory": "WebAssembly.compile(): memory count of 2 exceeds internal limit of 1 @+10",
  }
  for (const [name, message] of Object.entries(messages)) {
    const error = explainEngineError(new WebAssembly.CompileError(message), undefined, undefined)
    assert.equal(error.reason, lacking.includes(name) ? "unsupported" : "engine", name)
    if (lacking.includes(name)) assert.match(error.message, new RegExp(name))
  }
})

/** The trace of a module whose function has a local of an unknown type, at which the decoder defers to the engine. */
const aside = (withNames: boolean): Seen => {
  const trace = new ModuleTrace()
  const decoder = new ModuleDecoder({ sink: trace, unknown: "defer" })
  const kept = new KeptBytes()
  const names = [0, 15, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 8, 1, 0, 5, 0x6f, 0x74, 0x68, 0x65, 0x72]
  // deno-fmt-ignore
  const bytes = Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 1, 1, 0x40, 0x0b,
    ...(withNames ? names : []),
  ])
  kept.push(bytes)
  decoder.push(bytes)
  decoder.finish()
  return { trace, decoder, kept }
}

test("an engine's message without a place gets that where the decoder stood aside", () => {
  const cause = new WebAssembly.CompileError(
    "WebAssembly.Module doesn't validate: can't get Function local's type",
  )
  const error = explainEngineError(cause, undefined, aside(false))
  assert.deepEqual([error.offset, error.section, error.functionIndex], [24, "code", 0])
  assert.match(error.message, /value type/)
})

test("a function's name is found in bytes that the decoder did not look at", () => {
  const cause = new WebAssembly.CompileError("WebAssembly.Module doesn't validate: no")
  assert.match(explainEngineError(cause, undefined, aside(true)).message, /function 0 "other"/)
})

test("the name that an engine gives is given back where there is no other", () => {
  const said =
    'WebAssembly.compile(): Compiling function #0:"crash" failed: invalid local type 0x40 @+24'
  const error = explainEngineError(new WebAssembly.CompileError(said), undefined, aside(false))
  assert.match(error.message, /function 0 "crash"/)
})

test("a tag is used by both forms of exceptions, so it shows neither", () => {
  const seen = aside(false)
  const used: Seen = {
    ...seen,
    decoder: {
      ...seen.decoder,
      features: ["exceptions"],
      unknown: undefined,
      spaces: seen.decoder.spaces,
    },
  }
  // All engines have tags, so what the engine lacks is a form of exceptions.
  const error = explainEngineError(new WebAssembly.CompileError("no"), undefined, used)
  assert.equal(error.reason, "engine")
})
