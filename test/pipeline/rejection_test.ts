/**
 * Rejection at the first certain error, over real HTTP: the server counts the bytes that it sent before the connection was
 * closed.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Wasm } from "../../mod.ts"
import { isBrowser } from "../../src/platform/runtime.ts"
import { settled, ways } from "../support/outcomes.ts"
import { untilOver, withScenarios } from "../support/servers/scenarios.ts"

const at = withScenarios()

/** The size of the bodies that are not endless. */
const size = 32 * 1024 * 1024

/** The pipeline's error that a promise is rejected with, as the cause of a native `CompileError`. */
const refusal = async (compiled: Promise<unknown>): Promise<Wasm.CompileError> => {
  const error: unknown = await settled(compiled).then(
    () => assert.fail("It was compiled"),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Error)
  assert.equal(error.constructor, WebAssembly.CompileError)
  assert.ok(error.cause instanceof Wasm.CompileError)
  return error.cause
}

interface Case {
  readonly fault: string
  readonly reason: Wasm.CompileErrorReason
  readonly code: Wasm.DecodeErrorCode
  readonly offset: number
  readonly section: string | undefined
}

// deno-fmt-ignore
const early: ReadonlyArray<Case> = [
  { fault: "magic", reason: "structure", code: "magic-mismatch", offset: 3, section: undefined },
  { fault: "section", reason: "structure", code: "duplicate-section", offset: 14, section: "type" },
  { fault: "type", reason: "structure", code: "unknown-type", offset: 18, section: "type" },
  { fault: "function", reason: "structure", code: "length-out-of-bounds", offset: 25, section: "code" },
]

/** Here the first chunk is good: in a browser the engine then has the body, and reads it to its end. */
// deno-fmt-ignore
const late: ReadonlyArray<Case> = [
  { fault: "late-type", reason: "structure", code: "unknown-type", offset: 22, section: "type" },
  { fault: "late-function", reason: "structure", code: "length-out-of-bounds", offset: 28, section: "code" },
]

const facts = ({ code, offset, reason, section }: Wasm.CompileError) => ({
  code,
  offset,
  reason,
  section,
})

for (const way of ways) {
  for (const { fault, ...expected } of early) {
    for (const length of ["", "&endless"]) {
      test(`a fault in the first chunk stops the download: ${fault}${length} [${way.name}]`, async () => {
        const request = at(`/faulty?fault=${fault}&pace=2${length}`)
        const error = await refusal(way.compile(fetch(request.url)))
        assert.ok((await request.seen()).sent < size)
        assert.deepEqual(facts(error), expected)
        assert.equal((await untilOver(request)).broken, true)
      })
    }
  }

  for (const { fault, ...expected } of late) {
    test(`a fault in a later chunk is told while the body goes on: ${fault} [${way.name}]`, async () => {
      const request = at(`/faulty?fault=${fault}&pause=40&pace=2`)
      const error = await refusal(way.compile(fetch(request.url)))
      assert.ok((await request.seen()).sent < size)
      assert.deepEqual(facts(error), expected)
      if (!isBrowser) assert.equal((await untilOver(request)).broken, true)
    })
  }

  for (
    const [count, reason] of [
      [0, "empty"],
      [1, "truncated"],
      [4, "truncated"],
      [7, "truncated"],
      [9, "truncated"],
      [12, "truncated"],
      [2_000, "truncated"],
      [5_000, "truncated"],
    ] as const
  ) {
    test(`a body that ends after ${count} bytes is ${reason} [${way.name}]`, async () => {
      const error = await refusal(way.compile(fetch(at(`/truncated?after=${count}`).url)))
      assert.deepEqual([error.reason, error.code, error.offset], [reason, "unexpected-end", count])
    })
  }
}
