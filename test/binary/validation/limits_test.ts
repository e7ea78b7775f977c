// Large bodies: at the limits of the JS API and one beyond; deep, wide and long. None of them may
// take long or overflow the stack.
// https://webassembly.github.io/spec/js-api/#limits
import type { LimitsName } from "../../../src/binary/mod.ts"
import {
  assembleCase,
  type AssembledCase,
  type BodyCase,
  type Environment,
  F,
  gives,
  T,
} from "./support/body_cases.ts"
import {
  arrayNewFixed,
  block,
  br,
  call,
  DROP,
  ELSE,
  EMPTY,
  I32_0,
  I32_ADD,
  I64_0,
  localGet,
  localSet,
  NOP,
  UNREACHABLE,
} from "../../support/instructions.ts"
import {
  assemble,
  AT,
  END,
  func,
  functions,
  HEADER,
  I32,
  I64,
  imported,
  imports,
  type Part,
  ref,
  types,
  u,
} from "../../support/module_builder.ts"
import { validatesLarge } from "./support/validates.ts"

const repeat = (count: number, ...bytes: ReadonlyArray<number>): Part => {
  return Array.from({ length: count * bytes.length }, (_, i) => bytes[i % bytes.length] ?? 0)
}

/** A case whose instructions are made only when its test runs. */
type LargeCase = readonly [BodyCase[0], string, () => ReadonlyArray<Part>, Environment?]

const large = (limits: LimitsName, cases: ReadonlyArray<LargeCase>): void => {
  for (const [expected, title, instructions, environment = {}] of cases) {
    const assembled = () => assembleCase([expected, title, instructions(), environment])
    validatesLarge(title, assembled, limits)
  }
}

const locals = (...declarations: ReadonlyArray<Part>): Environment => ({
  parameters: [],
  locals: declarations,
})

large("js-api", [
  ["ok", "the last of 50000 locals", () => [localGet(u(49_999)), DROP], locals([u(50_000), I32])],
  ["unknown-local", "one beyond 50000 locals", () => [
    [AT, localGet(u(50_000)), DROP],
  ], locals([u(50_000), I32])],
  ["ok", "50000 declarations of a local", () => [
    [localGet(u(49_999)), DROP],
  ], locals(...Array.from({ length: 25_000 }, () => [[1, I32], [1, I64]]).flat())],
  ["type-mismatch", "the types of 50000 declarations", () => [
    [localGet(u(49_998)), DROP, localGet(u(49_999)), AT, 0x45, DROP],
  ], locals(...Array.from({ length: 25_000 }, () => [[1, I32], [1, I64]]).flat())],
  ["ok", "many references that are not null, each set", () => [
    Array.from(
      { length: 10_000 },
      (_, i) => [localGet(0), localSet(u(i + 1)), localGet(u(i + 1)), DROP],
    ),
  ], { parameters: [ref(T.BASE)], locals: [[u(49_999), ref(T.BASE)]] }],
  ["uninitialized-local", "many references that are not null, all but the last set", () => [
    Array.from({ length: 10_000 }, (_, i) => [localGet(0), localSet(u(i + 1))]),
    [AT, localGet(u(10_001)), DROP],
  ], { parameters: [ref(T.BASE)], locals: [[u(49_999), ref(T.BASE)]] }],
])

/** Nested blocks, as bytes: the beginnings, the content of the innermost one, and the ends. */
const nested = (
  count: number,
  begin: ReadonlyArray<number>,
  ...inner: ReadonlyArray<Part>
): Part => {
  return [repeat(count, ...begin), inner, repeat(count, END)]
}

