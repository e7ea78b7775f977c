/**
 * Modules that are built to be expensive: names and types whose hashes collide, and bodies in which a few bytes stand for a
 * thousand operands. All of them are valid, and none is large.
 */
import {
  body,
  build,
  code,
  END,
  exported,
  func,
  functions,
  globals,
  HEADER,
  I32,
  i32,
  imported,
  imports,
  type Part,
  ref,
  section,
  struct,
  sub,
  types,
  u,
} from "../module_builder.ts"

type Bytes = Uint8Array<ArrayBuffer>

const times = <A>(count: number, make: (index: number) => A): Array<A> =>
  Array.from({ length: count }, (_, index) => make(index))

// The quick hash of the decoder, forwards and backwards

const FACTOR = 0x0100_0193
/** The factor's inverse modulo 2^32, by Newton's method. */
let inverse = FACTOR
for (let i = 0; i < 5; i++) inverse = Math.imul(inverse, 2 - Math.imul(FACTOR, inverse))

/** A step of the hash. */
export const quickStep = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, FACTOR)
  return product ^ (product >>> 15)
}

/** The value of `hash ^ word` before a step that resulted in `result`. */
const stepBack = (result: number): number => {
  const product = result ^ (result >>> 15) ^ (result >>> 30)
  return Math.imul(product, inverse)
}

/** Names of 8 ASCII characters whose quick hashes are all the same: the second word undoes what the first one did. */
export const collidingNames = (count: number): Array<string> => {
  const names: Array<string> = []
  for (let i = 0; names.length < count; i++) {
    const first = 0x2020_2020 | (i & 0x1f) | ((i >> 5) & 0x1f) << 8 | ((i >> 10) & 0x1f) << 16 |
      ((i >> 15) & 0x1f) << 24
    const second = stepBack(0x1234_5678) ^ quickStep(8, first)
    if ((second & 0x8080_8080) !== 0) continue
    names.push(String.fromCharCode(
      ...[0, 8, 16, 24].map((shift) => (first >>> shift) & 0x7f),
      ...[0, 8, 16, 24].map((shift) => (second >>> shift) & 0x7f),
    ))
  }
  return names
}

const HALF = 10
const F64 = 0x7c

/** The parameters of a half, each one of the four number types: two bits of its index each. */
const half = (index: number): Array<number> => times(HALF, (at) => F64 + ((index >>> (2 * at)) & 3))

/** The hashes after each possible half. */
const forwardsFrom = (start: number): Int32Array => {
  let hashes = Int32Array.of(start)
  while (hashes.length < 4 ** HALF) {
    const { length } = hashes
    const longer = new Int32Array(4 * length)
    for (let at = 0; at < longer.length; at++) {
      longer[at] = quickStep(hashes[at % length] ?? 0, F64 + Math.floor(at / length))
    }
    hashes = longer
  }
  return hashes
}

/** The hashes before each possible half that ends in `end`. */
const backwardsFrom = (end: number): Int32Array => {
  let hashes = Int32Array.of(end)
  while (hashes.length < 4 ** HALF) {
    const longer = new Int32Array(4 * hashes.length)
    for (let at = 0; at < longer.length; at++) {
      longer[at] = stepBack(hashes[at >>> 2] ?? 0) ^ (F64 + (at & 3))
    }
    hashes = longer
  }
  return hashes
}

/**
 * The parameters of function types without results whose quick hashes have the same lower 20 bits, by a meet-in-the-middle
 * attack: forwards from the start and backwards from the wanted hash.
 */
export const collidingParameters = (count: number): Array<Array<number>> => {
  // A group of one final function type.
  const start = [4, 0, 2 * HALF, 0].reduce(quickStep, 1)
  const forwards = new Map<number, number>()
  forwardsFrom(start).forEach((hash, index) => forwards.set(hash, index))
  const found: Array<Array<number>> = []
  for (let target = 0; found.length < count; target++) {
    backwardsFrom((target << 20) | 0x12345).forEach((hash, index) => {
      const first = forwards.get(hash)
      if (first !== undefined && found.length < count) found.push([...half(first), ...half(index)])
    })
  }
  return found
}

/** A module that exports a function under these names. */
export const exportingNames = (names: ReadonlyArray<string>): Bytes =>
  build(
    types(func([], [])),
    functions(0),
    section(7, u(names.length), names.map((name) => exported(name, 0, 0))),
    code(body(0, END)),
  ).bytes

// Bodies

