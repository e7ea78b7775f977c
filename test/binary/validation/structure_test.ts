// The structure of bodies: the positions of end and else, numbers, block types, opcodes, select.
// https://webassembly.github.io/spec/core/binary/instructions.html
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  A_BASE,
  A_DERIVED,
  A_FUNC,
  AN_EXTERN,
  assembleCase,
  type BodyCase,
  type Environment,
  gives,
  T,
} from "./support/body_cases.ts"
import {
  block,
  brTable,
  call,
  catchTag,
  DROP,
  ELSE,
  EMPTY,
  F32_0,
  F64_0,
  I32_0,
  I64_0,
  ifElse,
  ifThen,
  localGet,
  loop,
  NOP,
  padded,
  SELECT,
  selectTyped,
  simd,
  tryTable,
  UNREACHABLE,
} from "../../support/instructions.ts"
import {
  AT,
  atByte,
  END,
  EXTERNREF,
  F32,
  FUNCREF,
  I32,
  I64,
  type Part,
  ref,
  refNull,
  u,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"
import { judge } from "../../support/verdicts.ts"

const OPEN: Environment = { hasEnd: false }
const BASE = refNull(T.BASE)

validates("where a body ends", [
  ["unexpected-end", "without an end", [NOP, AT], OPEN],
  ["unexpected-end", "in a block", [block(EMPTY, NOP), block(EMPTY), AT], OPEN],
  ["unexpected-end", "in a loop", [loop(EMPTY), AT], OPEN],
  ["unexpected-end", "in an if", [I32_0, ifThen(EMPTY), AT], OPEN],
  ["unexpected-end", "in an else", [I32_0, ifElse(EMPTY, [], []), AT], OPEN],
  ["unexpected-end", "in a try_table", [tryTable(EMPTY, []), AT], OPEN],
  ["unexpected-end", "in unreachable code", [UNREACHABLE, block(EMPTY), AT], OPEN],
  ["instructions-after-end", "a nop behind it", [END, AT, NOP], OPEN],
  ["instructions-after-end", "a second end", [END, AT]],
  ["instructions-after-end", "no instruction at all", [END, AT, 0xff], OPEN],
  ["instructions-after-end", "another function's worth", [NOP, END, AT, 0, NOP]],
  ["instructions-after-end", "behind a block's end", [block(EMPTY), END, AT]],
])

validates("a body without instructions", [
  ["unexpected-end", "it has no end", [AT], OPEN],
], { isStructural: true })

// Each instruction's bytes without the last: the body ends within it.
const CUT: ReadonlyArray<readonly [string, ...Array<Part>]> = [
  ["i32.const", 0x41],
  ["i32.const within its number", 0x41, 0x80],
  ["i64.const", 0x42],
  ["f32.const", 0x43, 0, 0, 0],
  ["f64.const", 0x44, 0, 0, 0, 0, 0, 0, 0],
  ["v128.const", 0xfd, 12, Array(15).fill(0)],
  ["local.get", 0x20],
  ["local.get within its index", 0x20, 0x80, 0x80],
  ["global.get", 0x23],
  ["call", 0x10],
  ["call_indirect", I32_0, 0x11, T.VOID],
  ["br", 0x0c],
  ["br_table", I32_0, 0x0e],
  ["br_table within its labels", I32_0, 0x0e, 2, 0, 0x80, 0x80],
  ["block", 0x02],
  ["block within its type", 0x02, 0x63],
  ["if", I32_0, 0x04],
  ["a load", I32_0, 0x28],
  ["a load behind its alignment", I32_0, 0x28, 2],
  ["a load behind its memory", I32_0, 0x28, 0x42, 0],
  ["memory.size", 0x3f],
  ["memory.copy", I32_0, I32_0, I32_0, 0xfc, 10, 0],
  ["the prefix 0xfb", 0xfb],
  ["the prefix 0xfc", 0xfc],
  ["the prefix 0xfd", 0xfd],
  ["the prefix 0xfe", 0xfe],
  ["a prefixed number", 0xfd, 0x80],
  ["ref.null", 0xd0],
  ["ref.func", 0xd2],
  ["struct.new", 0xfb, 0],
  ["struct.get", A_BASE, 0xfb, 2, T.BASE],
  ["br_on_cast", A_BASE, 0xfb, 24, 0, 0, 0x6e],
  ["ref.test", A_BASE, 0xfb, 20],
  ["select", I32_0, I32_0, I32_0, 0x1c],
  ["select within its types", I32_0, I32_0, I32_0, 0x1c, 1],
  ["a shuffle", 0xfd, 13, Array(15).fill(0)],
  ["a lane", 0xfd, 12, Array(16).fill(0), 0xfd, 21],
  ["atomic.fence", 0xfe, 3],
  ["throw", 0x08],
  ["try_table", 0x1f, EMPTY],
]
validates(
  "a body that ends within an instruction",
  CUT.map(([title, ...bytes]): BodyCase => ["unexpected-end", title, [bytes, AT], OPEN]),
)

validates("else", [
  ["ok", "in an if", [I32_0, ifThen(EMPTY, ELSE)]],
  ["ok", "in an if in an else", [I32_0, ifElse(EMPTY, [], [I32_0, ifElse(EMPTY, [], [])])]],
  ["misplaced-else", "in the function", [AT, ELSE]],
  ["misplaced-else", "in a block", [block(EMPTY, AT, ELSE)]],
  ["misplaced-else", "in a loop", [loop(EMPTY, AT, ELSE)]],
  ["misplaced-else", "in a block of an if", [I32_0, ifThen(EMPTY, block(EMPTY, AT, ELSE))]],
  ["misplaced-else", "twice", [I32_0, ifElse(EMPTY, [], [AT, ELSE])]],
  ["misplaced-else", "behind an if", [I32_0, ifThen(EMPTY), AT, ELSE]],
  ["misplaced-else", "in a try_table", [tryTable(EMPTY, [], AT, ELSE)]],
  ["misplaced-else", "in unreachable code", [block(EMPTY, UNREACHABLE, AT, ELSE)]],
])

const BLOCKS: ReadonlyArray<readonly [string, (type: Part) => Part]> = [
  ["block", (type) => block(type, UNREACHABLE)],
  ["loop", (type) => loop(type, UNREACHABLE)],
  ["if", (type) => ifElse(type, [UNREACHABLE], [UNREACHABLE])],
  ["try_table", (type) => tryTable(type, [], UNREACHABLE)],
]
validates(
  "block types",
  BLOCKS.flatMap(([name, of]): Array<BodyCase> => [
    ["ok", `${name} of a reference`, [I32_0, of(EXTERNREF), UNREACHABLE]],
    ["ok", `${name} of a defined type`, [I32_0, of(BASE), UNREACHABLE]],
    ["ok", `${name} of a type index of five bytes`, [I32_0, of(padded(T.VOID, 5)), UNREACHABLE]],
    ["unknown-type", `${name} of a type beyond the last`, [I32_0, AT, of(T.NEXT + 1), UNREACHABLE]],
    ["unknown-type", `${name} of the greatest type`, [
      [I32_0, AT, of([0xff, 0xff, 0xff, 0xff, 0x0f]), UNREACHABLE],
    ]],
    ["unknown-type", `${name} of a reference to no type`, [
      [I32_0, AT, of(ref(T.NEXT + 1)), UNREACHABLE],
    ]],
    ["unexpected-type-form", `${name} of a struct type`, [I32_0, AT, of(T.BASE), UNREACHABLE]],
    ["unexpected-type-form", `${name} of an array type`, [I32_0, AT, of(T.INTS), UNREACHABLE]],
    ["malformed-heap-type", `${name} of a reference to a number`, [
      [I32_0, atByte(2), of(ref(I32)), UNREACHABLE],
    ]],
    ["malformed-value-type", `${name} of 0x60`, [I32_0, atByte(1), of(0x60), UNREACHABLE]],
    ["malformed-value-type", `${name} of 0x41`, [I32_0, atByte(1), of(0x41), UNREACHABLE]],
    ["malformed-value-type", `${name} of a packed type`, [I32_0, atByte(1), of(0x78), UNREACHABLE]],
    ["malformed-block-type", `${name} of a negative number`, [
      [I32_0, atByte(1), of([0xbf, 0x7f]), UNREACHABLE],
    ]],
    ["malformed-block-type", `${name} of the empty type in two bytes`, [
      [I32_0, atByte(1), of([0xc0, 0x7f]), UNREACHABLE],
    ]],
    ["malformed-block-type", `${name} of i32 in two bytes`, [
      [I32_0, atByte(1), of([0xff, 0x7f]), UNREACHABLE],
    ]],
    ["malformed-block-type", `${name} of the least number`, [
      [I32_0, atByte(1), of([0x80, 0x80, 0x80, 0x80, 0x70]), UNREACHABLE],
    ]],
    ["leb128-too-long", `${name} of a type index of six bytes`, [
      [I32_0, atByte(5), of(padded(T.VOID, 6)), UNREACHABLE],
    ]],
    ["leb128-too-large", `${name} of a number above 33 bits`, [
      [I32_0, atByte(5), of([0x80, 0x80, 0x80, 0x80, 0x20]), UNREACHABLE],
    ]],
  ]),
)

const FF = [0xff, 0xff, 0xff, 0xff]
const ZEROS = [0x80, 0x80, 0x80, 0x80]
validates("numbers in LEB128", [
  ["ok", "i32.const 0 in five bytes", [0x41, ZEROS, 0x00, DROP]],
  ["ok", "i32.const -1 in five bytes", [0x41, FF, 0x7f, DROP]],
  ["ok", "the least i32", [0x41, ZEROS, 0x78, DROP]],
  ["ok", "the greatest i32", [0x41, FF, 0x07, DROP]],
  ["leb128-too-long", "i32.const in six bytes", [atByte(5), 0x41, ZEROS, 0x80, 0x00, DROP]],
  ["leb128-too-large", "i32.const above 31 bits", [atByte(5), 0x41, ZEROS, 0x08, DROP]],
  ["leb128-too-large", "i32.const below 31 bits", [atByte(5), 0x41, ZEROS, 0x70, DROP]],
  ["leb128-too-large", "i32.const with a bit beyond its sign", [atByte(5), 0x41, FF, 0x4f, DROP]],
  ["ok", "i64.const 0 in ten bytes", [0x42, ZEROS, ZEROS, 0x80, 0x00, DROP]],
  ["ok", "i64.const -1 in ten bytes", [0x42, FF, FF, 0xff, 0x7f, DROP]],
  ["ok", "the least i64", [0x42, ZEROS, ZEROS, 0x80, 0x7f, DROP]],
  ["leb128-too-long", "i64.const in eleven bytes", [
    atByte(10),
    0x42,
    ZEROS,
    ZEROS,
    0x80,
    0x80,
    0,
    DROP,
  ]],
  ["leb128-too-large", "i64.const above 63 bits", [
    atByte(10),
    0x42,
    ZEROS,
    ZEROS,
    0x80,
    0x01,
    DROP,
  ]],
  ["leb128-too-large", "i64.const below 63 bits", [
    atByte(10),
    0x42,
    ZEROS,
    ZEROS,
    0x80,
    0x7e,
    DROP,
  ]],
  ["ok", "local.get in five bytes", [localGet(padded(0, 5)), DROP]],
  ["leb128-too-long", "local.get in six bytes", [atByte(5), localGet(padded(0, 6)), DROP]],
  ["leb128-too-large", "local.get above 32 bits", [atByte(5), localGet([ZEROS, 0x10]), DROP]],
  ["leb128-too-long", "call in six bytes", [atByte(5), call(padded(0, 6))]],
  ["leb128-too-large", "call above 32 bits", [atByte(5), call([ZEROS, 0x20])]],
  ["leb128-too-long", "br in six bytes", [atByte(5), 0x0c, padded(0, 6)]],
  ["leb128-too-large", "a label of br_table above 32 bits", [I32_0, atByte(6), 0x0e, 1, [
    ZEROS,
    0x10,
  ], 0]],
  ["ok", "br_table's count in five bytes", [I32_0, 0x0e, padded(1, 5), 0, 0]],
  ["leb128-too-long", "br_table's count in six bytes", [
    I32_0,
    atByte(5),
    0x0e,
    padded(1, 6),
    0,
    0,
  ]],
  ["leb128-too-large", "br_table's count above 32 bits", [
    I32_0,
    atByte(5),
    0x0e,
    [ZEROS, 0x10],
    0,
  ]],
  ["length-out-of-bounds", "br_table's greatest count", [I32_0, AT, 0x0e, [FF, 0x0f], 0, 0]],
  ["leb128-too-long", "a clause's tag in six bytes", [
    [atByte(8), tryTable(EMPTY, [catchTag(padded(0, 6), 0)])],
  ]],
  ["leb128-too-large", "a clause's label above 32 bits", [
    [atByte(9), tryTable(EMPTY, [catchTag(0, [ZEROS, 0x10])])],
  ]],
  ["ok", "a prefixed number in five bytes", [F32_0, 0xfc, padded(0, 5), DROP]],
  ["leb128-too-long", "a prefixed number in six bytes", [
    F32_0,
    atByte(5),
    0xfc,
    padded(0, 6),
    DROP,
  ]],
  ["leb128-too-large", "a prefixed number above 32 bits", [
    F32_0,
    atByte(5),
    0xfb,
    [ZEROS, 0x10],
    DROP,
  ]],
])

const range = (first: number, last: number): Array<number> => {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
const UNASSIGNED = [0x16, 0x17, 0x1d, 0x1e, 0x27, ...range(0xc5, 0xcf), ...range(0xd7, 0xfa), 0xff]
validates("unassigned opcodes", [
  ...UNASSIGNED.map((opcode): BodyCase => {
    return ["unsupported", opcode.toString(16), [AT, opcode, NOP, NOP]]
  }),
  ...[0x1f, 0x20, 0x21, 0x22, 0x23, 0x27, 0x7f, 0x80, 0x1000].map((opcode): BodyCase => {
    return ["unsupported", `fb ${opcode.toString(16)}`, [AT, 0xfb, u(opcode), NOP, NOP]]
  }),
  ...[0x12, 0x17, 0x18, 0x7f, 0x80, 0x1000].map((opcode): BodyCase => {
    return ["unsupported", `fc ${opcode.toString(16)}`, [AT, 0xfc, u(opcode), NOP, NOP]]
  }),
  ["unsupported", "in unreachable code", [UNREACHABLE, AT, 0xff]],
])

test("Full validation defers unknown opcodes if asked", () => {
  for (const opcode of [[0xff], [0xfb, 0x7f], [0xfc, 0x7f], [0xfd, 0xff, 0x7f], [0xfe, 0x7f]]) {
    const { at, bytes } = assembleCase(["unsupported", "", [NOP, AT, opcode]])
    const { code, offset } = judge([bytes], { validation: "full", unknown: "defer" })
    assert.deepEqual({ code, offset }, { code: "unknown", offset: at })
  }
})

validates("select", [
  ["ok", "i32", [I32_0, I32_0, I32_0, SELECT], gives(I32)],
  ["ok", "i64", [I64_0, I64_0, I32_0, SELECT], gives(I64)],
  ["ok", "f32", [F32_0, F32_0, I32_0, SELECT], gives(F32)],
  ["ok", "operands below are left alone", [F64_0, I64_0, I64_0, I32_0, SELECT, DROP, DROP]],
  ["type-mismatch", "nothing", [AT, SELECT, DROP]],
  ["type-mismatch", "the condition alone", [I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "one operand", [I64_0, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "operands from outside the block", [
    [I32_0, I32_0, block(EMPTY, I32_0, AT, SELECT, DROP), DROP, DROP],
  ]],
  ["type-mismatch", "a condition of i64", [I32_0, I32_0, I64_0, AT, SELECT, DROP]],
  ["type-mismatch", "operands that differ", [I32_0, I64_0, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "as another type", [I64_0, I64_0, I32_0, SELECT, AT], gives(I32)],
  ["type-mismatch", "functions", [A_FUNC, A_FUNC, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "external references", [AN_EXTERN, AN_EXTERN, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "a number and a reference", [I32_0, A_FUNC, I32_0, AT, SELECT, DROP]],
])

validates("select with a type", [
  ["ok", "numbers", [I64_0, I64_0, I32_0, selectTyped(I64)], gives(I64)],
  ["ok", "functions", [A_FUNC, A_FUNC, I32_0, selectTyped(FUNCREF)], gives(FUNCREF)],
  ["ok", "sub types", [A_DERIVED, A_BASE, I32_0, selectTyped(BASE)], gives(BASE)],
  ["type-mismatch", "one operand", [I64_0, I32_0, AT, selectTyped(I64), DROP]],
  ["type-mismatch", "a condition of i64", [I64_0, I64_0, I64_0, AT, selectTyped(I64), DROP]],
  ["type-mismatch", "a wrong first operand", [I32_0, I64_0, I32_0, AT, selectTyped(I64), DROP]],
  ["type-mismatch", "a wrong second operand", [I64_0, I32_0, I32_0, AT, selectTyped(I64), DROP]],
  ["type-mismatch", "a super type", [
    A_BASE,
    A_DERIVED,
    I32_0,
    AT,
    selectTyped(ref(T.DERIVED)),
    DROP,
  ]],
  ["type-mismatch", "it gives its type, not the operands'", [
    [A_DERIVED, A_DERIVED, I32_0, selectTyped(BASE), AT],
  ], gives(refNull(T.DERIVED))],
  ["invalid-result-arity", "no type", [I64_0, I64_0, I32_0, AT, selectTyped(), DROP]],
  ["invalid-result-arity", "two types", [I64_0, I64_0, I32_0, AT, selectTyped(I64, I64), DROP]],
  ["malformed-value-type", "the empty block type", [
    I32_0,
    I32_0,
    I32_0,
    atByte(2),
    selectTyped(EMPTY),
    DROP,
  ]],
  ["malformed-value-type", "a packed type", [
    I32_0,
    I32_0,
    I32_0,
    atByte(2),
    selectTyped(0x78),
    DROP,
  ]],
  ["malformed-heap-type", "a reference to a number", [
    [A_FUNC, A_FUNC, I32_0, atByte(3), selectTyped(ref(I32)), DROP],
  ]],
  ["unknown-type", "a reference to no type", [
    [A_FUNC, A_FUNC, I32_0, AT, selectTyped(ref(T.NEXT + 1)), DROP],
  ]],
])

validates("br_table's form", [
  ["ok", "no labels but the default", [I32_0, 0x0e, 0, 0]],
  ["ok", "labels of several bytes", [I32_0, 0x0e, 2, padded(0, 2), padded(0, 5), padded(0, 3)]],
  ["ok", "two hundred labels", [I32_0, brTable(...Array(201).fill(0))]],
  ["unknown-label", "the last of two hundred", [I32_0, AT, brTable(...Array(200).fill(0), 1)]],
])

validates("local declarations", [
  ["malformed-value-type", "a type that is none", [], { locals: [[1, AT, 0x40]] }],
  ["malformed-heap-type", "a reference to a number", [], { locals: [[1, 0x63, AT, I32]] }],
  ["unknown-type", "a reference to no type", [], { locals: [[1, 0x63, AT, T.NEXT + 1]] }],
  ["leb128-too-long", "a count of six bytes", [], { locals: [[ZEROS, AT, 0x80, 0x00, I32]] }],
], { isStructural: true })

validates("opcodes as immediates", [
  ["ok", "an end in a constant", [0x41, END, DROP]],
  ["ok", "ends in a vector", [simd(12, Array(16).fill(END)), DROP]],
  ["ok", "an else in an index", [localGet(ELSE), DROP]],
  ["ok", "an end in an offset", [I32_0, 0x28, 0, END, DROP]],
])
