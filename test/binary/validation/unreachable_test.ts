// Unreachable code: operands may have any type, but pushed operands are checked all the same.
// https://webassembly.github.io/spec/core/appendix/algorithm.html
import {
  A_BASE,
  A_BASE_NULL,
  A_FUNC,
  AN_ANY,
  ANY,
  type BodyCase,
  EXTERN,
  FUNC,
  gives,
  L,
  T,
  TABLE,
  TAG,
} from "./support/body_cases.ts"
import {
  ANY_CONVERT_EXTERN,
  ARRAY_LEN,
  arrayGet,
  arrayNewFixed,
  block,
  br,
  brIf,
  brOnCast,
  brOnCastFail,
  brOnNonNull,
  brOnNull,
  brTable,
  call,
  callIndirect,
  callRef,
  DROP,
  EMPTY,
  EXTERN_CONVERT_ANY,
  F32_0,
  F64_0,
  globalSet,
  I31_GET_S,
  I32_0,
  I32_ADD,
  I32_EQZ,
  I64_0,
  I64_EQZ,
  ifElse,
  ifThen,
  localGet,
  localSet,
  localTee,
  loop,
  REF_AS_NON_NULL,
  REF_EQ,
  REF_IS_NULL,
  refCast,
  refNullOf,
  refTest,
  RETURN,
  returnCall,
  SELECT,
  selectTyped,
  structGet,
  structNew,
  structSet,
  tableSet,
  THROW_REF,
  throwTag,
  UNREACHABLE,
  V128_0,
} from "../../support/instructions.ts"
import {
  AT,
  EXTERNREF,
  F64,
  FUNCREF,
  I32,
  I64,
  type Part,
  ref,
  refNull,
  V128,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)

/** Instructions that make the rest of a block unreachable. */
const ENDS: ReadonlyArray<readonly [string, Part]> = [
  ["unreachable", UNREACHABLE],
  ["br", br(0)],
  ["br_table", [I32_0, brTable(0)]],
  ["return", RETURN],
  ["throw", throwTag(TAG.VOID)],
  ["return_call", returnCall(0)],
]
validates(
  "code behind an unconditional jump",
  ENDS.flatMap(([name, jump]): Array<BodyCase> => [
    ["ok", `${name}: operands from nowhere`, [block(EMPTY, jump, I32_ADD, DROP)]],
    ["ok", `${name}: any type`, [block(EMPTY, jump, REF_IS_NULL, DROP, I64_EQZ, DROP)]],
    ["ok", `${name}: operands below it are gone`, [block(EMPTY, I64_0, jump, I32_EQZ, DROP)]],
    ["type-mismatch", `${name}: an operand of a wrong type`, [
      [block(EMPTY, jump, I64_0, AT, I32_EQZ, DROP)],
    ]],
    ["type-mismatch", `${name}: a second operand of a wrong type`, [
      [block(EMPTY, jump, I64_0, I32_0, AT, I32_ADD, DROP)],
    ]],
    ["type-mismatch", `${name}: a value left over`, [block(EMPTY, jump, I64_0, AT)]],
    ["type-mismatch", `${name}: reachable again behind the block`, [block(EMPTY, jump), AT, DROP]],
    ["type-mismatch", `${name}: no operands in an inner block`, [
      [block(EMPTY, jump, block(EMPTY, AT, DROP))],
    ]],
  ]),
)

