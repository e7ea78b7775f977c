/**
 * Constant expressions of a generated module.
 */
import type { ModuleShape } from "./module.ts"
import {
  ANY,
  ARRAY,
  EQ,
  EXTERN,
  I31,
  isReference,
  type Reference,
  STRUCT,
  unpacked,
  type Value,
} from "./types.ts"
import { F32, F64, I32, I64, type Part, s, u, V128 } from "../module_builder.ts"

const DEPTH = 4

/** The bytes of a floating-point number or a vector: any are valid. */
const anyBytes = (shape: ModuleShape, size: number): Part =>
  shape.dice.times(size, () => shape.dice.next(256))

/** The instruction that makes a constant of a number type. */
export const numberConstant = (shape: ModuleShape, type: number): Part => {
  const { dice } = shape
  switch (type) {
    case I32:
      return [0x41, s(dice.integer(32))]
    case F32:
      return [0x43, anyBytes(shape, 4)]
    case F64:
      return [0x44, anyBytes(shape, 8)]
    case V128:
      return [0xfd, 12, anyBytes(shape, 16)]
    default:
      return [0x42, s(dice.integer(64))]
  }
}

/** A constant expression of a type, without its `end`; `undefined` if there is none, or none was found. */
export const constantOf = (
  shape: ModuleShape,
  type: Value,
  depth: number = DEPTH,
): Part | undefined => {
  const { dice, features, types } = shape
  if (depth === 0) return undefined
  const globals = shape.globals.flatMap((global, index) =>
    !global.mutable && types.isSub(global.type, type) ? [index] : []
  )
  const global = dice.find(globals)
  if (global !== undefined && features.has("gc") && dice.chance(30)) return [0x23, u(global)]
  if (isReference(type)) return referenceConstant(shape, type, depth)
  const number = numberConstant(shape, type)
  const isInteger = type === I32 || type === I64
  if (!isInteger || !features.has("extended-const") || dice.chance(70)) return number
  const first = type === I32 ? 0x6a : 0x7c
  return [number, constantOf(shape, type, depth - 1) ?? number, first + dice.next(3)]
}

const referenceConstant = (
  shape: ModuleShape,
  type: Reference,
  depth: number,
): Part | undefined => {
  const { declared, dice, features, types } = shape
  const { heap, nullable } = type
  const again = (value: Value): Part | undefined => constantOf(shape, value, depth - 1)
  const hasGc = features.has("gc")
  if (nullable && dice.chance(40)) return [0xd0, s(heap)]
  const attempts: Array<() => Part | undefined> = []
  for (const index of declared) {
    const own = shape.functions[index]
    if (own !== undefined && types.isHeapSub(own, heap)) attempts.push(() => [0xd2, u(index)])
  }
  if (hasGc && (heap === ANY || heap === EQ || heap === I31)) {
    attempts.push(() => [0x41, s(dice.integer(32)), 0xfb, 28])
  }
  if (hasGc && heap === EXTERN) {
    attempts.push(() => {
      const value = again({ heap: ANY, nullable })
      return value === undefined ? undefined : [value, 0xfb, 27]
    })
  }
  if (hasGc && heap === ANY) {
    attempts.push(() => {
      const value = again({ heap: EXTERN, nullable })
      return value === undefined ? undefined : [value, 0xfb, 26]
    })
  }
  if (hasGc && (heap >= 0 || heap === ANY || heap === EQ || heap === STRUCT || heap === ARRAY)) {
    const fitting = types.below(heap).filter((index) => index >= 0)
    const index = dice.find(fitting)
    if (index !== undefined) attempts.push(() => aggregate(shape, index, again))
  }
  const value = dice.find(attempts)?.()
  return value ?? (nullable ? [0xd0, s(heap)] : undefined)
}

/** A new struct or array. */
const aggregate = (
  shape: ModuleShape,
  index: number,
  again: (value: Value) => Part | undefined,
): Part | undefined => {
  const { dice } = shape
  const { composite } = shape.types.at(index)
  if (composite.kind === "func") return undefined
  const fields = composite.kind === "struct" ? composite.fields : [composite.field]
  const isDefaultable = fields.every(({ type }) => !isReference(type) || type.nullable)
  const length: Part = [0x41, s(dice.next(5))]
  if (isDefaultable && dice.chance(30)) {
    return composite.kind === "struct" ? [0xfb, 1, u(index)] : [length, 0xfb, 7, u(index)]
  }
  if (composite.kind === "array" && dice.chance(40)) return [0xfb, 8, u(index), 0]
  const values: Array<Part> = []
  for (const { type } of fields) {
    const value = again(unpacked(type))
    if (value === undefined) return undefined
    values.push(value)
  }
  if (composite.kind === "struct") return [values, 0xfb, 0, u(index)]
  return dice.chance(50)
    ? [values, length, 0xfb, 6, u(index)]
    : [values, values, 0xfb, 8, u(index), 2]
}
