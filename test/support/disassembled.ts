/**
 * Disassembles function bodies.
 */
import assert from "node:assert/strict"
import {
  BodyDisassembler,
  type DisassembledInstruction,
  ModuleDecoder,
  ModuleOutlineBuilder,
} from "../../src/binary/mod.ts"

/** Every instruction of a body. */
export const walk = (
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): readonly [ReadonlyArray<DisassembledInstruction>, BodyDisassembler] => {
  const disassembler = new BodyDisassembler(bytes, start, end)
  const instructions: Array<DisassembledInstruction> = []
  for (let it = disassembler.next(); it !== undefined; it = disassembler.next()) {
    instructions.push(it)
  }
  return [instructions, disassembler]
}

/** Disassembles every body of a module, and checks where it ends. Returns the number of instructions. */
export const checkAll = (bytes: Uint8Array): number => {
  const builder = new ModuleOutlineBuilder()
  const decoder = new ModuleDecoder({ sink: builder, limits: "core" })
  decoder.push(bytes)
  decoder.finish()
  const { functions: { imported } } = builder.build(decoder)
  let count = 0
  for (let index = imported; index < imported + builder.functionCount; index++) {
    const { end, start } = builder.bodyOf(index) ?? { start: 0, end: 0 }
    const [instructions, { fault }] = walk(bytes, start, end)
    assert.equal(fault, undefined)
    let at = instructions[0]?.offset ?? -1
    for (const { immediates, offset, size } of instructions) {
      assert.equal(offset, at)
      assert.ok(immediates.length < 10_000)
      at += size
    }
    const last = instructions.at(-1)
    assert.deepEqual([at, last?.name, last?.depth], [end, "end", 0], `function ${index}`)
    count += instructions.length
  }
  return count
}
