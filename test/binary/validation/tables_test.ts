// Tables: table.get to table.init, elem.drop, 64-bit tables.
// https://webassembly.github.io/spec/core/valid/instructions.html#table-instructions
import {
  A_BASE,
  A_BASE_NULL,
  A_DERIVED,
  A_FUNC,
  A_SUPER,
  AN_ANY,
  AN_EXTERN,
  ELEM,
  EXTERN,
  FUNC,
  gives,
  NOFUNC,
  NONE,
  T,
  TABLE,
} from "./support/body_cases.ts"
import {
  callIndirect,
  DROP,
  elemDrop,
  I32_0,
  I64_0,
  padded,
  refNullOf,
  tableCopy,
  tableFill,
  tableGet,
  tableGrow,
  tableInit,
  tableSet,
  tableSize,
} from "../../support/instructions.ts"
import {
  AT,
  EXTERNREF,
  FUNCREF,
  I32,
  I64,
  imported,
  refNull,
  u,
  vec,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)
/** Tables of funcref with 32-bit indices, of funcref with 64-bit ones, and of externref with 64-bit ones. */
const WIDE = { tables: [[FUNCREF, 0, 1], [FUNCREF, 4, 1], [EXTERNREF, 4, 1]] }
const NO_TABLES = { tables: [] }

validates("table.get", [
  ["ok", "a function", [I32_0, tableGet(TABLE.FUNCS)], gives(FUNCREF)],
  ["ok", "an external reference", [I32_0, tableGet(TABLE.EXTERNS)], gives(EXTERNREF)],
  ["ok", "a defined type", [I32_0, tableGet(TABLE.BASES)], gives(BASE)],
  ["ok", "an index of five bytes", [I32_0, tableGet(padded(1, 5))], gives(EXTERNREF)],
  ["type-mismatch", "no index", [AT, tableGet(TABLE.FUNCS), DROP]],
  ["type-mismatch", "an index of i64", [I64_0, AT, tableGet(TABLE.FUNCS), DROP]],
  ["type-mismatch", "as another type", [I32_0, tableGet(TABLE.FUNCS), AT], gives(EXTERNREF)],
  ["unknown-table", "one beyond the last", [I32_0, AT, tableGet(4), DROP]],
  ["unknown-table", "no tables", [I32_0, AT, tableGet(0), DROP], NO_TABLES],
])

validates("table.set", [
  ["ok", "a function", [I32_0, A_FUNC, tableSet(TABLE.FUNCS)]],
  ["ok", "a function of a known type", [I32_0, A_SUPER, tableSet(TABLE.FUNCS)]],
  ["ok", "null", [I32_0, refNullOf(NONE), tableSet(TABLE.BASES)]],
  ["ok", "a sub type", [I32_0, A_DERIVED, tableSet(TABLE.BASES)]],
  ["type-mismatch", "nothing", [I32_0, AT, tableSet(TABLE.FUNCS)]],
  ["type-mismatch", "no index", [A_FUNC, AT, tableSet(TABLE.FUNCS)]],
  ["type-mismatch", "an index of i64", [I64_0, A_FUNC, AT, tableSet(TABLE.FUNCS)]],
  ["type-mismatch", "another hierarchy", [I32_0, AN_EXTERN, AT, tableSet(TABLE.FUNCS)]],
  ["type-mismatch", "a super type", [I32_0, AN_ANY, AT, tableSet(TABLE.BASES)]],
  ["type-mismatch", "a function of a super type", [I32_0, A_SUPER, AT, tableSet(TABLE.SUBS)]],
  ["type-mismatch", "a number", [I32_0, I32_0, AT, tableSet(TABLE.FUNCS)]],
  ["type-mismatch", "null for references that are none", [
    [I32_0, A_BASE_NULL, AT, tableSet(0)],
  ], {
    types: [[0x5f, 0]],
    tables: [[0x40, 0, 0x64, T.PACKED, 0, 1, 0xfb, 1, T.PACKED, 0x0b]],
    elements: [],
  }],
  ["unknown-table", "one beyond the last", [I32_0, A_FUNC, AT, tableSet(4)]],
])

validates("table.size", [
  ["ok", "of any table", [tableSize(TABLE.EXTERNS)], gives(I32)],
  ["ok", "of a 64-bit table", [tableSize(1)], { ...WIDE, results: [I64] }],
  ["type-mismatch", "as i64", [tableSize(0), AT], gives(I64)],
  ["type-mismatch", "of a 64-bit table as i32", [tableSize(1), AT], { ...WIDE, results: [I32] }],
  ["unknown-table", "one beyond the last", [AT, tableSize(4), DROP]],
])

