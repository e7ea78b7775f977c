/**
 * A program with closures, which are structs that hold a function, and with a builder of strings.
 */
import {
  ARRAY_LEN,
  arrayCopy,
  arrayFill,
  arrayGet,
  arrayGetU,
  arrayNewData,
  arrayNewDefault,
  arrayNewElem,
  arrayNewFixed,
  arraySet,
  brIf,
  call,
  callRef,
  EMPTY,
  I32_ADD,
  ifThen,
  localGet,
  localSet,
  localTee,
  loop,
  refCast,
  refFunc,
  returnCallRef,
  structGet,
  structNew,
  structSet,
} from "../instructions.ts"
import {
  array,
  build,
  data,
  dataCount,
  elements,
  END,
  func,
  I32,
  i32,
  name,
  rec,
  ref,
  struct,
  sub,
  types,
  vec,
} from "../module_builder.ts"
import { functionSections, type Program, type ProgramFunction, upTo } from "../programs/program.ts"

const [FUNCTION, CLOSURE, ADDER, COMPOSED, CLOSURES, TEXT, BUILDER] = [0, 1, 2, 3, 4, 5, 6] as const
const [BINARY, MAKE, COMPOSE, APPEND, NUMBER, TABLE, APPEND_N] = [7, 8, 9, 10, 11, 12, 13] as const
const [LT_U, SUB, MUL, DIV_U, REM_U, XOR, SHL] = [0x49, 0x6b, 0x6c, 0x6e, 0x70, 0x73, 0x74] as const
/** The packed type `i8`. */
const I8 = 0x78

const typeSection = types(
  rec(
    func([ref(CLOSURE), I32], [I32]),
    sub([], struct([ref(FUNCTION), 0])),
    sub([CLOSURE], struct([ref(FUNCTION), 0], [I32, 0])),
    sub([CLOSURE], struct([ref(FUNCTION), 0], [ref(CLOSURE), 0], [ref(CLOSURE), 0])),
  ),
  array([ref(CLOSURE), 0]),
  array([I8, 1]),
  struct([ref(TEXT), 1], [I32, 1]),
  func([I32, I32], [I32]),
  func([I32], [ref(CLOSURE)]),
  func([ref(CLOSURE), ref(CLOSURE)], [ref(CLOSURE)]),
  func([ref(BUILDER), ref(TEXT)], []),
  func([I32], [I32]),
  array([ref(FUNCTION), 0]),
  func([ref(BUILDER), I32], []),
)

const [ADD_F, MULTIPLY_F, COMPOSED_F, ADDER_F, MULTIPLIER_F, COMPOSE_F, APPEND_F, DIGITS_F] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
] as const
const APPEND_NUMBER_F = 10

/** The code of a closure with a number. */
const withNumber = (functionName: string, opcode: number): ProgramFunction => ({
  name: functionName,
  type: FUNCTION,
  body: [localGet(1), localGet(0), refCast(ADDER), structGet(ADDER, 1), opcode],
})

/** The code of a closure that applies two others, the last one by a tail call. */
const composed: ProgramFunction = {
  name: "composed",
  type: FUNCTION,
  locals: [ref(COMPOSED), ref(CLOSURE)],
  body: [
    [localGet(0), refCast(COMPOSED), localTee(2), structGet(COMPOSED, 2)],
    [localGet(2), structGet(COMPOSED, 1), localTee(3), localGet(1)],
    [localGet(3), structGet(CLOSURE, 0), callRef(FUNCTION)],
    [localGet(2), structGet(COMPOSED, 2), structGet(CLOSURE, 0), returnCallRef(FUNCTION)],
  ],
}

const make = (functionName: string, code: number): ProgramFunction => ({
  name: functionName,
  type: MAKE,
  body: [refFunc(code), localGet(0), structNew(ADDER)],
})

const compose: ProgramFunction = {
  name: "compose",
  type: COMPOSE,
  body: [refFunc(COMPOSED_F), localGet(0), localGet(1), structNew(COMPOSED)],
}

/** Appends bytes to a builder, which grows. */
const append: ProgramFunction = {
  name: "append",
  type: APPEND,
  locals: [I32, ref(TEXT)],
  body: [
    [localGet(0), structGet(BUILDER, 1), localGet(1), ARRAY_LEN, I32_ADD, localSet(2)],
    [localGet(0), structGet(BUILDER, 0), ARRAY_LEN, localGet(2), LT_U],
    ifThen(
      EMPTY,
      [localGet(2), i32(1), SHL, arrayNewDefault(TEXT), localTee(3), i32(0)],
      [localGet(0), structGet(BUILDER, 0), i32(0), localGet(0), structGet(BUILDER, 1)],
      arrayCopy(TEXT, TEXT),
      [localGet(0), localGet(3), structSet(BUILDER, 0)],
    ),
    [localGet(0), structGet(BUILDER, 0), localGet(0), structGet(BUILDER, 1)],
    [localGet(1), i32(0), localGet(1), ARRAY_LEN, arrayCopy(TEXT, TEXT)],
    [localGet(0), localGet(2), structSet(BUILDER, 1)],
  ],
}

