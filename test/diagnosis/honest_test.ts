/**
 * Invalid modules whose contents look like damage in transfer: zeros, repeated tables, 7-bit bytes. Their own error is
 * reported, never damage.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming, Wasm } from "../../mod.ts"
import { settled } from "../support/outcomes.ts"
import {
  build,
  code,
  custom,
  data,
  func,
  functions,
  memories,
  type Part,
  section,
  types,
  u,
} from "../support/module_builder.ts"

const typed = { headers: { "content-type": "application/wasm" } }

/** A passive segment of some bytes. */
const segment = (bytes: ReadonlyArray<number>): Part => [0x01, u(bytes.length), bytes]

const repeat = (count: number, make: (index: number) => number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => make(index))

const zeros = repeat(60_000, () => 0)
const table = repeat(4_096, (index) => (index * 7 + (index >> 3)) & 0xff)
const ascii = repeat(300, (index) => 0x20 + (index % 90))

/** No section of any version. */
const unknown = section(0x77, 0x01)
const customs = (count: number): ReadonlyArray<Part> =>
  Array.from({ length: count }, () => custom(""))

const rows: ReadonlyArray<readonly [name: string, parts: ReadonlyArray<Part>]> = [
  ["zeros, then an unknown section", [memories([0x00, 1]), data(segment(zeros)), unknown]],
  [
    "zeros, then a segment of an unknown kind",
    [memories([0x00, 1]), data(segment(zeros), [0x07, 0x00])],
  ],
  [
    "a table that stands twice, then an unknown section",
    [memories([0x00, 1]), data(segment([...table, ...table])), unknown],
  ],
  ["text, then an unknown section", [memories([0x00, 1]), data(segment(ascii)), unknown]],
  ...[3, 64, 100, 300, 1_000, 7_000, 10_000].map((count) =>
    [`${count} custom sections, then an unknown one`, [...customs(count), unknown]] as const
  ),
  [
    "sections of 7 bits, and a body that is too long",
    [types(func([], [])), functions(0), ...customs(40), code([[0x05], [0x00, 0x0b]])],
  ],
]

const damage: ReadonlySet<string> = new Set([
  ...["decoded-as-text", "line-endings", "zero-filled", "missing-bytes", "extra-bytes"],
  ...["truncated", "trailing-bytes"],
])

for (const [name, parts] of rows) {
  for (const validation of ["structure", "full"] as const) {
    test(`${name}: no damage [${validation}]`, async () => {
      const { bytes } = build(...parts)
      const error: unknown = await settled(
        compileStreaming(new Response(bytes, typed), { validation }),
      ).catch((reason: unknown) => reason)
      assert.ok(error instanceof WebAssembly.CompileError, String(error))
      const { cause } = error
      assert.ok(cause instanceof Wasm.CompileError)
      assert.ok(!damage.has(cause.reason), `${cause.reason}: ${cause.message}`)
    })
  }
}