validates("table.grow", [
  ["ok", "functions", [A_FUNC, I32_0, tableGrow(TABLE.FUNCS)], gives(I32)],
  ["ok", "a sub type", [A_DERIVED, I32_0, tableGrow(TABLE.BASES)], gives(I32)],
  ["type-mismatch", "by nothing", [A_FUNC, AT, tableGrow(TABLE.FUNCS), DROP]],
  ["type-mismatch", "by i64", [A_FUNC, I64_0, AT, tableGrow(TABLE.FUNCS), DROP]],
  ["type-mismatch", "with nothing", [I32_0, AT, tableGrow(TABLE.FUNCS), DROP]],
  ["type-mismatch", "with another hierarchy", [AN_EXTERN, I32_0, AT, tableGrow(0), DROP]],
  ["type-mismatch", "with a super type", [AN_ANY, I32_0, AT, tableGrow(TABLE.BASES), DROP]],
  ["type-mismatch", "as i64", [A_FUNC, I32_0, tableGrow(0), AT], gives(I64)],
  ["unknown-table", "one beyond the last", [A_FUNC, I32_0, AT, tableGrow(4), DROP]],
])

validates("table.fill", [
  ["ok", "functions", [I32_0, A_FUNC, I32_0, tableFill(TABLE.FUNCS)]],
  ["ok", "a sub type", [I32_0, A_BASE, I32_0, tableFill(TABLE.BASES)]],
  ["type-mismatch", "two operands", [A_FUNC, I32_0, AT, tableFill(TABLE.FUNCS)]],
  ["type-mismatch", "from i64", [I64_0, A_FUNC, I32_0, AT, tableFill(TABLE.FUNCS)]],
  ["type-mismatch", "i64 of them", [I32_0, A_FUNC, I64_0, AT, tableFill(TABLE.FUNCS)]],
  ["type-mismatch", "another hierarchy", [I32_0, AN_EXTERN, I32_0, AT, tableFill(TABLE.FUNCS)]],
  ["type-mismatch", "a super type", [I32_0, AN_ANY, I32_0, AT, tableFill(TABLE.BASES)]],
  ["unknown-table", "one beyond the last", [I32_0, A_FUNC, I32_0, AT, tableFill(4)]],
])

const THREE = [I32_0, I32_0, I32_0]
validates("table.copy", [
  ["ok", "within a table", [THREE, tableCopy(TABLE.FUNCS, TABLE.FUNCS)]],
  ["ok", "from a table of a sub type", [THREE, tableCopy(TABLE.FUNCS, TABLE.SUBS)]],
  ["type-mismatch", "from a table of a super type", [
    THREE,
    AT,
    tableCopy(TABLE.SUBS, TABLE.FUNCS),
  ]],
  ["type-mismatch", "from another hierarchy", [THREE, AT, tableCopy(TABLE.FUNCS, TABLE.EXTERNS)]],
  ["type-mismatch", "two operands", [I32_0, I32_0, AT, tableCopy(0, 0)]],
  ["type-mismatch", "to i64", [I64_0, I32_0, I32_0, AT, tableCopy(0, 0)]],
  ["type-mismatch", "from i64", [I32_0, I64_0, I32_0, AT, tableCopy(0, 0)]],
  ["type-mismatch", "i64 of them", [I32_0, I32_0, I64_0, AT, tableCopy(0, 0)]],
  ["unknown-table", "to one beyond the last", [THREE, AT, tableCopy(4, 0)]],
  ["unknown-table", "from one beyond the last", [THREE, AT, tableCopy(0, 4)]],
])

validates("table.init", [
  ["ok", "functions", [THREE, tableInit(ELEM.FUNCS, TABLE.FUNCS)]],
  ["ok", "another table", [THREE, tableInit(ELEM.EXTERNS, TABLE.EXTERNS)]],
  ["ok", "references to a defined type", [THREE, tableInit(ELEM.BASES, TABLE.BASES)]],
  ["ok", "a declared segment", [THREE, tableInit(ELEM.DECLARED, TABLE.FUNCS)]],
  ["ok", "a segment of a sub type", [
    [THREE, tableInit(0, 0)],
  ], { elements: [[5, refNull(T.SUB), vec([0xd0, NOFUNC, 0x0b])]] }],
  ["type-mismatch", "another hierarchy", [THREE, AT, tableInit(ELEM.EXTERNS, TABLE.FUNCS)]],
  ["type-mismatch", "a segment of a super type", [THREE, AT, tableInit(ELEM.FUNCS, TABLE.SUBS)]],
  ["type-mismatch", "two operands", [I32_0, I32_0, AT, tableInit(0, 0)]],
  ["type-mismatch", "to i64", [I64_0, I32_0, I32_0, AT, tableInit(0, 0)]],
  ["type-mismatch", "from i64", [I32_0, I64_0, I32_0, AT, tableInit(0, 0)]],
  ["type-mismatch", "i64 of them", [I32_0, I32_0, I64_0, AT, tableInit(0, 0)]],
  ["unknown-table", "one beyond the last", [THREE, AT, tableInit(0, 4)]],
  ["unknown-table", "no tables", [THREE, AT, tableInit(0, 0)], NO_TABLES],
  ["unknown-element-segment", "a segment beyond the last", [THREE, AT, tableInit(4, 0)]],
  ["unknown-element-segment", "no segments", [THREE, AT, tableInit(0, 0)], { elements: [] }],
])

