// References, typed function references, and locals that must be set before they are read.
// https://webassembly.github.io/spec/core/valid/instructions.html#reference-instructions
import {
  A_BASE,
  A_BASE_NULL,
  A_DERIVED,
  A_FUNC,
  A_SUPER,
  AN_ANY,
  AN_EQ,
  AN_EXTERN,
  ANY,
  ARRAY,
  type BodyCase,
  EQ,
  EXN,
  EXTERN,
  F,
  FUNC,
  gives,
  I31,
  INTS,
  L,
  NOEXN,
  NOEXTERN,
  NOFUNC,
  NONE,
  STRUCT,
  T,
} from "./support/body_cases.ts"
import {
  block,
  brOnNonNull,
  brOnNull,
  DROP,
  EMPTY,
  I32_0,
  I64_0,
  ifElse,
  ifThen,
  localGet,
  localSet,
  localTee,
  loop,
  padded,
  REF_AS_NON_NULL,
  REF_EQ,
  REF_IS_NULL,
  refFunc,
  refNullOf,
  UNREACHABLE,
} from "../../support/instructions.ts"
import {
  AT,
  atByte,
  exported,
  exports,
  EXTERNREF,
  FUNCREF,
  I32,
  I64,
  ref,
  refNull,
  vec,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)
const HEAPS = [
  ...[ANY, EQ, I31, STRUCT, ARRAY, NONE, FUNC, NOFUNC, EXTERN, NOEXTERN, EXN, NOEXN],
]

validates("ref.null", [
  ...HEAPS.map((heap): BodyCase => {
    return ["ok", `of 0x${heap.toString(16)}`, [refNullOf(heap)], gives(heap)]
  }),
  ["ok", "of a struct type", [refNullOf(T.BASE)], gives(BASE)],
  ["ok", "of a function type", [refNullOf(T.VOID)], gives(FUNCREF)],
  ["ok", "of a type index of five bytes", [refNullOf(padded(T.BASE, 5))], gives(BASE)],
  ["type-mismatch", "is nullable", [refNullOf(T.BASE), AT], gives(ref(T.BASE))],
  ["type-mismatch", "as another hierarchy", [refNullOf(FUNC), AT], gives(EXTERNREF)],
  ["type-mismatch", "as a sub type", [refNullOf(STRUCT), AT], gives(BASE)],
  ["unknown-type", "a type beyond the last", [AT, refNullOf(T.NEXT + 1), DROP]],
  ["malformed-heap-type", "a number type", [atByte(1), refNullOf(I32), DROP]],
  ["malformed-heap-type", "the empty block type", [atByte(1), refNullOf(EMPTY), DROP]],
  ["malformed-heap-type", "a value type", [atByte(1), refNullOf(0x63), T.BASE, DROP]],
  ["malformed-heap-type", "a continuation", [atByte(1), refNullOf(0x68), DROP]],
  ["leb128-too-long", "a type index of six bytes", [atByte(5), refNullOf(padded(T.BASE, 6)), DROP]],
])

validates("ref.is_null", [
  ["ok", "a function", [A_FUNC, REF_IS_NULL], gives(I32)],
  ["ok", "an external reference", [AN_EXTERN, REF_IS_NULL], gives(I32)],
  ["ok", "a reference that is not null", [A_BASE, REF_IS_NULL], gives(I32)],
  ["type-mismatch", "nothing", [AT, REF_IS_NULL, DROP]],
  ["type-mismatch", "a number", [I32_0, AT, REF_IS_NULL, DROP]],
  ["type-mismatch", "a vector", [localGet(L.V128), AT, REF_IS_NULL, DROP]],
  ["type-mismatch", "as i64", [A_FUNC, REF_IS_NULL, AT], gives(I64)],
])