/** How many decimal digits a number has. */
const digits: ProgramFunction = {
  name: "digits",
  type: NUMBER,
  locals: [I32],
  body: [
    loop(
      EMPTY,
      [localGet(1), i32(1), I32_ADD, localSet(1)],
      [localGet(0), i32(10), DIV_U, localTee(0), brIf(0)],
    ),
    localGet(1),
  ],
}

/** Closures made, composed and called: (x * n + 3) * 7, and then all of an array of them. */
const closureTest: ProgramFunction = {
  name: "closures",
  type: BINARY,
  locals: [ref(CLOSURE), ref(CLOSURES), I32, I32, ref(TABLE)],
  body: [
    [localGet(1), call(MULTIPLIER_F), i32(3), call(ADDER_F), call(COMPOSE_F)],
    [i32(7), call(MULTIPLIER_F), call(COMPOSE_F), localTee(2)],
    [localGet(0), localGet(2), structGet(CLOSURE, 0), callRef(FUNCTION), localSet(0)],
    [i32(5), call(ADDER_F), localGet(2), i32(2), call(MULTIPLIER_F), arrayNewFixed(CLOSURES, 3)],
    [localTee(3), ARRAY_LEN, localSet(4)],
    upTo(
      5,
      4,
      [localGet(3), localGet(5), arrayGet(CLOSURES), localTee(2), localGet(0)],
      [localGet(2), structGet(CLOSURE, 0), callRef(FUNCTION), localSet(0)],
    ),
    // The functions themselves from an element segment: the first adds.
    [i32(0), i32(2), arrayNewElem(TABLE, 0), localSet(6)],
    [i32(100), call(MULTIPLIER_F), localGet(0), localGet(6), i32(0), arrayGet(TABLE)],
    callRef(FUNCTION),
  ],
}

/** Builds "hello, 0!hello, 1!" and so on up to a number, and hashes it. */
const stringTest: ProgramFunction = {
  name: "strings",
  type: NUMBER,
  locals: [ref(BUILDER), I32, I32, I32],
  body: [
    [i32(2), arrayNewDefault(TEXT), i32(0), structNew(BUILDER), localSet(1)],
    upTo(
      2,
      0,
      [localGet(1), i32(0), i32(7), arrayNewData(TEXT, 0), call(APPEND_F)],
      [localGet(1), localGet(2), call(APPEND_NUMBER_F)],
      [localGet(1), i32("!".charCodeAt(0)), arrayNewFixed(TEXT, 1), call(APPEND_F)],
    ),
    [i32(-2128831035), localSet(4), localGet(1), structGet(BUILDER, 1), localSet(3)],
    upTo(
      2,
      3,
      [localGet(4), localGet(1), structGet(BUILDER, 0), localGet(2), arrayGetU(TEXT), XOR],
      [i32(16777619), MUL, localSet(4)],
    ),
    localGet(4),
  ],
}

/** Appends a number in decimal. */
const appendNumber: ProgramFunction = {
  name: "appendNumber",
  type: APPEND_N,
  locals: [ref(TEXT), I32],
  body: [
    [localGet(1), call(DIGITS_F), localTee(3), arrayNewDefault(TEXT), localTee(2)],
    [i32(0), i32(48), localGet(3), arrayFill(TEXT)],
    loop(
      EMPTY,
      [localGet(2), localGet(3), i32(1), SUB, localTee(3)],
      [localGet(1), i32(10), REM_U, i32(48), I32_ADD, arraySet(TEXT)],
      [localGet(1), i32(10), DIV_U, localSet(1), localGet(3), brIf(0)],
    ),
    [localGet(0), localGet(2), call(APPEND_F)],
  ],
}

// What the functions return, computed in another way.

const closuresOf = (x: number, n: number): number => {
  const both = (value: number): number => (value * n + 3) * 7
  return both(both(x) + 5) * 2 + 100
}

const stringsOf = (n: number): number => {
  const text = Array.from({ length: n }, (_, index) => `hello, ${index}!`).join("")
  let hash = -2128831035
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 16777619)
  return hash
}

const { bodies, declared, exported } = functionSections([
  withNumber("add", I32_ADD),
  withNumber("multiply", MUL),
  composed,
  make("adder", ADD_F),
  make("multiplier", MULTIPLY_F),
  compose,
  append,
  digits,
  closureTest,
  stringTest,
  appendNumber,
])

/** The program. */
export const closures: Program = {
  name: "closures and strings",
  bytes: build(
    typeSection,
    declared,
    exported,
    elements([5, ref(FUNCTION), vec([refFunc(ADD_F), END], [refFunc(MULTIPLY_F), END])]),
    dataCount(1),
    bodies,
    data([1, name("hello, ")]),
  ).bytes,
  features: ["function-references", "gc", "tail-calls"],
  checks: [
    ["closures", [2, 5], closuresOf(2, 5)],
    ["closures", [0, 0], closuresOf(0, 0)],
    ...[0, 1, 200].map((n) => ["strings", [n], stringsOf(n)] as const),
  ],
}