large("js-api", [
  ["ok", "100000 blocks in each other", () => [nested(100_000, [0x02, EMPTY])]],
  ["ok", "a branch out of 100000 blocks", () => [nested(100_000, [0x02, EMPTY], br(u(100_000)))]],
  ["unknown-label", "a branch beyond 100000 blocks", () => [
    [nested(100_000, [0x02, EMPTY], AT, br(u(100_001)))],
  ]],
  ["ok", "100000 loops in each other", () => [nested(100_000, [0x03, EMPTY])]],
  ["ok", "100000 ifs in each other", () => [nested(100_000, [0x41, 0, 0x04, EMPTY])]],
  ["ok", "100000 elses in each other", () => [
    [nested(100_000, [0x41, 0, 0x04, EMPTY, ELSE])],
  ]],
  ["ok", "100000 try_tables in each other", () => [nested(100_000, [0x1f, EMPTY, 0])]],
  ["ok", "100000 legacy tries in each other", () => [nested(100_000, [0x06, EMPTY])]],
  ["ok", "100000 blocks with results", () => [nested(100_000, [0x02, I32], I32_0), DROP]],
  ["type-mismatch", "100000 blocks with results, and none in the innermost", () => [
    [repeat(100_000, 0x02, I32), AT, repeat(100_000, END), DROP],
  ]],
  ["ok", "100000 blocks with a parameter in each other", () => [
    [I32_0, nested(100_000, [0x02, T.NEXT]), DROP],
  ], { types: [func([I32], [I32])] }],
  ["unexpected-end", "100000 blocks without ends", () => [
    [repeat(100_000, 0x02, EMPTY), AT],
  ], { hasEnd: false }],
  ["ok", "100000 blocks that set a local", () => [
    [repeat(100_000, 0x02, EMPTY, 0x20, 0, 0x21, 1, END)],
  ], { parameters: [ref(T.BASE)], locals: [[1, ref(T.BASE)]] }],
  ["uninitialized-local", "a local that 100000 blocks in each other set", () => [
    [nested(100_000, [0x02, EMPTY, 0x20, 0, 0x21, 1]), AT, localGet(1), DROP],
  ], { parameters: [ref(T.BASE)], locals: [[1, ref(T.BASE)]] }],
])

const table = (labels: number, label: number, last: number): Part => {
  return [0x0e, u(labels), repeat(labels, label), u(last)]
}
const wide = func([], Array.from({ length: 1000 }, () => I32))
large("js-api", [
  ["ok", "br_table with a million labels", () => [I32_0, table(1_000_000, 0, 0)]],
  ["unknown-label", "br_table with a million labels and a wrong default", () => [
    [I32_0, AT, table(1_000_000, 0, 1)],
  ]],
  ["ok", "br_table with a million labels of a thousand results", () => [
    [block(T.NEXT, repeat(1000, 0x41, 0), I32_0, table(1_000_000, 0, 0)), UNREACHABLE],
  ], { types: [wide] }],
  ["type-mismatch", "br_table with a million labels, the default of another arity", () => [
    [block(I32, I32_0, I32_0, AT, table(1_000_000, 0, 1)), UNREACHABLE],
  ]],
  ["length-out-of-bounds", "br_table with more labels than bytes", () => [
    [I32_0, AT, 0x0e, u(1_000_000), repeat(100_000, 0)],
  ]],
  ["ok", "a block of a thousand results", () => [
    [block(T.NEXT, repeat(1000, 0x41, 0)), repeat(999, I32_ADD), DROP],
  ], { types: [wide] }],
  ["type-mismatch", "a block of a thousand results, one missing", () => [
    [block(T.NEXT, repeat(999, 0x41, 0), AT), UNREACHABLE],
  ], { types: [wide] }],
  ["ok", "a call of a thousand parameters", () => [
    [repeat(1000, 0x41, 0), call(F.TESTED)],
  ], { parameters: Array.from({ length: 1000 }, () => I32) }],
  ["type-mismatch", "a call of a thousand parameters, the first of them wrong", () => [
    [I64_0, repeat(999, 0x41, 0), AT, call(F.TESTED)],
  ], { parameters: Array.from({ length: 1000 }, () => I32) }],
])

large("js-api", [
  ["ok", "array.new_fixed of 10000 operands", () => [
    [repeat(10_000, 0x41, 0), arrayNewFixed(T.INTS, 10_000)],
  ], gives(ref(T.INTS))],
  ["type-mismatch", "array.new_fixed of 10000 operands, one missing", () => [
    [repeat(9_999, 0x41, 0), AT, arrayNewFixed(T.INTS, 10_000), DROP],
  ]],
  ["limit-array-new-fixed", "array.new_fixed of 10001 operands", () => [
    [repeat(10_001, 0x41, 0), AT, arrayNewFixed(T.INTS, 10_001), DROP],
  ]],
  ["limit-array-new-fixed", "array.new_fixed in unreachable code", () => [
    [UNREACHABLE, AT, arrayNewFixed(T.INTS, 2 ** 32 - 1), DROP],
  ]],
])
large("core", [
  ["ok", "array.new_fixed of 10001 operands", () => [
    [repeat(10_001, 0x41, 0), arrayNewFixed(T.INTS, 10_001), DROP],
  ]],
  ["ok", "array.new_fixed of the greatest count in unreachable code", () => [
    [UNREACHABLE, arrayNewFixed(T.INTS, 2 ** 32 - 1), DROP],
  ]],
  ["type-mismatch", "array.new_fixed of the greatest count with a wrong operand", () => [
    [UNREACHABLE, I64_0, AT, arrayNewFixed(T.INTS, 2 ** 32 - 1), DROP],
  ]],
  ["type-mismatch", "array.new_fixed of the greatest count without operands", () => [
    [AT, arrayNewFixed(T.INTS, 2 ** 32 - 1), DROP],
  ]],
])