validates("ref.as_non_null", [
  ["ok", "of a defined type", [A_BASE_NULL, REF_AS_NON_NULL], gives(ref(T.BASE))],
  ["ok", "of an abstract type", [AN_ANY, REF_AS_NON_NULL], gives(ref(ANY))],
  ["ok", "of what is not null already", [A_BASE, REF_AS_NON_NULL], gives(ref(T.BASE))],
  ["type-mismatch", "nothing", [AT, REF_AS_NON_NULL, DROP]],
  ["type-mismatch", "a number", [I64_0, AT, REF_AS_NON_NULL, DROP]],
  ["type-mismatch", "keeps the heap type", [
    [A_BASE_NULL, REF_AS_NON_NULL, AT],
  ], gives(ref(T.DERIVED))],
])

validates("ref.eq", [
  ["ok", "structs and eqref", [A_BASE, AN_EQ, REF_EQ], gives(I32)],
  ["ok", "arrays and nulls", [INTS, refNullOf(NONE), REF_EQ], gives(I32)],
  ["ok", "i31", [refNullOf(I31), A_DERIVED, REF_EQ], gives(I32)],
  ["type-mismatch", "one operand", [A_BASE, AT, REF_EQ, DROP]],
  ["type-mismatch", "anyref first", [AN_ANY, A_BASE, AT, REF_EQ, DROP]],
  ["type-mismatch", "anyref second", [A_BASE, AN_ANY, AT, REF_EQ, DROP]],
  ["type-mismatch", "functions", [A_FUNC, A_FUNC, AT, REF_EQ, DROP]],
  ["type-mismatch", "external references", [AN_EXTERN, AN_EXTERN, AT, REF_EQ, DROP]],
  ["type-mismatch", "numbers", [I32_0, I32_0, AT, REF_EQ, DROP]],
])

const ITSELF = refFunc(F.TESTED)
validates("ref.func", [
  ["ok", "a function of a passive segment", [refFunc(F.VOID)], gives(ref(T.VOID))],
  ["ok", "a function of a declarative segment", [refFunc(F.SUB)], gives(ref(T.SUB))],
  ["ok", "as a super type", [refFunc(F.SUB)], gives(ref(T.SUPER))],
  ["ok", "as funcref", [refFunc(F.VOID)], gives(FUNCREF)],
  ["ok", "an exported function", [ITSELF, DROP], { exports: exports(exported("f", 0, F.TESTED)) }],
  ["ok", "a function of an active segment", [
    [ITSELF, DROP],
  ], { elements: [[0, I32_0, 0x0b, vec(F.TESTED)]] }],
  ["ok", "a function of an active segment with a table", [
    [ITSELF, DROP],
  ], { elements: [[2, 0, I32_0, 0x0b, 0, vec(F.TESTED)]] }],
  ["ok", "a function of an expression in a segment", [
    [ITSELF, DROP],
  ], { elements: [[5, FUNCREF, vec([0xd2, F.TESTED, 0x0b])]] }],
  ["ok", "a function of a global's expression", [
    [ITSELF, DROP],
  ], { globals: [[FUNCREF, 0, 0xd2, F.TESTED, 0x0b]] }],
  ["ok", "a function of a table's expression", [
    [ITSELF, DROP],
  ], { tables: [[0x40, 0, FUNCREF, 0, 1, 0xd2, F.TESTED, 0x0b]], elements: [] }],
  ["undeclared-function", "a function of a body alone", [AT, ITSELF, DROP]],
  ["undeclared-function", "an imported function", [AT, refFunc(F.TURNS), DROP]],
  ["undeclared-function", "an imported function that is called", [
    [I32_0, 0x10, F.TURNS, DROP, AT, refFunc(F.TURNS), DROP],
  ]],
  ["undeclared-function", "another export of the same index", [
    [AT, ITSELF, DROP],
  ], { exports: exports(exported("t", 1, 0), exported("m", 2, 0), exported("g", 3, 0)) }],
  ["undeclared-function", "the start function", [
    [AT, refFunc(F.VOID), DROP],
  ], { exports: [8, 1, F.VOID], elements: [] }],
  ["unknown-function", "one beyond the last", [AT, refFunc(F.TESTED + 1), DROP]],
  ["type-mismatch", "as another function type", [refFunc(F.VOID), AT], gives(ref(T.TURNS))],
  ["type-mismatch", "as a sub type", [
    [refFunc(F.SUPER), AT],
  ], { elements: [[3, 0, vec(F.SUPER)]], results: [ref(T.SUB)] }],
])
validates("br_on_null", [
  ["ok", "what goes on is not null", [block(EMPTY, A_BASE_NULL, brOnNull(0), localSet(L.BASE))]],
  ["ok", "a reference that is not null", [block(EMPTY, A_BASE, brOnNull(0), DROP)]],
  ["ok", "an abstract type", [block(EMPTY, AN_ANY, brOnNull(0), localSet(L.NEXT))], {
    locals: [[1, ref(ANY)]],
  }],
  ["ok", "operands for the label", [
    [block(I32, I32_0, A_BASE_NULL, brOnNull(0), DROP), DROP],
  ]],
  ["type-mismatch", "nothing", [block(EMPTY, AT, brOnNull(0), DROP)]],
  ["type-mismatch", "a number", [block(EMPTY, I32_0, AT, brOnNull(0), DROP)]],
  ["type-mismatch", "no operands for the label", [
    [block(I32, A_BASE_NULL, AT, brOnNull(0), DROP, I32_0), DROP],
  ]],
  ["type-mismatch", "wrong operands for the label", [
    [block(I32, I64_0, A_BASE_NULL, AT, brOnNull(0), DROP, DROP, I32_0), DROP],
  ]],
  ["type-mismatch", "the reference is not for the label", [
    [block(BASE, A_BASE_NULL, AT, brOnNull(0)), DROP],
  ]],
  ["type-mismatch", "the heap type stays", [
    [block(EMPTY, A_BASE_NULL, brOnNull(0), AT, localSet(L.DERIVED))],
  ]],
  ["unknown-label", "beyond the function", [A_BASE_NULL, AT, brOnNull(1), DROP]],
])

