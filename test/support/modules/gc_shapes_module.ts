/**
 * A program with shapes: subtypes that are distinguished by casts and tests.
 */
import {
  arrayGet,
  arrayNewDefault,
  arraySet,
  block,
  brOnCast,
  call,
  EMPTY,
  F64_ADD,
  FROM_NULL,
  ifElse,
  ifThen,
  localGet,
  localSet,
  localTee,
  refCast,
  refTest,
  RETURN,
  structGet,
  structNew,
  UNREACHABLE,
} from "../instructions.ts"
import {
  array,
  build,
  F64,
  func,
  I32,
  i32,
  ref,
  refNull,
  struct,
  sub,
  subFinal,
  types,
} from "../module_builder.ts"
import {
  f64,
  functionSections,
  type Program,
  type ProgramFunction,
  upTo,
} from "../programs/program.ts"

const [SHAPE, CIRCLE, RECT, SHAPES, AREA, AREAS] = [0, 1, 2, 3, 4, 5] as const
const [AREA_F] = [0] as const
const [AND, F64_CONVERT, F64_MUL] = [0x71, 0xb8, 0xa2] as const

const typeSection = types(
  sub([], struct([F64, 0])),
  sub([SHAPE], struct([F64, 0], [F64, 1])),
  subFinal([SHAPE], struct([F64, 0], [F64, 0], [F64, 0])),
  array([refNull(SHAPE), 1]),
  func([refNull(SHAPE)], [F64]),
  func([I32], [F64]),
)

const area: ProgramFunction = {
  name: "area",
  type: AREA,
  locals: [ref(CIRCLE)],
  body: [
    block(
      ref(RECT),
      block(
        ref(CIRCLE),
        localGet(0),
        brOnCast(FROM_NULL, 0, SHAPE, CIRCLE),
        brOnCast(FROM_NULL, 1, SHAPE, RECT),
        UNREACHABLE,
      ),
      [localTee(1), structGet(SHAPE, 0), localGet(1), structGet(CIRCLE, 1), F64_MUL],
      [localGet(1), structGet(CIRCLE, 1), F64_MUL, RETURN],
    ),
    [structGet(RECT, 1), localGet(0), refCast(RECT), structGet(RECT, 2), F64_MUL],
    [localGet(0), structGet(SHAPE, 0), F64_MUL],
  ],
}

/** The areas of n shapes, with circles at odd positions. */
const areas: ProgramFunction = {
  name: "areas",
  type: AREAS,
  locals: [ref(SHAPES), I32, F64],
  body: [
    [localGet(0), arrayNewDefault(SHAPES), localSet(1)],
    upTo(
      2,
      0,
      [localGet(1), localGet(2), localGet(2), i32(1), AND],
      ifElse(
        ref(SHAPE),
        [f64(3), [localGet(2), F64_CONVERT], structNew(CIRCLE)],
        [f64(0.5), [localGet(2), F64_CONVERT], f64(2), structNew(RECT)],
      ),
      arraySet(SHAPES),
    ),
    upTo(
      2,
      0,
      [localGet(1), localGet(2), arrayGet(SHAPES), call(AREA_F), localGet(3), F64_ADD, localSet(3)],
      [localGet(1), localGet(2), arrayGet(SHAPES), refTest(CIRCLE)],
      ifThen(EMPTY, [localGet(3), f64(1), F64_ADD, localSet(3)]),
    ),
    localGet(3),
  ],
}

/** The same, computed in another way. */
const areasOf = (n: number): number => {
  let sum = 0
  for (let index = 0; index < n; index++) sum += index % 2 === 1 ? 3 * index * index + 1 : index
  return sum
}

const { bodies, declared, exported } = functionSections([area, areas])

/** The program. */
export const shapes: Program = {
  name: "shapes",
  bytes: build(typeSection, declared, exported, bodies).bytes,
  features: ["function-references", "gc"],
  checks: [0, 7, 50].map((n) => ["areas", [n], areasOf(n)] as const),
}
