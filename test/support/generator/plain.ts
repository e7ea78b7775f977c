/**
 * Emitters of instructions on numbers, vectors, memories and variables.
 */
import { addressType, type Body, type Emitter, isPlainOperand } from "./body.ts"
import { numberConstant } from "./constants.ts"
import type { Feature } from "./features.ts"
import { PLAIN, type Plain } from "./table.ts"
import { BOTTOM, isReference, LETTERS, NUMBERS, type Value, valueBytes } from "./types.ts"
import { I32, type Part, u, V128 } from "../module_builder.ts"

/** The prefix and the opcode. */
const opcodeBytes = ({ opcode, prefix }: Plain): Part => prefix === 0 ? opcode : [prefix, u(opcode)]

/** The immediates of an access: an alignment up to the natural one, a memory, an offset. */
const memoryArgument = (body: Body, { alignment, prefix }: Plain, memory: number): Part => {
  const { dice, shape } = body
  const exponent = prefix === 0xfe ? alignment : dice.between(0, alignment)
  const largest = shape.memories[memory]?.is64 === true && dice.chance(10) ? 2 ** 40 : 2 ** 31
  const offset = dice.chance(70) ? dice.next(64) : dice.next(largest)
  const isNamed = memory > 0 || (shape.features.has("multi-memory") && dice.chance(10))
  return isNamed ? [u(exponent | 0x40), u(memory), u(offset)] : [u(exponent), u(offset)]
}

/** Emits an instruction that a signature describes; false if it needs a memory and there is none. */
const emitPlain = (body: Body, plain: Plain): boolean => {
  const { dice, shape } = body
  const memory = dice.next(shape.memories.length)
  const used = shape.memories[memory]
  if (plain.alignment >= 0 && used === undefined) return false
  const operands = [...plain.operands].map((letter): Value =>
    letter === "a" && used !== undefined ? addressType(used) : LETTERS[letter] ?? BOTTOM
  )
  body.take(...operands)
  body.emit(
    opcodeBytes(plain),
    plain.alignment < 0 ? [] : memoryArgument(body, plain, memory),
    plain.lanes === 0 ? [] : dice.next(plain.lanes),
  )
  const result = LETTERS[plain.result]
  if (result !== undefined) body.push(result)
  return true
}

/** The instructions of the table that a module may use: all, and by their types. */
interface Rows {
  readonly all: ReadonlyArray<Plain>
  readonly byFirstOperand: ReadonlyMap<Value, ReadonlyArray<Plain>>
  readonly byResult: ReadonlyMap<Value, ReadonlyArray<Plain>>
}

const known = new WeakMap<ReadonlySet<Feature>, Rows>()

const rowsOf = (features: ReadonlySet<Feature>): Rows => {
  const found = known.get(features)
  if (found !== undefined) return found
  const all = PLAIN.filter(({ feature }) => feature === undefined || features.has(feature))
  const by = (letterOf: (row: Plain) => string | undefined) =>
    new Map(
      Object.entries(LETTERS).map(([letter, type]) =>
        [type, all.filter((row) => letterOf(row) === letter)] as const
      ),
    )
  const rows = {
    all,
    byFirstOperand: by(({ operands }) => operands[0]),
    byResult: by(({ result }) => result),
  }
  known.set(features, rows)
  return rows
}

/** Any instruction of the table. */
export const plain: Emitter = (body) =>
  emitPlain(body, body.dice.pick(rowsOf(body.shape.features).all))

/** An instruction of the table that takes the top operand, if there is one. */
export const plainOnTop: Emitter = (body) => {
  const rows = rowsOf(body.shape.features).byFirstOperand.get(body.stack.at(-1) ?? BOTTOM)
  const row = body.dice.find(rows ?? [])
  return row !== undefined && emitPlain(body, row)
}

/** Instructions of the table that make a number of a type. */
export const plainResult = (type: Value): Emitter => (body) => {
  const row = body.dice.find(rowsOf(body.shape.features).byResult.get(type) ?? [])
  return row !== undefined && emitPlain(body, row)
}

