// Locals and globals.
// https://webassembly.github.io/spec/core/valid/instructions.html#variable-instructions
import {
  A_BASE,
  A_BASE_NULL,
  A_DERIVED,
  AN_ANY,
  AN_EXTERN,
  type BodyCase,
  CONST,
  G,
  gives,
  L,
  MUTABLE,
  PARAMETERS,
  T,
} from "./support/body_cases.ts"
import {
  block,
  DROP,
  EMPTY,
  F32_0,
  F64_0,
  globalGet,
  globalSet,
  I32_0,
  I64_0,
  localGet,
  localSet,
  localTee,
  padded,
} from "../../support/instructions.ts"
import {
  AT,
  EXTERNREF,
  F32,
  F64,
  FUNCREF,
  I32,
  I64,
  imported,
  type Part,
  ref,
  refNull,
  u,
  V128,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)

/** `local.get` pushes exactly the type of each parameter. */
const PARAMETER_CASES: ReadonlyArray<BodyCase> = PARAMETERS.flatMap((
  type,
  index,
): Array<BodyCase> => [
  ["ok", `parameter ${index}`, [localGet(index)], gives(type)],
  ["type-mismatch", `parameter ${index} as another type`, [
    [localGet(index), AT],
  ], gives(index === L.I32 ? I64 : I32)],
])

const LOCALS = {
  parameters: [I32, F32],
  locals: [[2, I64], [0, F64], [1, F64], [1, V128], [1, FUNCREF], [1, EXTERNREF], [1, BASE]],
}

validates("local.get", [
  ...PARAMETER_CASES,
  ["ok", "the first local behind the parameters", [localGet(2)], { ...LOCALS, results: [I64] }],
  ["ok", "the second of a declaration", [localGet(3)], { ...LOCALS, results: [I64] }],
  ["ok", "behind an empty declaration", [localGet(4)], { ...LOCALS, results: [F64] }],
  ["ok", "a vector", [localGet(5)], { ...LOCALS, results: [V128] }],
  ["ok", "a nullable reference that is not set", [localGet(6)], { ...LOCALS, results: [FUNCREF] }],
  ["ok", "the last local", [localGet(8)], { ...LOCALS, results: [BASE] }],
  ["type-mismatch", "a local as the next one's type", [
    [localGet(3), AT],
  ], { ...LOCALS, results: [F64] }],
  ["unknown-local", "one beyond the last", [AT, localGet(9), DROP], LOCALS],
  ["unknown-local", "no locals", [AT, localGet(0), DROP], { parameters: [] }],
  ["unknown-local", "an empty declaration alone", [
    [AT, localGet(0), DROP],
  ], { parameters: [], locals: [[0, I32]] }],
  ["unknown-local", "the greatest index", [AT, localGet(u(2 ** 32 - 1)), DROP]],
  ["ok", "an index of five bytes", [localGet(padded(L.F32, 5))], gives(F32)],
  ["ok", "more than 127 locals", [
    [localGet(128), DROP, localGet(209)],
  ], { parameters: [], results: [F64], locals: [[u(200), I32], [10, F64]] }],
  ["unknown-local", "one beyond more than 127 locals", [
    [AT, localGet(210), DROP],
  ], { parameters: [], locals: [[u(200), I32], [10, F64]] }],
])

validates("local.set", [
  ["ok", "a parameter", [I32_0, localSet(L.I32)]],
  ["ok", "a local", [F64_0, localSet(4)], LOCALS],
  ["ok", "a sub type", [A_DERIVED, localSet(L.BASE_NULL)]],
  ["ok", "a reference that is not null", [A_BASE, localSet(L.BASE_NULL)]],
  ["type-mismatch", "nothing", [AT, localSet(L.I32)]],
  ["type-mismatch", "a wrong number", [I64_0, AT, localSet(L.I32)]],
  ["type-mismatch", "a super type", [A_BASE, AT, localSet(L.DERIVED)]],
  ["type-mismatch", "null for a reference that is none", [A_BASE_NULL, AT, localSet(L.BASE)]],
  ["type-mismatch", "leaves nothing", [I32_0, localSet(L.I32), AT, DROP]],
  ["type-mismatch", "from outside the block", [I32_0, block(EMPTY, AT, localSet(L.I32)), DROP]],
  ["unknown-local", "one beyond the last", [I32_0, AT, localSet(L.NEXT)]],
])

