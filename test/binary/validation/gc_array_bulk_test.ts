// Arrays as a whole: array.fill, array.copy, array.init_data, array.init_elem.
// https://webassembly.github.io/spec/core/valid/instructions.html#aggregate-reference-instructions
import {
  A_BASE,
  A_DERIVED,
  A_FUNC,
  AN_ANY,
  CONST,
  ELEM,
  type Environment,
  I16,
  INTS,
  MUTABLE,
  T,
} from "./support/body_cases.ts"
import {
  arrayCopy,
  arrayFill,
  arrayInitData,
  arrayInitElem,
  F64_0,
  I32_0,
  I64_0,
  refNullOf,
} from "../../support/instructions.ts"
import { array, AT, FUNCREF, type Part } from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

/** A null of a type, if only the type matters. */
const a = (type: number): Part => refNullOf(type)
const UNKNOWN = T.NEXT + 1
const TWO = [I32_0, I32_0]
const THREE = [I32_0, I32_0, I32_0]
const NO_COUNT: Environment = { hasDataCount: false }

validates("array.fill", [
  ["ok", "numbers", [INTS, I32_0, I32_0, I32_0, arrayFill(T.INTS)]],
  ["ok", "packed elements", [a(T.BYTES), I32_0, I32_0, I32_0, arrayFill(T.BYTES)]],
  ["ok", "a sub type", [a(T.BASES), I32_0, A_DERIVED, I32_0, arrayFill(T.BASES)]],
  ["type-mismatch", "three operands", [THREE, AT, arrayFill(T.INTS)]],
  ["type-mismatch", "an offset of i64", [INTS, I64_0, I32_0, I32_0, AT, arrayFill(T.INTS)]],
  ["type-mismatch", "a wrong value", [INTS, I32_0, I64_0, I32_0, AT, arrayFill(T.INTS)]],
  ["type-mismatch", "a length of i64", [INTS, I32_0, I32_0, I64_0, AT, arrayFill(T.INTS)]],
  ["type-mismatch", "a super type", [a(T.BASES), I32_0, AN_ANY, I32_0, AT, arrayFill(T.BASES)]],
  ["type-mismatch", "another array", [a(T.BYTES), THREE, AT, arrayFill(T.INTS)]],
  ["immutable-array", "a constant array", [
    a(T.FIXED),
    I32_0,
    F64_0,
    I32_0,
    AT,
    arrayFill(T.FIXED),
  ]],
  ["unknown-type", "a type beyond the last", [INTS, THREE, AT, arrayFill(UNKNOWN)]],
  ["unexpected-type-form", "a struct type", [A_BASE, THREE, AT, arrayFill(T.BASE)]],
])

const copy = (to: number, from: number): Part => [a(to), I32_0, a(from), I32_0, I32_0]
validates("array.copy", [
  ["ok", "numbers", [copy(T.INTS, T.INTS), arrayCopy(T.INTS, T.INTS)]],
  ["ok", "packed elements", [copy(T.BYTES, T.FIXED_BYTES), arrayCopy(T.BYTES, T.FIXED_BYTES)]],
  ["ok", "a sub type", [copy(T.BASES, T.STRICT_BASES), arrayCopy(T.BASES, T.STRICT_BASES)]],
  ["type-mismatch", "a super type", [
    [copy(T.STRICT_BASES, T.BASES), AT, arrayCopy(T.STRICT_BASES, T.BASES)],
  ]],
  ["type-mismatch", "other numbers", [copy(T.INTS, T.FIXED), AT, arrayCopy(T.INTS, T.FIXED)]],
  ["type-mismatch", "packed to not packed", [
    copy(T.INTS, T.BYTES),
    AT,
    arrayCopy(T.INTS, T.BYTES),
  ]],
  ["type-mismatch", "not packed to packed", [
    copy(T.BYTES, T.INTS),
    AT,
    arrayCopy(T.BYTES, T.INTS),
  ]],
  ["type-mismatch", "packed in two ways", [
    [copy(T.BYTES, T.NEXT), AT, arrayCopy(T.BYTES, T.NEXT)],
  ], { types: [array([I16, MUTABLE])] }],
  ["ok", "packed elements of 16 bits", [
    [copy(T.NEXT, T.NEXT), arrayCopy(T.NEXT, T.NEXT)],
  ], { types: [array([I16, MUTABLE])] }],
  ["type-mismatch", "references to numbers", [
    [copy(T.INTS, T.BASES), AT, arrayCopy(T.INTS, T.BASES)],
  ]],
  ["type-mismatch", "four operands", [I32_0, INTS, I32_0, I32_0, AT, arrayCopy(T.INTS, T.INTS)]],
  ["type-mismatch", "to an offset of i64", [
    [INTS, I64_0, INTS, I32_0, I32_0, AT, arrayCopy(T.INTS, T.INTS)],
  ]],
  ["type-mismatch", "from an offset of i64", [
    [INTS, I32_0, INTS, I64_0, I32_0, AT, arrayCopy(T.INTS, T.INTS)],
  ]],
  ["type-mismatch", "a length of i64", [
    [INTS, I32_0, INTS, I32_0, I64_0, AT, arrayCopy(T.INTS, T.INTS)],
  ]],
  ["type-mismatch", "arrays changed about", [
    [copy(T.FIXED_BYTES, T.BYTES), AT, arrayCopy(T.BYTES, T.FIXED_BYTES)],
  ]],
  ["immutable-array", "to a constant array", [
    [copy(T.FIXED_BYTES, T.BYTES), AT, arrayCopy(T.FIXED_BYTES, T.BYTES)],
  ]],
  ["unknown-type", "to a type beyond the last", [
    copy(T.INTS, T.INTS),
    AT,
    arrayCopy(UNKNOWN, T.INTS),
  ]],
  ["unknown-type", "from a type beyond the last", [
    [copy(T.INTS, T.INTS), AT, arrayCopy(T.INTS, UNKNOWN)],
  ]],
  ["unexpected-type-form", "to a struct", [copy(T.BASE, T.INTS), AT, arrayCopy(T.BASE, T.INTS)]],
  ["unexpected-type-form", "from a struct", [copy(T.INTS, T.BASE), AT, arrayCopy(T.INTS, T.BASE)]],
])

