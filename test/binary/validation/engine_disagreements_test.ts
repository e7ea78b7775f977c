/**
 * Minimal modules for which an engine's result differs from the specification, found by fuzzing, with the right result. What
 * the fuzz task ignores because of them is in `test/support/fuzz/known_disagreements.ts`.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { judgeFully } from "../../support/fuzz/full_verdict.ts"
import {
  body,
  build,
  code,
  END,
  func,
  functions,
  i32,
  memories,
  type Part,
  types,
} from "../../support/module_builder.ts"
import { bytewise } from "../../support/verdicts.ts"

const [ANY, EQ, NOEXTERN, EMPTY, I32] = [0x6e, 0x6d, 0x72, 0x40, 0x7f] as const
const [UNREACHABLE, BLOCK, LOOP, DROP] = [0x00, 0x02, 0x03, 0x1a] as const

/** The right code, what the instructions do, why the code is right, the instructions. */
// deno-fmt-ignore
const cases: ReadonlyArray<readonly [code: string, title: string, reason: string, instructions: ReadonlyArray<Part>]> = [
  // Engines accept these.
  ["type-mismatch", "the result of a dead ref.as_non_null is a number", "it is a reference to some heap type",
    [UNREACHABLE, 0xd4, 0x45, DROP]],
  ["type-mismatch", "the result of a loop is narrower than its block type", "the block type is the type of the results",
    [LOOP, ANY, 0xd0, EQ, END, 0xd0, EQ, 0xd3, DROP]],
  ["type-mismatch", "the result of a dead loop is of another type", "the block type is the type of the results",
    [UNREACHABLE, LOOP, ANY, UNREACHABLE, END, 0xd0, EQ, 0xd3, DROP]],
  ["type-mismatch", "br_on_non_null to a label without types", "the label's last type is that of the reference",
    [0xd0, ANY, 0xd6, 0]],
  ["type-mismatch", "a dead br_on_non_null to a label of a number", "the label's last type is that of the reference",
    [BLOCK, I32, UNREACHABLE, 0xd6, 0, UNREACHABLE, END, DROP]],
  ["type-mismatch", "br_on_cast_fail to a label without types", "the label's last type is that of the reference",
    [LOOP, EMPTY, 0xd0, ANY, 0xfb, 25, 1, 0, ANY, EQ, DROP, END]],
  ["type-mismatch", "a dead ref.eq of a number", "only what lies below the block's operands is of any type",
    [UNREACHABLE, i32(0), 0xd3, DROP]],
  ["type-mismatch", "a dead f32.neg of an i32", "only what lies below the block's operands is of any type",
    [UNREACHABLE, i32(0), 0x8c, DROP]],
  ["type-mismatch", "a dead block without its result", "a block within dead code begins with no operands",
    [UNREACHABLE, BLOCK, I32, END, DROP]],
  ["invalid-alignment", "an atomic access aligned to less than its size", "atomics demand the natural alignment",
    [i32(0), 0xfe, 0x10, 1, 0, DROP]],
  // Engines reject these.
  ["ok", "legacy exceptions beside those of the specification", "no rule keeps them apart",
    [0x06, EMPTY, 0x19, END, 0x1f, EMPTY, 0, END]],
  ["ok", "a dead throw_ref", "what is never reached has operands of any type",
    [UNREACHABLE, 0x0a]],
  ["ok", "br_on_null out of blocks in dead code", "the labels are those of all blocks around it",
    [UNREACHABLE, BLOCK, EMPTY, BLOCK, EMPTY, 0xd0, ANY, 0xd5, 1, DROP, END, END]],
  ["ok", "rethrow out of a block in dead code", "the labels are those of all blocks around it",
    [0x06, EMPTY, 0x19, UNREACHABLE, BLOCK, EMPTY, 0x09, 1, END, END]],
  ["ok", "delegate to a block that is no try", "any label may be named",
    [BLOCK, EMPTY, 0x06, EMPTY, 0x18, 0, END]],
  ["ok", "any.convert_extern of nullexternref", "it is a subtype of externref",
    [0xd0, NOEXTERN, 0xfb, 26, DROP]],
]

let others = 0
for (const [expected, title, reason, instructions] of cases) {
  const { bytes } = build(
    types(func([], [])),
    functions(0),
    memories([0, 1]),
    code(body(0, instructions, END)),
  )
  if (WebAssembly.validate(bytes) !== (expected === "ok")) others++
  test(`full validation judges ${title}: ${expected}, as ${reason}`, () => {
    const verdict = judgeFully([bytes])
    assert.equal(verdict.code, expected, verdict.message)
    assert.deepEqual(judgeFully(bytewise(bytes)), verdict)
  })
}
console.log(`engine_disagreements_test: this engine judges ${others} of ${cases.length} otherwise`)