/** A module of at least this size, whose only body repeats some instructions. */
const repeating = (
  size: number,
  before: ReadonlyArray<Part>,
  type: number,
  locals: Part,
  instructions: ReadonlyArray<number>,
): Bytes => {
  const count = Math.ceil(size / instructions.length)
  const flat = times(
    count * instructions.length,
    (at) => instructions[at % instructions.length] ?? 0,
  )
  return build(...before, functions(u(type)), code(body(locals, flat, END))).bytes
}

const [CALL, DROP, BLOCK, UNREACHABLE, EMPTY] = [0x10, 0x1a, 0x02, 0x00, 0x40] as const
const NO_LOCALS = 0

/** A chain of 64 struct types, each the subtype of the one before. */
const chain = times(64, (at) => sub(at === 0 ? [] : [u(at - 1)], struct()))

/** Modules of a given size whose validation is more work than their size suggests, by what they have. */
export const heavyModules: Readonly<Record<string, (size: number) => Bytes>> = {
  "calls with 1,000 results": (size) => {
    const before = [
      types(func([], times(1_000, () => I32)), func([], [])),
      imports(imported("a", "a", 0, 0)),
    ]
    const calls = times(200, () => [CALL, 0]).flat()
    return repeating(size, before, 1, NO_LOCALS, [BLOCK, EMPTY, ...calls, UNREACHABLE, END])
  },
  "calls with 1,000 parameters of a subtype": (size) => {
    const gives = func([], times(1_000, () => ref(63)))
    const takes = func(times(1_000, () => ref(0)), [])
    const before = [
      types(...chain, gives, takes, func([], [])),
      imports(imported("a", "a", 0, u(64)), imported("a", "b", 0, u(65))),
    ]
    return repeating(size, before, 66, NO_LOCALS, [CALL, 0, CALL, 1])
  },
  "structs of 10,000 fields in unreachable code": (size) => {
    const before = [types(struct(...times(10_000, () => [I32, 0])), func([], []))]
    return repeating(size, before, 1, [NO_LOCALS, UNREACHABLE], [0xfb, 0, 0, DROP])
  },
  "a branch table of labels with 1,000 operands": (size) => {
    const operands = (first: number) => times(1_000, (at) => ref(at === 0 ? first : 0))
    const before = [
      types(
        ...chain,
        func([], operands(0)),
        func([], operands(1)),
        func([], times(1_000, () => ref(63))),
        func([], []),
      ),
      imports(imported("a", "a", 0, u(66))),
    ]
    const labels = [u(size), times(size, (at) => at & 1), 0]
    const blocks = [BLOCK, 0xc0, 0x00, BLOCK, 0xc1, 0x00]
    const instructions = [blocks, CALL, 0, i32(0), 0x0e, labels, END, UNREACHABLE, END, UNREACHABLE]
    return build(...before, functions(u(67)), code(body(NO_LOCALS, instructions, END))).bytes
  },
  "catch clauses with 1,000 parameters": (size) => {
    const values = times(1_000, () => I32)
    const before = [types(func(values, []), func([], values), func([], [])), functions(2)]
    const clauses = times(Math.ceil(size / 3), () => [0, 0, 0])
    const tryTable = [0x1f, EMPTY, u(clauses.length), clauses, END]
    const instructions = [BLOCK, 1, tryTable, UNREACHABLE, END, UNREACHABLE]
    return build(
      ...before,
      section(13, 1, 0, 0),
      code(body(NO_LOCALS, instructions, END)),
    ).bytes
  },
  "bodies with 50,000 locals": (size) => {
    const count = Math.ceil(size / 7)
    return build(
      types(func([], [])),
      section(3, u(count), times(count, () => 0)),
      section(10, u(count), times(count, () => body(1, u(50_000), I32, END))),
    ).bytes
  },
  "a long body": (size) => repeating(size, [types(func([], []))], 0, NO_LOCALS, [0x41, 0, DROP]),
}

/** A module of globals that are each a struct of 10,000 default values. */
export const defaultStructs = (count: number): Bytes =>
  build(
    types(struct(...times(10_000, () => [I32, 0]))),
    globals(...times(count, () => [0x6e, 0, 0xfb, 1, 0, END])),
  ).bytes

/** The header, and the beginning of a custom section that claims a gigabyte. */
export const endlessSection: Bytes = Uint8Array.from([
  ...HEADER,
  ...[0, ...u(1_000_000_000), 1, 0x61],
])