validates("array.init_data", [
  ["ok", "numbers", [INTS, THREE, arrayInitData(T.INTS, 0)]],
  ["ok", "packed elements", [a(T.BYTES), THREE, arrayInitData(T.BYTES, 0)]],
  ["type-mismatch", "three operands", [THREE, AT, arrayInitData(T.INTS, 0)]],
  ["type-mismatch", "to i64", [INTS, I64_0, I32_0, I32_0, AT, arrayInitData(T.INTS, 0)]],
  ["type-mismatch", "from i64", [INTS, I32_0, I64_0, I32_0, AT, arrayInitData(T.INTS, 0)]],
  ["type-mismatch", "i64 of them", [INTS, I32_0, I32_0, I64_0, AT, arrayInitData(T.INTS, 0)]],
  ["type-mismatch", "another array", [a(T.BYTES), THREE, AT, arrayInitData(T.INTS, 0)]],
  ["immutable-array", "a constant array", [a(T.FIXED), THREE, AT, arrayInitData(T.FIXED, 0)]],
  ["not-numeric-array", "references", [a(T.BASES), THREE, AT, arrayInitData(T.BASES, 0)]],
  ["unknown-data-segment", "one beyond the last", [INTS, THREE, AT, arrayInitData(T.INTS, 1)]],
  ["data-count-required", "no data count", [INTS, THREE, AT, arrayInitData(T.INTS, 0)], NO_COUNT],
  ["unknown-type", "a type beyond the last", [INTS, THREE, AT, arrayInitData(UNKNOWN, 0)]],
  ["unexpected-type-form", "a struct type", [A_BASE, THREE, AT, arrayInitData(T.BASE, 0)]],
])

const FIXED_FUNCS: Environment = { types: [array([FUNCREF, CONST])] }
validates("array.init_elem", [
  ["ok", "functions", [a(T.FUNCS), THREE, arrayInitElem(T.FUNCS, ELEM.FUNCS)]],
  ["ok", "references to structs", [a(T.BASES), THREE, arrayInitElem(T.BASES, ELEM.BASES)]],
  ["type-mismatch", "three operands", [THREE, AT, arrayInitElem(T.FUNCS, 0)]],
  ["type-mismatch", "to i64", [a(T.FUNCS), I64_0, TWO, AT, arrayInitElem(T.FUNCS, 0)]],
  ["type-mismatch", "from i64", [a(T.FUNCS), I32_0, I64_0, I32_0, AT, arrayInitElem(T.FUNCS, 0)]],
  ["type-mismatch", "i64 of them", [a(T.FUNCS), TWO, I64_0, AT, arrayInitElem(T.FUNCS, 0)]],
  ["type-mismatch", "another array", [a(T.BASES), THREE, AT, arrayInitElem(T.FUNCS, 0)]],
  ["type-mismatch", "no array", [A_FUNC, THREE, AT, arrayInitElem(T.FUNCS, 0)]],
  ["type-mismatch", "another hierarchy", [
    [a(T.FUNCS), THREE, AT, arrayInitElem(T.FUNCS, ELEM.EXTERNS)],
  ]],
  ["type-mismatch", "a super type", [
    [a(T.STRICT_BASES), THREE, AT, arrayInitElem(T.STRICT_BASES, ELEM.BASES)],
  ]],
  ["type-mismatch", "an array of numbers", [INTS, THREE, AT, arrayInitElem(T.INTS, ELEM.FUNCS)]],
  ["immutable-array", "a constant array", [
    [a(T.NEXT), THREE, AT, arrayInitElem(T.NEXT, ELEM.FUNCS)],
  ], FIXED_FUNCS],
  ["unknown-element-segment", "one beyond the last", [
    [a(T.FUNCS), THREE, AT, arrayInitElem(T.FUNCS, 4)],
  ]],
  ["unknown-type", "a type beyond the last", [INTS, THREE, AT, arrayInitElem(UNKNOWN, 0)]],
  ["unexpected-type-form", "a struct type", [A_BASE, THREE, AT, arrayInitElem(T.BASE, 0)]],
])
