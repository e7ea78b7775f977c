/**
 * Programs with exceptions: every kind of clause, exceptions that are rethrown, and that pass through calls and loops; and a
 * parser that reports its errors with exceptions.
 */
import {
  block,
  br,
  brTable,
  call,
  catchAll,
  catchAllRef,
  catchRef,
  catchTag,
  DROP,
  EMPTY,
  F64_ADD,
  globalGet,
  globalSet,
  I32_ADD,
  I32_EQZ,
  I32_WRAP_I64,
  I64_ADD,
  ifThen,
  localGet,
  localSet,
  REF_IS_NULL,
  RETURN,
  THROW_REF,
  throwTag,
  tryTable,
} from "../instructions.ts"
import {
  build,
  END,
  F64,
  func,
  globals,
  I32,
  i32,
  I64,
  i64,
  tags,
  types,
} from "../module_builder.ts"
import { parser } from "./exception_parser_module.ts"
import {
  addToGlobal,
  f64,
  functionSections,
  type Program,
  type ProgramFunction,
  upTo,
} from "../programs/program.ts"

const EXNREF = 0x69
const [NUMBER_T, TRIPLE_T, EMPTY_T, BINARY, UNARY, TRIPLE_REF, TRIPLE] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
] as const
const [NUMBER, TRIPLE_TAG, NOTHING, OTHER] = [0, 1, 2, 3] as const
/** The global that counts how calls ended. */
const ENDS = 0
const [SUB, MUL, AND] = [0x6b, 0x6c, 0x71] as const
const [I64_MUL, F64_MUL, I64_EXTEND, F64_CONVERT] = [0x7e, 0xa2, 0xac, 0xb7] as const
const F64_TRUNC = 0xaa

const [FAIL_F, GUARDED_F, DESCEND_F] = [0, 1, 2] as const

const typeSection = types(
  func([I32], []),
  func([I32, I64, F64], []),
  func([], []),
  func([I32, I32], [I32]),
  func([I32], [I32]),
  func([], [I32, I64, F64, EXNREF]),
  func([], [I32, I64, F64]),
)

/** Returns its number, or throws it in one way or another. */
const fail: ProgramFunction = {
  name: "fail",
  type: BINARY,
  body: [
    block(
      EMPTY,
      block(
        EMPTY,
        block(
          EMPTY,
          block(EMPTY, localGet(0), brTable(0, 1, 2, 3)),
          [localGet(1), RETURN],
        ),
        [localGet(1), throwTag(NUMBER)],
      ),
      [localGet(1), localGet(1), I64_EXTEND, i64(2), I64_MUL],
      [localGet(1), F64_CONVERT, f64(0.5), F64_MUL, throwTag(TRIPLE_TAG)],
    ),
    throwTag(NOTHING),
  ],
}

/** Returns a number that stands for what was thrown. */
const classify: ProgramFunction = {
  name: "classify",
  type: BINARY,
  locals: [I64, F64, EXNREF, I32],
  body: [
    block(
      EMPTY,
      block(
        TRIPLE_REF,
        block(
          I32,
          tryTable(
            I32,
            [catchTag(NUMBER, 0), catchRef(TRIPLE_TAG, 1), catchAll(2)],
            [localGet(0), localGet(1), call(FAIL_F)],
          ),
          RETURN,
        ),
        [i32(1_000), I32_ADD, RETURN],
      ),
      [localSet(4), localSet(3), localSet(2), localSet(5)],
      [localGet(5), localGet(2), I32_WRAP_I64, I32_ADD, localGet(3), F64_TRUNC, I32_ADD],
      [i32(2_000), I32_ADD, localGet(4), REF_IS_NULL, I32_ADD, RETURN],
    ),
    i32(3_000),
  ],
}

/** Counts how it ends, and lets every exception pass. */
const guarded: ProgramFunction = {
  name: "guarded",
  type: BINARY,
  body: [
    block(
      EXNREF,
      tryTable(I32, [catchAllRef(0)], [localGet(0), localGet(1), call(FAIL_F)]),
      [addToGlobal(ENDS, 1), RETURN],
    ),
    [addToGlobal(ENDS, 100), THROW_REF],
  ],
}

