/**
 * The type section of a generated module: recursion groups of functions, structs and arrays, sub types, equal groups.
 */
import type { Dice } from "./dice.ts"
import type { Feature } from "./features.ts"
import {
  ANY,
  ARRAY,
  type Composite,
  type Definition,
  definitionBytes,
  EQ,
  EXNREF,
  EXTERN,
  type Field,
  FUNC,
  I16,
  I31,
  I8,
  isReference,
  NONE,
  NUMBERS,
  type Reference,
  refTo,
  STRUCT,
  TypeList,
  unpacked,
  type Value,
} from "./types.ts"
import { type Part, rec, types, V128 } from "../module_builder.ts"

/** The types of a module. */
export class TypeSection {
  readonly list: TypeList = new TypeList()
  /** The entries of the section. */
  readonly #groups: Array<{ readonly start: number; readonly count: number }> = []
  readonly #dice: Dice
  readonly #features: ReadonlySet<Feature>

  constructor(dice: Dice, features: ReadonlySet<Feature>) {
    this.#dice = dice
    this.#features = features
    const hasGc = features.has("gc")
    this.#addGroup([{ kind: "func", parameters: [], results: [] }])
    const rounds = dice.between(3, 8)
    for (let round = 0; round < rounds; round++) {
      if (hasGc && dice.chance(15)) this.#repeatGroup()
      else if (hasGc && dice.chance(60)) this.#addRandomGroup()
      else this.#addGroup([this.#function(this.list.count)])
    }
    if (!hasGc) return
    for (const type of [I8, I16, this.value(), refTo(FUNC, true), this.value()]) {
      if (dice.chance(60)) this.#addGroup([{ kind: "array", field: { type, mutable: true } }])
    }
    if (dice.chance(60)) this.#addGroup([{ kind: "struct", fields: this.#fields() }])
  }