validates("results of unreachable code", [
  ["ok", "all missing", [UNREACHABLE], gives(I32, F64, V128, FUNCREF, ref(T.BASE))],
  ["ok", "some missing", [UNREACHABLE, F64_0], gives(I32, F64)],
  ["ok", "none missing", [UNREACHABLE, I32_0, F64_0], gives(I32, F64)],
  ["ok", "of a block", [block(I64, UNREACHABLE)], gives(I64)],
  ["ok", "of an if", [I32_0, ifElse(I64, [UNREACHABLE], [I64_0])], gives(I64)],
  ["ok", "a block's parameters from nowhere", [UNREACHABLE, block(T.TAKES, DROP, DROP)]],
  ["ok", "a block's parameters, one from nowhere", [
    UNREACHABLE,
    F64_0,
    block(T.TAKES, DROP, DROP),
  ]],
  ["ok", "a condition from nowhere", [UNREACHABLE, ifThen(EMPTY)]],
  ["type-mismatch", "one wrong, one missing", [UNREACHABLE, I32_0, AT], gives(I32, F64)],
  ["type-mismatch", "one too many", [UNREACHABLE, I32_0, I32_0, F64_0, AT], gives(I32, F64)],
  ["type-mismatch", "a wrong first", [UNREACHABLE, F64_0, F64_0, AT], gives(I32, F64)],
  [
    "type-mismatch",
    "a block's result has its type",
    [UNREACHABLE, block(I64, UNREACHABLE), AT],
    gives(I32),
  ],
  ["type-mismatch", "a block's result too many", [UNREACHABLE, block(I64, UNREACHABLE), AT]],
  ["type-mismatch", "a block's parameters have their types", [
    [UNREACHABLE, block(T.TAKES, AT, I32_EQZ, DROP, DROP)],
  ]],
  ["type-mismatch", "a wrong parameter of a block", [
    [UNREACHABLE, F32_0, AT, block(T.TAKES, DROP, DROP)],
  ]],
  ["type-mismatch", "a wrong condition", [UNREACHABLE, I64_0, AT, ifThen(EMPTY)]],
  ["type-mismatch", "a loop in it has no operands", [UNREACHABLE, loop(EMPTY, AT, DROP)]],
  ["type-mismatch", "a block without its result", [UNREACHABLE, block(I64, AT)], gives(I64)],
])

validates("branches in unreachable code", [
  ["ok", "br", [block(I64, UNREACHABLE, br(0))], gives(I64)],
  ["ok", "br_if leaves the label's types", [block(I64, UNREACHABLE, brIf(0))], gives(I64)],
  ["ok", "br_if with the condition alone", [block(I64, UNREACHABLE, I32_0, brIf(0))], gives(I64)],
  [
    "type-mismatch",
    "br with a wrong result",
    [block(I64, UNREACHABLE, I32_0, AT, br(0))],
    gives(I64),
  ],
  ["type-mismatch", "br_if with a wrong result", [
    [block(I64, UNREACHABLE, F64_0, I32_0, AT, brIf(0))],
  ], gives(I64)],
  ["type-mismatch", "br_if leaves the label's types, and no others", [
    [block(I64, UNREACHABLE, brIf(0), AT, I32_EQZ, DROP, I64_0)],
  ], gives(I64)],
  ["type-mismatch", "br_if with a wrong condition", [UNREACHABLE, I64_0, AT, brIf(0)]],
  ["ok", "br_table", [block(I64, UNREACHABLE, brTable(0, 0))], gives(I64)],
  ["ok", "br_table with labels of different types", [
    [block(I64, block(F64, UNREACHABLE, brTable(0, 1)), DROP, I64_0)],
  ], gives(I64)],
  ["ok", "br_table with labels of numbers and references", [
    [block(I64, block(BASE, UNREACHABLE, I32_0, brTable(0, 1, 1)), DROP, I64_0)],
  ], gives(I64)],
  ["ok", "br_table where the first operand is missing", [
    [block(T.GIVES, UNREACHABLE, F64_0, I32_0, brTable(0, 0))],
  ], gives(I32, F64)],
  ["type-mismatch", "br_table with labels of different arities", [
    [block(EMPTY, block(F64, UNREACHABLE, AT, brTable(0, 1)), DROP)],
  ]],
  ["type-mismatch", "br_table with an operand that is wrong for one label", [
    [block(I64, block(F64, UNREACHABLE, F64_0, I32_0, AT, brTable(0, 1)), DROP, I64_0)],
  ], gives(I64)],
  ["type-mismatch", "br_table with an operand that is wrong for the default", [
    [block(I64, block(F64, UNREACHABLE, I64_0, I32_0, AT, brTable(1, 0)), DROP, I64_0)],
  ], gives(I64)],
  ["type-mismatch", "br_table with a wrong index", [UNREACHABLE, F64_0, AT, brTable(0)]],
  ["ok", "return", [UNREACHABLE, RETURN], gives(I64)],
  ["type-mismatch", "return with a wrong result", [UNREACHABLE, I32_0, AT, RETURN], gives(I64)],
])

