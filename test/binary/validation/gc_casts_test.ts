// Casts, i31 and conversions between the external and the internal hierarchy.
// https://webassembly.github.io/spec/core/valid/instructions.html#reference-instructions
import {
  A_BASE,
  A_BASE_NULL,
  A_DERIVED,
  A_DERIVED_NULL,
  A_FUNC,
  A_SUB,
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
  FUNC,
  gives,
  I31,
  NOEXN,
  NOEXTERN,
  NOFUNC,
  NONE,
  STRUCT,
  T,
} from "./support/body_cases.ts"
import {
  ANY_CONVERT_EXTERN,
  block,
  brOnCast,
  brOnCastFail,
  DROP,
  EMPTY,
  EXTERN_CONVERT_ANY,
  FROM_NULL,
  I31_GET_S,
  I31_GET_U,
  I32_0,
  I64_0,
  padded,
  REF_AS_NON_NULL,
  REF_I31,
  refCast,
  refCastNull,
  refNullOf,
  refTest,
  refTestNull,
  RETURN,
  TO_NULL,
  UNREACHABLE,
} from "../../support/instructions.ts"
import { AT, atByte, I32, I64, ref, refNull } from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)
const DERIVED = refNull(T.DERIVED)
const UNKNOWN = T.NEXT + 1

/** For each heap type, one of the same hierarchy and one of another. */
const HIERARCHIES: ReadonlyArray<readonly [number, number, number]> = [
  [ANY, NONE, FUNC],
  [EQ, ANY, EXTERN],
  [I31, STRUCT, FUNC],
  [STRUCT, I31, EXTERN],
  [ARRAY, ANY, NOFUNC],
  [NONE, ANY, NOEXTERN],
  [T.BASE, T.INTS, T.VOID],
  [T.DERIVED, T.OTHER, EXTERN],
  [FUNC, NOFUNC, ANY],
  [NOFUNC, T.VOID, NONE],
  [T.VOID, T.SUPER, T.BASE],
  [EXTERN, NOEXTERN, ANY],
  [NOEXTERN, EXTERN, NOFUNC],
]

const name = (heap: number): string => (heap < T.NEXT ? `type ${heap}` : `0x${heap.toString(16)}`)

validates(
  "ref.test and ref.cast within hierarchies",
  HIERARCHIES.flatMap(([to, same, other]) => {
    return [
      ["ok", `ref.test ${name(same)} to ${name(to)}`, [refNullOf(same), refTest(to)], gives(I32)],
      ["ok", `ref.test null ${name(to)}`, [refNullOf(same), refTestNull(to)], gives(I32)],
      ["ok", `ref.cast ${name(to)}`, [refNullOf(same), refCast(to)], gives(ref(to))],
      ["ok", `ref.cast null ${name(to)}`, [refNullOf(same), refCastNull(to)], gives(refNull(to))],
      ["type-mismatch", `ref.test ${name(other)} to ${name(to)}`, [
        [refNullOf(other), AT, refTest(to), DROP],
      ]],
      ["type-mismatch", `ref.test null ${name(other)} to ${name(to)}`, [
        [refNullOf(other), AT, refTestNull(to), DROP],
      ]],
      ["type-mismatch", `ref.cast ${name(other)} to ${name(to)}`, [
        [refNullOf(other), AT, refCast(to), DROP],
      ]],
      ["type-mismatch", `ref.cast null ${name(other)} to ${name(to)}`, [
        [refNullOf(other), AT, refCastNull(to), DROP],
      ]],
    ] satisfies Array<BodyCase>
  }),
)

validates("ref.test and ref.cast", [
  ["ok", "exceptions", [
    [refNullOf(EXN), refTest(NOEXN), DROP, refNullOf(NOEXN), refCastNull(EXN), DROP],
  ]],
  ["ok", "to a super type", [A_DERIVED, refTest(T.BASE)], gives(I32)],
  ["ok", "a type index of five bytes", [A_BASE, refCast(padded(T.DERIVED, 5))], gives(DERIVED)],
  ["type-mismatch", "a test of nothing", [AT, refTest(ANY), DROP]],
  ["type-mismatch", "a test of a number", [I32_0, AT, refTest(ANY), DROP]],
  ["type-mismatch", "a cast of nothing", [AT, refCast(ANY), DROP]],
  ["type-mismatch", "a cast of a number", [I32_0, AT, refCastNull(ANY), DROP]],
  ["type-mismatch", "a test as i64", [AN_ANY, refTest(EQ), AT], gives(I64)],
  ["type-mismatch", "a cast to null as what is not null", [
    [A_BASE, refCastNull(T.BASE), AT],
  ], gives(ref(T.BASE))],
  [
    "type-mismatch",
    "a cast's type is its target",
    [A_DERIVED, refCast(T.BASE), AT],
    gives(DERIVED),
  ],
  ["type-mismatch", "exceptions to others", [refNullOf(EXN), AT, refCast(ANY), DROP]],
  ["unknown-type", "a test of a type beyond the last", [AN_ANY, AT, refTest(UNKNOWN), DROP]],
  ["unknown-type", "a nullable test of it", [AN_ANY, AT, refTestNull(UNKNOWN), DROP]],
  ["unknown-type", "a cast to it", [AN_ANY, AT, refCast(UNKNOWN), DROP]],
  ["unknown-type", "a nullable cast to it", [AN_ANY, AT, refCastNull(UNKNOWN), DROP]],
  ["malformed-heap-type", "a test of a number type", [AN_ANY, atByte(2), refTest(I32), DROP]],
  ["malformed-heap-type", "a cast to a number type", [AN_ANY, atByte(2), refCast(I32), DROP]],
  ["malformed-heap-type", "a cast to a value type", [AN_ANY, atByte(2), refCast(0x64), DROP]],
])

