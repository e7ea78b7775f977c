/**
 * Cases about one function body, a line each: the expected code, a title, the instructions, and
 * changes of the module around them. The module has types, functions, tables, a memory, globals,
 * tags and segments to refer to; a case can replace each of them.
 *
 * By default the module has only features that every engine supports, so that engines can validate
 * the cases too.
 */
import type { DecodeErrorCode } from "../../../../src/binary/mod.ts"
import { localGet } from "../../../support/instructions.ts"
import {
  array,
  assemble,
  body,
  type Built,
  code,
  data,
  dataCount,
  elements,
  emptyBody,
  END,
  EXTERNREF,
  F32,
  F64,
  flat,
  func,
  FUNCREF,
  functions,
  globals,
  HEADER,
  I32,
  i32,
  I64,
  imported,
  imports,
  memories,
  type Part,
  ref,
  refNull,
  sizeOf,
  struct,
  sub,
  tables,
  tags,
  types,
  u,
  V128,
  vec,
} from "../../../support/module_builder.ts"

/** The surroundings of a case's instructions. Members default to those of the shared module. */
export interface Environment {
  /** Types in addition to {@link T}; the first has the index `T.NEXT`. */
  readonly types?: ReadonlyArray<Part>
  readonly parameters?: ReadonlyArray<Part>
  readonly results?: ReadonlyArray<Part>
  /** Local declarations, each a count and a type. */
  readonly locals?: ReadonlyArray<Part>
  /** Imports in addition to the functions {@link F}. */
  readonly imports?: ReadonlyArray<Part>
  readonly tables?: ReadonlyArray<Part>
  readonly memories?: ReadonlyArray<Part>
  readonly tags?: ReadonlyArray<Part>
  readonly globals?: ReadonlyArray<Part>
  readonly exports?: Part
  readonly elements?: ReadonlyArray<Part>
  readonly data?: ReadonlyArray<Part>
  /** Whether there is a data count section. Defaults to `true`. */
  readonly hasDataCount?: boolean
  /** Whether the function's last `end` is added. Defaults to `true`. */
  readonly hasEnd?: boolean
}

/** A case: verdict, title, instructions, environment. */
export type BodyCase = readonly [
  DecodeErrorCode | "ok",
  string,
  ReadonlyArray<Part>,
  Environment?,
]

export const MUTABLE = 1
export const CONST = 0
export const I8 = 0x78
export const I16 = 0x77

// Abstract heap types, which are nullable references as value types
export const NOEXN = 0x74
export const NOFUNC = 0x73
export const NOEXTERN = 0x72
export const NONE = 0x71
export const FUNC = 0x70
export const EXTERN = 0x6f
export const ANY = 0x6e
export const EQ = 0x6d
export const I31 = 0x6c
export const STRUCT = 0x6b
export const ARRAY = 0x6a
export const EXN = 0x69

/** The types, by index. */
export const T = {
  VOID: 0,
  /** `[i32 f64] -> []` */
  TAKES: 1,
  /** `[] -> [i32 f64]` */
  GIVES: 2,
  /** `[i32] -> [i64]` */
  TURNS: 3,
  /** A struct of `i32`, `mut i64`. */
  BASE: 4,
  /** Its subtype, with an additional `mut (ref null BASE)`. */
  DERIVED: 5,
  /** A struct of `mut f32`, without a supertype. */
  OTHER: 6,
  /** A struct of `mut i8`, `i16`. */
  PACKED: 7,
  /** A struct of a `mut (ref BASE)`. */
  STRICT: 8,
  /** Arrays of `mut i32`, `mut i8`, `f64`. */
  INTS: 9,
  BYTES: 10,
  FIXED: 11,
  /** Arrays of `mut (ref null BASE)`, `mut (ref BASE)`. */
  BASES: 12,
  STRICT_BASES: 13,
  /** `[(ref null DERIVED)] -> [(ref null BASE)]`, and its subtype with the two types exchanged. */
  SUPER: 14,
  SUB: 15,
  /** Arrays of `mut funcref`, `i8`. */
  FUNCS: 16,
  FIXED_BYTES: 17,
  /** The first type of the case's own, or the type of its function. */
  NEXT: 18,
} as const

const TYPES: ReadonlyArray<Part> = [
  func([], []),
  func([I32, F64], []),
  func([], [I32, F64]),
  func([I32], [I64]),
  sub([], struct([I32, CONST], [I64, MUTABLE])),
  sub([T.BASE], struct([I32, CONST], [I64, MUTABLE], [refNull(T.BASE), MUTABLE])),
  struct([F32, MUTABLE]),
  struct([I8, MUTABLE], [I16, CONST]),
  struct([ref(T.BASE), MUTABLE]),
  array([I32, MUTABLE]),
  array([I8, MUTABLE]),
  array([F64, CONST]),
  array([refNull(T.BASE), MUTABLE]),
  array([ref(T.BASE), MUTABLE]),
  sub([], func([refNull(T.DERIVED)], [refNull(T.BASE)])),
  sub([T.SUPER], func([refNull(T.BASE)], [refNull(T.DERIVED)])),
  array([FUNCREF, MUTABLE]),
  array([I8, CONST]),
]

/** The functions, all imported, each of the type of its name; `TESTED` is the case's own. */
export const F = { VOID: 0, TAKES: 1, GIVES: 2, TURNS: 3, SUPER: 4, SUB: 5, TESTED: 7 } as const

