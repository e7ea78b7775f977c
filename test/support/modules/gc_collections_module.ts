/**
 * A program with collections on structs and arrays: a list, a binary tree, and a hash map that grows, whose values are
 * i31 or boxed.
 */
import {
  ARRAY_LEN,
  arrayGet,
  arrayNewDefault,
  arraySet,
  block,
  brIf,
  brOnCast,
  brOnNull,
  call,
  DROP,
  EMPTY,
  I31_GET_S,
  I32_ADD,
  I32_EQZ,
  ifElse,
  ifThen,
  localGet,
  localSet,
  localTee,
  REF_AS_NON_NULL,
  REF_I31,
  REF_IS_NULL,
  refCast,
  refNullOf,
  RETURN,
  returnCall,
  structGet,
  structNew,
  structSet,
} from "../instructions.ts"
import { array, build, func, I32, i32, ref, refNull, struct, types } from "../module_builder.ts"
import {
  add,
  forever,
  functionSections,
  type Program,
  type ProgramFunction,
  upTo,
} from "../programs/program.ts"

const [CELL, NODE, ENTRY, BUCKETS, MAP, BOX] = [0, 1, 2, 3, 4, 5] as const
const [NUMBER, INSERT, WALK, PUT, GET, GROW, PACK, UNPACK] = [6, 7, 8, 9, 10, 11, 12, 13] as const
const [EQ, I31] = [0x6d, 0x6c] as const
const [LT_S, GT_U, LT_U, EQUAL, SUB, MUL, AND, SHL, SHR_U] = [
  0x48,
  0x4b,
  0x49,
  0x46,
  0x6b,
  0x6c,
  0x71,
  0x74,
  0x76,
] as const

const typeSection = types(
  struct([I32, 1], [refNull(CELL), 1]),
  struct([I32, 0], [I32, 1], [refNull(NODE), 1], [refNull(NODE), 1]),
  struct([I32, 0], [EQ, 1], [refNull(ENTRY), 1]),
  array([refNull(ENTRY), 1]),
  struct([ref(BUCKETS), 1], [I32, 1]),
  struct([I32, 0]),
  func([I32], [I32]),
  func([refNull(NODE), I32], [ref(NODE)]),
  func([refNull(NODE), I32], [I32, I32]),
  func([ref(MAP), I32, EQ], []),
  func([ref(MAP), I32], [EQ]),
  func([ref(MAP)], []),
  func([I32], [ref(EQ)]),
  func([EQ], [I32]),
)

const [INSERT_F, WALK_F, HASH_F, PUT_F, GET_F, GROW_F, PACK_F, UNPACK_F] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
] as const

/** Adds a key to a binary tree, or increments its count. */
const insert: ProgramFunction = {
  name: "insert",
  type: INSERT,
  locals: [ref(NODE)],
  body: [
    localGet(0),
    REF_IS_NULL,
    ifThen(
      EMPTY,
      [localGet(1), i32(1), refNullOf(NODE), refNullOf(NODE), structNew(NODE), RETURN],
    ),
    [localGet(0), REF_AS_NON_NULL, localSet(2)],
    [localGet(1), localGet(2), structGet(NODE, 0), EQUAL],
    ifThen(
      EMPTY,
      [localGet(2), localGet(2), structGet(NODE, 1), i32(1), I32_ADD, structSet(NODE, 1)],
      [localGet(2), RETURN],
    ),
    [localGet(1), localGet(2), structGet(NODE, 0), LT_S],
    ifElse(
      EMPTY,
      [
        localGet(2),
        localGet(2),
        structGet(NODE, 2),
        localGet(1),
        call(INSERT_F),
        structSet(NODE, 2),
      ],
      [
        localGet(2),
        localGet(2),
        structGet(NODE, 3),
        localGet(1),
        call(INSERT_F),
        structSet(NODE, 3),
      ],
    ),
    localGet(2),
  ],
}

/** The next rank after a tree, and the sum of rank times key times count. */
const walk: ProgramFunction = {
  name: "walk",
  type: WALK,
  locals: [I32, I32, ref(NODE)],
  body: [
    block(
      EMPTY,
      [localGet(0), brOnNull(0), localSet(4)],
      [localGet(4), structGet(NODE, 2), localGet(1), call(WALK_F), localSet(2), localSet(1)],
      [localGet(4), structGet(NODE, 3), localGet(1), i32(1), I32_ADD, localTee(3), call(WALK_F)],
      [localGet(3), localGet(4), structGet(NODE, 0), MUL, localGet(4), structGet(NODE, 1), MUL],
      [I32_ADD, localGet(2), I32_ADD, RETURN],
    ),
    localGet(1),
    i32(0),
  ],
}

