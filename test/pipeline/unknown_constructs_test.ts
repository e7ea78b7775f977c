/**
 * Constructs that the decoder does not know: the engine validates the beginning of the module at once, so that what it does
 * not know either is rejected long before the last byte, and what it knows compiles.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { compileStreaming, Wasm } from "../../mod.ts"
import { ModuleDecoder } from "../../src/binary/mod.ts"
import { completeBeginning } from "../../src/pipeline/complete_beginning.ts"
import { ModuleBeginning } from "../../src/pipeline/module_beginning.ts"
import { native } from "../../src/platform/natives.ts"
import { settled } from "../support/outcomes.ts"
import { chunks, endless, response, split } from "../support/responses.ts"

const header = [0, 97, 115, 109, 1, 0, 0, 0]
const functionType = [1, 4, 1, 0x60, 0, 0]
const oneFunction = [3, 2, 1, 0]
const twoFunctions = [...functionType, 3, 3, 2, 0, 0]
const code = [10, 4, 1, 2, 0, 0x0b]

/** Constructs that no engine knows, in each position before the code that may get new ones; the rest is missing. */
// deno-fmt-ignore
const unknowns: ReadonlyArray<readonly [name: string, bytes: ReadonlyArray<number>]> = [
  ["a type form", [1, 4, 1, 0x11, 0, 0]],
  ["a value type", [1, 5, 1, 0x60, 1, 0x13, 0]],
  ["a section", [0x3f, 2, 7, 7]],
  ["a section between others", [...functionType, 0x3f, 2, 7, 7]],
  ["a section after functions were declared", [...twoFunctions, 0x3f, 2, 7, 7]],
  ["a section of 300 bytes", [...functionType, 0x3f, 0xac, 0x02, ...Array(300).fill(7)]],
  ["an import's kind", [2, 7, 1, 1, 109, 1, 102, 0x39, 0]],
  ["a memory's flags", [...twoFunctions, 5, 3, 1, 0x70, 1]],
  ["a table's element type", [...twoFunctions, 4, 4, 1, 0x33, 0, 0]],
  ["a global's type", [...twoFunctions, 6, 6, 1, 0x33, 0, 0x41, 0, 0x0b]],
  ["a constant instruction", [...twoFunctions, 6, 6, 1, 0x7f, 0, 0xfb, 0x7f, 0x0b]],
  ["a segment's flags", [...twoFunctions, 9, 3, 1, 0x19, 0]],
  ["something before a data section that was announced", [1, 4, 1, 0x60, 0, 0, 12, 1, 3, 0x3f, 1, 0]],
]
for (const [name, bytes] of unknowns) {
  test(`${name} that no engine knows is refused while the rest has not come`, async () => {
    const beginning = Uint8Array.from([...header, ...bytes])
    for (const size of [1, 5, 1_000]) {
      const { cancelled, stream } = endless(...split(beginning, size))
      const error = await settled(
        Effect.runPromise(Effect.flip(Wasm.compileStreaming(response(stream)))),
      )
      assert.ok(error._tag === "CompileError", `${size}`)
      assert.ok(["engine", "structure", "unsupported"].includes(error.reason), error.reason)
      await settled(cancelled)
    }
  })
}

test("what an engine knows is left to it, and comes whole", async () => {
  const bytes = Uint8Array.from([
    ...header,
    ...functionType,
    0x3f,
    2,
    7,
    7,
    ...oneFunction,
    ...code,
  ])
  const module = new WebAssembly.Module(Uint8Array.from(header))
  const asked: Array<number> = []
  let received = 0
  const engine: Wasm.EngineService = {
    compile: ({ chunks }) =>
      chunks.forEach<never>((chunk) => {
        received += chunk.length
        return undefined
      }).pipe(Effect.as(module)),
    validate: (beginning) => Effect.sync(() => void asked.push(beginning.length)),
  }
  const program = Wasm.compileStreaming(response(chunks(...split(bytes, 1))))
  const compiled = await settled(
    Effect.runPromise(Effect.provideService(program, Wasm.Engine, engine)),
  )
  assert.equal(compiled, module)
  // Once, with everything up to the section's end.
  assert.deepEqual([asked, received], [[header.length + functionType.length + 4], bytes.length])
})