validates("select in unreachable code", [
  ["ok", "no operands, for a number", [UNREACHABLE, SELECT], gives(I64)],
  ["ok", "no operands, for a reference", [UNREACHABLE, SELECT], gives(FUNCREF)],
  ["ok", "one operand", [UNREACHABLE, I64_0, I32_0, SELECT], gives(I64)],
  ["ok", "the condition alone", [UNREACHABLE, I32_0, SELECT], gives(V128)],
  ["ok", "a vector", [UNREACHABLE, V128_0, I32_0, SELECT], gives(V128)],
  ["ok", "typed", [UNREACHABLE, selectTyped(BASE)], gives(BASE)],
  ["ok", "what it gives is of any type still", [UNREACHABLE, SELECT, REF_IS_NULL, DROP]],
  [
    "type-mismatch",
    "one operand, for another type",
    [UNREACHABLE, I64_0, I32_0, SELECT, AT],
    gives(I32),
  ],
  ["type-mismatch", "a reference", [UNREACHABLE, A_FUNC, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "a reference that is made there", [
    [UNREACHABLE, REF_AS_NON_NULL, I32_0, AT, SELECT, DROP],
  ]],
  ["type-mismatch", "a reference below", [UNREACHABLE, A_FUNC, F32_0, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "two types", [UNREACHABLE, F32_0, I64_0, I32_0, AT, SELECT, DROP]],
  ["type-mismatch", "a wrong condition", [UNREACHABLE, I64_0, AT, SELECT, DROP]],
  ["type-mismatch", "typed, with a wrong operand", [
    [UNREACHABLE, I64_0, I32_0, AT, selectTyped(BASE), DROP],
  ]],
  ["type-mismatch", "typed, for another type", [UNREACHABLE, selectTyped(BASE), AT], gives(I32)],
])

validates("calls and variables in unreachable code", [
  ["ok", "call", [UNREACHABLE, call(3)], gives(I64)],
  ["ok", "call with one of two", [UNREACHABLE, F64_0, call(1)]],
  ["ok", "call_indirect", [UNREACHABLE, callIndirect(T.TURNS, TABLE.FUNCS)], gives(I64)],
  ["ok", "call_ref", [UNREACHABLE, callRef(T.TURNS)], gives(I64)],
  ["ok", "local.set", [UNREACHABLE, localSet(L.BASE)]],
  ["ok", "local.tee", [UNREACHABLE, localTee(L.F32), DROP]],
  ["ok", "global.set", [UNREACHABLE, globalSet(1)]],
  ["ok", "table.set", [UNREACHABLE, tableSet(0)]],
  ["type-mismatch", "call with a wrong second", [UNREACHABLE, I32_0, AT, call(1)]],
  ["type-mismatch", "call gives its results", [UNREACHABLE, call(3), AT], gives(I32)],
  ["type-mismatch", "call_ref with a wrong parameter", [
    [UNREACHABLE, I64_0, refNullOf(T.TURNS), AT, callRef(T.TURNS), DROP],
  ]],
  ["type-mismatch", "local.get gives its type", [UNREACHABLE, localGet(L.F32), AT, I32_EQZ, DROP]],
  ["type-mismatch", "local.tee gives its type", [UNREACHABLE, localTee(L.F32), AT, I32_EQZ, DROP]],
  ["type-mismatch", "local.set of a wrong type", [UNREACHABLE, I64_0, AT, localSet(L.F32)]],
  ["type-mismatch", "table.set with a wrong index", [UNREACHABLE, F32_0, A_FUNC, AT, tableSet(0)]],
])

validates("references in unreachable code", [
  ["ok", "ref.is_null", [UNREACHABLE, REF_IS_NULL], gives(I32)],
  ["ok", "ref.eq", [UNREACHABLE, REF_EQ], gives(I32)],
  ["ok", "ref.as_non_null, for any reference", [UNREACHABLE, REF_AS_NON_NULL], gives(ref(T.BASE))],
  [
    "ok",
    "ref.as_non_null, for another hierarchy",
    [UNREACHABLE, REF_AS_NON_NULL],
    gives(EXTERNREF),
  ],
  ["ok", "ref.as_non_null twice", [
    UNREACHABLE,
    REF_AS_NON_NULL,
    REF_AS_NON_NULL,
    REF_IS_NULL,
    DROP,
  ]],
  ["ok", "br_on_null", [block(EMPTY, UNREACHABLE, brOnNull(0), localSet(L.BASE))]],
  ["ok", "br_on_non_null", [block(BASE, UNREACHABLE, brOnNonNull(0)), DROP]],
  ["ok", "br_on_cast", [
    [block(ANY, UNREACHABLE, brOnCast(1, 0, ANY, T.BASE)), DROP],
  ]],
  ["ok", "br_on_cast_fail", [block(ANY, UNREACHABLE, brOnCastFail(1, 0, ANY, T.BASE)), DROP]],
  ["ok", "ref.test and ref.cast", [UNREACHABLE, refTest(FUNC), DROP, refCast(T.BASE), DROP]],
  ["ok", "any.convert_extern, not null", [UNREACHABLE, ANY_CONVERT_EXTERN], gives(ref(ANY))],
  ["ok", "extern.convert_any, not null", [UNREACHABLE, EXTERN_CONVERT_ANY], gives(ref(EXTERN))],
  ["ok", "i31.get_s", [UNREACHABLE, I31_GET_S], gives(I32)],
  ["ok", "throw_ref", [UNREACHABLE, THROW_REF]],
  ["type-mismatch", "ref.as_non_null gives a reference", [
    [UNREACHABLE, REF_AS_NON_NULL, AT, I32_EQZ, DROP],
  ]],
  ["type-mismatch", "ref.as_non_null gives a reference, not a result", [
    [UNREACHABLE, REF_AS_NON_NULL, AT],
  ], gives(I32)],
  ["type-mismatch", "br_on_null gives a reference", [
    [UNREACHABLE, brOnNull(0), AT, I32_EQZ, DROP],
  ]],
  ["type-mismatch", "br_on_null without the label's operand", [
    [block(I64, UNREACHABLE, F64_0, A_BASE_NULL, AT, brOnNull(0), DROP)],
  ], gives(I64)],
  ["type-mismatch", "br_on_non_null with a number's label", [
    [block(I64, UNREACHABLE, AT, brOnNonNull(0), I64_0)],
  ], gives(I64)],
  ["type-mismatch", "br_on_non_null with a label without operands", [
    UNREACHABLE,
    AT,
    brOnNonNull(0),
  ]],
  ["type-mismatch", "br_on_cast of unrelated types", [
    [block(ANY, UNREACHABLE, AT, brOnCast(1, 0, T.BASE, T.INTS)), DROP],
  ]],
  ["type-mismatch", "br_on_cast gives the first type", [
    [block(ANY, UNREACHABLE, brOnCast(1, 0, ANY, T.BASE), AT, localSet(L.BASE), AN_ANY), DROP],
  ]],
  ["type-mismatch", "br_on_cast_fail gives the target", [
    [
      block(ANY, UNREACHABLE, brOnCastFail(1, 0, ANY, T.BASE), AT, localSet(L.DERIVED), AN_ANY),
      DROP,
    ],
  ]],
  ["type-mismatch", "ref.cast gives its target", [
    [UNREACHABLE, refCast(T.BASE), AT, localSet(L.DERIVED)],
  ]],
  ["type-mismatch", "any.convert_extern stays in its hierarchy", [
    [UNREACHABLE, ANY_CONVERT_EXTERN, AT],
  ], gives(EXTERNREF)],
  ["type-mismatch", "ref.is_null of a number", [UNREACHABLE, I32_0, AT, REF_IS_NULL, DROP]],
])

validates("structs and arrays in unreachable code", [
  ["ok", "struct.new", [UNREACHABLE, structNew(T.BASE)], gives(ref(T.BASE))],
  ["ok", "struct.get", [UNREACHABLE, structGet(T.BASE, 1)], gives(I64)],
  ["ok", "struct.set", [UNREACHABLE, I64_0, structSet(T.BASE, 1)]],
  ["ok", "array.get", [UNREACHABLE, arrayGet(T.FIXED)], gives(F64)],
  ["ok", "array.new_fixed", [UNREACHABLE, F64_0, arrayNewFixed(T.FIXED, 3), DROP]],
  ["ok", "array.len", [UNREACHABLE, ARRAY_LEN], gives(I32)],
  ["type-mismatch", "struct.new with a wrong field", [
    UNREACHABLE,
    I32_0,
    AT,
    structNew(T.BASE),
    DROP,
  ]],
  [
    "type-mismatch",
    "struct.get gives the field",
    [UNREACHABLE, structGet(T.BASE, 1), AT],
    gives(I32),
  ],
  ["type-mismatch", "struct.set with a wrong value", [
    UNREACHABLE,
    I32_0,
    AT,
    structSet(T.BASE, 1),
  ]],
  ["type-mismatch", "array.new_fixed with a wrong element", [
    [UNREACHABLE, I32_0, F64_0, AT, arrayNewFixed(T.FIXED, 3), DROP],
  ]],
  ["type-mismatch", "array.get of a struct", [
    UNREACHABLE,
    A_BASE,
    I32_0,
    AT,
    arrayGet(T.INTS),
    DROP,
  ]],
])
