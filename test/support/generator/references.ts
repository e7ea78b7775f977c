/**
 * Emitters of instructions on references, tables, structs and arrays.
 */
import { addressType, type Body, type Emitter } from "./body.ts"
import {
  ANY,
  ARRAY,
  BOTTOM_HEAP,
  EQ,
  EXTERN,
  type Field,
  I31,
  isDefaultable,
  isPacked,
  isReference,
  refTo,
  unpacked,
  type Value,
} from "./types.ts"
import { I32, s, u } from "../module_builder.ts"

const hasGc = (body: Body): boolean => body.shape.features.has("gc")

// References

const null_: Emitter = (body) => {
  const { heap } = body.shape.typeSection.reference()
  body.emit(0xd0, s(heap))
  body.push(refTo(heap, true))
  return true
}

const isNull: Emitter = (body) => {
  body.takeReference(body.shape.typeSection.reference().heap)
  body.emit(0xd1)
  body.push(I32)
  return true
}

const functionReference: Emitter = (body) => {
  const index = body.dice.find(body.shape.declared)
  const type = index === undefined ? undefined : body.shape.functions[index]
  if (index === undefined || type === undefined) return false
  if (!body.shape.features.has("function-references")) return false
  body.emit(0xd2, u(index))
  body.push(refTo(type))
  return true
}

const asNonNull: Emitter = (body) => {
  if (!body.shape.features.has("function-references")) return false
  const { heap } = body.takeReference(body.shape.typeSection.reference().heap)
  body.emit(0xd4)
  body.push(refTo(heap))
  return true
}

const equal: Emitter = (body) => {
  if (!hasGc(body)) return false
  body.take(refTo(EQ, true), refTo(EQ, true))
  body.emit(0xd3)
  body.push(I32)
  return true
}

/** `ref.i31`, `i31.get_s`, `i31.get_u`. */
const i31: Emitter = (body) => {
  if (!hasGc(body)) return false
  const isNew = body.dice.chance(50)
  body.take(isNew ? I32 : refTo(I31, true))
  body.emit(0xfb, isNew ? 28 : body.dice.between(29, 30))
  body.push(isNew ? refTo(I31) : I32)
  return true
}

/** `any.convert_extern` and `extern.convert_any`. */
const convert: Emitter = (body) => {
  if (!hasGc(body)) return false
  const isToAny = body.dice.chance(50)
  const { nullable } = body.takeReference(isToAny ? EXTERN : ANY, body.dice.chance(70))
  body.emit(0xfb, isToAny ? 26 : 27)
  body.push(refTo(isToAny ? ANY : EXTERN, nullable))
  return true
}

/** `ref.test` and `ref.cast` to a type in the hierarchy of another. */
const cast: Emitter = (body) => {
  if (!hasGc(body)) return false
  const { dice, types } = body
  const taken = body.takeReference(types.top(body.shape.typeSection.reference().heap))
  const heap = taken.heap === BOTTOM_HEAP ? EQ : taken.heap
  castTo(body, refTo(dice.pick(types.below(types.top(heap))), dice.chance(50)), dice.chance(50))
  return true
}

const castTo = (body: Body, target: { heap: number; nullable: boolean }, isTest: boolean): void => {
  body.emit(0xfb, (isTest ? 20 : 22) + (target.nullable ? 1 : 0), s(target.heap))
  body.push(isTest ? I32 : target)
}

/** A cast to a type. */
export const castResult = (type: Value): Emitter => (body) => {
  if (!hasGc(body) || !isReference(type)) return false
  body.take(refTo(body.dice.pick(body.types.above(type.heap)), true))
  castTo(body, type, false)
  return true
}

// Tables

const tableAccess: Emitter = (body) => {
  const { dice, shape, types } = body
  const index = dice.next(shape.tables.length)
  const table = shape.tables[index]
  if (table === undefined) return false
  const address = addressType(table)
  switch (dice.next(8)) {
    case 0:
      body.take(address)
      body.emit(0x25, u(index))
      body.push(table.element)
      return true
    case 1:
      body.take(address, table.element)
      body.emit(0x26, u(index))
      return true
    case 2:
      body.emit(0xfc, 16, u(index))
      body.push(address)
      return true
    case 3:
      body.take(table.element, address)
      body.emit(0xfc, 15, u(index))
      body.push(address)
      return true
    case 4:
      body.take(address, table.element, address)
      body.emit(0xfc, 17, u(index))
      return true
    case 5: {
      const sources = shape.tables.flatMap((source, from) =>
        types.isSub(source.element, table.element) ? [{ from, ...source }] : []
      )
      const source = dice.pick(sources)
      const size = table.is64 && source.is64 ? address : I32
      body.take(address, addressType(source), size)
      body.emit(0xfc, 14, u(index), u(source.from))
      return true
    }
    default: {
      const segment = segmentFor(body, table.element)
      if (segment === undefined) return false
      body.take(address, I32, I32)
      body.emit(0xfc, 12, u(segment), u(index))
      return true
    }
  }
}

/** An element segment whose entries fit. */
const segmentFor = ({ dice, shape, types }: Body, type: Value): number | undefined =>
  dice.find(
    shape.elements.flatMap((element, index) => types.isSub(element, type) ? [index] : []),
  )

