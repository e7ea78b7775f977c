// Loads and stores, memory.size to memory.init, several memories, 64-bit memories.
// https://webassembly.github.io/spec/core/valid/instructions.html#memory-instructions
import assert from "node:assert/strict"
import { test } from "node:test"
import { type BodyCase, gives } from "./support/body_cases.ts"
import {
  access,
  dataDrop,
  DROP,
  F32_0,
  I32_0,
  I32_LOAD,
  I32_LOAD8_U,
  I32_STORE,
  I64_0,
  I64_LOAD,
  I64_STORE,
  memarg,
  memoryCopy,
  memoryFill,
  memoryGrow,
  memoryInit,
  memorySize,
  padded,
} from "../../support/instructions.ts"
import { AT, atByte, I32, I64, imported, u } from "../../support/module_builder.ts"
import { hex, parseSignatures, signatureCases } from "./support/signatures.ts"
import { validates } from "./support/validates.ts"

const NONE = { memories: [] }
/** Memory 0 has 32-bit addresses, memory 1 has 64-bit ones, memory 2 is like 0. */
const THREE = { memories: [[0, 1], [4, 1], [0, 1]] }
const ONE_64 = { memories: [[4, 1]] }

// An opcode, its signature, and the exponent of its natural alignment.
const ACCESSES = parseSignatures(`
  28    i>i  2
  29    i>l  3
  2a    i>f  2
  2b    i>d  3
  2c-2d i>i  0
  2e-2f i>i  1
  30-31 i>l  0
  32-33 i>l  1
  34-35 i>l  2
  36    ii>  2
  37    il>  3
  38    if>  2
  39    id>  3
  3a    ii>  0
  3b    ii>  1
  3c    il>  0
  3d    il>  1
  3e    il>  2
`)

test("The table has every load and store once", () => {
  assert.deepEqual(
    ACCESSES.map((row) => row.opcode),
    Array.from({ length: 23 }, (_, i) => i + 0x28),
  )
})

const to64 = (signature: string): string => `l${signature.slice(1)}`

validates(
  "loads and stores",
  ACCESSES.flatMap(({ opcode, signature, rest: [align] }) => {
    return signatureCases(hex(opcode), access(opcode, Number(align)), signature)
  }),
)
validates(
  "loads and stores of a 64-bit memory",
  ACCESSES.flatMap(({ opcode, signature, rest: [align] }) => {
    return signatureCases(hex(opcode), access(opcode, Number(align)), to64(signature))
  }),
  { environment: ONE_64 },
)

/** Each alignment up to the natural one is taken, and the next is not. */
const alignmentCases = (opcode: number, signature: string, natural: number): Array<BodyCase> => {
  const operands = [...signature.slice(0, signature.indexOf(">"))].map((letter) => {
    return { i: I32_0, l: I64_0, f: F32_0 }[letter] ?? [0x44, 0, 0, 0, 0, 0, 0, 0, 0]
  })
  const after = signature.endsWith(">") ? [] : DROP
  const cases = Array.from({ length: natural + 1 }, (_, align): BodyCase => {
    return ["ok", `${hex(opcode)} with ${align}`, [operands, access(opcode, align), after]]
  })
  const above = [natural + 1, 0x20, 0x3f].map((align): BodyCase => {
    const instructions = [operands, AT, access(opcode, align), after]
    return ["invalid-alignment", `${hex(opcode)} with ${align}`, instructions]
  })
  return [...cases, ...above]
}
validates(
  "alignments",
  ACCESSES.flatMap(({ opcode, signature, rest: [align] }) => {
    return alignmentCases(opcode, signature, Number(align))
  }),
)

