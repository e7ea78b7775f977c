// Subtyping of reference types: every pair of heap types, nulls, equivalence.
// https://webassembly.github.io/spec/core/valid/matching.html
import {
  ANY,
  ARRAY,
  type BodyCase,
  CONST,
  EQ,
  EXN,
  EXTERN,
  FUNC,
  I31,
  I8,
  MUTABLE,
  NOEXN,
  NOEXTERN,
  NOFUNC,
  NONE,
  STRUCT,
  T,
} from "./support/body_cases.ts"
import { localGet } from "../../support/instructions.ts"
import {
  array,
  AT,
  func,
  FUNCREF,
  I32,
  I64,
  type Part,
  rec,
  ref,
  refNull,
  struct,
  sub,
  subFinal,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

// Each heap type, and all of its proper supertypes.
const SUPERS: ReadonlyArray<readonly [string, number, ReadonlyArray<number>]> = [
  ["any", ANY, []],
  ["eq", EQ, [ANY]],
  ["i31", I31, [EQ, ANY]],
  ["struct", STRUCT, [EQ, ANY]],
  ["array", ARRAY, [EQ, ANY]],
  ["BASE", T.BASE, [STRUCT, EQ, ANY]],
  ["DERIVED", T.DERIVED, [T.BASE, STRUCT, EQ, ANY]],
  ["OTHER", T.OTHER, [STRUCT, EQ, ANY]],
  ["INTS", T.INTS, [ARRAY, EQ, ANY]],
  ["none", NONE, [T.BASE, T.DERIVED, T.OTHER, T.INTS, I31, STRUCT, ARRAY, EQ, ANY]],
  ["func", FUNC, []],
  ["VOID", T.VOID, [FUNC]],
  ["SUPER", T.SUPER, [FUNC]],
  ["SUB", T.SUB, [T.SUPER, FUNC]],
  ["nofunc", NOFUNC, [T.VOID, T.SUPER, T.SUB, FUNC]],
  ["extern", EXTERN, []],
  ["noextern", NOEXTERN, [EXTERN]],
  ["exn", EXN, []],
  ["noexn", NOEXN, [EXN]],
]

/** A function that returns its parameter, which is valid if the one type is a subtype of the other. */
const returns = (isRight: boolean, title: string, from: Part, to: Part): BodyCase => {
  const types = { parameters: [from], results: [to] }
  if (isRight) return ["ok", title, [localGet(0)], types]
  return ["type-mismatch", title, [localGet(0), AT], types]
}

validates(
  "every pair of nullable references",
  SUPERS.flatMap(([lower, from, supers]) => {
    return SUPERS.map(([upper, to]) => {
      const isRight = from === to || supers.includes(to)
      return returns(isRight, `${lower} as ${upper}`, refNull(from), refNull(to))
    })
  }),
)

validates(
  "nullable references and those that are not",
  SUPERS.flatMap(([lower, from, [to = from]]) => [
    returns(true, `${lower}, not null to not null`, ref(from), ref(to)),
    returns(true, `${lower}, not null to null`, ref(from), refNull(to)),
    returns(false, `${lower}, null to not null`, refNull(from), ref(to)),
  ]),
)

validates(
  "references and numbers",
  SUPERS.flatMap(([lower, heap]) => [
    returns(false, `${lower} as i32`, refNull(heap), I32),
    returns(false, `i32 as ${lower}`, I32, refNull(heap)),
  ]),
)

// The case's own types; the first is T.NEXT.
const A = T.NEXT
const B = T.NEXT + 1
const C = T.NEXT + 2
const D = T.NEXT + 3

const types = (
  isRight: boolean,
  title: string,
  from: number,
  to: number,
  own: Array<Part>,
): BodyCase => {
  const [verdict, , instructions, environment] = returns(isRight, title, refNull(from), refNull(to))
  return [verdict, title, instructions, { ...environment, types: own }]
}

const INT = struct([I32, CONST])
validates("equivalent types", [
  types(true, "structs alike", A, B, [INT, INT]),
  types(true, "arrays alike", A, B, [array([I8, MUTABLE]), array([I8, MUTABLE])]),
  types(true, "functions alike", A, B, [func([I32], [I64]), func([I32], [I64])]),
  types(true, "a group of one and no group", A, B, [INT, rec(INT)]),
  types(true, "final, said and not said", A, B, [INT, subFinal([], INT)]),
  types(true, "groups alike", A, C, [rec(INT, struct()), rec(INT, struct())]),
  types(true, "groups that refer to themselves alike", A, B, [
    rec(struct([refNull(A), CONST])),
    rec(struct([refNull(B), CONST])),
  ]),
  types(true, "references to types alike", C, D, [
    ...[INT, INT],
    ...[struct([ref(A), CONST]), struct([ref(B), CONST])],
  ]),
  types(false, "another field", A, B, [INT, struct([I64, CONST])]),
  types(false, "another mutability", A, B, [INT, struct([I32, MUTABLE])]),
  types(false, "a field more", A, B, [struct([I32, 0], [I32, 0]), INT]),
  types(false, "a packed field", A, B, [struct([I8, CONST]), INT]),
  types(false, "an open type and a final one", A, B, [sub([], INT), INT]),
  types(false, "a group of one and one of two", A, B, [INT, rec(INT, INT)]),
  types(false, "two of a group", A, B, [rec(INT, INT)]),
  types(false, "groups in another order", A, D, [rec(INT, struct()), rec(struct(), INT)]),
  types(false, "the same place in groups that differ", A, C, [
    rec(INT, struct()),
    rec(INT, array([I32, CONST])),
  ]),
  types(false, "a reference to itself and one to a type alike", A, B, [
    rec(struct([refNull(A), CONST])),
    struct([refNull(A), CONST]),
  ]),
  types(false, "references that are nullable and not", A, B, [
    struct([ref(T.BASE), CONST]),
    struct([refNull(T.BASE), CONST]),
  ]),
  types(false, "a super type and none", A, B, [
    subFinal([T.BASE], struct([I32, CONST], [I64, MUTABLE])),
    struct([I32, CONST], [I64, MUTABLE]),
  ]),
])

const WIDE = struct([I32, CONST], [I64, MUTABLE], [I32, CONST])
validates("declared sub types", [
  types(true, "of a super type", A, T.BASE, [sub([T.BASE], WIDE)]),
  types(true, "of a super type's super type", B, T.BASE, [sub([T.BASE], WIDE), sub([A], WIDE)]),
  types(true, "of a type alike the super type", C, A, [
    ...[sub([], INT), sub([], INT), sub([B], INT)],
  ]),
  types(true, "alike, of super types alike", C, D, [
    ...[sub([], INT), sub([], INT), sub([A], INT), sub([B], INT)],
  ]),
  types(true, "within a group", B, A, [rec(sub([], INT), sub([A], INT))]),
  types(true, "of a long chain", T.NEXT + 9, A, [
    sub([], INT),
    ...Array.from({ length: 9 }, (_, i) => sub([A + i], INT)),
  ]),
  types(false, "the other way round", T.BASE, A, [sub([T.BASE], WIDE)]),
  types(false, "of the same super type", A, B, [sub([T.BASE], WIDE), subFinal([T.BASE], WIDE)]),
  types(false, "of the right form, but not declared", A, T.BASE, [WIDE]),
  types(false, "the end of a chain for its middle", T.NEXT + 4, T.NEXT + 9, [
    sub([], INT),
    ...Array.from({ length: 9 }, (_, i) => sub([A + i], INT)),
  ]),
  types(false, "functions that would match, not declared", A, B, [
    func([refNull(T.BASE)], [refNull(T.DERIVED)]),
    func([refNull(T.DERIVED)], [refNull(T.BASE)]),
  ]),
  types(true, "a function type of a function type", A, T.SUPER, [
    sub([T.SUPER], func([ANY], [NONE])),
  ]),
  types(true, "as funcref in a field", B, A, [
    sub([], struct([FUNCREF, CONST])),
    sub([A], struct([ref(T.VOID), CONST])),
  ]),
])