const hash: ProgramFunction = {
  name: "hash",
  type: NUMBER,
  body: [localGet(0), i32(-1640531535), MUL, localTee(0), i32(15), SHR_U, localGet(0), 0x73],
}

/** Puts a value into a hash map, which grows. */
const put: ProgramFunction = {
  name: "put",
  type: PUT,
  locals: [ref(BUCKETS), I32, refNull(ENTRY), ref(ENTRY)],
  body: [
    [localGet(0), structGet(MAP, 0), localSet(3)],
    [localGet(1), call(HASH_F), localGet(3), ARRAY_LEN, i32(1), SUB, AND, localSet(4)],
    [localGet(3), localGet(4), arrayGet(BUCKETS), localSet(5)],
    forever(
      [localGet(5), brOnNull(1), localTee(6), structGet(ENTRY, 0), localGet(1), EQUAL],
      ifThen(EMPTY, [localGet(6), localGet(2), structSet(ENTRY, 1), RETURN]),
      [localGet(6), structGet(ENTRY, 2), localSet(5)],
    ),
    [localGet(3), localGet(4)],
    [localGet(1), localGet(2), localGet(3), localGet(4), arrayGet(BUCKETS), structNew(ENTRY)],
    arraySet(BUCKETS),
    [localGet(0), localGet(0), structGet(MAP, 1), i32(1), I32_ADD, structSet(MAP, 1)],
    [localGet(0), structGet(MAP, 1), localGet(3), ARRAY_LEN, i32(1), SHL, GT_U],
    ifThen(EMPTY, [localGet(0), returnCall(GROW_F)]),
  ],
}

/** The value of a key, or null. */
const get: ProgramFunction = {
  name: "get",
  type: GET,
  locals: [ref(BUCKETS), refNull(ENTRY), ref(ENTRY)],
  body: [
    [localGet(0), structGet(MAP, 0), localTee(2)],
    [localGet(1), call(HASH_F), localGet(2), ARRAY_LEN, i32(1), SUB, AND],
    [arrayGet(BUCKETS), localSet(3)],
    forever(
      [localGet(3), brOnNull(1), localTee(4), structGet(ENTRY, 0), localGet(1), EQUAL],
      ifThen(EMPTY, [localGet(4), structGet(ENTRY, 1), RETURN]),
      [localGet(4), structGet(ENTRY, 2), localSet(3)],
    ),
    refNullOf(0x71),
  ],
}

/** Moves all entries into twice as many buckets. */
const grow: ProgramFunction = {
  name: "grow",
  type: GROW,
  locals: [ref(BUCKETS), ref(BUCKETS), I32, I32, I32, refNull(ENTRY), refNull(ENTRY)],
  body: [
    [localGet(0), structGet(MAP, 0), localTee(1), ARRAY_LEN, localTee(3)],
    [i32(1), SHL, arrayNewDefault(BUCKETS), localSet(2)],
    upTo(
      4,
      3,
      [localGet(1), localGet(4), arrayGet(BUCKETS), localSet(6)],
      forever(
        [localGet(6), REF_IS_NULL, brIf(1)],
        [localGet(6), structGet(ENTRY, 2), localSet(7)],
        [localGet(6), structGet(ENTRY, 0), call(HASH_F)],
        [localGet(2), ARRAY_LEN, i32(1), SUB, AND, localSet(5)],
        [localGet(6), localGet(2), localGet(5), arrayGet(BUCKETS), structSet(ENTRY, 2)],
        [localGet(2), localGet(5), localGet(6), arraySet(BUCKETS)],
        [localGet(7), localSet(6)],
      ),
    ),
    [localGet(0), localGet(2), structSet(MAP, 0)],
  ],
}

/** A number as an i31, or boxed if it is large. */
const pack: ProgramFunction = {
  name: "pack",
  type: PACK,
  body: [
    [localGet(0), i32(100_000), LT_U],
    ifElse(ref(EQ), [localGet(0), REF_I31], [localGet(0), structNew(BOX)]),
  ],
}

const unpack: ProgramFunction = {
  name: "unpack",
  type: UNPACK,
  body: [
    block(
      EMPTY,
      block(
        ref(I31),
        [localGet(0), brOnNull(1)],
        brOnCast(0, 0, EQ, I31),
        [refCast(BOX), structGet(BOX, 0), RETURN],
      ),
      [I31_GET_S, RETURN],
    ),
    i32(-1),
  ],
}