const dropElements: Emitter = (body) => {
  const { dice, shape } = body
  if (shape.elements.length === 0) return false
  body.emit(0xfc, 13, u(dice.next(shape.elements.length)))
  return true
}

// Structs

/** The opcode that reads a field; the plain, signed and unsigned variants are consecutive. */
const readOpcode = (body: Body, first: number, { type }: Field): number =>
  isPacked(type) ? first + body.dice.between(1, 2) : first

/** `struct.new` and `struct.new_default` of a type. */
const newStruct = (body: Body, index: number, fields: ReadonlyArray<Field>): void => {
  const isDefault = fields.every(({ type }) => isDefaultable(type)) && body.dice.chance(50)
  if (!isDefault) body.take(...fields.map(({ type }) => unpacked(type)))
  body.emit(0xfb, isDefault ? 1 : 0, u(index))
  body.push(refTo(index))
}

const struct: Emitter = (body) => {
  const { dice } = body
  const found = hasGc(body) ? dice.find(body.types.structs()) : undefined
  if (found === undefined) return false
  const [index, { fields }] = found
  const at = dice.next(fields.length)
  const field = fields[at]
  if (field === undefined || dice.chance(34)) {
    newStruct(body, index, fields)
  } else if (!field.mutable || dice.chance(50)) {
    body.take(refTo(index, true))
    body.emit(0xfb, readOpcode(body, 2, field), u(index), u(at))
    body.push(unpacked(field.type))
  } else {
    body.take(refTo(index, true), unpacked(field.type))
    body.emit(0xfb, 5, u(index), u(at))
  }
  return true
}

// Arrays

/** An instruction that makes an array, if it fits the array's type. */
const newArray = (body: Body, index: number, { type }: Field): boolean => {
  const { dice, shape } = body
  switch (dice.next(5)) {
    case 0:
      body.take(unpacked(type), I32)
      body.emit(0xfb, 6, u(index))
      break
    case 1:
      if (!isDefaultable(type)) return false
      body.take(I32)
      body.emit(0xfb, 7, u(index))
      break
    case 2: {
      const count = dice.next(5)
      body.take(...dice.times(count, () => unpacked(type)))
      body.emit(0xfb, 8, u(index), u(count))
      break
    }
    default: {
      const segment = isReference(type)
        ? segmentFor(body, type)
        : dice.find(dice.times(shape.dataCount, (at) => at))
      if (segment === undefined) return false
      body.take(I32, I32)
      body.emit(0xfb, isReference(type) ? 10 : 9, u(index), u(segment))
    }
  }
  body.push(refTo(index))
  return true
}

/** An instruction that changes many elements at once. */
const changeArray = (body: Body, index: number, { type }: Field): boolean => {
  const { dice, shape, types } = body
  const reference = refTo(index, true)
  switch (dice.next(3)) {
    case 0:
      body.take(reference, I32, unpacked(type), I32)
      body.emit(0xfb, 16, u(index))
      return true
    case 1: {
      const fits = (other: Value): boolean =>
        isPacked(type) || isPacked(other) ? type === other : types.isSub(other, type)
      const [from] = dice.pick(types.arrays().filter(([, field]) => fits(field.type)))
      body.take(reference, I32, refTo(from, true), I32, I32)
      body.emit(0xfb, 17, u(index), u(from))
      return true
    }
    default: {
      const segment = isReference(type)
        ? segmentFor(body, type)
        : dice.find(dice.times(shape.dataCount, (at) => at))
      if (segment === undefined) return false
      body.take(reference, I32, I32, I32)
      body.emit(0xfb, isReference(type) ? 19 : 18, u(index), u(segment))
      return true
    }
  }
}

const array: Emitter = (body) => {
  const { dice } = body
  const found = hasGc(body) ? dice.find(body.types.arrays()) : undefined
  if (found === undefined) return false
  const [index, field] = found
  if (dice.chance(30)) return newArray(body, index, field)
  const roll = dice.next(100)
  if (roll < 10) {
    body.take(refTo(ARRAY, true))
    body.emit(0xfb, 15)
    body.push(I32)
  } else if (!field.mutable || roll < 35) {
    body.take(refTo(index, true), I32)
    body.emit(0xfb, readOpcode(body, 11, field), u(index))
    body.push(unpacked(field.type))
  } else if (roll < 55) {
    body.take(refTo(index, true), I32, unpacked(field.type))
    body.emit(0xfb, 14, u(index))
  } else return changeArray(body, index, field)
  return true
}

/** A new struct or array of a type below another. */
export const newResult = (type: Value): Emitter => (body) => {
  if (!hasGc(body) || !isReference(type)) return false
  const index = body.dice.find(body.types.below(type.heap).filter((heap) => heap >= 0))
  if (index === undefined) return false
  const { composite } = body.types.at(index)
  if (composite.kind === "func") return false
  if (composite.kind === "array") return newArray(body, index, composite.field)
  newStruct(body, index, composite.fields)
  return true
}

/** Emitters and how often each is drawn. */
export const referenceEmitters: ReadonlyArray<readonly [weight: number, emitter: Emitter]> = [
  [2, null_],
  [2, isNull],
  [2, functionReference],
  [2, asNonNull],
  [2, equal],
  [3, i31],
  [2, convert],
  [5, cast],
  [7, tableAccess],
  [1, dropElements],
  [8, struct],
  [12, array],
]
