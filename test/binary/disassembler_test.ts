/**
 * The disassembler: every form in the notation of the text format, every body of the official suite to its end, and no hang
 * or unbounded growth on bytes that are not instructions.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  DecodeError,
  type DisassembledInstruction,
  findFault,
  ModuleValidator,
} from "../../src/binary/mod.ts"
import { warmUpModule } from "../../src/binary/validation/warm_up.ts"
import { everything, invalid, malformed } from "../support/modules/cli_modules.ts"
import {
  body,
  build,
  code,
  END,
  flat,
  func,
  functions,
  I32,
  i32,
  I64,
  type Part,
  types,
  u,
} from "../support/module_builder.ts"
import { checkAll, walk } from "../support/disassembled.ts"
import { large } from "../support/modules.ts"
import { random, seed } from "../support/random.ts"
import { missing, readVectors } from "../support/spec_vectors.ts"

const textOf = ({ immediates, name }: DisassembledInstruction): string =>
  `${name} ${immediates}`.trim()

// deno-fmt-ignore
const forms: ReadonlyArray<readonly [text: string, ...bytes: ReadonlyArray<Part>]> = [
  ["nop", 0x01],
  ["block", 0x02, 0x40],
  ["block (result i32)", 0x02, I32],
  ["block (result funcref)", 0x02, 0x70],
  ["block (result nullref)", 0x02, 0x71],
  ["block (result (ref null 300))", 0x02, 0x63, u(300)],
  ["loop (type 5)", 0x03, 0x05],
  ["br 3", 0x0c, 3],
  ["br_table 1 2 3 0", 0x0e, 3, 1, 2, 3, 0],
  ["call 200", 0x10, u(200)],
  ["call_indirect (type 3)", 0x11, 3, 0],
  ["call_indirect 1 (type 3)", 0x11, 3, 1],
  ["select (result i32 i64)", 0x1c, 2, I32, I64],
  ["i32.load", 0x28, 2, 0],
  ["i32.load offset=8 align=1", 0x28, 0, 8],
  ["i32.load 1 offset=300", 0x28, 0x42, 1, u(300)],
  ["i64.store offset=18446744073709551615", 0x37, 3, u(2n ** 64n - 1n)],
  ["memory.size", 0x3f, 0],
  ["memory.size 1", 0x3f, 1],
  ["i32.const -1", i32(-1)],
  ["i32.const 2147483647", i32(2147483647)],
  ["i32.const -2147483648", i32(-2147483648)],
  ["i64.const -9223372036854775808", 0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
  ["i64.const 9223372036854775807", 0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00],
  ["f32.const 0.1", 0x43, 0xcd, 0xcc, 0xcc, 0x3d],
  ["f32.const -0", 0x43, 0, 0, 0, 0x80],
  ["f32.const inf", 0x43, 0, 0, 0x80, 0x7f],
  ["f32.const -nan:0x1", 0x43, 1, 0, 0x80, 0xff],
  ["f32.const nan", 0x43, 0, 0, 0xc0, 0x7f],
  ["f32.const 16777216", 0x43, 0, 0, 0x80, 0x4b],
  ["f64.const 3.141592653589793", 0x44, 0x18, 0x2d, 0x44, 0x54, 0xfb, 0x21, 0x09, 0x40],
  ["f64.const nan:0x4000000000000", 0x44, 0, 0, 0, 0, 0, 0, 0xf4, 0x7f],
  ["ref.null func", 0xd0, 0x70],
  ["ref.null 7", 0xd0, 7],
  ["ref.func 9", 0xd2, 9],
  ["struct.get 1 2", 0xfb, 2, 1, 2],
  ["ref.test (ref any)", 0xfb, 0x14, 0x6e],
  ["ref.cast (ref null 4)", 0xfb, 0x17, 4],
  ["br_on_cast 1 (ref null any) (ref i31)", 0xfb, 0x18, 1, 1, 0x6e, 0x6c],
  ["memory.copy", 0xfc, 0x0a, 0, 0],
  ["memory.copy 1 0", 0xfc, 0x0a, 1, 0],
  ["memory.init 5", 0xfc, 0x08, 5, 0],
  ["table.init 2 5", 0xfc, 0x0c, 5, 2],
  ["v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c", 0xfd, 0x0c, [...Array(16).keys()]],
  ["i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", 0xfd, 0x0d, [...Array(16).keys()]],
  ["i8x16.extract_lane_s 7", 0xfd, 0x15, 7],
  ["v128.load8_lane offset=4 3", 0xfd, 0x54, 0, 4, 3],
  ["i32.atomic.rmw.add offset=16", 0xfe, 0x1e, 2, 16],
  ["atomic.fence", 0xfe, 0x03, 0],
  ["try_table (result i32) (catch 0 1) (catch_all_ref 2)", 0x1f, I32, 2, 0, 0, 1, 3, 2],
]
for (const [text, ...bytes] of forms) {
  test(`BodyDisassembler writes ${text}`, () => {
    const encoded = flat(...bytes)
    const [instructions, { fault }] = walk(Uint8Array.from([0, ...encoded]))
    // The body has no end.
    assert.equal(fault === undefined ? encoded.length : fault.offset - 1, encoded.length)
    assert.deepEqual(instructions.map(textOf), [text])
    assert.deepEqual([instructions[0]?.offset, instructions[0]?.size], [1, encoded.length])
  })
}

test("BodyDisassembler tells of locals, depths, and functions that are named", () => {
  const parts = [
    2,
    3,
    I32,
    u(200),
    0x7d,
    0x02,
    0x40,
    0x03,
    0x40,
    0x10,
    4,
    END,
    0x41,
    0,
    0x04,
    0x40,
    0x05,
    END,
    END,
    0xd2,
    5,
    END,
  ]
  const [instructions, { locals }] = walk(Uint8Array.from(flat(parts)))
  assert.deepEqual(locals, [{ count: 3, type: "i32" }, { count: 200, type: "f32" }])
  assert.deepEqual(
    instructions.map(({ depth, functionIndex, name }) => [name, depth, functionIndex]),
    [
      ["block", 0, undefined],
      ["loop", 1, undefined],
      ["call", 2, 4],
      ["end", 1, undefined],
      ["i32.const", 1, undefined],
      ["if", 1, undefined],
      ["else", 1, undefined],
      ["end", 1, undefined],
      ["end", 0, undefined],
      ["ref.func", 0, 5],
      ["end", 0, undefined],
    ],
  )
})

// deno-fmt-ignore
const broken: ReadonlyArray<readonly [name: string, code: string, offset: number, ...bytes: ReadonlyArray<Part>]> = [
  ["an opcode that there is not", "illegal-opcode", 2, 0, 0x01, 0x27],
  ["a prefix without its opcode", "unexpected-end", 2, 0, 0xfd],
  ["an opcode that there is not behind a prefix", "illegal-opcode", 1, 0, 0xfc, u(1_000)],
  ["an integer that is too long", "leb128-too-long", 6, 0, 0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
  ["more labels than there are bytes", "length-out-of-bounds", 2, 0, 0x0e, u(1_000_000), 0],
  ["more locals than there are bytes", "length-out-of-bounds", 0, u(4_000_000_000), 0],
  ["a type that there is not", "malformed-value-type", 2, 1, 1, 0x10, END],
  ["a constant that is cut", "unexpected-end", 4, 0, 0x44, 0, 0],
  ["nothing", "unexpected-end", 0],
  ["a body without its end", "unexpected-end", 2, 0, 0x01],
  ["a body whose only end is that of a block", "unexpected-end", 4, 0, 0x02, 0x40, END],
]
for (const [name, errorCode, offset, ...bytes] of broken) {
  test(`BodyDisassembler stops at ${name}`, () => {
    const [, disassembler] = walk(Uint8Array.from(flat(bytes)))
    assert.deepEqual([disassembler.fault?.code, disassembler.fault?.offset], [errorCode, offset])
    assert.equal(disassembler.next(), undefined)
  })
}

test("BodyDisassembler walks whole bodies, instruction by instruction", () => {
  assert.equal(checkAll(everything), 11)
  assert.ok(checkAll(large(200)) > 400)
  // A module with an instruction of every kind.
  assert.ok(checkAll(warmUpModule()) > 500)
})

test(
  "BodyDisassembler walks over every valid module of the official suite",
  { skip: missing },
  () => {
    let count = 0
    for (const { bytes, verdict } of readVectors()) {
      if (verdict === "valid") {
        count += checkAll(bytes)
      }
    }
    assert.ok(count > 10_000, String(count))
  },
)

test(`BodyDisassembler is bounded by its bytes, whatever they are (seed ${seed})`, () => {
  const next = random(seed)
  for (let run = 0; run < 2_000; run++) {
    const bytes = Uint8Array.from({ length: 1 + next(200) }, () => next(256))
    if (run % 2 === 0) bytes[0] = 0
    const [instructions, { locals }] = walk(bytes)
    assert.ok(instructions.length <= bytes.length && locals.length <= bytes.length)
    for (const { immediates } of instructions) assert.ok(immediates.length < 4_000)
  }
})

test("BodyDisassembler cuts a branch table of a million labels", () => {
  const count = 1_000_000
  const bytes = new Uint8Array(count + 8)
  bytes.set(flat(0, 0x0e, u(count)))
  const [instructions] = walk(bytes, 0, 5 + count + 1)
  assert.match(instructions[0]?.immediates ?? "", /^0 0 .*… \(1000001 in all\)$/)
  assert.ok((instructions[0]?.immediates.length ?? 0) < 200)
})

// deno-fmt-ignore
const stacks: ReadonlyArray<readonly [name: string, operands: ReadonlyArray<string>, isUnreachable: boolean, ...bytes: ReadonlyArray<Part>]> = [
  ["an operand of another type", ["i64", "i32", "f32"], false, 0x42, 5, 0x41, 0, 0x43, 0, 0, 0, 0, 0x6a, END],
  ["an operand too few", ["i32"], false, 0x41, 0, 0x6a, END],
  ["the block's own operands", ["f32"], false, 0x41, 0, 0x02, 0x40, 0x43, 0, 0, 0, 0, 0x45, END, END],
  ["unreachable code", ["f32"], true, 0x00, 0x43, 0, 0, 0, 0, 0x45, END],
  ["a result that is missing", [], false, END],
  ["a result too many", ["i32", "i64"], false, 0x41, 0, 0x42, 0, END],
  ["an end that is missing", ["i32"], false, 0x41, 0],
  ["a local that there is not", ["i32"], false, 0x41, 0, 0x20, 9, END],
]
for (const [name, operands, isUnreachable, ...parts] of stacks) {
  test(`findFault() finds the stack with ${name}`, () => {
    const bytes = build(types(func([], [I32])), functions(0), code(body(0, ...parts))).bytes
    const fault = findFault(bytes)
    assert.ok(fault?.body !== undefined, String(fault?.error))
    assert.deepEqual([fault.body.operands, fault.body.isUnreachable], [operands, isUnreachable])
    assert.equal(fault.body.end, bytes.length)
  })
}

test("findFault() tells of faults outside of bodies, and of none", () => {
  assert.equal(findFault(malformed)?.error.code, "length-out-of-bounds")
  assert.equal(findFault(malformed)?.body, undefined)
  assert.equal(findFault(everything), undefined)
  assert.equal(findFault(invalid)?.error.offset, 0x2e)
})

test(
  "findFault() finds what ModuleValidator finds, in every invalid module of the official suite",
  { skip: missing },
  () => {
    let bodies = 0
    for (const { bytes, verdict } of readVectors()) {
      if (verdict === "valid") continue
      const fault = findFault(bytes)
      const validator = new ModuleValidator()
      try {
        validator.push(bytes)
        validator.finish()
        assert.equal(fault, undefined)
      } catch (error) {
        assert.ok(error instanceof DecodeError && fault !== undefined)
        assert.deepEqual([fault.error.code, fault.error.offset], [error.code, error.offset])
      }
      if (fault?.body !== undefined) bodies++
    }
    assert.ok(bodies > 500, String(bodies))
  },
)
