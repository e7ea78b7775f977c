// Constant expressions, element segments, data segments and code.
import {
  array,
  AT,
  body,
  code,
  data,
  dataCount,
  elements,
  emptyBody,
  END,
  EXTERNREF,
  F32,
  F64,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  I64,
  i64,
  imported,
  imports,
  memories,
  type Part,
  ref,
  refNull,
  section,
  struct,
  sub,
  tables,
  types,
  u,
  V128,
  vec,
} from "../support/module_builder.ts"
import { accepts, defers, rejects } from "../support/verdicts.ts"

// Type 0: [] -> []; 1: struct { i32, mut i8 }; 2: array of funcref; 3: struct { ref any };
// 4: array of i64, a supertype; 5: its subtype. Globals 0: i32; 1: mut i32; 2: externref.
const BEFORE = [
  types(
    func([], []),
    struct([I32, 0], [0x78, 1]),
    array([FUNCREF, 0]),
    struct([ref(0x6e), 0]),
    sub([], array([I64, 0])),
    sub([4], array([I64, 0])),
  ),
  imports(
    imported("m", "i", 3, [I32, 0]),
    imported("m", "m", 3, [I32, 1]),
    imported("m", "e", 3, [EXTERNREF, 0]),
    imported("m", "f", 0, 0),
  ),
]
const REF_FUNC_0 = [0xd2, 0]
const GET = (index: Part): Part => [0x23, index]
const gc = (opcode: number, ...rest: ReadonlyArray<Part>): Part => [0xfb, opcode, rest]
const V128_CONST = [0xfd, 12, Array(16).fill(9)]

const constant = (title: string, type: Part, ...expression: ReadonlyArray<Part>): void => {
  accepts(`a constant expression: ${title}`, [...BEFORE, globals([type, 0, expression, END])])
}
constant("i32.const", I32, i32(-(2 ** 31)))
constant("i64.const", I64, i64(-(2n ** 63n)))
constant("f32.const", F32, 0x43, [0, 0, 0xc0, 0x7f])
constant("f64.const", F64, 0x44, Array(8).fill(0x0b))
constant("v128.const", V128, V128_CONST)
constant("global.get", I32, GET(0))
constant("extended i32", I32, GET(0), i32(2), 0x6a, i32(3), 0x6b, i32(4), 0x6c)
constant("extended i64", I64, i64(1), i64(2), 0x7c, i64(3), 0x7d, i64(4), 0x7e)
constant("ref.null", FUNCREF, 0xd0, FUNCREF)
constant("ref.null of a bottom type", FUNCREF, 0xd0, 0x73)
constant("ref.null of a defined type", refNull(1), 0xd0, 1)
constant("ref.func", ref(0), REF_FUNC_0)
constant("ref.func as funcref", FUNCREF, REF_FUNC_0)
constant("ref.i31", ref(0x6c), i32(1), gc(28))
constant("struct.new", ref(1), i32(1), i32(2), gc(0, 1))
constant("struct.new_default", ref(0x6b), gc(1, 1))
constant("array.new", ref(2), REF_FUNC_0, i32(3), gc(6, 2))
constant("array.new_default", 0x6a, i32(3), gc(7, 2))
constant("array.new_fixed", ref(2), REF_FUNC_0, [0xd0, FUNCREF], gc(8, 2, 2))
constant("array.new_fixed of nothing", refNull(2), gc(8, 2, 0))
constant("array.new_fixed of many", ref(4), Array(200).fill(i64(1)), gc(8, 4, u(200)))
constant("any.convert_extern", 0x6e, GET(2), gc(26))
constant("extern.convert_any", ref(0x6f), i32(1), gc(28), gc(27))
constant("a sub type", refNull(4), gc(8, 5, 0))
constant("nested objects", ref(3), i32(1), gc(28), gc(0, 3))
accepts("a constant expression: global.get of a defined global", [
  ...BEFORE,
  globals([I32, 0, i32(1), END], [I32, 0, GET(3), END]),
])