const BODY_SIZE = 7_654_321
const BEFORE: ReadonlyArray<Part> = [
  types(func([], [])),
  imports(...Array.from({ length: F.TESTED }, () => imported("m", "f", 0, 0))),
  functions(0),
]

/** A module with one body: bytes repeated as often as they fit, padding, and a last part. */
const bodyOf = (
  expected: BodyCase[0],
  title: string,
  size: number,
  bytes: ReadonlyArray<number>,
  last: ReadonlyArray<Part>,
): AssembledCase => {
  const head = assemble(HEADER, BEFORE, 10, u(size + 1 + u(size).length), 1, u(size), 0)
  const tail = assemble(last)
  const end = head.bytes.length - 1 + size
  const built = new Uint8Array(end)
  built.set(head.bytes)
  const start = head.bytes.length
  const until = end - tail.bytes.length
  built.fill(NOP, start, until)
  const unit = Uint8Array.from(bytes)
  for (let at = start; at + unit.length <= until; at += unit.length) built.set(unit, at)
  built.set(tail.bytes, until)
  return { bytes: built, at: tail.at === -1 ? -1 : until + tail.at, title, expected, codeAt: 0 }
}

/** Few instructions per byte: a 64-bit constant, dropped. */
const CONSTANT: ReadonlyArray<number> = [0x44, 0, 0, 0, 0, 0, 0, 0, 0, DROP]

for (
  const [expected, title, bytes, last] of [
    ["ok", "nops", [NOP], [END]],
    ["ok", "constants and drops", [0x41, 0, DROP], [END]],
    ["ok", "blocks", [0x02, EMPTY, END], [END]],
    ["type-mismatch", "an add without operands at its end", CONSTANT, [AT, I32_ADD, END]],
    ["type-mismatch", "constants left over", [0x41, 0], [AT, END]],
    ["unexpected-end", "no end", CONSTANT, [NOP, AT]],
    ["unsupported", "an unknown opcode at its end", [0x41, 0, DROP], [AT, 0xff, END]],
  ] as const
) {
  const named = `a body of ${BODY_SIZE} bytes: ${title}`
  validatesLarge(named, () => bodyOf(expected, named, BODY_SIZE, bytes, last), "js-api")
}

/** As many operands as fit, and as many drops. */
const operandsAndDrops = (title: string): AssembledCase => {
  const built = bodyOf("ok", title, BODY_SIZE, [NOP], [END])
  const count = Math.floor((BODY_SIZE - 2) / 3)
  const end = built.bytes.length - 1
  for (let at = end - 3 * count; at < end - count; at += 2) {
    built.bytes[at] = 0x41
    built.bytes[at + 1] = 0
  }
  built.bytes.fill(DROP, end - count, end)
  return built
}
validatesLarge("a body of operands, then drops", () => operandsAndDrops("drops"), "js-api")
const ABOVE = `a body of ${BODY_SIZE + 1} bytes`
validatesLarge(ABOVE, () => bodyOf("ok", ABOVE, BODY_SIZE + 1, CONSTANT, [END]), "core")

/** Five bytes that leave a thousand operands. */
const thousand: ReadonlyArray<Part> = [0x02, T.NEXT, UNREACHABLE, END]
const thousands: Environment = {
  types: [func([], Array.from({ length: 1_000 }, () => I32))],
}

large("js-api", [
  ["ok", "a million operands, never taken", () => [
    [repeat(1_000, 0x02, T.NEXT, 0x00, END), UNREACHABLE],
  ], thousands],
  ["limit-operands", "more operands than are held", () => [
    [repeat(16_777, 0x02, T.NEXT, 0x00, END), thousand.slice(0, 3), AT, END],
  ], thousands],
])
