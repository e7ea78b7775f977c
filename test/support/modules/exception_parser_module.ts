/**
 * A program that parses sums of products of numbers and parentheses in memory, and reports errors with an exception.
 */
import {
  access,
  block,
  br,
  brIf,
  call,
  catchTag,
  EMPTY,
  globalGet,
  globalSet,
  I32_ADD,
  I32_EQZ,
  I32_LOAD8_U,
  ifThen,
  localGet,
  localSet,
  localTee,
  loop,
  RETURN,
  throwTag,
  tryTable,
} from "../instructions.ts"
import {
  build,
  data,
  END,
  func,
  globals,
  I32,
  i32,
  memories,
  name,
  type Part,
  tags,
  types,
} from "../module_builder.ts"
import {
  addToGlobal,
  functionSections,
  type Program,
  type ProgramFunction,
} from "../programs/program.ts"

const [SYNTAX_T, BINARY, READ, PAIR] = [0, 1, 2, 3] as const
/** The tag of an error, with its number and position. */
const SYNTAX = 0
/** Globals: the parser's position, and the end of the text. */
const [PLACE, LIMIT] = [0, 1] as const
const [EQUAL, NOT_EQUAL, LT_U, GE_U] = [0x46, 0x47, 0x49, 0x4f] as const
const [SUB, MUL, DIV_S] = [0x6b, 0x6c, 0x6d] as const

const typeSection = types(
  func([I32, I32], []),
  func([I32, I32], [I32]),
  func([], [I32]),
  func([], [I32, I32]),
)

const [PEEK_F, PRIMARY_F, PRODUCT_F, SUM_F] = [0, 1, 2, 3] as const

const codeOf = (character: string): Part => i32(character.charCodeAt(0))
const syntaxError = (code: number): Part => [i32(code), globalGet(PLACE), throwTag(SYNTAX)]

/** The byte at the position, or -1. */
const peek: ProgramFunction = {
  name: "peek",
  type: READ,
  body: [
    [globalGet(PLACE), globalGet(LIMIT), GE_U],
    ifThen(EMPTY, [i32(-1), RETURN]),
    [globalGet(PLACE), access(I32_LOAD8_U, 0)],
  ],
}

const primary: ProgramFunction = {
  name: "primary",
  type: READ,
  locals: [I32, I32],
  body: [
    [call(PEEK_F), codeOf("("), EQUAL],
    ifThen(
      EMPTY,
      [addToGlobal(PLACE, 1), call(SUM_F), call(PEEK_F), codeOf(")"), NOT_EQUAL],
      ifThen(EMPTY, syntaxError(1)),
      [addToGlobal(PLACE, 1), RETURN],
    ),
    [call(PEEK_F), codeOf("0"), SUB, i32(10), GE_U],
    ifThen(EMPTY, syntaxError(2)),
    loop(
      EMPTY,
      [localGet(0), i32(10), MUL, call(PEEK_F), codeOf("0"), SUB, I32_ADD, localSet(0)],
      [addToGlobal(PLACE, 1), call(PEEK_F), codeOf("0"), SUB, i32(10), LT_U, brIf(0)],
    ),
    localGet(0),
  ],
}

/** A chain of one of two operators. */
const chain = (
  functionName: string,
  operand: number,
  first: readonly [character: string, ...apply: ReadonlyArray<Part>],
  second: readonly [character: string, ...apply: ReadonlyArray<Part>],
): ProgramFunction => ({
  name: functionName,
  type: READ,
  locals: [I32, I32],
  body: [
    [call(operand), localSet(0)],
    loop(
      EMPTY,
      ...[first, second].map(([character, ...apply]) => [
        [call(PEEK_F), codeOf(character), EQUAL],
        ifThen(
          EMPTY,
          [addToGlobal(PLACE, 1), call(operand), localSet(1)],
          apply,
          [localSet(0), br(1)],
        ),
      ]),
    ),
    localGet(0),
  ],
})
const product = chain(
  "product",
  PRIMARY_F,
  ["*", localGet(0), localGet(1), MUL],
  [
    "/",
    [localGet(1), I32_EQZ, ifThen(EMPTY, syntaxError(3))],
    [localGet(0), localGet(1), DIV_S],
  ],
)
const sum = chain(
  "sum",
  PRODUCT_F,
  ["+", localGet(0), localGet(1), I32_ADD],
  ["-", localGet(0), localGet(1), SUB],
)

/** The value of an expression, or an error's number and position as a negative number. */
const evaluate: ProgramFunction = {
  name: "evaluate",
  type: BINARY,
  locals: [I32],
  body: [
    [localGet(0), globalSet(PLACE), localGet(0), localGet(1), I32_ADD, globalSet(LIMIT)],
    block(
      PAIR,
      tryTable(
        I32,
        [catchTag(SYNTAX, 0)],
        [call(SUM_F), globalGet(PLACE), globalGet(LIMIT), NOT_EQUAL],
        ifThen(EMPTY, syntaxError(4)),
      ),
      RETURN,
    ),
    [localGet(0), SUB, localSet(2), i32(-1_000), MUL, localTee(1), localGet(2), SUB],
  ],
}

const EXPRESSIONS: ReadonlyArray<readonly [text: string, value: number]> = [
  ["1", 1],
  ["12+34*2", 80],
  ["(1+2)*(3+4)-100/7", 7],
  ["((((9))))*11-(2-(3-4))", 96],
  ["(1+2", -1_004],
  ["2*", -2_002],
  ["10/(5-5)", -3_008],
  ["7)", -4_001],
  ["", -2_000],
]
const texts = EXPRESSIONS.map(([text]) => text)
const placeOf = (index: number): number => texts.slice(0, index).join("").length

const { bodies, declared, exported } = functionSections([peek, primary, product, sum, evaluate])
const mutable = [I32, 1, i32(0), END]

/** The program. */
export const parser: Program = {
  name: "a parser",
  bytes: build(
    typeSection,
    declared,
    memories([0, 1]),
    tags([0, SYNTAX_T]),
    globals(mutable, mutable),
    exported,
    bodies,
    data([0, i32(0), END, name(texts.join(""))]),
  ).bytes,
  features: ["exceptions"],
  checks: EXPRESSIONS.map(([text, value], index) =>
    ["evaluate", [placeOf(index), text.length], value] as const
  ),
}