const IMPORTS: ReadonlyArray<Part> = [T.VOID, T.TAKES, T.GIVES, T.TURNS, T.SUPER, T.SUB]
  .map((type) => imported("m", "f", 0, type))

/** The parameters that the function of a case has by default, by index. */
export const L = {
  I32: 0,
  I64: 1,
  F32: 2,
  F64: 3,
  V128: 4,
  FUNC: 5,
  EXTERN: 6,
  ANY: 7,
  EQ: 8,
  BASE: 9,
  BASE_NULL: 10,
  DERIVED: 11,
  DERIVED_NULL: 12,
  INTS: 13,
  SUPER: 14,
  SUB: 15,
  /** The first index after the parameters, that of the first local that a case declares. */
  NEXT: 16,
} as const

/** The types of {@link L}. */
export const PARAMETERS: ReadonlyArray<Part> = [
  ...[I32, I64, F32, F64, V128, FUNCREF, EXTERNREF, ANY, EQ],
  ...[ref(T.BASE), refNull(T.BASE), ref(T.DERIVED), refNull(T.DERIVED)],
  ...[refNull(T.INTS), refNull(T.SUPER), refNull(T.SUB)],
]

// Operands: references that are parameters
export const A_FUNC: Part = localGet(L.FUNC)
export const AN_EXTERN: Part = localGet(L.EXTERN)
export const AN_ANY: Part = localGet(L.ANY)
export const AN_EQ: Part = localGet(L.EQ)
export const A_BASE: Part = localGet(L.BASE)
export const A_BASE_NULL: Part = localGet(L.BASE_NULL)
export const A_DERIVED: Part = localGet(L.DERIVED)
export const A_DERIVED_NULL: Part = localGet(L.DERIVED_NULL)
export const INTS: Part = localGet(L.INTS)
export const A_SUPER: Part = localGet(L.SUPER)
export const A_SUB: Part = localGet(L.SUB)

/** The globals, by index. */
export const G = { I32: 0, MUT_I32: 1, MUT_ANY: 2, MUT_BASE: 3, BASE: 4 } as const

const GLOBALS: ReadonlyArray<Part> = [
  [I32, CONST, i32(0), END],
  [I32, MUTABLE, i32(0), END],
  [ANY, MUTABLE, 0xd0, NONE, END],
  [refNull(T.BASE), MUTABLE, 0xd0, NONE, END],
  [refNull(T.BASE), CONST, 0xd0, NONE, END],
]

/** The tables, by index: of `funcref`, `externref`, `(ref null BASE)` and `(ref null SUB)`. */
export const TABLE = { FUNCS: 0, EXTERNS: 1, BASES: 2, SUBS: 3 } as const

const TABLES: ReadonlyArray<Part> = [FUNCREF, EXTERNREF, refNull(T.BASE), refNull(T.SUB)]
  .map((type) => [type, 0, 1])

/** The element segments: of functions, of `externref`, of `(ref null BASE)`, and one declared. */
export const ELEM = { FUNCS: 0, EXTERNS: 1, BASES: 2, DECLARED: 3 } as const

const ELEMENTS: ReadonlyArray<Part> = [
  [1, 0, vec(F.VOID)],
  [5, EXTERNREF, vec([0xd0, EXTERN, END])],
  [5, refNull(T.BASE), vec([0xd0, NONE, END])],
  [3, 0, vec(F.SUB)],
]

/** The tags: without parameters, and of the type `TAKES`. */
export const TAG = { VOID: 0, TAKES: 1 } as const

/** The environment of a function with these results. */
export const gives = (...results: ReadonlyArray<Part>): Environment => ({ results })

/** A case's module, and the expected result. */
export interface AssembledCase extends Built {
  readonly title: string
  readonly expected: DecodeErrorCode | "ok"
  /** Where the code section starts. */
  readonly codeAt: number
}

/** The number of types in an entry of the type section: a recursion group may have any number. */
const countOf = (type: Part): number => {
  const [form, count = 0] = flat(type)
  return form === 0x4e ? count : 1
}

/** Assembles the module of a case. The case's own environment takes precedence over the shared one. */
export const assembleCase = (row: BodyCase, shared: Environment = {}): AssembledCase => {
  const [expected, title, instructions, own] = row
  const { parameters = PARAMETERS, results = [], hasEnd = true, hasDataCount = true, ...e } = {
    ...shared,
    ...own,
  }
  const tested = (e.types ?? []).reduce<number>((sum, type) => sum + countOf(type), T.NEXT)
  const segments = e.data ?? [[1, vec(1, 2, 3, 4)]]
  const before = flat(
    HEADER,
    types(...TYPES, ...(e.types ?? []), func(parameters, results)),
    imports(...IMPORTS, ...(e.imports ?? [])),
    functions(T.VOID, u(tested)),
    tables(...(e.tables ?? TABLES)),
    memories(...(e.memories ?? [[0, 1]])),
    tags(...(e.tags ?? [[0, T.VOID], [0, T.TAKES]])),
    globals(...(e.globals ?? GLOBALS)),
    e.exports ?? [],
    elements(...(e.elements ?? ELEMENTS)),
    hasDataCount ? dataCount(segments.length) : [],
  )
  const built = assemble(
    before,
    code(emptyBody, body(vec(...(e.locals ?? [])), instructions, hasEnd ? END : [])),
    data(...segments),
  )
  return { ...built, title, expected, codeAt: sizeOf(before) }
}
