/**
 * Emitters of blocks, branches and calls.
 */
import { addressType, type BlockType, type Body, type Emitter } from "./body.ts"
import { isReference, type Reference, refTo, type Value } from "./types.ts"
import { I32, s, u } from "../module_builder.ts"

/** Writes a block of one of the plain kinds, whole. */
const writeBlock = (body: Body, kind: "block" | "loop" | "if", type: BlockType): void => {
  body.take(...type.parameters, ...(kind === "if" ? [I32] : []))
  body.open(kind, type, kind === "block" ? 0x02 : kind === "loop" ? 0x03 : 0x04, type.bytes)
  body.run(body.dice.between(1, 12))
  const isSame = body.types.areSub(type.parameters, type.results)
  if (kind === "if" && (!isSame || body.dice.chance(60))) {
    body.leave()
    body.reopen("block", type, 0x05)
    body.run(body.dice.between(1, 10))
  }
  body.close()
}

const block: Emitter = (body) => {
  if (!body.mayNest) return false
  writeBlock(body, body.dice.pick(["block", "loop", "if"] as const), body.blockType())
  return true
}

/** A block that leaves one value of a type. */
export const blockResult = (type: Value): Emitter => (body) => {
  if (!body.mayNest) return false
  writeBlock(body, body.dice.pick(["block", "loop", "if"] as const), body.blockOf([type]))
  return true
}

const unreachable: Emitter = (body) => {
  body.emit(0x00)
  body.dead()
  return true
}

const branch: Emitter = (body) => {
  const label = body.dice.next(body.frames.length)
  body.take(...body.labelTypes(label))
  body.emit(0x0c, u(label))
  body.dead()
  return true
}

const branchIf: Emitter = (body) => {
  const label = body.dice.next(body.frames.length)
  const types = body.labelTypes(label)
  body.take(...types, I32)
  body.emit(0x0d, u(label))
  body.push(...types)
  return true
}

const branchTable: Emitter = (body) => {
  const { dice, types } = body
  const label = dice.next(body.frames.length)
  const operands = body.labelTypes(label)
  const labels = body.labels((wanted) => types.areSub(operands, wanted))
  body.take(...operands, I32)
  const cases = dice.times(dice.between(0, 5), () => u(dice.pick(labels)))
  body.emit(0x0e, u(cases.length), cases, u(dice.pick(labels)))
  body.dead()
  return true
}

const return_: Emitter = (body) => {
  body.take(...body.results)
  body.emit(0x0f)
  body.dead()
  return true
}

// Calls

const call: Emitter = (body) => {
  const index = body.dice.next(body.shape.functions.length)
  return callTo(index)(body)
}

/** A call of a function. */
export const callTo = (index: number): Emitter => (body) => {
  const type = body.shape.functions[index]
  if (type === undefined) return false
  const { parameters, results } = body.types.function(type)
  body.take(...parameters)
  body.emit(0x10, u(index))
  body.push(...results)
  return true
}

const functionTables = (body: Body): ReadonlyArray<number> =>
  body.shape.tables.flatMap((table, index) => body.shape.holdsFunctions(table) ? [index] : [])

const callIndirect: Emitter = (body) => {
  const table = body.dice.find(functionTables(body))
  const found = table === undefined ? undefined : body.shape.tables[table]
  if (table === undefined || found === undefined) return false
  const index = body.dice.pick(body.types.indicesOf("func"))
  const { parameters, results } = body.types.function(index)
  body.take(...parameters, addressType(found))
  body.emit(0x11, u(index), u(table))
  body.push(...results)
  return true
}

const callReference: Emitter = (body) => {
  if (!body.shape.features.has("function-references")) return false
  const index = body.dice.pick(body.types.indicesOf("func"))
  const { parameters, results } = body.types.function(index)
  body.take(...parameters, refTo(index, true))
  body.emit(0x14, u(index))
  body.push(...results)
  return true
}

