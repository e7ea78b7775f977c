/**
 * Seeded mutations of modules, most of them small, so that many of the results are nearly valid.
 */
import type { GeneratedBody, GeneratedModule } from "./generator.ts"
import type { Dice } from "./dice.ts"
import { u } from "../module_builder.ts"

type Instructions = ReadonlyArray<ReadonlyArray<number>>
/** A mutation of a body; instructions may be copied from other bodies of the module. */
type Mutation = (dice: Dice, body: GeneratedBody, module: GeneratedModule) => GeneratedBody

/** Bytes that have a meaning in many positions: types, edges of LEB128 numbers, `end`, prefixes. */
// deno-fmt-ignore
const TELLING: ReadonlyArray<number> = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0e, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x3f, 0x40, 0x41, 0x5e, 0x5f, 0x60, 0x63,
  0x64, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x77, 0x78, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80,
  0xd0, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
]

const anyByte = (dice: Dice): number => dice.chance(60) ? dice.pick(TELLING) : dice.next(256)

/** A list in which one entry is replaced by any number of others. */
const replaced = <T>(
  list: ReadonlyArray<T>,
  at: number,
  ...entries: ReadonlyArray<T>
): ReadonlyArray<T> => [...list.slice(0, at), ...entries, ...list.slice(at + 1)]

/** A mutation of the instructions, if there are any. */
const ofInstructions = (
  change: (dice: Dice, list: Instructions, at: number, module: GeneratedModule) => Instructions,
): Mutation =>
(dice, body, module) => {
  const at = dice.next(body.instructions.length)
  return { ...body, instructions: change(dice, body.instructions, at, module) }
}

/** A mutation of one instruction's bytes. */
const ofBytes = (
  change: (dice: Dice, bytes: ReadonlyArray<number>) => ReadonlyArray<number>,
): Mutation => ofInstructions((dice, list, at) => replaced(list, at, change(dice, list[at] ?? [])))

const changeByte = ofBytes((dice, bytes) => replaced(bytes, dice.next(bytes.length), anyByte(dice)))

const flipBit = ofBytes((dice, bytes) => {
  const at = dice.next(bytes.length)
  return replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << dice.next(8)))
})

/** Changes an opcode to a neighbour: often the same operation on other types. */
const changeOpcode = ofBytes((dice, bytes) => {
  const at = bytes.length > 1 && (bytes[0] ?? 0) >= 0xfb ? 1 : 0
  return replaced(
    bytes,
    at,
    ((bytes[at] ?? 0) + dice.pick([-18, -10, -2, -1, 1, 2, 10, 18])) & 0xff,
  )
})

/** Changes an index or a type: an immediate of an instruction, usually the last one, becomes a little larger or smaller. */
const changeIndex = ofBytes((dice, bytes) => {
  const isLast = bytes.length < 3 || dice.chance(60)
  const at = isLast ? bytes.length - 1 : dice.between(1, bytes.length - 1)
  if (at <= 0) return bytes
  return replaced(bytes, at, ((bytes[at] ?? 0) + dice.pick([-2, -1, -1, 1, 1, 2])) & 0x7f)
})

/** Replaces the last byte by a large index or count. */
const enlargeIndex = ofBytes((dice, bytes) => {
  if (bytes.length < 2) return bytes
  return replaced(bytes, bytes.length - 1, ...u(dice.pick([200, 10_000, 10_001, 70_000, 2 ** 31])))
})

/** Changes the opcode or the type of an instruction on structs, arrays and casts. */
const changeAggregate: Mutation = (dice, body) => {
  const { instructions } = body
  const at = dice.find(
    instructions.flatMap(([prefix], index) => prefix === 0xfb ? [index] : []),
  )
  const bytes = at === undefined ? undefined : instructions[at]
  if (at === undefined || bytes === undefined) return body
  const changed = dice.chance(50) || bytes.length < 3
    ? replaced(bytes, 1, dice.next(31))
    : replaced(bytes, dice.between(2, bytes.length - 1), dice.next(24))
  return { ...body, instructions: replaced(instructions, at, changed) }
}

const swap = ofInstructions((dice, list, at) => {
  const other = dice.chance(60) ? at + 1 : dice.next(list.length)
  const [one, two] = [list[at], list[other]]
  return one === undefined || two === undefined
    ? list
    : replaced(replaced(list, at, two), other, one)
})