validates("local.tee", [
  ["ok", "a parameter", [I32_0, localTee(L.I32)], gives(I32)],
  ["ok", "a local", [F64_0, localTee(4), DROP], LOCALS],
  ["ok", "a sub type", [A_DERIVED, localTee(L.BASE_NULL)], gives(BASE)],
  ["type-mismatch", "nothing", [AT, localTee(L.I32), DROP]],
  ["type-mismatch", "a wrong number", [F32_0, AT, localTee(L.I32), DROP]],
  ["type-mismatch", "a super type", [A_BASE, AT, localTee(L.DERIVED), DROP]],
  ["type-mismatch", "gives the local's type, not the operand's", [
    [A_BASE, localTee(L.BASE_NULL), AT],
  ], gives(ref(T.BASE))],
  ["type-mismatch", "leaves a value", [I32_0, localTee(L.I32), AT]],
  ["unknown-local", "one beyond the last", [I32_0, AT, localTee(L.NEXT), DROP]],
])

validates("global.get", [
  ["ok", "a constant", [globalGet(G.I32)], gives(I32)],
  ["ok", "a variable", [globalGet(G.MUT_I32)], gives(I32)],
  ["ok", "a reference", [globalGet(G.MUT_BASE)], gives(BASE)],
  ["type-mismatch", "as another type", [globalGet(G.I32), AT], gives(I64)],
  ["type-mismatch", "as a sub type", [globalGet(G.MUT_BASE), AT], gives(refNull(T.DERIVED))],
  ["unknown-global", "one beyond the last", [AT, globalGet(5), DROP]],
  ["unknown-global", "no globals", [AT, globalGet(0), DROP], { globals: [] }],
  ["unknown-global", "the greatest index", [AT, globalGet(u(2 ** 32 - 1)), DROP]],
])

validates("global.set", [
  ["ok", "a variable", [I32_0, globalSet(G.MUT_I32)]],
  ["ok", "a sub type", [A_DERIVED, globalSet(G.MUT_BASE)]],
  ["ok", "any reference of its hierarchy", [A_BASE, globalSet(G.MUT_ANY)]],
  ["type-mismatch", "nothing", [AT, globalSet(G.MUT_I32)]],
  ["type-mismatch", "a wrong number", [I64_0, AT, globalSet(G.MUT_I32)]],
  ["type-mismatch", "a super type", [AN_ANY, AT, globalSet(G.MUT_BASE)]],
  ["type-mismatch", "another hierarchy", [AN_EXTERN, AT, globalSet(G.MUT_ANY)]],
  ["immutable-global", "a constant", [I32_0, AT, globalSet(G.I32)]],
  ["immutable-global", "a constant reference", [A_BASE, AT, globalSet(G.BASE)]],
  ["unknown-global", "one beyond the last", [I32_0, AT, globalSet(5)]],
])

const global = (type: Part, mutability: number): Part => imported("m", "g", 3, [type, mutability])
const GLOBALS = {
  imports: [global(F64, MUTABLE), global(I64, CONST)],
  globals: [[F32, MUTABLE, F32_0, 0x0b]],
}
validates("imported globals", [
  ["ok", "get", [globalGet(0)], { ...GLOBALS, results: [F64] }],
  ["ok", "set", [F64_0, globalSet(0)], GLOBALS],
  ["ok", "the module's own come behind them", [F32_0, globalSet(2)], GLOBALS],
  ["immutable-global", "set a constant", [I64_0, AT, globalSet(1)], GLOBALS],
  ["type-mismatch", "set with a wrong number", [F32_0, AT, globalSet(0)], GLOBALS],
  ["unknown-global", "one beyond the module's own", [AT, globalGet(3), DROP], GLOBALS],
])