validates("memory arguments", [
  ["ok", "the greatest offset", [I32_0, access(I32_LOAD, 2, 2 ** 32 - 1), DROP]],
  ["offset-out-of-range", "an offset above it", [I32_0, AT, access(I32_LOAD, 2, 2 ** 32), DROP]],
  ["offset-out-of-range", "a store's offset above it", [
    [I32_0, I32_0, AT, access(I32_STORE, 2, 2 ** 32)],
  ]],
  ["offset-out-of-range", "the greatest number of 64 bits", [
    [I32_0, AT, access(I32_LOAD, 2, 2n ** 64n - 1n), DROP],
  ]],
  ["ok", "the greatest offset of a 64-bit memory", [
    [I64_0, access(I32_LOAD, 2, 2n ** 64n - 1n), DROP],
  ], ONE_64],
  ["ok", "an offset of 2^32 in a 64-bit memory", [
    [I64_0, access(I32_LOAD, 2, 2 ** 32), DROP],
  ], ONE_64],
  ["ok", "an alignment of five bytes", [I32_0, I32_LOAD, padded(2, 5), 0, DROP]],
  ["ok", "an offset of ten bytes", [I32_0, I32_LOAD, 2, padded(7, 10), DROP]],
  ["leb128-too-long", "an alignment of six bytes", [
    I32_0,
    atByte(5),
    I32_LOAD,
    padded(2, 6),
    0,
    DROP,
  ]],
  ["leb128-too-large", "an alignment above 32 bits", [
    [I32_0, atByte(5), I32_LOAD, 0x82, 0x80, 0x80, 0x80, 0x10, 0, DROP],
  ]],
  ["leb128-too-long", "an offset of eleven bytes", [
    I32_0,
    atByte(11),
    I32_LOAD,
    2,
    padded(7, 11),
    DROP,
  ]],
  ["leb128-too-large", "an offset above 64 bits", [
    [I32_0, atByte(11), I32_LOAD, 2, Array(9).fill(0x80), 0x02, DROP],
  ]],
  ["malformed-memory-flags", "an alignment word of 0x80", [
    [I32_0, atByte(1), I32_LOAD, 0x80, 0x01, 0, DROP],
  ]],
  ["malformed-memory-flags", "an alignment word of 0x100", [
    [I32_0, atByte(1), I32_LOAD, 0x80, 0x02, 0, DROP],
  ]],
  ["ok", "memory 0 by its number", [I32_0, I32_LOAD, 0x42, 0, 0, DROP]],
  ["ok", "a memory's number of five bytes", [I32_0, I32_LOAD, 0x42, padded(0, 5), 0, DROP]],
  ["invalid-alignment", "an alignment above natural with a memory's number", [
    [I32_0, AT, I32_LOAD, 0x43, 0, 0, DROP],
  ]],
  ["unknown-memory", "a load without a memory", [I32_0, AT, access(I32_LOAD, 2), DROP], NONE],
  ["unknown-memory", "a store without a memory", [I32_0, I32_0, AT, access(I32_STORE, 2)], NONE],
  ["unknown-memory", "a load from a memory beyond the last", [
    [I32_0, AT, access(I32_LOAD, 2, 0, 1), DROP],
  ]],
])

validates("loads and stores with several memories", [
  ["ok", "a load from the last", [I32_0, access(I32_LOAD, 2, 0, 2), DROP]],
  ["ok", "a load from a 64-bit one", [I64_0, access(I64_LOAD, 3, 2 ** 40, 1), DROP]],
  ["ok", "a store to a 64-bit one", [I64_0, I64_0, access(I64_STORE, 3, 0, 1)]],
  ["ok", "a byte without alignment", [I32_0, access(I32_LOAD8_U, 0, 1, 2), DROP]],
  ["type-mismatch", "the 64-bit one with a 32-bit address", [
    [I32_0, AT, access(I64_LOAD, 3, 0, 1), DROP],
  ]],
  ["type-mismatch", "a 32-bit one with a 64-bit address", [
    [I64_0, AT, access(I64_LOAD, 3, 0, 2), DROP],
  ]],
  ["offset-out-of-range", "an offset above 32 bits in the last", [
    [I32_0, AT, access(I64_LOAD, 3, 2 ** 32, 2), DROP],
  ]],
  ["unknown-memory", "one beyond the last", [I32_0, AT, access(I32_LOAD, 2, 0, 3), DROP]],
], { environment: THREE })

validates("memory.size", [
  ["ok", "of a 32-bit memory", [memorySize(0)], gives(I32)],
  ["ok", "of a 64-bit memory", [memorySize(1)], { ...THREE, results: [I64] }],
  ["ok", "an index of five bytes", [memorySize(padded(0, 5)), DROP]],
  ["type-mismatch", "of a 32-bit memory as i64", [memorySize(0), AT], gives(I64)],
  ["type-mismatch", "of a 64-bit memory as i32", [memorySize(1), AT], { ...THREE, results: [I32] }],
  ["unknown-memory", "no memory", [AT, memorySize(0), DROP], NONE],
  ["unknown-memory", "one beyond the last", [AT, memorySize(1), DROP]],
])

validates("memory.grow", [
  ["ok", "a 32-bit memory", [I32_0, memoryGrow(0)], gives(I32)],
  ["ok", "a 64-bit memory", [I64_0, memoryGrow(1)], { ...THREE, results: [I64] }],
  ["type-mismatch", "by nothing", [AT, memoryGrow(0), DROP]],
  ["type-mismatch", "a 32-bit memory by i64", [I64_0, AT, memoryGrow(0), DROP]],
  ["type-mismatch", "a 64-bit memory by i32", [I32_0, AT, memoryGrow(1), DROP], THREE],
  ["type-mismatch", "a 64-bit memory, as i32", [I64_0, memoryGrow(1), AT], {
    ...THREE,
    results: [I32],
  }],
  ["unknown-memory", "no memory", [I32_0, AT, memoryGrow(0), DROP], NONE],
  ["unknown-memory", "one beyond the last", [I32_0, AT, memoryGrow(1), DROP]],
])