const wrong = (type: Part, ...expression: ReadonlyArray<Part>): Array<Part> => [
  ...BEFORE,
  globals([type, 0, expression]),
]
rejects("type-mismatch", "an expression of nothing", wrong(I32, AT, END))
rejects("type-mismatch", "an expression of two values", wrong(I32, i32(1), i32(1), AT, END))
rejects("type-mismatch", "an expression of another type", wrong(I32, i64(1), AT, END))
rejects("type-mismatch", "null where null is not allowed", wrong(ref(0x70), 0xd0, FUNCREF, AT, END))
rejects("type-mismatch", "a super type", wrong(refNull(5), gc(8, 4, 0), AT, END))
rejects("type-mismatch", "an addition of nothing", wrong(I32, AT, 0x6a, END))
rejects("type-mismatch", "an addition of one", wrong(I32, i32(1), AT, 0x6a, END))
rejects("type-mismatch", "an addition of i64 to i32", wrong(I32, i32(1), i64(1), AT, 0x6a, END))
rejects("type-mismatch", "a struct of missing fields", wrong(ref(1), i32(1), AT, gc(0, 1), END))
rejects("type-mismatch", "a default of a field without", wrong(ref(3), AT, gc(1, 3), END))
rejects("type-mismatch", "a wild count", wrong(ref(4), AT, gc(8, 4, u(9999)), END))
rejects("type-mismatch", "ref.i31 of an i64", wrong(ref(0x6c), i64(1), AT, gc(28), END))
rejects("type-mismatch", "a nullable conversion", wrong(ref(0x6e), GET(2), gc(26), AT, END))
rejects("unexpected-type-form", "a struct of an array type", wrong(ref(2), [0xfb, 0, AT, 2], END))
rejects("unexpected-type-form", "an array of a struct type", wrong(ref(1), [0xfb, 7, AT, 1], END))
rejects("unknown-type", "a struct of an unknown type", wrong(ref(1), [0xfb, 0, AT, 6], END))
rejects("unknown-function", "a reference to an unknown function", wrong(FUNCREF, 0xd2, AT, 1, END))
rejects("unknown-global", "an unknown global", wrong(I32, GET([AT, 3]), END))
rejects("constant-expression-required", "a mutable global", wrong(I32, GET([AT, 1]), END))
defers(
  "constant-expression-required",
  "an instruction that is not constant",
  wrong(I32, AT, 0x01, END),
)
defers("constant-expression-required", "a call", wrong(I32, AT, 0x10, 0, END))
defers(
  "constant-expression-required",
  "a vector instruction",
  wrong(V128, V128_CONST, AT, 0xfd, 77),
)
defers("constant-expression-required", "an aggregate instruction", wrong(I32, AT, 0xfb, 15, END))
defers("illegal-opcode", "an opcode that is none", wrong(I32, AT, 0xff, END))
rejects(
  "leb128-too-large",
  "an i32 beyond 32 bits",
  wrong(I32, [0x41, 0x80, 0x80, 0x80, 0x80], AT, 0x08),
)
rejects(
  "leb128-too-long",
  "an i64 of eleven bytes",
  wrong(I64, [0x42, Array(9).fill(0xff)], AT, 0xff),
)
rejects(
  "leb128-too-large",
  "an i64 beyond 64 bits",
  wrong(I64, [0x42, Array(9).fill(0xff)], AT, 0x01),
)
rejects("unexpected-end", "an expression without end", [...BEFORE, globals([I32, 0, i32(1)]), AT])
rejects("unexpected-end", "a constant beyond its section", [
  ...BEFORE,
  [section(6, 1, F64, 0, 0x44, 0, 0), AT],
])

// Element segments
const TABLES = [
  ...BEFORE,
  tables([FUNCREF, 0, 9], [EXTERNREF, 0, 9], [FUNCREF, 4, 9], [refNull(0), 0, 9]),
]
accepts("element segments of all eight forms", [
  ...TABLES,
  elements(
    [0, i32(0), END, vec(0, 0)],
    [1, 0, vec(0)],
    [2, 2, i64(0), END, 0, vec(0)],
    [3, 0, vec(0)],
    [4, i32(0), END, vec([REF_FUNC_0, END], [0xd0, FUNCREF, END])],
    [5, EXTERNREF, vec([0xd0, EXTERNREF, END], [GET(2), END])],
    [6, 1, i32(0), END, EXTERNREF, vec([0xd0, EXTERNREF, END])],
    [7, ref(0), vec([REF_FUNC_0, END])],
    [6, 3, i32(0), END, refNull(0), vec()],
  ),
])
accepts("a long element segment", [
  ...TABLES,
  elements([0, i32(0), END, vec(...Array(400).fill(0))]),
])
defers("malformed-element-flags", "element flags 8", [...TABLES, elements([AT, 8, 0])])
defers("malformed-element-kind", "element kind 1", [...TABLES, elements([1, AT, 1, vec(0)])])
defers("malformed-reference-type", "a segment of numbers", [...TABLES, elements([5, AT, I32, 0])])
rejects("unknown-table", "a segment without a table", [
  ...BEFORE,
  elements([0, AT, i32(0), END, 0]),
])
rejects("unknown-table", "a segment of an unknown table", [
  ...TABLES,
  elements([2, AT, 4, i32(0), END, 0, 0]),
])
rejects("unknown-function", "an unknown function in a segment", [
  ...TABLES,
  elements([1, 0, vec(0, [AT, 1])]),
])
rejects("type-mismatch", "an offset of another type", [
  ...TABLES,
  elements([0, i64(0), AT, END, 0]),
])
rejects("type-mismatch", "a 32-bit offset into a 64-bit table", [
  ...TABLES,
  elements([2, 2, i32(0), AT, END, 0, 0]),
])
rejects("type-mismatch", "functions in a table of externref", [
  ...TABLES,
  elements([2, 1, i32(0), END, AT, 0, 0]),
])
rejects("type-mismatch", "funcref in a table of a function type", [
  ...TABLES,
  elements([2, 3, i32(0), END, AT, 0, 0]),
])
rejects("type-mismatch", "an entry of another type", [
  ...TABLES,
  elements([5, EXTERNREF, vec([REF_FUNC_0, AT, END])]),
])
rejects("length-out-of-bounds", "a wild count of entries", [
  ...TABLES,
  elements([1, 0, AT, u(1_000_000), 0]),
])