/** Makes a list of 1 to n, reverses it, and adds up position times value. */
const listSum: ProgramFunction = {
  name: "listSum",
  type: NUMBER,
  locals: [refNull(CELL), refNull(CELL), refNull(CELL), I32, I32],
  body: [
    forever(
      [localGet(0), I32_EQZ, brIf(1)],
      [localGet(0), localGet(1), structNew(CELL), localSet(1)],
      add(0, -1),
    ),
    forever(
      [localGet(1), brOnNull(1), structGet(CELL, 1), localSet(3)],
      [localGet(1), localGet(2), structSet(CELL, 1)],
      [localGet(1), localSet(2), localGet(3), localSet(1)],
    ),
    forever(
      [localGet(2), brOnNull(1), DROP, add(5, 1)],
      [localGet(2), structGet(CELL, 0), localGet(5), MUL, localGet(4), I32_ADD, localSet(4)],
      [localGet(2), structGet(CELL, 1), localSet(2)],
    ),
    localGet(4),
  ],
}

/** Fills a tree with n numbers that look random. */
const treeSum: ProgramFunction = {
  name: "treeSum",
  type: NUMBER,
  locals: [I32, I32, refNull(NODE), I32],
  body: [
    [i32(12345), localSet(2)],
    upTo(
      1,
      0,
      [localGet(2), i32(1103515245), MUL, i32(12345), I32_ADD, localTee(2)],
      [i32(16), SHR_U, i32(255), AND, localSet(4)],
      [localGet(3), localGet(4), call(INSERT_F), localSet(3)],
    ),
    [localGet(3), i32(0), call(WALK_F), localSet(1), i32(16), SHL, localGet(1), I32_ADD],
  ],
}

/** Fills a map with n squares and reads them. */
const mapSum: ProgramFunction = {
  name: "mapSum",
  type: NUMBER,
  locals: [ref(MAP), I32, I32],
  body: [
    [i32(4), arrayNewDefault(BUCKETS), i32(0), structNew(MAP), localSet(1)],
    upTo(
      2,
      0,
      [localGet(1), localGet(2), i32(7919), MUL],
      [localGet(2), localGet(2), MUL, i32(37), MUL, call(PACK_F), call(PUT_F)],
    ),
    [localGet(1), i32(7919), i32(5), call(PACK_F), call(PUT_F)],
    upTo(
      2,
      0,
      [localGet(3), i32(31), MUL, localGet(1), localGet(2), i32(7919), MUL, call(GET_F)],
      [call(UNPACK_F), I32_ADD, localSet(3)],
    ),
    [localGet(3), localGet(1), i32(-1), call(GET_F), call(UNPACK_F), I32_ADD],
    [localGet(1), structGet(MAP, 1), I32_ADD],
  ],
}

// What the functions return, computed in another way.

const listSumOf = (n: number): number => {
  let sum = 0
  for (let place = 1; place <= n; place++) sum += place * (n + 1 - place)
  return sum | 0
}

const treeSumOf = (n: number): number => {
  const counts = new Map<number, number>()
  for (let index = 0, state = 12345; index < n; index++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0
    const key = (state >>> 16) & 255
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const keys = [...counts.keys()].sort((a, b) => a - b)
  const sum = keys.reduce((sum, key, rank) => sum + (rank + 1) * key * (counts.get(key) ?? 0), 0)
  return ((keys.length << 16) + sum) | 0
}

const mapSumOf = (n: number): number => {
  let sum = 0
  for (let index = 0; index < n; index++) {
    const value = index === 1 ? 5 : Math.imul(Math.imul(index, index), 37)
    sum = (Math.imul(sum, 31) + value) | 0
  }
  return (sum - 1 + n) | 0
}

const program = functionSections([
  insert,
  walk,
  hash,
  put,
  get,
  grow,
  pack,
  unpack,
  listSum,
  treeSum,
  mapSum,
])

/** The program. */
export const collections: Program = {
  name: "collections",
  bytes: build(typeSection, program.declared, program.exported, program.bodies).bytes,
  features: ["function-references", "gc", "tail-calls"],
  checks: [
    ...[0, 1, 100].map((n) => ["listSum", [n], listSumOf(n)] as const),
    ...[0, 3, 500].map((n) => ["treeSum", [n], treeSumOf(n)] as const),
    ...[2, 10, 1_000].map((n) => ["mapSum", [n], mapSumOf(n)] as const),
  ],
}