const fill = memoryFill(0)
validates("memory.fill", [
  ...signatureCases("a 32-bit memory", fill, "iii>"),
  ["ok", "a 64-bit memory", [I64_0, I32_0, I64_0, memoryFill(1)], THREE],
  ["type-mismatch", "a 64-bit memory at i32", [I32_0, I32_0, I64_0, AT, memoryFill(1)], THREE],
  ["type-mismatch", "a 64-bit memory, i32 of it", [I64_0, I32_0, I32_0, AT, memoryFill(1)], THREE],
  ["type-mismatch", "a 64-bit memory with i64", [I64_0, I64_0, I64_0, AT, memoryFill(1)], THREE],
  ["unknown-memory", "no memory", [I32_0, I32_0, I32_0, AT, fill], NONE],
  ["unknown-memory", "one beyond the last", [I32_0, I32_0, I32_0, AT, memoryFill(1)]],
])

validates("memory.copy", [
  ...signatureCases("within a 32-bit memory", memoryCopy(0, 0), "iii>"),
  ["ok", "between 32-bit memories", [I32_0, I32_0, I32_0, memoryCopy(0, 2)], THREE],
  ["ok", "within a 64-bit memory", [I64_0, I64_0, I64_0, memoryCopy(1, 1)], THREE],
  ["ok", "32 to 64 bits", [I64_0, I32_0, I32_0, memoryCopy(1, 0)], THREE],
  ["ok", "64 to 32 bits", [I32_0, I64_0, I32_0, memoryCopy(0, 1)], THREE],
  ["type-mismatch", "i32 within a 64-bit memory", [
    [I64_0, I64_0, I32_0, AT, memoryCopy(1, 1)],
  ], THREE],
  ["type-mismatch", "32 to 64 bits, i64 of it", [
    [I64_0, I32_0, I64_0, AT, memoryCopy(1, 0)],
  ], THREE],
  ["type-mismatch", "64 to 32 bits, i64 of it", [
    [I32_0, I64_0, I64_0, AT, memoryCopy(0, 1)],
  ], THREE],
  ["type-mismatch", "64 to 32 bits with the addresses changed about", [
    [I64_0, I32_0, I32_0, AT, memoryCopy(0, 1)],
  ], THREE],
  ["unknown-memory", "no memory", [I32_0, I32_0, I32_0, AT, memoryCopy(0, 0)], NONE],
  ["unknown-memory", "to one beyond the last", [I32_0, I32_0, I32_0, AT, memoryCopy(1, 0)]],
  ["unknown-memory", "from one beyond the last", [I32_0, I32_0, I32_0, AT, memoryCopy(0, 1)]],
])

validates("memory.init", [
  ...signatureCases("a 32-bit memory", memoryInit(0, 0), "iii>"),
  ["ok", "another memory", [I32_0, I32_0, I32_0, memoryInit(0, 2)], THREE],
  ["ok", "a 64-bit memory", [I64_0, I32_0, I32_0, memoryInit(0, 1)], THREE],
  ["ok", "an active segment", [
    [I32_0, I32_0, I32_0, memoryInit(0, 0)],
  ], { data: [[0, I32_0, 0x0b, 0]] }],
  ["type-mismatch", "a 64-bit memory at i32", [
    [I32_0, I32_0, I32_0, AT, memoryInit(0, 1)],
  ], THREE],
  ["type-mismatch", "a 64-bit memory, i64 of it", [
    [I64_0, I32_0, I64_0, AT, memoryInit(0, 1)],
  ], THREE],
  ["unknown-memory", "no memory", [I32_0, I32_0, I32_0, AT, memoryInit(0, 0)], NONE],
  ["unknown-memory", "one beyond the last", [I32_0, I32_0, I32_0, AT, memoryInit(0, 1)]],
  ["unknown-data-segment", "a segment beyond the last", [
    I32_0,
    I32_0,
    I32_0,
    AT,
    memoryInit(1, 0),
  ]],
  ["unknown-data-segment", "no segment", [
    [I32_0, I32_0, I32_0, AT, memoryInit(0, 0)],
  ], { data: [] }],
  ["data-count-required", "no data count", [
    [I32_0, I32_0, I32_0, AT, memoryInit(0, 0)],
  ], { hasDataCount: false }],
])

validates("data.drop", [
  ["ok", "a segment", [dataDrop(0)]],
  ["ok", "without a memory", [dataDrop(0)], NONE],
  ["ok", "an index of five bytes", [dataDrop(padded(0, 5))]],
  ["unknown-data-segment", "one beyond the last", [AT, dataDrop(1)]],
  ["unknown-data-segment", "the greatest index", [AT, dataDrop(u(2 ** 32 - 1))]],
  ["data-count-required", "no data count", [AT, dataDrop(0)], { hasDataCount: false }],
])

const IMPORTED = { imports: [imported("m", "m", 2, [4, 1])], memories: [[0, 1]] }
validates("imported memories", [
  ["ok", "the imported one is the first", [memorySize(0)], { ...IMPORTED, results: [I64] }],
  ["ok", "the module's own is the second", [memorySize(1)], { ...IMPORTED, results: [I32] }],
  ["ok", "a load from it", [I64_0, I32_LOAD, memarg(2), DROP], IMPORTED],
  [
    "type-mismatch",
    "a load with a 32-bit address",
    [I32_0, AT, access(I32_LOAD, 2), DROP],
    IMPORTED,
  ],
  ["unknown-memory", "one beyond the last", [AT, memorySize(2), DROP], IMPORTED],
])
