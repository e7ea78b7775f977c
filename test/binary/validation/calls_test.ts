// Calls: direct, through a table, through a reference.
// https://webassembly.github.io/spec/core/valid/instructions.html#control-instructions
import {
  A_BASE,
  A_DERIVED,
  A_FUNC,
  A_SUB,
  A_SUPER,
  AN_ANY,
  F,
  gives,
  T,
  TABLE,
} from "./support/body_cases.ts"
import {
  block,
  call,
  callIndirect,
  callRef,
  DROP,
  EMPTY,
  F64_0,
  I32_0,
  I64_0,
  localGet,
  padded,
  refFunc,
  refNullOf,
} from "../../support/instructions.ts"
import {
  AT,
  EXTERNREF,
  F64,
  FUNCREF,
  I32,
  I64,
  ref,
  refNull,
  u,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)
const DERIVED = refNull(T.DERIVED)

validates("call", [
  ["ok", "nothing to nothing", [call(F.VOID)]],
  ["ok", "two parameters", [I32_0, F64_0, call(F.TAKES)]],
  ["ok", "two results", [call(F.GIVES)], gives(I32, F64)],
  ["ok", "the results of one as the parameters of another", [call(F.GIVES), call(F.TAKES)]],
  ["ok", "a parameter and a result", [I32_0, call(F.TURNS)], gives(I64)],
  ["ok", "operands below are left alone", [I64_0, I32_0, call(F.TURNS)], gives(I64, I64)],
  ["ok", "a sub type as a parameter", [A_DERIVED, call(F.SUB), DROP]],
  ["ok", "itself", [call(F.TESTED)], { parameters: [] }],
  ["ok", "an index of three bytes", [call(padded(F.VOID, 3))]],
  ["type-mismatch", "no parameter", [AT, call(F.TURNS), DROP]],
  ["type-mismatch", "one of two parameters", [F64_0, AT, call(F.TAKES)]],
  ["type-mismatch", "a wrong parameter", [I64_0, AT, call(F.TURNS), DROP]],
  ["type-mismatch", "a wrong first parameter", [I64_0, F64_0, AT, call(F.TAKES)]],
  ["type-mismatch", "parameters in the wrong order", [F64_0, I32_0, AT, call(F.TAKES)]],
  ["type-mismatch", "a super type as a parameter", [A_BASE, AT, call(F.SUPER), DROP]],
  ["type-mismatch", "parameters from outside the block", [
    [I32_0, block(EMPTY, AT, call(F.TURNS), DROP), DROP],
  ]],
  ["type-mismatch", "results not taken", [I32_0, call(F.TURNS), AT]],
  ["type-mismatch", "a result as another type", [I32_0, call(F.TURNS), AT], gives(F64)],
  ["type-mismatch", "a result as a sub type", [A_DERIVED, call(F.SUPER), AT], gives(DERIVED)],
  ["unknown-function", "one beyond the last", [AT, call(F.TESTED + 1)]],
  ["unknown-function", "the greatest index", [AT, call(u(2 ** 32 - 1))]],
])

