// Tail calls: return_call, return_call_indirect, return_call_ref.
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
  DROP,
  EMPTY,
  F64_0,
  I32_0,
  I64_0,
  refFunc,
  returnCall,
  returnCallIndirect,
  returnCallRef,
} from "../../support/instructions.ts"
import { AT, F64, I32, I64, refNull, u } from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)
const DERIVED = refNull(T.DERIVED)

validates("return_call", [
  ["ok", "nothing to nothing", [returnCall(F.VOID)]],
  ["ok", "parameters", [I32_0, F64_0, returnCall(F.TAKES)]],
  ["ok", "a result", [I32_0, returnCall(F.TURNS)], gives(I64)],
  ["ok", "two results", [returnCall(F.GIVES)], gives(I32, F64)],
  ["ok", "a result of a sub type", [A_BASE, returnCall(F.SUB)], gives(BASE)],
  ["ok", "operands below", [F64_0, I32_0, returnCall(F.TURNS)], gives(I64)],
  ["ok", "out of a block of another type", [
    [block(F64, I32_0, returnCall(F.TURNS)), DROP, I64_0],
  ], gives(I64)],
  ["ok", "what follows is unreachable", [returnCall(F.VOID), DROP]],
  ["ok", "itself", [returnCall(F.TESTED)], { parameters: [], results: [I32, F64] }],
  ["type-mismatch", "no parameter", [AT, returnCall(F.TURNS)], gives(I64)],
  ["type-mismatch", "a wrong parameter", [F64_0, AT, returnCall(F.TURNS)], gives(I64)],
  ["type-mismatch", "a parameter from outside the block", [
    [I32_0, block(EMPTY, AT, returnCall(F.TURNS)), DROP, I64_0],
  ], gives(I64)],
  ["type-mismatch", "no result", [AT, returnCall(F.VOID)], gives(I64)],
  ["type-mismatch", "a result too many", [I32_0, AT, returnCall(F.TURNS)]],
  ["type-mismatch", "a wrong result", [I32_0, AT, returnCall(F.TURNS)], gives(I32)],
  ["type-mismatch", "one of two results", [AT, returnCall(F.GIVES)], gives(F64)],
  [
    "type-mismatch",
    "a result of a super type",
    [A_DERIVED, AT, returnCall(F.SUPER)],
    gives(DERIVED),
  ],
  ["type-mismatch", "a wrong result in unreachable code", [
    [0x00, AT, returnCall(F.TURNS)],
  ], gives(I32)],
  ["unknown-function", "one beyond the last", [AT, returnCall(F.TESTED + 1)]],
  ["unknown-function", "the greatest index", [AT, returnCall(u(2 ** 32 - 1))]],
])

validates("return_call_indirect", [
  ["ok", "nothing to nothing", [I32_0, returnCallIndirect(T.VOID, TABLE.FUNCS)]],
  ["ok", "a parameter and a result", [
    [I32_0, I32_0, returnCallIndirect(T.TURNS, TABLE.FUNCS)],
  ], gives(I64)],
  ["ok", "a result of a sub type", [
    [A_BASE, I32_0, returnCallIndirect(T.SUB, TABLE.SUBS)],
  ], gives(BASE)],
  ["ok", "what follows is unreachable", [I32_0, returnCallIndirect(T.VOID, 0), DROP]],
  ["ok", "a 64-bit table", [
    [I64_0, returnCallIndirect(T.VOID, 0)],
  ], { tables: [[0x70, 4, 1]], elements: [] }],
  ["type-mismatch", "a 64-bit table with i32", [
    [I32_0, AT, returnCallIndirect(T.VOID, 0)],
  ], { tables: [[0x70, 4, 1]], elements: [] }],
  ["type-mismatch", "no index", [AT, returnCallIndirect(T.VOID, TABLE.FUNCS)]],
  ["type-mismatch", "an index of i64", [I64_0, AT, returnCallIndirect(T.VOID, TABLE.FUNCS)]],
  ["type-mismatch", "no parameter", [
    [I32_0, AT, returnCallIndirect(T.TURNS, TABLE.FUNCS)],
  ], gives(I64)],
  ["type-mismatch", "a wrong parameter", [
    [I64_0, I32_0, AT, returnCallIndirect(T.TURNS, TABLE.FUNCS)],
  ], gives(I64)],
  ["type-mismatch", "no result", [I32_0, AT, returnCallIndirect(T.VOID, TABLE.FUNCS)], gives(I64)],
  ["type-mismatch", "a wrong result", [
    [I32_0, I32_0, AT, returnCallIndirect(T.TURNS, TABLE.FUNCS)],
  ], gives(I32)],
  ["type-mismatch", "a result of a super type", [
    [A_DERIVED, I32_0, AT, returnCallIndirect(T.SUPER, TABLE.FUNCS)],
  ], gives(DERIVED)],
  ["type-mismatch", "a table of externref", [I32_0, AT, returnCallIndirect(T.VOID, TABLE.EXTERNS)]],
  ["unknown-table", "one beyond the last", [I32_0, AT, returnCallIndirect(T.VOID, 4)]],
  ["unknown-type", "a type beyond the last", [I32_0, AT, returnCallIndirect(T.NEXT + 1, 0)]],
  ["unexpected-type-form", "a struct type", [I32_0, AT, returnCallIndirect(T.BASE, 0)]],
])

validates("return_call_ref", [
  ["ok", "a reference that is not null", [refFunc(F.VOID), returnCallRef(T.VOID)]],
  ["ok", "a parameter and a result", [A_DERIVED, A_SUPER, returnCallRef(T.SUPER)], gives(BASE)],
  [
    "ok",
    "a sub type of the function type",
    [A_DERIVED, A_SUB, returnCallRef(T.SUPER)],
    gives(BASE),
  ],
  ["ok", "a result of a sub type", [A_BASE, A_SUB, returnCallRef(T.SUB)], gives(BASE)],
  ["ok", "what follows is unreachable", [refFunc(F.VOID), returnCallRef(T.VOID), DROP]],
  ["type-mismatch", "nothing", [AT, returnCallRef(T.VOID)]],
  ["type-mismatch", "a number", [I32_0, AT, returnCallRef(T.VOID)]],
  ["type-mismatch", "any function", [A_FUNC, AT, returnCallRef(T.VOID)]],
  ["type-mismatch", "no function", [AN_ANY, AT, returnCallRef(T.VOID)]],
  ["type-mismatch", "a function of a super type", [
    [A_BASE, A_SUPER, AT, returnCallRef(T.SUB)],
  ], gives(BASE)],
  ["type-mismatch", "no parameter", [A_SUPER, AT, returnCallRef(T.SUPER)], gives(BASE)],
  ["type-mismatch", "a wrong parameter", [
    [A_BASE, A_SUPER, AT, returnCallRef(T.SUPER)],
  ], gives(BASE)],
  ["type-mismatch", "no result", [refFunc(F.VOID), AT, returnCallRef(T.VOID)], gives(I32)],
  ["type-mismatch", "a result of a super type", [
    [A_DERIVED, A_SUB, AT, returnCallRef(T.SUPER)],
  ], gives(DERIVED)],
  ["unknown-type", "a type beyond the last", [A_SUPER, AT, returnCallRef(T.NEXT + 1)]],
  ["unexpected-type-form", "a struct type", [A_BASE, AT, returnCallRef(T.BASE)]],
])