const outer: ProgramFunction = {
  name: "outer",
  type: BINARY,
  body: [
    [i32(0), globalSet(ENDS)],
    block(
      EMPTY,
      block(
        TRIPLE,
        block(
          I32,
          tryTable(
            I32,
            [catchTag(NUMBER, 0), catchTag(TRIPLE_TAG, 1), catchAll(2)],
            // Exceptions that the inner one does not catch pass to the outer one.
            tryTable(I32, [catchTag(OTHER, 0)], [localGet(0), localGet(1), call(GUARDED_F)]),
          ),
          [globalGet(ENDS), I32_ADD, RETURN],
        ),
        [i32(10), MUL, globalGet(ENDS), I32_ADD, RETURN],
      ),
      [DROP, DROP, i32(20), MUL, globalGet(ENDS), I32_ADD, RETURN],
    ),
    [globalGet(ENDS), i32(7), I32_ADD],
  ],
}

/** Throws after this many nested calls, and changes the exception on the way up. */
const descend: ProgramFunction = {
  name: "descend",
  type: UNARY,
  locals: [I32, I64, F64],
  body: [
    [localGet(0), I32_EQZ],
    ifThen(EMPTY, [i32(0), i64(1), f64(1), throwTag(TRIPLE_TAG)]),
    block(
      TRIPLE,
      tryTable(
        I32,
        [catchTag(TRIPLE_TAG, 0), catchTag(TRIPLE_TAG, 0)],
        [localGet(0), i32(1), SUB, call(DESCEND_F)],
      ),
      RETURN,
    ),
    [localSet(3), localSet(2), i32(1), I32_ADD],
    [localGet(2), localGet(0), I64_EXTEND, I64_ADD, localGet(3), f64(0.5), F64_ADD],
    throwTag(TRIPLE_TAG),
  ],
}

const deep: ProgramFunction = {
  name: "deep",
  type: UNARY,
  locals: [F64, I64],
  body: [
    block(
      TRIPLE,
      tryTable(I32, [catchTag(TRIPLE_TAG, 0)], [localGet(0), call(DESCEND_F)]),
      RETURN,
    ),
    [localSet(1), localSet(2), localGet(2), I32_WRAP_I64, I32_ADD],
    [localGet(1), F64_TRUNC, I32_ADD],
  ],
}

/** Adds up the results of many attempts. */
const retry: ProgramFunction = {
  name: "retry",
  type: UNARY,
  locals: [I32, I32],
  body: [
    upTo(
      1,
      0,
      block(
        I32,
        block(
          EMPTY,
          block(
            I32,
            tryTable(
              I32,
              [catchTag(NUMBER, 0), catchAll(1)],
              [localGet(1), i32(3), AND, localGet(1), call(FAIL_F)],
            ),
            br(2),
          ),
          [i32(2), MUL, br(1)],
        ),
        i32(1),
      ),
      [localGet(2), I32_ADD, localSet(2)],
    ),
    localGet(2),
  ],
}

const { bodies, declared, exported } = functionSections([
  fail,
  guarded,
  descend,
  classify,
  outer,
  deep,
  retry,
])

const retryOf = (n: number): number => {
  let sum = 0
  for (let index = 0; index < n; index++) sum += [index, 2 * index, 1, 1][index % 4] ?? 0
  return sum
}

const exceptions: Program = {
  name: "exceptions",
  bytes: build(
    typeSection,
    declared,
    tags([0, NUMBER_T], [0, TRIPLE_T], [0, EMPTY_T], [0, NUMBER_T]),
    globals([I32, 1, i32(0), END]),
    exported,
    bodies,
  ).bytes,
  features: ["exceptions"],
  checks: [
    ["classify", [0, 5], 5],
    ["classify", [1, 5], 1_005],
    ["classify", [2, 8], 8 + 16 + 4 + 2_000],
    ["classify", [3, 5], 3_000],
    ["classify", [99, 5], 3_000],
    ["outer", [0, 5], 5 + 1],
    ["outer", [1, 5], 50 + 100],
    ["outer", [2, 5], 100 + 100],
    ["outer", [3, 5], 7 + 100],
    ...[0, 1, 30].map((n) =>
      ["deep", [n], n + 1 + n * (n + 1) / 2 + Math.trunc(1 + n / 2)] as const
    ),
    ...[0, 1, 4, 1_001].map((n) => ["retry", [n], retryOf(n)] as const),
  ],
}

/** Programs with exceptions. */
export const exceptionPrograms: ReadonlyArray<Program> = [exceptions, parser]