const constant: Emitter = (body) => {
  const type = body.shape.features.has("simd") && body.dice.chance(20)
    ? V128
    : body.dice.pick(NUMBERS)
  body.emit(numberConstant(body.shape, type))
  body.push(type)
  return true
}

const shuffle: Emitter = (body) => {
  if (!body.shape.features.has("simd")) return false
  body.take(V128, V128)
  body.emit(0xfd, 13, body.dice.times(16, () => body.dice.next(32)))
  body.push(V128)
  return true
}

const fence: Emitter = (body) => {
  if (!body.shape.features.has("threads")) return false
  body.emit(0xfe, 3, 0)
  return true
}

/** Instructions on whole memories: size, growth, filling, copies, segments. */
const wholeMemory: Emitter = (body) => {
  const { dice, shape } = body
  const index = dice.next(shape.memories.length)
  const memory = shape.memories[index]
  if (memory === undefined) return false
  const address = addressType(memory)
  switch (dice.next(5)) {
    case 0:
      body.emit(0x3f, u(index))
      body.push(address)
      return true
    case 1:
      body.take(address)
      body.emit(0x40, u(index))
      body.push(address)
      return true
    case 2:
      body.take(address, I32, address)
      body.emit(0xfc, 11, u(index))
      return true
    case 3: {
      const from = dice.next(shape.memories.length)
      const source = shape.memories[from]
      if (source === undefined) return false
      const size = memory.is64 && source.is64 ? address : I32
      body.take(address, addressType(source), size)
      body.emit(0xfc, 10, u(index), u(from))
      return true
    }
    default:
      if (shape.dataCount === 0) return false
      body.take(address, I32, I32)
      body.emit(0xfc, 8, u(dice.next(shape.dataCount)), u(index))
      return true
  }
}

const dropData: Emitter = (body) => {
  const { dice, shape } = body
  if (shape.dataCount === 0) return false
  body.emit(0xfc, 9, u(dice.next(shape.dataCount)))
  return true
}

const readLocal: Emitter = (body) => {
  const local = body.dice.find([...body.filled])
  if (local === undefined) return false
  body.emit(0x20, u(local))
  body.push(body.locals[local] ?? BOTTOM)
  return true
}

/** `local.set` and `local.tee`. */
const writeLocal: Emitter = (body) => {
  const local = body.dice.next(body.locals.length)
  const type = body.locals[local]
  if (type === undefined) return false
  body.take(type)
  body.filled.add(local)
  const isTee = body.dice.chance(50)
  body.emit(isTee ? 0x22 : 0x21, u(local))
  if (isTee) body.push(type)
  return true
}

const global: Emitter = (body) => {
  const index = body.dice.next(body.shape.globals.length)
  const found = body.shape.globals[index]
  if (found === undefined) return false
  if (!found.mutable || body.dice.chance(40)) {
    body.emit(0x23, u(index))
    body.push(found.type)
  } else {
    body.take(found.type)
    body.emit(0x24, u(index))
  }
  return true
}

const drop: Emitter = (body) => {
  if (body.takeAny() === undefined) return false
  body.emit(0x1a)
  return true
}

/** `select` of a type, with or without the type as an immediate. */
export const selectOf = (type: Value): Emitter => (body) => {
  body.take(type, type, I32)
  body.emit(
    !isReference(type) && body.dice.chance(70) ? 0x1b : [0x1c, 1, valueBytes(type)],
  )
  body.push(type)
  return true
}

const select: Emitter = (body) => {
  const operand = body.stack.at(-1)
  const isFitting = operand !== undefined && isPlainOperand(operand) && operand !== BOTTOM
  return selectOf(isFitting ? operand : body.shape.typeSection.value())(body)
}

const nop: Emitter = (body) => {
  body.emit(0x01)
  return true
}

/** Emitters and how often each is drawn. */
export const plainEmitters: ReadonlyArray<readonly [weight: number, emitter: Emitter]> = [
  [24, plain],
  [30, plainOnTop],
  [2, constant],
  [1, shuffle],
  [1, fence],
  [4, wholeMemory],
  [1, dropData],
  [3, readLocal],
  [6, writeLocal],
  [4, global],
  [2, drop],
  [3, select],
  [1, nop],
]
