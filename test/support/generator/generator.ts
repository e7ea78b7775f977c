/**
 * Generates modules that are valid by construction and use all allowed features, to compare the validator with engines. The
 * same seed makes the same module.
 */
import { Body, type Emitter, localsBytes } from "./body.ts"
import { blockResult, callTo, controlEmitters } from "./control.ts"
import { Dice } from "./dice.ts"
import { exceptionEmitters } from "./exceptions.ts"
import type { Feature } from "./features.ts"
import { ModuleShape } from "./module.ts"
import { plainEmitters, plainResult, selectOf } from "./plain.ts"
import { castResult, newResult, referenceEmitters } from "./references.ts"
import { isReference, type Value } from "./types.ts"
import { flat, HEADER, u } from "../module_builder.ts"

type Bytes = Uint8Array<ArrayBuffer>

const CODE_SECTION = 10

/** A body, in parts that can be changed. */
export interface GeneratedBody {
  readonly locals: ReadonlyArray<number>
  /** The bytes of each instruction, the last `end` too. */
  readonly instructions: ReadonlyArray<ReadonlyArray<number>>
}

/** A module, in parts that can be changed. */
export interface GeneratedModule {
  /** The header and the sections before the code section. */
  readonly before: ReadonlyArray<number>
  readonly bodies: ReadonlyArray<GeneratedBody>
  readonly after: ReadonlyArray<number>
  /** The features that it may use. */
  readonly features: ReadonlySet<Feature>
}

/** What to generate. */
export interface GeneratorOptions {
  readonly seed: number
  /** The proposals that may be used. */
  readonly features: ReadonlySet<Feature>
  /** The size, from 1: about the number of instructions per body. */
  readonly size: number
}

const drawn = (
  ...groups: ReadonlyArray<ReadonlyArray<readonly [weight: number, emitter: Emitter]>>
): ReadonlyArray<Emitter> =>
  groups.flat().flatMap(([weight, emitter]) => new Array<Emitter>(weight).fill(emitter))

const statements = drawn(plainEmitters, controlEmitters, referenceEmitters, exceptionEmitters)

/** The emitters that make a value of a type. */
const producersOf = (shape: ModuleShape) => (type: Value): ReadonlyArray<Emitter> => {
  const calls = shape.functions.flatMap((index, at) => {
    const { results } = shape.types.function(index)
    const [result] = results
    const isFitting = results.length === 1 && result !== undefined &&
      shape.types.isSub(result, type)
    return isFitting ? [callTo(at)] : []
  })
  const common = [blockResult(type), selectOf(type), ...calls.slice(0, 2)]
  return isReference(type)
    ? [...common, castResult(type), newResult(type), newResult(type)]
    : [...common, ...new Array<Emitter>(4).fill(plainResult(type))]
}

/** Some of the features, in a combination that a module can have. */
const someOf = (dice: Dice, features: ReadonlySet<Feature>): ReadonlySet<Feature> => {
  const some = new Set([...features].filter(() => dice.chance(85)))
  if (!some.has("function-references")) {
    // These need the types of function references.
    some.delete("gc")
    some.delete("exceptions")
  }
  // Engines reject modules with both kinds of exceptions.
  if (some.has("exceptions") && some.has("legacy-exceptions")) {
    some.delete(dice.chance(70) ? "legacy-exceptions" : "exceptions")
  }
  return some
}

/** Generates a module. */
export const generateModule = ({ features, seed, size }: GeneratorOptions): GeneratedModule => {
  const dice = new Dice(seed)
  const some = someOf(dice, features)
  const shape = new ModuleShape(dice, some, dice.between(1, 6))
  const producers = producersOf(shape)
  const bodies = shape.defined.map((index): GeneratedBody => {
    const limit = dice.between(1, Math.max(1, 2 * size - 1))
    const written = new Body(shape, shape.types.function(index), limit, statements, producers)
    written.write()
    const { instructions, locals, parameterCount } = written
    return { locals: flat(localsBytes(locals.slice(parameterCount))), instructions }
  })
  return {
    before: flat(HEADER, shape.before()),
    bodies,
    after: flat(shape.after()),
    features: some,
  }
}

/** The bytes of a module. */
export const moduleBytes = ({ after, before, bodies }: GeneratedModule): Bytes => {
  // The module builder would be too slow: this runs for every mutation.
  const entries = bodies.map(({ instructions, locals }) => {
    const content = [locals, ...instructions].flat()
    return [...u(content.length), ...content]
  })
  const code = [...u(bodies.length), ...entries.flat()]
  return Uint8Array.from([...before, CODE_SECTION, ...u(code.length), ...code, ...after])
}
