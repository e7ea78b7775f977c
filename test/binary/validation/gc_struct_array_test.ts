// Structs and arrays.
// https://webassembly.github.io/spec/core/valid/instructions.html#aggregate-reference-instructions
import {
  A_BASE,
  A_BASE_NULL,
  A_DERIVED,
  A_DERIVED_NULL,
  AN_ANY,
  CONST,
  ELEM,
  type Environment,
  gives,
  I16,
  INTS,
  MUTABLE,
  NONE,
  T,
} from "./support/body_cases.ts"
import {
  ARRAY_LEN,
  arrayFill,
  arrayGet,
  arrayGetS,
  arrayGetU,
  arrayNew,
  arrayNewData,
  arrayNewDefault,
  arrayNewElem,
  arrayNewFixed,
  arraySet,
  DROP,
  F32_0,
  F64_0,
  I32_0,
  I64_0,
  padded,
  refNullOf,
  structGet,
  structGetS,
  structGetU,
  structNew,
  structNewDefault,
  structSet,
  V128_0,
} from "../../support/instructions.ts"
import {
  array,
  AT,
  F64,
  I32,
  I64,
  type Part,
  ref,
  refNull,
  struct,
  u,
  V128,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

/** A null of a type, if only the type matters. */
const a = (type: number): Part => refNullOf(type)
const BASE = refNull(T.BASE)
const UNKNOWN = T.NEXT + 1

validates("struct.new", [
  ["ok", "a struct", [I32_0, I64_0, structNew(T.BASE)], gives(ref(T.BASE))],
  ["ok", "packed fields from i32", [I32_0, I32_0, structNew(T.PACKED)], gives(ref(T.PACKED))],
  ["ok", "a sub type in a field", [A_DERIVED, structNew(T.STRICT)], gives(ref(T.STRICT))],
  ["ok", "as a super type", [I32_0, I64_0, A_BASE, structNew(T.DERIVED)], gives(BASE)],
  ["ok", "no fields", [structNew(T.NEXT)], { types: [struct()], results: [ref(T.NEXT)] }],
  ["ok", "a type index of three bytes", [F32_0, structNew(padded(T.OTHER, 3)), DROP]],
  ["type-mismatch", "no fields given", [AT, structNew(T.BASE), DROP]],
  ["type-mismatch", "a field less", [I64_0, AT, structNew(T.BASE), DROP]],
  ["type-mismatch", "fields in the wrong order", [I64_0, I32_0, AT, structNew(T.BASE), DROP]],
  ["type-mismatch", "a packed field from i64", [I32_0, I64_0, AT, structNew(T.PACKED), DROP]],
  ["type-mismatch", "null for a reference that is none", [
    [A_BASE_NULL, AT, structNew(T.STRICT), DROP],
  ]],
  ["type-mismatch", "as a sub type", [I32_0, I64_0, structNew(T.BASE), AT], gives(ref(T.DERIVED))],
  ["unknown-type", "a type beyond the last", [AT, structNew(UNKNOWN), DROP]],
  ["unexpected-type-form", "an array type", [AT, structNew(T.INTS), DROP]],
  ["unexpected-type-form", "a function type", [AT, structNew(T.VOID), DROP]],
])

validates("struct.new_default", [
  ["ok", "numbers", [structNewDefault(T.BASE)], gives(ref(T.BASE))],
  ["ok", "packed fields", [structNewDefault(T.PACKED)], gives(ref(T.PACKED))],
  ["ok", "nullable references", [structNewDefault(T.DERIVED)], gives(ref(T.DERIVED))],
  ["ok", "vectors", [
    [structNewDefault(T.NEXT), DROP],
  ], { types: [struct([V128, CONST])] }],
  ["type-mismatch", "a reference that is not null", [AT, structNewDefault(T.STRICT), DROP]],
  ["type-mismatch", "one of several", [
    [AT, structNewDefault(T.NEXT), DROP],
  ], { types: [struct([I32, 0], [ref(T.BASE), 0], [I64, 0])] }],
  ["unknown-type", "a type beyond the last", [AT, structNewDefault(UNKNOWN), DROP]],
  ["unexpected-type-form", "an array type", [AT, structNewDefault(T.INTS), DROP]],
])

validates("struct.get", [
  ["ok", "the first field", [A_BASE, structGet(T.BASE, 0)], gives(I32)],
  ["ok", "the second field", [A_BASE, structGet(T.BASE, 1)], gives(I64)],
  ["ok", "of null", [A_BASE_NULL, structGet(T.BASE, 0), DROP]],
  ["ok", "of a sub type", [A_DERIVED, structGet(T.BASE, 1), DROP]],
  ["ok", "a reference", [A_DERIVED_NULL, structGet(T.DERIVED, 2)], gives(BASE)],
  ["ok", "signed and unsigned", [
    [a(T.PACKED), structGetS(T.PACKED, 0), a(T.PACKED), structGetU(T.PACKED, 1)],
  ], gives(I32, I32)],
  ["type-mismatch", "nothing", [AT, structGet(T.BASE, 0), DROP]],
  ["type-mismatch", "a number", [I32_0, AT, structGet(T.BASE, 0), DROP]],
  ["type-mismatch", "a super type", [A_BASE, AT, structGet(T.DERIVED, 0), DROP]],
  ["type-mismatch", "structref", [a(0x6b), AT, structGet(T.BASE, 0), DROP]],
  ["type-mismatch", "an unrelated struct", [a(T.OTHER), AT, structGet(T.BASE, 0), DROP]],
  ["type-mismatch", "as another type", [A_BASE, structGet(T.BASE, 0), AT], gives(I64)],
  ["type-mismatch", "a packed field as i64", [
    [a(T.PACKED), structGetS(T.PACKED, 0), AT],
  ], gives(I64)],
  ["type-mismatch", "a super type, signed", [AN_ANY, AT, structGetS(T.PACKED, 0), DROP]],
  ["packed-field", "packed", [a(T.PACKED), AT, structGet(T.PACKED, 0), DROP]],
  ["packed-field", "packed, the second", [a(T.PACKED), AT, structGet(T.PACKED, 1), DROP]],
  ["packed-field", "signed, of a field that is not packed", [
    A_BASE,
    AT,
    structGetS(T.BASE, 0),
    DROP,
  ]],
  ["packed-field", "unsigned, of a field that is not packed", [
    [A_BASE, AT, structGetU(T.BASE, 1), DROP],
  ]],
  ["unknown-field", "one beyond the last", [A_BASE, AT, structGet(T.BASE, 2), DROP]],
  ["unknown-field", "a sub type's field", [A_DERIVED, AT, structGet(T.BASE, 2), DROP]],
  ["unknown-field", "the greatest index", [A_BASE, AT, structGet(T.BASE, u(2 ** 32 - 1)), DROP]],
  ["unknown-field", "signed, one beyond the last", [
    [a(T.PACKED), AT, structGetS(T.PACKED, 2), DROP],
  ]],
  ["unknown-type", "a type beyond the last", [A_BASE, AT, structGet(UNKNOWN, 0), DROP]],
  ["unexpected-type-form", "an array type", [INTS, AT, structGet(T.INTS, 0), DROP]],
])

validates("struct.set", [
  ["ok", "a field", [A_BASE, I64_0, structSet(T.BASE, 1)]],
  ["ok", "of null, of a sub type", [A_DERIVED_NULL, I64_0, structSet(T.BASE, 1)]],
  ["ok", "a packed field", [a(T.PACKED), I32_0, structSet(T.PACKED, 0)]],
  ["ok", "a sub type", [A_DERIVED, A_DERIVED, structSet(T.DERIVED, 2)]],
  ["type-mismatch", "no value", [A_BASE, AT, structSet(T.BASE, 1)]],
  ["type-mismatch", "no struct", [I64_0, AT, structSet(T.BASE, 1)]],
  ["type-mismatch", "a wrong number", [A_BASE, I32_0, AT, structSet(T.BASE, 1)]],
  ["type-mismatch", "a packed field with i64", [a(T.PACKED), I64_0, AT, structSet(T.PACKED, 0)]],
  ["type-mismatch", "a super type as the value", [A_DERIVED, AN_ANY, AT, structSet(T.DERIVED, 2)]],
  ["type-mismatch", "a super type as the struct", [A_BASE, I64_0, AT, structSet(T.DERIVED, 1)]],
  ["type-mismatch", "null for a reference that is none", [
    [a(T.STRICT), A_BASE_NULL, AT, structSet(T.STRICT, 0)],
  ]],
  ["immutable-field", "a constant", [A_BASE, I32_0, AT, structSet(T.BASE, 0)]],
  ["immutable-field", "a constant packed field", [a(T.PACKED), I32_0, AT, structSet(T.PACKED, 1)]],
  ["unknown-field", "one beyond the last", [A_BASE, I64_0, AT, structSet(T.BASE, 2)]],
  ["unknown-type", "a type beyond the last", [A_BASE, I64_0, AT, structSet(UNKNOWN, 0)]],
  ["unexpected-type-form", "an array type", [INTS, I32_0, AT, structSet(T.INTS, 0)]],
])

validates("array.new", [
  ["ok", "numbers", [F64_0, I32_0, arrayNew(T.FIXED)], gives(ref(T.FIXED))],
  ["ok", "packed elements from i32", [I32_0, I32_0, arrayNew(T.BYTES)], gives(ref(T.BYTES))],
  ["ok", "a sub type", [A_DERIVED, I32_0, arrayNew(T.STRICT_BASES)], gives(ref(T.STRICT_BASES))],
  ["type-mismatch", "no length", [F64_0, AT, arrayNew(T.FIXED), DROP]],
  ["type-mismatch", "no value", [I32_0, AT, arrayNew(T.INTS), DROP]],
  ["type-mismatch", "a length of i64", [F64_0, I64_0, AT, arrayNew(T.FIXED), DROP]],
  ["type-mismatch", "a wrong value", [F32_0, I32_0, AT, arrayNew(T.FIXED), DROP]],
  ["type-mismatch", "null for a reference that is none", [
    [A_BASE_NULL, I32_0, AT, arrayNew(T.STRICT_BASES), DROP],
  ]],
  ["unknown-type", "a type beyond the last", [I32_0, I32_0, AT, arrayNew(UNKNOWN), DROP]],
  ["unexpected-type-form", "a struct type", [I32_0, I32_0, AT, arrayNew(T.OTHER), DROP]],
])

validates("array.new_default", [
  ["ok", "numbers", [I32_0, arrayNewDefault(T.INTS)], gives(ref(T.INTS))],
  ["ok", "packed elements", [I32_0, arrayNewDefault(T.BYTES), DROP]],
  ["ok", "nullable references", [I32_0, arrayNewDefault(T.BASES), DROP]],
  ["type-mismatch", "references that are not null", [
    [I32_0, AT, arrayNewDefault(T.STRICT_BASES), DROP],
  ]],
  ["type-mismatch", "no length", [AT, arrayNewDefault(T.INTS), DROP]],
  ["type-mismatch", "a length of i64", [I64_0, AT, arrayNewDefault(T.INTS), DROP]],
  ["unknown-type", "a type beyond the last", [I32_0, AT, arrayNewDefault(UNKNOWN), DROP]],
  ["unexpected-type-form", "a function type", [I32_0, AT, arrayNewDefault(T.VOID), DROP]],
])

validates("array.new_fixed", [
  ["ok", "no elements", [arrayNewFixed(T.INTS, 0)], gives(ref(T.INTS))],
  ["ok", "three elements", [I32_0, I32_0, I32_0, arrayNewFixed(T.INTS, 3), DROP]],
  ["ok", "operands below are left alone", [I32_0, I32_0, arrayNewFixed(T.INTS, 1), DROP, DROP]],
  ["ok", "packed elements from i32", [I32_0, arrayNewFixed(T.BYTES, 1), DROP]],
  ["ok", "sub types", [A_DERIVED, A_BASE, arrayNewFixed(T.STRICT_BASES, 2), DROP]],
  ["type-mismatch", "an element less", [I32_0, AT, arrayNewFixed(T.INTS, 2), DROP]],
  ["type-mismatch", "a wrong first element", [I64_0, I32_0, AT, arrayNewFixed(T.INTS, 2), DROP]],
  ["type-mismatch", "a wrong last element", [I32_0, I64_0, AT, arrayNewFixed(T.INTS, 2), DROP]],
  ["unknown-type", "a type beyond the last", [AT, arrayNewFixed(UNKNOWN, 0), DROP]],
  ["unexpected-type-form", "a struct type", [AT, arrayNewFixed(T.BASE, 0), DROP]],
])

const TWO = [I32_0, I32_0]
const NO_COUNT: Environment = { hasDataCount: false }
validates("array.new_data", [
  ["ok", "numbers", [TWO, arrayNewData(T.INTS, 0)], gives(ref(T.INTS))],
  ["ok", "packed elements", [TWO, arrayNewData(T.BYTES, 0), DROP]],
  ["ok", "vectors", [
    [TWO, arrayNewData(T.NEXT, 0), DROP],
  ], { types: [array([V128, CONST])] }],
  ["not-numeric-array", "references", [TWO, AT, arrayNewData(T.BASES, 0), DROP]],
  ["type-mismatch", "one operand", [I32_0, AT, arrayNewData(T.INTS, 0), DROP]],
  ["type-mismatch", "an offset of i64", [I64_0, I32_0, AT, arrayNewData(T.INTS, 0), DROP]],
  ["type-mismatch", "a length of i64", [I32_0, I64_0, AT, arrayNewData(T.INTS, 0), DROP]],
  ["unknown-data-segment", "one beyond the last", [TWO, AT, arrayNewData(T.INTS, 1), DROP]],
  ["data-count-required", "no data count", [TWO, AT, arrayNewData(T.INTS, 0), DROP], NO_COUNT],
  ["unknown-type", "a type beyond the last", [TWO, AT, arrayNewData(UNKNOWN, 0), DROP]],
  ["unexpected-type-form", "a struct type", [TWO, AT, arrayNewData(T.BASE, 0), DROP]],
])

validates("array.new_elem", [
  ["ok", "functions", [TWO, arrayNewElem(T.FUNCS, ELEM.FUNCS)], gives(ref(T.FUNCS))],
  ["ok", "references to structs", [TWO, arrayNewElem(T.BASES, ELEM.BASES), DROP]],
  ["ok", "a sub type", [
    [TWO, arrayNewElem(T.NEXT, ELEM.BASES), DROP],
  ], { types: [array([0x6e, CONST])] }],
  ["type-mismatch", "another hierarchy", [TWO, AT, arrayNewElem(T.FUNCS, ELEM.EXTERNS), DROP]],
  ["type-mismatch", "a super type", [TWO, AT, arrayNewElem(T.STRICT_BASES, ELEM.BASES), DROP]],
  ["type-mismatch", "an array of numbers", [TWO, AT, arrayNewElem(T.INTS, ELEM.FUNCS), DROP]],
  ["type-mismatch", "an array of packed numbers", [TWO, AT, arrayNewElem(T.BYTES, 0), DROP]],
  ["type-mismatch", "one operand", [I32_0, AT, arrayNewElem(T.FUNCS, 0), DROP]],
  ["type-mismatch", "an offset of i64", [I64_0, I32_0, AT, arrayNewElem(T.FUNCS, 0), DROP]],
  ["type-mismatch", "a length of i64", [I32_0, I64_0, AT, arrayNewElem(T.FUNCS, 0), DROP]],
  ["unknown-element-segment", "one beyond the last", [TWO, AT, arrayNewElem(T.FUNCS, 4), DROP]],
  ["unknown-type", "a type beyond the last", [TWO, AT, arrayNewElem(UNKNOWN, 0), DROP]],
  ["unexpected-type-form", "a struct type", [TWO, AT, arrayNewElem(T.BASE, 0), DROP]],
])

validates("array.get", [
  ["ok", "a number", [a(T.FIXED), I32_0, arrayGet(T.FIXED)], gives(F64)],
  ["ok", "a reference", [a(T.BASES), I32_0, arrayGet(T.BASES)], gives(BASE)],
  ["ok", "signed", [a(T.BYTES), I32_0, arrayGetS(T.BYTES)], gives(I32)],
  ["ok", "unsigned", [a(T.BYTES), I32_0, arrayGetU(T.BYTES)], gives(I32)],
  ["type-mismatch", "no index", [INTS, AT, arrayGet(T.INTS), DROP]],
  ["type-mismatch", "no array", [I32_0, AT, arrayGet(T.INTS), DROP]],
  ["type-mismatch", "an index of i64", [INTS, I64_0, AT, arrayGet(T.INTS), DROP]],
  ["type-mismatch", "another array", [a(T.FIXED), I32_0, AT, arrayGet(T.INTS), DROP]],
  ["type-mismatch", "arrayref", [a(0x6a), I32_0, AT, arrayGet(T.INTS), DROP]],
  ["type-mismatch", "as another type", [INTS, I32_0, arrayGet(T.INTS), AT], gives(I64)],
  ["packed-field", "packed", [a(T.BYTES), I32_0, AT, arrayGet(T.BYTES), DROP]],
  ["packed-field", "signed, not packed", [INTS, I32_0, AT, arrayGetS(T.INTS), DROP]],
  ["packed-field", "unsigned, not packed", [a(T.BASES), I32_0, AT, arrayGetU(T.BASES), DROP]],
  ["unknown-type", "a type beyond the last", [INTS, I32_0, AT, arrayGet(UNKNOWN), DROP]],
  ["unexpected-type-form", "a struct type", [A_BASE, I32_0, AT, arrayGet(T.BASE), DROP]],
])

validates("array.set", [
  ["ok", "a number", [INTS, I32_0, I32_0, arraySet(T.INTS)]],
  ["ok", "a packed element", [a(T.BYTES), I32_0, I32_0, arraySet(T.BYTES)]],
  ["ok", "a sub type", [a(T.BASES), I32_0, A_DERIVED, arraySet(T.BASES)]],
  ["type-mismatch", "two operands", [I32_0, I32_0, AT, arraySet(T.INTS)]],
  ["type-mismatch", "a wrong number", [INTS, I32_0, F32_0, AT, arraySet(T.INTS)]],
  ["type-mismatch", "an index of i64", [INTS, I64_0, I32_0, AT, arraySet(T.INTS)]],
  ["type-mismatch", "another array", [a(T.BYTES), I32_0, I32_0, AT, arraySet(T.INTS)]],
  ["type-mismatch", "a super type", [a(T.BASES), I32_0, AN_ANY, AT, arraySet(T.BASES)]],
  ["immutable-array", "a constant array", [a(T.FIXED), I32_0, F64_0, AT, arraySet(T.FIXED)]],
  ["unknown-type", "a type beyond the last", [INTS, I32_0, I32_0, AT, arraySet(UNKNOWN)]],
  ["unexpected-type-form", "a struct type", [A_BASE, I32_0, I32_0, AT, arraySet(T.BASE)]],
])

validates("array.len", [
  ["ok", "an array", [INTS, ARRAY_LEN], gives(I32)],
  ["ok", "arrayref", [a(0x6a), ARRAY_LEN], gives(I32)],
  ["ok", "the null of the bottom type", [a(NONE), ARRAY_LEN], gives(I32)],
  ["type-mismatch", "nothing", [AT, ARRAY_LEN, DROP]],
  ["type-mismatch", "a struct", [A_BASE, AT, ARRAY_LEN, DROP]],
  ["type-mismatch", "eqref", [a(0x6d), AT, ARRAY_LEN, DROP]],
  ["type-mismatch", "as i64", [INTS, ARRAY_LEN, AT], gives(I64)],
])

validates("vectors in structs and arrays", [
  ["ok", "struct.get", [a(T.NEXT), structGet(T.NEXT, 0)], gives(V128)],
  ["ok", "array.get", [a(T.NEXT + 1), I32_0, arrayGet(T.NEXT + 1)], gives(V128)],
  ["ok", "array.fill", [a(T.NEXT + 1), I32_0, V128_0, I32_0, arrayFill(T.NEXT + 1)]],
  ["type-mismatch", "struct.set with a number", [a(T.NEXT), I32_0, AT, structSet(T.NEXT, 0)]],
], { environment: { types: [struct([V128, MUTABLE]), array([V128, MUTABLE])] } })

validates("packed fields of 16 bits", [
  ["ok", "array.get_s", [a(T.NEXT), I32_0, arrayGetS(T.NEXT)], gives(I32)],
  ["packed-field", "array.get", [a(T.NEXT), I32_0, AT, arrayGet(T.NEXT), DROP]],
  ["ok", "array.new_fixed", [I32_0, arrayNewFixed(T.NEXT, 1), DROP]],
  ["type-mismatch", "array.set with i64", [a(T.NEXT), I32_0, I64_0, AT, arraySet(T.NEXT)]],
], { environment: { types: [array([I16, MUTABLE])] } })