validates("br_on_non_null", [
  ["ok", "the label takes what is not null", [
    [block(ref(T.BASE), A_BASE_NULL, brOnNonNull(0), UNREACHABLE), DROP],
  ]],
  ["ok", "the label takes a super type", [
    [block(ANY, A_BASE_NULL, brOnNonNull(0), UNREACHABLE), DROP],
  ]],
  ["ok", "what goes on has no reference", [
    [block(BASE, A_BASE_NULL, brOnNonNull(0), A_BASE_NULL), DROP],
  ]],
  ["ok", "operands for the label", [
    [block(T.NEXT, I32_0, A_BASE_NULL, brOnNonNull(0), A_BASE), DROP, DROP],
  ], { types: [[0x60, 0, 2, I32, ref(T.BASE)]] }],
  ["type-mismatch", "nothing", [block(BASE, AT, brOnNonNull(0), UNREACHABLE), DROP]],
  ["type-mismatch", "a number", [block(BASE, I32_0, AT, brOnNonNull(0), UNREACHABLE), DROP]],
  ["type-mismatch", "a label without a reference", [block(EMPTY, A_BASE_NULL, AT, brOnNonNull(0))]],
  ["type-mismatch", "a label of a number", [
    [block(I32, A_BASE_NULL, AT, brOnNonNull(0), I32_0), DROP],
  ]],
  ["type-mismatch", "a label of another type", [
    [block(ref(T.DERIVED), A_BASE_NULL, AT, brOnNonNull(0), UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "no operands for the label", [
    [block(T.NEXT, A_BASE_NULL, AT, brOnNonNull(0), UNREACHABLE), DROP, DROP],
  ], { types: [[0x60, 0, 2, I32, ref(T.BASE)]] }],
  ["type-mismatch", "the reference is gone behind it", [
    [block(BASE, A_BASE_NULL, brOnNonNull(0), AT), DROP],
  ]],
  ["unknown-label", "beyond the function", [A_BASE_NULL, AT, brOnNonNull(1)]],
])

const X = L.NEXT
const SET_X = [A_BASE, localSet(X)]
const GET_X = [localGet(X), DROP]
validates("locals without a default value", [
  ["ok", "never read", []],
  ["ok", "set and read", [SET_X, GET_X]],
  ["ok", "tee and read", [A_BASE, localTee(X), DROP, GET_X]],
  ["ok", "set outside of a block", [SET_X, block(EMPTY, GET_X), loop(EMPTY, GET_X), GET_X]],
  ["ok", "set and read within a block", [block(EMPTY, SET_X, GET_X)]],
  ["ok", "set again after a block", [block(EMPTY, SET_X), SET_X, GET_X]],
  ["ok", "set in both branches, read there", [
    [I32_0, ifElse(EMPTY, [SET_X, GET_X], [SET_X, GET_X])],
  ]],
  ["ok", "set before and within a block", [SET_X, block(EMPTY, SET_X), GET_X]],
  ["ok", "set in unreachable code", [UNREACHABLE, localSet(X), GET_X]],
  ["ok", "a parameter", [A_BASE, DROP]],
  ["ok", "a nullable one next to it", [localGet(X + 1), DROP]],
  ["ok", "a second one, set in two blocks", [
    [SET_X, block(EMPTY, A_BASE, localSet(X + 2), block(EMPTY, GET_X), localGet(X + 2), DROP)],
  ]],
  ["uninitialized-local", "read before it is set", [AT, localGet(X), DROP]],
  ["uninitialized-local", "read, then set", [AT, localGet(X), localSet(X)]],
  ["uninitialized-local", "another one is set", [SET_X, AT, localGet(X + 2), DROP]],
  ["uninitialized-local", "set in a block that has ended", [
    [block(EMPTY, SET_X), AT, localGet(X), DROP],
  ]],
  ["uninitialized-local", "set in an inner block", [
    [block(EMPTY, block(EMPTY, SET_X), AT, localGet(X), DROP)],
  ]],
  ["uninitialized-local", "set in a loop that has ended", [
    [loop(EMPTY, SET_X), AT, localGet(X), DROP],
  ]],
  ["uninitialized-local", "set in the first branch, read in the second", [
    [I32_0, ifElse(EMPTY, [SET_X], [AT, localGet(X), DROP])],
  ]],
  ["uninitialized-local", "set in both branches, read behind them", [
    [I32_0, ifElse(EMPTY, [SET_X], [SET_X]), AT, localGet(X), DROP],
  ]],
  ["uninitialized-local", "set in an if without else", [
    [I32_0, ifThen(EMPTY, SET_X), AT, localGet(X), DROP],
  ]],
  ["uninitialized-local", "in unreachable code", [UNREACHABLE, AT, localGet(X), DROP]],
  ["uninitialized-local", "set in unreachable code of a block", [
    [block(EMPTY, UNREACHABLE, localSet(X)), AT, localGet(X), DROP],
  ]],
  ["type-mismatch", "set to null", [A_BASE_NULL, AT, localSet(X)]],
], { environment: { locals: [[1, ref(T.BASE)], [1, BASE], [2, ref(T.BASE)]] } })

validates("many locals without a default value", [
  ["ok", "the last is set", [A_SUPER, REF_AS_NON_NULL, localSet(X + 99), localGet(X + 99), DROP]],
  ["uninitialized-local", "the last but one is not", [
    [A_SUPER, REF_AS_NON_NULL, localSet(X + 99), AT, localGet(X + 98), DROP],
  ]],
], { environment: { locals: [[100, ref(T.SUPER)]] } })