const ANY_TO_BASE = brOnCast(FROM_NULL, 0, ANY, T.BASE)
validates("br_on_cast", [
  ["ok", "the label takes the target", [
    block(ref(T.BASE), AN_ANY, ANY_TO_BASE, UNREACHABLE),
    DROP,
  ]],
  ["ok", "the label takes a super type", [block(ANY, AN_ANY, ANY_TO_BASE), DROP]],
  ["ok", "neither is nullable", [
    [block(ref(T.DERIVED), A_BASE, brOnCast(0, 0, T.BASE, T.DERIVED), UNREACHABLE), DROP],
  ]],
  ["ok", "both are nullable", [
    [block(DERIVED, A_BASE_NULL, brOnCast(3, 0, T.BASE, T.DERIVED), UNREACHABLE), DROP],
  ]],
  ["ok", "what goes on is not null if null goes to the label", [
    [block(DERIVED, A_BASE_NULL, brOnCast(3, 0, T.BASE, T.DERIVED), RETURN), UNREACHABLE],
  ], gives(ref(T.BASE))],
  ["ok", "what goes on is nullable otherwise", [
    [block(DERIVED, A_BASE_NULL, brOnCast(1, 0, T.BASE, T.DERIVED), RETURN)],
  ], gives(BASE)],
  ["ok", "to the same type", [block(BASE, A_BASE, brOnCast(0, 0, T.BASE, T.BASE)), DROP]],
  ["ok", "an operand of a sub type", [block(ANY, A_DERIVED, ANY_TO_BASE), DROP]],
  ["ok", "functions", [block(FUNC, A_FUNC, brOnCast(3, 0, FUNC, T.SUPER)), DROP]],
  ["ok", "external references", [
    [block(EXTERN, AN_EXTERN, brOnCast(3, 0, EXTERN, NOEXTERN)), DROP],
  ]],
  ["ok", "operands for the label", [
    [block(T.NEXT, I32_0, AN_ANY, ANY_TO_BASE, DROP, A_BASE), DROP, DROP],
  ], { types: [[0x60, 0, 2, I32, ref(T.BASE)]] }],
  ["type-mismatch", "nothing", [block(ANY, AT, ANY_TO_BASE), DROP]],
  ["type-mismatch", "a number", [block(ANY, I32_0, AT, ANY_TO_BASE), DROP]],
  ["type-mismatch", "an operand of another type", [block(ANY, A_FUNC, AT, ANY_TO_BASE), DROP]],
  ["type-mismatch", "an operand of a super type", [
    [block(ANY, AN_ANY, AT, brOnCast(1, 0, EQ, T.BASE)), DROP],
  ]],
  ["type-mismatch", "a nullable operand", [
    [block(ANY, A_BASE_NULL, AT, brOnCast(0, 0, T.BASE, T.DERIVED)), DROP],
  ]],
  ["type-mismatch", "a target that is no sub type", [
    [block(ANY, A_BASE, AT, brOnCast(1, 0, T.DERIVED, T.BASE)), DROP],
  ]],
  ["type-mismatch", "an unrelated target", [
    [block(ANY, A_BASE_NULL, AT, brOnCast(1, 0, T.BASE, T.INTS)), DROP],
  ]],
  ["type-mismatch", "a target of another hierarchy", [
    [block(ANY, AN_ANY, AT, brOnCast(1, 0, ANY, FUNC)), DROP],
  ]],
  ["type-mismatch", "a nullable target of what is not null", [
    [block(ANY, A_BASE, AT, brOnCast(TO_NULL, 0, T.BASE, T.DERIVED)), DROP],
  ]],
  ["type-mismatch", "a label of a sub type", [
    [block(ref(T.DERIVED), AN_ANY, AT, ANY_TO_BASE, UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "a label that is not null for a nullable target", [
    [block(ref(T.BASE), AN_ANY, AT, brOnCast(3, 0, ANY, T.BASE), UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "a label without a result", [block(EMPTY, AN_ANY, AT, ANY_TO_BASE, DROP)]],
  ["type-mismatch", "a label of a number", [
    block(I32, AN_ANY, AT, ANY_TO_BASE, DROP, I32_0),
    DROP,
  ]],
  ["type-mismatch", "no operands for the label", [
    [block(T.NEXT, AN_ANY, AT, ANY_TO_BASE, DROP, I32_0, A_BASE), DROP, DROP],
  ], { types: [[0x60, 0, 2, I32, ref(T.BASE)]] }],
  ["type-mismatch", "what goes on is nullable if null does not go to the label", [
    [block(DERIVED, A_BASE_NULL, brOnCast(1, 0, T.BASE, T.DERIVED), AT, RETURN)],
  ], gives(ref(T.BASE))],
  ["type-mismatch", "what goes on has the first type, not the operand's", [
    [block(ANY, A_DERIVED, ANY_TO_BASE, AT, RETURN)],
  ], gives(DERIVED)],
  ["unknown-label", "beyond the function", [AN_ANY, AT, brOnCast(1, 1, ANY, T.BASE), DROP]],
  ["unknown-type", "a target beyond the last", [
    block(ANY, AN_ANY, AT, brOnCast(1, 0, ANY, UNKNOWN)),
  ]],
  ["unknown-type", "a first type beyond the last", [
    [block(ANY, AN_ANY, AT, brOnCast(1, 0, UNKNOWN, NONE))],
  ]],
  ["malformed-heap-type", "a target that is a number", [
    [block(ANY, AN_ANY, atByte(5), brOnCast(1, 0, ANY, I32))],
  ]],
  ["malformed-heap-type", "a first type that is a number", [
    [block(ANY, AN_ANY, atByte(4), brOnCast(1, 0, I32, ANY))],
  ]],
  ["malformed-cast-flags", "flags of 4", [
    block(ANY, AN_ANY, atByte(2), brOnCast(4, 0, ANY, T.BASE)),
  ]],
  ["malformed-cast-flags", "flags of 0xff", [
    block(ANY, AN_ANY, atByte(2), brOnCast(0xff, 0, ANY, T.BASE)),
  ]],
])

const ANY_FAIL_BASE = brOnCastFail(FROM_NULL, 0, ANY, T.BASE)
validates("br_on_cast_fail", [
  ["ok", "the label takes the first type", [block(ANY, AN_ANY, ANY_FAIL_BASE), DROP]],
  ["ok", "what goes on has the target type", [
    [block(ANY, AN_ANY, ANY_FAIL_BASE, RETURN), UNREACHABLE],
  ], gives(ref(T.BASE))],
  ["ok", "a nullable target goes on as such", [
    [block(ANY, AN_ANY, brOnCastFail(3, 0, ANY, T.BASE), RETURN), UNREACHABLE],
  ], gives(BASE)],
  ["ok", "the label is not null if null goes on", [
    [block(ref(ANY), AN_ANY, brOnCastFail(3, 0, ANY, T.BASE), UNREACHABLE), DROP],
  ]],
  ["ok", "functions", [block(FUNC, A_SUPER, brOnCastFail(3, 0, T.SUPER, T.SUB)), DROP]],
  ["ok", "operands for the label", [
    [block(T.NEXT, I32_0, AN_ANY, ANY_FAIL_BASE, DROP, AN_ANY), DROP, DROP],
  ], { types: [[0x60, 0, 2, I32, ANY]] }],
  ["type-mismatch", "nothing", [block(ANY, AT, ANY_FAIL_BASE), DROP]],
  ["type-mismatch", "a number", [block(ANY, I64_0, AT, ANY_FAIL_BASE), DROP]],
  ["type-mismatch", "an operand of a super type", [
    [block(ANY, AN_ANY, AT, brOnCastFail(1, 0, EQ, T.BASE)), DROP],
  ]],
  ["type-mismatch", "a target that is no sub type", [
    [block(ANY, A_DERIVED_NULL, AT, brOnCastFail(1, 0, T.DERIVED, T.BASE)), DROP],
  ]],
  ["type-mismatch", "a nullable target of what is not null", [
    [block(ANY, A_BASE, AT, brOnCastFail(TO_NULL, 0, T.BASE, T.BASE)), DROP],
  ]],
  ["type-mismatch", "a label of the target", [
    [block(BASE, AN_ANY, AT, ANY_FAIL_BASE), DROP],
  ]],
  ["type-mismatch", "a label that is not null, where null fails", [
    [block(ref(ANY), AN_ANY, AT, ANY_FAIL_BASE), DROP],
  ]],
  ["type-mismatch", "a label without a result", [block(EMPTY, AN_ANY, AT, ANY_FAIL_BASE, DROP)]],
  ["type-mismatch", "what goes on is no more than the target", [
    [block(ANY, AN_ANY, ANY_FAIL_BASE, AT, RETURN), UNREACHABLE],
  ], gives(ref(T.DERIVED))],
  ["unknown-label", "beyond the function", [AN_ANY, AT, brOnCastFail(1, 1, ANY, T.BASE), DROP]],
  ["unknown-type", "a target beyond the last", [
    [block(ANY, AN_ANY, AT, brOnCastFail(1, 0, ANY, UNKNOWN))],
  ]],
  ["malformed-cast-flags", "flags of 4", [
    block(ANY, AN_ANY, atByte(2), brOnCastFail(4, 0, ANY, T.BASE)),
  ]],
])

validates("i31", [
  ["ok", "ref.i31", [I32_0, REF_I31], gives(ref(I31))],
  ["ok", "as eqref", [I32_0, REF_I31], gives(EQ)],
  ["ok", "i31.get_s", [I32_0, REF_I31, I31_GET_S], gives(I32)],
  ["ok", "i31.get_u of null", [refNullOf(I31), I31_GET_U], gives(I32)],
  ["ok", "i31.get_s of the bottom type", [refNullOf(NONE), I31_GET_S], gives(I32)],
  ["type-mismatch", "ref.i31 of nothing", [AT, REF_I31, DROP]],
  ["type-mismatch", "ref.i31 of i64", [I64_0, AT, REF_I31, DROP]],
  ["type-mismatch", "ref.i31 as a struct", [I32_0, REF_I31, AT], gives(STRUCT)],
  ["type-mismatch", "i31.get_s of nothing", [AT, I31_GET_S, DROP]],
  ["type-mismatch", "i31.get_s of a number", [I32_0, AT, I31_GET_S, DROP]],
  ["type-mismatch", "i31.get_s of eqref", [AN_EQ, AT, I31_GET_S, DROP]],
  ["type-mismatch", "i31.get_u of nothing", [AT, I31_GET_U, DROP]],
  ["type-mismatch", "i31.get_u of anyref", [AN_ANY, AT, I31_GET_U, DROP]],
  ["type-mismatch", "i31.get_u as i64", [refNullOf(I31), I31_GET_U, AT], gives(I64)],
])

validates("conversions", [
  ["ok", "any.convert_extern", [AN_EXTERN, ANY_CONVERT_EXTERN], gives(ANY)],
  ["ok", "any.convert_extern keeps what is not null", [
    [AN_EXTERN, REF_AS_NON_NULL, ANY_CONVERT_EXTERN],
  ], gives(ref(ANY))],
  ["ok", "any.convert_extern of the bottom type", [refNullOf(NOEXTERN), ANY_CONVERT_EXTERN, DROP]],
  ["ok", "extern.convert_any", [AN_ANY, EXTERN_CONVERT_ANY], gives(EXTERN)],
  ["ok", "extern.convert_any of a sub type", [A_BASE_NULL, EXTERN_CONVERT_ANY], gives(EXTERN)],
  [
    "ok",
    "extern.convert_any keeps what is not null",
    [A_BASE, EXTERN_CONVERT_ANY],
    gives(ref(EXTERN)),
  ],
  ["type-mismatch", "any.convert_extern of nothing", [AT, ANY_CONVERT_EXTERN, DROP]],
  ["type-mismatch", "any.convert_extern of anyref", [AN_ANY, AT, ANY_CONVERT_EXTERN, DROP]],
  ["type-mismatch", "any.convert_extern of a number", [I32_0, AT, ANY_CONVERT_EXTERN, DROP]],
  ["type-mismatch", "any.convert_extern of null is null", [
    [AN_EXTERN, ANY_CONVERT_EXTERN, AT],
  ], gives(ref(ANY))],
  ["type-mismatch", "any.convert_extern as eqref", [AN_EXTERN, ANY_CONVERT_EXTERN, AT], gives(EQ)],
  ["type-mismatch", "extern.convert_any of nothing", [AT, EXTERN_CONVERT_ANY, DROP]],
  ["type-mismatch", "extern.convert_any of externref", [AN_EXTERN, AT, EXTERN_CONVERT_ANY, DROP]],
  ["type-mismatch", "extern.convert_any of a function", [A_SUB, AT, EXTERN_CONVERT_ANY, DROP]],
  ["type-mismatch", "extern.convert_any of null is null", [
    [AN_ANY, EXTERN_CONVERT_ANY, AT],
  ], gives(ref(EXTERN))],
])