  /** The section. */
  bytes(): Part {
    return types(...this.#groups.map(({ count, start }) => {
      const entries = this.list.definitions.slice(start, start + count).map(definitionBytes)
      return count === 1 && entries[0] !== undefined ? entries[0] : rec(...entries)
    }))
  }

  /** The index of a function type, which is added if there is none. */
  functionIndex(parameters: ReadonlyArray<Value>, results: ReadonlyArray<Value>): number {
    const key = JSON.stringify([parameters, results])
    const found = this.list.definitions.findIndex(({ composite, isFinal, supertype }) =>
      composite.kind === "func" && isFinal && supertype === undefined &&
      JSON.stringify([composite.parameters, composite.results]) === key
    )
    if (found >= 0) return found
    this.#addGroup([{ kind: "func", parameters, results }])
    return this.list.count - 1
  }

  /** A random value type; type indices are below the limit. */
  value(limit: number = this.list.count): Value {
    const dice = this.#dice
    if (dice.chance(12) && this.#features.has("simd")) return V128
    return dice.chance(55) ? dice.pick(NUMBERS) : this.reference(limit)
  }

  values(most: number, limit: number = this.list.count): ReadonlyArray<Value> {
    return this.#dice.times(this.#dice.between(0, most), () => this.value(limit))
  }

  /** A random reference type. */
  reference(limit: number = this.list.count): Reference {
    const dice = this.#dice
    const hasGc = this.#features.has("gc")
    if (!this.#features.has("function-references")) {
      return refTo(dice.chance(50) ? FUNC : EXTERN, true)
    }
    if (this.#features.has("exceptions") && dice.chance(8)) return EXNREF
    const nullable = dice.chance(60)
    if (limit > 0 && dice.chance(45)) return refTo(dice.next(limit), nullable)
    const abstract = hasGc
      ? [FUNC, EXTERN, ANY, EQ, I31, STRUCT, ARRAY, ANY, EQ, NONE]
      : [FUNC, EXTERN]
    return refTo(dice.pick(abstract), nullable)
  }

  #fields(limit: number = this.list.count): ReadonlyArray<Field> {
    return this.#dice.times(this.#dice.between(0, 5), () => this.#field(limit))
  }

  #field(limit: number): Field {
    const dice = this.#dice
    const type = dice.chance(25) ? dice.pick([I8, I16]) : this.value(limit)
    return { type, mutable: dice.chance(60) }
  }

  #function(limit: number): Composite {
    return { kind: "func", parameters: this.values(4, limit), results: this.values(3, limit) }
  }

  /** Adds types that have no supertypes. */
  #addGroup(composites: ReadonlyArray<Composite>): void {
    const start = this.list.count
    composites.forEach((composite, index) =>
      this.list.definitions.push(
        { composite, supertype: undefined, isFinal: true, canonical: start + index },
      )
    )
    this.#groups.push({ start, count: composites.length })
  }

  /** Adds types that may refer to each other, and may be subtypes of earlier ones. */
  #addRandomGroup(): void {
    const dice = this.#dice
    const start = this.list.count
    const count = dice.between(1, 4)
    const kinds = dice.times(count, () => dice.pick(["struct", "struct", "array", "func"] as const))
    const limit = start + count
    for (const [index, kind] of kinds.entries()) {
      const supertype = dice.chance(55) ? this.#openType(kind) : undefined
      const composite = supertype === undefined
        ? this.#composite(kind, limit)
        : this.#refined(this.list.at(supertype).composite, limit)
      const isFinal = dice.chance(30)
      this.list.definitions.push({ composite, supertype, isFinal, canonical: start + index })
    }
    this.#groups.push({ start, count })
  }

  #composite(kind: Composite["kind"], limit: number): Composite {
    if (kind === "struct") return { kind, fields: this.#fields(limit) }
    return kind === "array" ? { kind, field: this.#field(limit) } : this.#function(limit)
  }

  /** A type that may have subtypes. */
  #openType(kind: Composite["kind"]): number | undefined {
    const depth = (index: number): number => {
      const { supertype } = this.list.at(index)
      return supertype === undefined ? 0 : 1 + depth(supertype)
    }
    return this.#dice.find(
      this.list.indicesOf(kind).filter((index) => !this.list.at(index).isFinal && depth(index) < 8),
    )
  }

  /** A composite type that a subtype may have in place of its supertype's. */
  #refined(type: Composite, limit: number): Composite {
    switch (type.kind) {
      case "array":
        return { kind: "array", field: this.#refinedField(type.field) }
      case "struct": {
        const own = this.#dice.chance(60) ? this.#fields(limit) : []
        return {
          kind: "struct",
          fields: [...type.fields.map((field) => this.#refinedField(field)), ...own],
        }
      }
      case "func":
        return {
          kind: "func",
          parameters: type.parameters.map((value) => this.#widened(value)),
          results: type.results.map((value) => this.#narrowed(value)),
        }
    }
  }

  #refinedField({ mutable, type }: Field): Field {
    return { mutable, type: mutable || unpacked(type) !== type ? type : this.#narrowed(type) }
  }

  /** A subtype of a type, or the type itself. Types of the group that is being made may not be known yet. */
  #narrowed(type: Value): Value {
    if (!isReference(type) || type.heap >= this.list.count || this.#dice.chance(50)) return type
    const heap = this.#dice.pick(this.list.below(type.heap))
    return refTo(heap, type.nullable && this.#dice.chance(60))
  }

  #widened(type: Value): Value {
    if (!isReference(type) || type.heap >= this.list.count || this.#dice.chance(50)) return type
    return refTo(
      this.#dice.pick(this.list.above(type.heap)),
      type.nullable || this.#dice.chance(40),
    )
  }

  /** Adds a group that is equal to an earlier one, so that their types are equal. */
  #repeatGroup(): void {
    const { count, start } = this.#dice.pick(this.#groups)
    const moved = this.list.count - start
    const value = <T extends Value>(type: T): Value =>
      isReference(type) && type.heap >= start && type.heap < start + count
        ? refTo(type.heap + moved, type.nullable)
        : type
    const field = ({ mutable, type }: Field): Field => ({ mutable, type: value(type) })
    const composite = (type: Composite): Composite => {
      switch (type.kind) {
        case "func": {
          const { kind, parameters, results } = type
          return { kind, parameters: parameters.map(value), results: results.map(value) }
        }
        case "struct":
          return { kind: "struct", fields: type.fields.map(field) }
        case "array":
          return { kind: "array", field: field(type.field) }
      }
    }
    for (const definition of this.list.definitions.slice(start, start + count)) {
      const { supertype } = definition
      const isWithin = supertype !== undefined && supertype >= start
      const copy: Definition = {
        ...definition,
        composite: composite(definition.composite),
        supertype: isWithin ? supertype + moved : supertype,
      }
      this.list.definitions.push(copy)
    }
    this.#groups.push({ start: start + moved, count })
  }
}