validates("call_indirect", [
  ["ok", "nothing to nothing", [I32_0, callIndirect(T.VOID, TABLE.FUNCS)]],
  ["ok", "two parameters", [I32_0, F64_0, I32_0, callIndirect(T.TAKES, TABLE.FUNCS)]],
  ["ok", "two results", [I32_0, callIndirect(T.GIVES, TABLE.FUNCS)], gives(I32, F64)],
  ["ok", "a sub type as a parameter", [
    [A_DERIVED, I32_0, callIndirect(T.SUB, TABLE.FUNCS), DROP],
  ]],
  ["ok", "a table of a function type", [
    [A_BASE, I32_0, callIndirect(T.SUB, TABLE.SUBS)],
  ], gives(DERIVED)],
  ["ok", "a function type that the table does not hold", [
    [I32_0, callIndirect(T.VOID, TABLE.SUBS)],
  ]],
  ["ok", "a table of references that are not null", [
    [I32_0, callIndirect(T.VOID, 0)],
  ], { tables: [[0x40, 0, ref(T.VOID), 0, 1, [0xd2, F.VOID], 0x0b]], elements: [] }],
  ["ok", "indexes of five bytes", [I32_0, callIndirect(padded(T.VOID, 5), padded(0, 5))]],
  ["type-mismatch", "no index", [AT, callIndirect(T.VOID, TABLE.FUNCS)]],
  ["type-mismatch", "an index of i64", [I64_0, AT, callIndirect(T.VOID, TABLE.FUNCS)]],
  ["type-mismatch", "no parameter", [I32_0, AT, callIndirect(T.TURNS, TABLE.FUNCS), DROP]],
  ["type-mismatch", "a wrong parameter", [
    [F64_0, I32_0, AT, callIndirect(T.TURNS, TABLE.FUNCS), DROP],
  ]],
  ["type-mismatch", "a super type as a parameter", [
    [A_BASE, I32_0, AT, callIndirect(T.SUPER, TABLE.FUNCS), DROP],
  ]],
  ["type-mismatch", "a result as another type", [
    [I32_0, I32_0, callIndirect(T.TURNS, TABLE.FUNCS), AT],
  ], gives(I32)],
  ["type-mismatch", "a table of externref", [I32_0, AT, callIndirect(T.VOID, TABLE.EXTERNS)]],
  ["type-mismatch", "a table of structs", [I32_0, AT, callIndirect(T.VOID, TABLE.BASES)]],
  ["unknown-table", "one beyond the last", [I32_0, AT, callIndirect(T.VOID, 4)]],
  ["unknown-table", "no tables", [
    [I32_0, AT, callIndirect(T.VOID, 0)],
  ], { tables: [], elements: [] }],
  ["unknown-type", "a type beyond the last", [I32_0, AT, callIndirect(T.NEXT + 1, 0)]],
  ["unexpected-type-form", "a struct type", [I32_0, AT, callIndirect(T.BASE, 0)]],
  ["unexpected-type-form", "an array type", [I32_0, AT, callIndirect(T.INTS, 0)]],
])

validates("call_indirect on an imported table", [
  ["ok", "of functions", [
    [I32_0, callIndirect(T.VOID, 0)],
  ], { imports: [[1, 0x6d, 1, 0x74, 1, FUNCREF, 0, 0]], tables: [], elements: [] }],
  ["type-mismatch", "of other references", [
    [I32_0, AT, callIndirect(T.VOID, 0)],
  ], { imports: [[1, 0x6d, 1, 0x74, 1, EXTERNREF, 0, 0]], tables: [], elements: [] }],
])

validates("call_ref", [
  ["ok", "a reference that may be null", [A_DERIVED, A_SUPER, callRef(T.SUPER)], gives(BASE)],
  ["ok", "a reference that is not null", [refFunc(F.VOID), callRef(T.VOID)]],
  ["ok", "a sub type of the function type", [A_DERIVED, A_SUB, callRef(T.SUPER)], gives(BASE)],
  ["ok", "a null of the bottom type", [
    [I32_0, refNullOf(0x73), callRef(T.TURNS)],
  ], gives(I64)],
  [
    "ok",
    "the parameter and result of the type named",
    [A_BASE, A_SUB, callRef(T.SUB)],
    gives(DERIVED),
  ],
  ["type-mismatch", "nothing", [AT, callRef(T.VOID)]],
  ["type-mismatch", "a number", [I32_0, AT, callRef(T.VOID)]],
  ["type-mismatch", "any function", [A_FUNC, AT, callRef(T.VOID)]],
  ["type-mismatch", "a function of another type", [
    A_DERIVED,
    refFunc(F.VOID),
    AT,
    callRef(T.SUPER),
    DROP,
  ]],
  ["type-mismatch", "a super type of the function type", [
    A_BASE,
    A_SUPER,
    AT,
    callRef(T.SUB),
    DROP,
  ]],
  ["type-mismatch", "a reference to no function", [AN_ANY, AT, callRef(T.VOID)]],
  ["type-mismatch", "no parameter", [A_SUPER, AT, callRef(T.SUPER), DROP]],
  ["type-mismatch", "a wrong parameter", [A_BASE, A_SUPER, AT, callRef(T.SUPER), DROP]],
  ["type-mismatch", "the result of the type named, not of the operand", [
    [A_DERIVED, A_SUB, callRef(T.SUPER), AT],
  ], gives(DERIVED)],
  ["unknown-type", "a type beyond the last", [A_SUPER, AT, callRef(T.NEXT + 1)]],
  ["unexpected-type-form", "a struct type", [A_BASE, AT, callRef(T.BASE)]],
  ["unexpected-type-form", "an array type", [localGet(13), AT, callRef(T.INTS)]],
])