const remove = ofInstructions((_, list, at) => replaced(list, at))

const repeat = ofInstructions((_, list, at) => {
  const found = list[at] ?? []
  return replaced(list, at, found, found)
})

/** An instruction of some body of the module; empty if mutations have emptied all of them. */
const anyInstruction = (dice: Dice, { bodies }: GeneratedModule): ReadonlyArray<number> => {
  const left = bodies.filter(({ instructions }) => instructions.length > 0)
  return left.length === 0 ? [] : dice.pick(dice.pick(left).instructions)
}

const insert = ofInstructions((dice, list, at, module) =>
  replaced(list, at, anyInstruction(dice, module), list[at] ?? [])
)

const replace = ofInstructions((dice, list, at, module) =>
  replaced(list, at, anyInstruction(dice, module))
)

/** Inserts a short instruction that changes the stack or the block. */
const insertShort = ofInstructions((dice, list, at) => {
  const types = [0x7f, 0x7e, 0x7b, 0x70, 0x6f, 0x6e, 0x6b, 0x69]
  const short = dice.pick([
    [0x00],
    [0x1a],
    [0x1b],
    [0x0b],
    [0x05],
    [0x01],
    [0x0f],
    [0x41, 0],
    [0xd1],
    [0xd4],
    [0xd0, dice.pick(types)],
    [0x0c, dice.next(4)],
    [0x0d, dice.next(4)],
    [0x02, dice.pick([0x40, ...types])],
  ])
  return replaced(list, at, short, list[at] ?? [])
})

/** Removes the end of a body, from a whole instruction on or from within one. */
const truncate: Mutation = (dice, body) => {
  const { instructions } = body
  const count = dice.chance(70) ? instructions.length - 1 : dice.next(instructions.length)
  const half = instructions[count]?.slice(0, dice.next(3)) ?? []
  return { ...body, instructions: [...instructions.slice(0, count), half] }
}

/** Replaces an instruction by `unreachable`: other rules apply to the code after it. */
const makeDead = ofInstructions((_, list, at) => replaced(list, at, [0x00]))

const changeLocals: Mutation = (dice, body) => {
  const at = dice.next(body.locals.length)
  return { ...body, locals: replaced(body.locals, at, anyByte(dice)) }
}

const MUTATIONS: ReadonlyArray<readonly [weight: number, mutation: Mutation]> = [
  [4, changeByte],
  [2, flipBit],
  [4, changeOpcode],
  [5, changeIndex],
  [1, enlargeIndex],
  [4, changeAggregate],
  [3, swap],
  [3, remove],
  [2, repeat],
  [3, insert],
  [2, replace],
  [4, insertShort],
  [1, truncate],
  [3, makeDead],
  [1, changeLocals],
]
const drawn = MUTATIONS.flatMap(([weight, mutation]) => new Array<Mutation>(weight).fill(mutation))

const DATA_COUNT_SECTION = 12

/** Removes the data count section, which some instructions need. */
const withoutDataCount = (module: GeneratedModule): GeneratedModule =>
  module.before.at(-3) === DATA_COUNT_SECTION
    ? { ...module, before: module.before.slice(0, -3) }
    : module

/** A module with one or a few mutations in its bodies; sizes stay correct. */
export const mutateBodies = (dice: Dice, module: GeneratedModule): GeneratedModule => {
  let changed = dice.chance(2) ? withoutDataCount(module) : module
  for (let changes = dice.chance(70) ? 1 : dice.between(2, 4); changes > 0; changes--) {
    const { bodies } = changed
    const at = dice.next(bodies.length)
    const body = bodies[at]
    if (body === undefined || body.instructions.length === 0) continue
    changed = { ...changed, bodies: replaced(bodies, at, dice.pick(drawn)(dice, body, changed)) }
  }
  return changed
}

/** Bytes with some of them changed, anywhere. */
export const mutateBytes = (
  dice: Dice,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> => {
  const changed = bytes.slice()
  for (let changes = dice.chance(70) ? 1 : dice.between(2, 4); changes > 0; changes--) {
    const at = dice.between(8, Math.max(8, changed.length - 1))
    const byte = changed[at] ?? 0
    changed[at] = dice.chance(40) ? byte ^ (1 << dice.next(8)) : anyByte(dice)
  }
  return changed
}