// Data segments
const MEMORIES = memories([0, 1], [4, 1])
accepts("data segments of all forms", [
  MEMORIES,
  dataCount(3),
  data([0, i32(0), END, vec(1, 2, 3)], [1, vec()], [2, 1, i64(0), END, vec(...Array(200).fill(5))]),
])
defers("malformed-data-flags", "data flags 3", [MEMORIES, data([AT, 3, 0])])
rejects("unknown-memory", "data without a memory", [data([AT, 0, i32(0), END, 0])])
rejects("unknown-memory", "data of an unknown memory", [MEMORIES, data([2, AT, 2, i32(0), END, 0])])
rejects("type-mismatch", "a 32-bit offset into a 64-bit memory", [
  MEMORIES,
  data([2, 1, i32(0), AT, END, 0]),
])
rejects("length-out-of-bounds", "data beyond the section", [MEMORIES, data([1, AT, 2, 0])])
rejects("unexpected-end", "data cut short", [MEMORIES, [11, 5, 1, 1, 2, 9], AT])
rejects("section-size-mismatch", "bytes after data", [MEMORIES, section(11, vec([1, 1, 9]), AT, 0)])

// Code
const FUNCTION = [types(func([I32], []), struct()), functions(0)]
accepts("locals of every kind of type", [
  ...FUNCTION,
  code(body(vec([1, I32], [0, V128], [5, ref(1)], [2, refNull(0x71)]), END)),
])
accepts("bodies of nonsense", [...FUNCTION, code(body(0, 0xff, 0xff))])
accepts("sizes of five bytes", [...FUNCTION, section(10, 1, [0x82, 0x80, 0x80, 0x80, 0], 0, END)])
accepts("many locals in the core specification", [
  ...FUNCTION,
  code(body(vec([u(2 ** 32 - 1), I32]), END)),
], { limits: "core" })
rejects("unexpected-end", "a body without locals", [...FUNCTION, section(10, 1, 0, AT)])
rejects("unexpected-end", "a body without instructions", [...FUNCTION, section(10, 1, 1, 0, AT)])
rejects("length-out-of-bounds", "a body beyond its section", [
  ...FUNCTION,
  section(10, 1, AT, 3, 0, END),
])
rejects("length-out-of-bounds", "local declarations beyond the body", [
  ...FUNCTION,
  section(10, 1, 2, AT, 4, END, 0, 0, 0),
])
rejects("unexpected-end", "a local declaration beyond the body", [
  ...FUNCTION,
  section(10, 1, 3, 1, 1, 0x63, AT, 0x70, END),
])
rejects("section-size-mismatch", "bytes after the bodies", [
  ...FUNCTION,
  section(10, 1, emptyBody, AT, 0),
])
rejects("unexpected-end", "a body cut short", [...FUNCTION, [10, 6, 1, 4, 0, 1], AT])
rejects("too-many-locals", "more locals than 32 bits count", [
  ...FUNCTION,
  section(10, 1, 10, 2, u(2 ** 32 - 1), I32, AT, 1, I32, END),
], { limits: "core" })
rejects("unknown-type", "a local of an unknown type", [
  ...FUNCTION,
  section(10, 1, 6, 1, 1, 0x63, AT, 9, END, END),
])
defers("malformed-value-type", "a local of an unknown value type", [
  ...FUNCTION,
  section(10, 1, 5, 1, 1, AT, 0x40, END, END),
])