validates("elem.drop", [
  ["ok", "a segment", [elemDrop(ELEM.BASES)]],
  ["ok", "without a table", [elemDrop(0)], NO_TABLES],
  ["ok", "an index of five bytes", [elemDrop(padded(1, 5))]],
  ["unknown-element-segment", "one beyond the last", [AT, elemDrop(4)]],
  ["unknown-element-segment", "the greatest index", [AT, elemDrop(u(2 ** 32 - 1))]],
])

validates("64-bit tables", [
  ["ok", "table.get", [I64_0, tableGet(1), DROP]],
  ["type-mismatch", "table.get with i32", [I32_0, AT, tableGet(1), DROP]],
  ["ok", "table.set", [I64_0, A_FUNC, tableSet(1)]],
  ["type-mismatch", "table.set with i32", [I32_0, A_FUNC, AT, tableSet(1)]],
  ["ok", "table.grow", [A_FUNC, I64_0, tableGrow(1)], gives(I64)],
  ["type-mismatch", "table.grow with i32", [A_FUNC, I32_0, AT, tableGrow(1), DROP]],
  ["type-mismatch", "table.grow as i32", [A_FUNC, I64_0, tableGrow(1), AT], gives(I32)],
  ["ok", "table.fill", [I64_0, A_FUNC, I64_0, tableFill(1)]],
  ["type-mismatch", "table.fill from i32", [I32_0, A_FUNC, I64_0, AT, tableFill(1)]],
  ["type-mismatch", "table.fill, i32 of them", [I64_0, A_FUNC, I32_0, AT, tableFill(1)]],
  ["ok", "table.copy within", [I64_0, I64_0, I64_0, tableCopy(1, 1)]],
  ["type-mismatch", "table.copy within, i32 of them", [I64_0, I64_0, I32_0, AT, tableCopy(1, 1)]],
  ["ok", "table.copy, 32 to 64 bits", [I64_0, I32_0, I32_0, tableCopy(1, 0)]],
  ["type-mismatch", "table.copy, 32 to 64 bits, i64 of them", [
    [I64_0, I32_0, I64_0, AT, tableCopy(1, 0)],
  ]],
  ["ok", "table.copy, 64 to 32 bits", [I32_0, I64_0, I32_0, tableCopy(0, 1)]],
  ["type-mismatch", "table.copy, 64 to 32 bits, i64 of them", [
    [I32_0, I64_0, I64_0, AT, tableCopy(0, 1)],
  ]],
  ["ok", "table.init", [I64_0, I32_0, I32_0, tableInit(ELEM.EXTERNS, 2)]],
  ["type-mismatch", "table.init at i32", [I32_0, I32_0, I32_0, AT, tableInit(ELEM.EXTERNS, 2)]],
  ["type-mismatch", "table.init, i64 of them", [
    [I64_0, I32_0, I64_0, AT, tableInit(ELEM.EXTERNS, 2)],
  ]],
  ["ok", "call_indirect", [I64_0, callIndirect(T.VOID, 1)]],
  ["type-mismatch", "call_indirect with i32", [I32_0, AT, callIndirect(T.VOID, 1)]],
], { environment: WIDE })

const IMPORTED = { imports: [imported("m", "t", 1, [EXTERNREF, 0, 0])], tables: [[FUNCREF, 0, 1]] }
validates("imported tables", [
  ["ok", "the imported one is the first", [refNullOf(EXTERN), I32_0, tableGrow(0), DROP], IMPORTED],
  ["ok", "the module's own is the second", [refNullOf(FUNC), I32_0, tableGrow(1), DROP], IMPORTED],
  ["type-mismatch", "the imported one's type", [I32_0, A_FUNC, AT, tableSet(0)], IMPORTED],
  ["unknown-table", "one beyond the last", [AT, tableSize(2), DROP], IMPORTED],
])
