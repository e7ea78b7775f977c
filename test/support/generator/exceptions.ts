/**
 * Emitters of exceptions: those with references to exceptions, and the legacy ones.
 */
import type { BlockType, Body, Emitter } from "./body.ts"
import { EXN, EXNREF, refTo, type Value } from "./types.ts"
import { type Part, u } from "../module_builder.ts"

const parametersOf = ({ shape, types }: Body, tag: number): ReadonlyArray<Value> =>
  types.function(shape.tags[tag] ?? 0).parameters

const throw_: Emitter = (body) => {
  const { dice, shape } = body
  if (shape.tags.length === 0) return false
  const tag = dice.next(shape.tags.length)
  body.take(...parametersOf(body, tag))
  body.emit(0x08, u(tag))
  body.dead()
  return true
}

const throwReference: Emitter = (body) => {
  if (!body.shape.features.has("exceptions")) return false
  body.take(EXNREF)
  body.emit(0x0a)
  body.dead()
  return true
}

/** A clause of a `try_table`. */
interface Clause {
  readonly bytes: Part
  /** The types that it passes to its label. */
  readonly types: ReadonlyArray<Value>
  /** The frame that it goes to, from the outermost. */
  readonly frame: number
}

/** A clause that goes to a block that fits, or to one that is opened for it. */
const clause = (body: Body): Clause | undefined => {
  const { dice, shape, types } = body
  const kind = shape.tags.length === 0 ? dice.between(2, 3) : dice.next(4)
  const tag = dice.next(Math.max(1, shape.tags.length))
  const caught = kind < 2 ? parametersOf(body, tag) : []
  const isWithReference = (kind & 1) === 1
  const handed = isWithReference ? [...caught, refTo(EXN)] : caught
  const bytes = [kind, kind < 2 ? u(tag) : []]
  const labels = body.labels((label) => types.areSub(handed, label))
  const label = dice.chance(60) ? dice.find(labels) : undefined
  if (label !== undefined) return { bytes, types: handed, frame: body.frames.length - 1 - label }
  if (!body.mayNest) return undefined
  const block = body.blockOf(isWithReference ? [...caught, EXNREF] : caught)
  body.open("block", block, 0x02, block.bytes)
  return { bytes, types: handed, frame: body.frames.length - 1 }
}

const tryTable: Emitter = (body) => {
  const { dice } = body
  if (!body.shape.features.has("exceptions") || !body.mayNest) return false
  const height = body.frames.length
  const clauses = dice.times(dice.between(0, 4), () => clause(body))
    .filter((found) => found !== undefined)
  const type = body.blockType()
  body.take(...type.parameters)
  const written = clauses.map(({ bytes, frame }) => [bytes, u(body.frames.length - 1 - frame)])
  body.open("block", type, 0x1f, type.bytes, u(written.length), written)
  body.run(dice.between(1, 10))
  body.close()
  while (body.frames.length > height) {
    body.run(dice.next(4))
    body.close()
  }
  return true
}

// Legacy

/** The type of the next part of a block: the block's results, and other parameters. */
const partOf = (type: BlockType, parameters: ReadonlyArray<Value>): BlockType => ({
  ...type,
  parameters,
})

const legacyTry: Emitter = (body) => {
  const { dice, shape } = body
  if (!shape.features.has("legacy-exceptions") || !body.mayNest) return false
  const type = body.blockType()
  body.take(...type.parameters)
  body.open("try", type, 0x06, type.bytes)
  body.run(dice.between(1, 8))
  if (dice.chance(25)) {
    // The try itself is no label here.
    body.leave()
    body.emit(0x18, u(dice.next(body.frames.length)))
    body.push(...type.results)
    return true
  }
  const count = shape.tags.length === 0 ? 0 : dice.between(0, 2)
  for (let index = 0; index < count; index++) {
    const tag = dice.next(shape.tags.length)
    body.leave()
    body.reopen("catch", partOf(type, parametersOf(body, tag)), [0x07, u(tag)])
    body.run(dice.between(1, 6))
  }
  if (dice.chance(50)) {
    body.leave()
    body.reopen("catch", partOf(type, []), 0x19)
    body.run(dice.between(1, 6))
  }
  body.close()
  return true
}

const rethrow: Emitter = (body) => {
  const frames = body.frames.flatMap(({ kind }, index) =>
    kind === "catch" ? [body.frames.length - 1 - index] : []
  )
  const label = body.dice.find(frames)
  if (label === undefined) return false
  body.emit(0x09, u(label))
  body.dead()
  return true
}

/** Emitters and how often each is drawn. */
export const exceptionEmitters: ReadonlyArray<readonly [weight: number, emitter: Emitter]> = [
  [1, throw_],
  [1, throwReference],
  [5, tryTable],
  [4, legacyTry],
  [2, rethrow],
]