test("an engine that cannot be asked gets all bytes", async () => {
  const bytes = Uint8Array.from([...header, 0x3f, 2, 7, 7])
  const refused = new Wasm.CompileError({ reason: "engine", message: "Not today" })
  let received = 0
  const engine: Wasm.EngineService = {
    compile: ({ chunks }) =>
      chunks.forEach<never>((chunk) => {
        received += chunk.length
        return undefined
      }).pipe(Effect.andThen(Effect.fail(refused))),
  }
  const program = Wasm.compileStreaming(response(chunks(bytes, new Uint8Array(100_000))))
  await settled(Effect.runPromise(Effect.flip(Effect.provideService(program, Wasm.Engine, engine))))
  assert.equal(received, bytes.length + 100_000)
})

test("an unknown section in what is longer than a megabyte is left to the engine", async () => {
  const bytes = Uint8Array.from([...header, 0x3f, 0x80, 0x80, 0x80, 0x01])
  const rest = new Uint8Array(2_097_152)
  const error = await settled(
    compileStreaming(response(chunks(bytes, rest))).catch((error) => error),
  )
  assert.ok(error instanceof WebAssembly.CompileError)
})

// The bytes for the engine are a complete module, whatever precedes the unknown construct

// deno-fmt-ignore
const sections: ReadonlyArray<readonly [name: string, bytes: ReadonlyArray<number>]> = [
  ["types", functionType],
  ["an import", [2, 7, 1, 1, 109, 1, 102, 0, 0]],
  ["functions", [3, 3, 2, 0, 0]],
  ["a table", [4, 4, 1, 0x70, 0, 1]],
  ["a memory", [5, 3, 1, 0, 1]],
  ["a global", [6, 6, 1, 0x7f, 0, 0x41, 0, 0x0b]],
  ["an export", [7, 5, 1, 1, 102, 0, 1]],
  ["a start function", [8, 1, 1]],
  ["elements", [9, 7, 1, 0, 0x41, 0, 0x0b, 1, 1]],
  ["a count of segments", [12, 1, 2]],
  ["a custom section", [0, 3, 1, 120, 0]],
]
for (const [index, [name]] of sections.entries()) {
  test(`a beginning up to ${name} is completed to a valid module`, () => {
    const bytes = sections.slice(0, index + 1).flatMap(([, section]) => section)
    const beginning = Uint8Array.from([...header, ...bytes])
    const decoder = new ModuleDecoder()
    decoder.push(beginning)
    const kept = new ModuleBeginning()
    for (const chunk of split(beginning, 3)) kept.push(chunk)
    const unknown = { offset: 8, what: "value type" }
    const module = completeBeginning(kept, unknown, beginning.length, decoder.spaces)
    assert.ok(module !== undefined)
    assert.equal(native.validate?.(module), true)
    // It is returned only once.
    assert.equal(completeBeginning(kept, unknown, beginning.length, decoder.spaces), undefined)
  })
}

const whole = [...header, ...functionType, ...oneFunction, ...code]
const textBytes = (text: string): ReadonlyArray<number> => [...new TextEncoder().encode(text)]

// deno-fmt-ignore
const inspected: ReadonlyArray<readonly [name: string, bytes: ReadonlyArray<number>, reason: string | undefined]> = [
  ["a section of a new kind", [...whole, 0x3f, 2, 7, 7], undefined],
  ["a new type form", [...header, 1, 4, 1, 0x11, 0, 0], undefined],
  ["markup after a module", [...whole, ...textBytes("<script src=reload.js></script>")], "trailing-bytes"],
  ["a line end after a module", [...whole, 0x0d, 0x0a], "trailing-bytes"],
  ["padding with 0xff after a module", [...whole, ...Array(64).fill(0xff)], "trailing-bytes"],
  ["text after a module", [...whole, ...textBytes("</body>\n")], "trailing-bytes"],
]
for (const [name, bytes, reason] of inspected) {
  test(`inspect() of ${name} ${reason === undefined ? "tells how far it has come" : "fails"}`, async () => {
    const exit = await Effect.runPromise(
      Effect.result(Wasm.inspect(response(Uint8Array.from(bytes)))),
    )
    if (reason === undefined) {
      assert.ok(exit._tag === "Success")
      assert.notEqual(exit.success.unknown, undefined)
    } else {
      assert.ok(exit._tag === "Failure")
      assert.equal(exit.failure._tag === "CompileError" && exit.failure.reason, reason)
    }
  })
}