/** The three tail calls. */
const tailCall: Emitter = (body) => {
  const { dice, shape, types } = body
  if (!shape.features.has("tail-calls")) return false
  const returns = (type: number): boolean =>
    types.areSub(types.function(type).results, body.results)
  const type = dice.find(types.indicesOf("func").filter(returns))
  if (type === undefined) return false
  const { parameters } = types.function(type)
  const table = dice.find(functionTables(body))
  const found = table === undefined ? undefined : shape.tables[table]
  switch (dice.next(3)) {
    case 0: {
      const fitting = shape.functions.flatMap((own, index) => returns(own) ? [index] : [])
      const index = dice.find(fitting)
      const own = index === undefined ? undefined : shape.functions[index]
      if (index === undefined || own === undefined) return false
      body.take(...types.function(own).parameters)
      body.emit(0x12, u(index))
      break
    }
    case 1:
      if (table === undefined || found === undefined) return false
      body.take(...parameters, addressType(found))
      body.emit(0x13, u(type), u(table))
      break
    default:
      if (!shape.features.has("function-references")) return false
      body.take(...parameters, refTo(type, true))
      body.emit(0x15, u(type))
  }
  body.dead()
  return true
}

// Branches on references

/** A label whose last type is a reference, or one of a block that is opened for it. */
const withLabel = (
  body: Body,
  type: Reference,
  use: (label: number, before: ReadonlyArray<Value>, last: Reference) => void,
): boolean => {
  const labels = body.labels((types) => {
    const last = types.at(-1)
    return last !== undefined && isReference(last)
  })
  const label = body.dice.find(labels)
  const types = label === undefined ? [] : body.labelTypes(label)
  const last = types.at(-1)
  if (label !== undefined && last !== undefined && isReference(last) && body.dice.chance(70)) {
    use(label, types.slice(0, -1), last)
    return true
  }
  if (!body.mayNest) return false
  const block = body.blockOf([type])
  body.open("block", block, 0x02, block.bytes)
  use(0, [], type)
  body.run(body.dice.between(0, 5))
  body.close()
  return true
}

const branchOnNull: Emitter = (body) => {
  if (!body.shape.features.has("function-references")) return false
  const label = body.dice.next(body.frames.length)
  const types = body.labelTypes(label)
  const { heap } = body.shape.typeSection.reference()
  body.take(...types, refTo(heap, true))
  body.emit(0xd5, u(label))
  body.push(...types, refTo(heap))
  return true
}

const branchOnNonNull: Emitter = (body) => {
  if (!body.shape.features.has("function-references")) return false
  const type = refTo(body.shape.typeSection.reference().heap)
  return withLabel(body, type, (label, before, { heap }) => {
    body.take(...before, refTo(heap, true))
    body.emit(0xd6, u(label))
    body.push(...before)
  })
}

/** `br_on_cast` and `br_on_cast_fail`. */
const branchOnCast: Emitter = (body) => {
  const { dice, shape, types } = body
  if (!shape.features.has("gc")) return false
  const isFail = dice.chance(50)
  const start = shape.typeSection.reference()
  return withLabel(body, start, (label, before, last) => {
    // The type that the branch passes is a subtype of the label's: the cast's target, or the rest.
    const low = dice.pick(types.below(last.heap))
    const high = isFail ? low : dice.pick(types.above(low))
    const target = isFail ? dice.pick(types.below(low)) : low
    const isTargetNull = isFail
      ? !last.nullable || dice.chance(50)
      : last.nullable && dice.chance(50)
    const isSourceNull = isTargetNull || (isFail && !last.nullable ? false : dice.chance(60))
    const source = refTo(high, isSourceNull)
    const left = refTo(high, isSourceNull && !isTargetNull)
    const cast = refTo(target, isTargetNull)
    if (!types.isSub(isFail ? left : cast, last)) return
    body.take(...before, source)
    const flags = (isSourceNull ? 1 : 0) | (isTargetNull ? 2 : 0)
    body.emit(0xfb, isFail ? 25 : 24, flags, u(label), s(high), s(target))
    body.push(...before, isFail ? cast : left)
  })
}

/** Emitters and how often each is drawn. */
export const controlEmitters: ReadonlyArray<readonly [weight: number, emitter: Emitter]> = [
  [8, block],
  [1, unreachable],
  [1, branch],
  [5, branchIf],
  [2, branchTable],
  [1, return_],
  [6, call],
  [3, callIndirect],
  [3, callReference],
  [1, tailCall],
  [3, branchOnNull],
  [3, branchOnNonNull],
  [4, branchOnCast],
]
