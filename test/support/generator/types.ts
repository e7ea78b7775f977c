/**
 * The types of the module generator: a model of its own, so that it shares no bugs with the decoder.
 *
 * A number type is its byte. A heap type is the number that it is encoded as: a type index, or a negative number.
 * @see https://webassembly.github.io/spec/core/valid/matching.html
 */
import { F32, F64, I32, I64, type Part, s, u, V128, vec } from "../module_builder.ts"

/** A reference type. */
export interface Reference {
  /** A type index, or the negative number of an abstract heap type. */
  readonly heap: number
  readonly nullable: boolean
}
/** A number type's byte, or a reference type. */
export type Value = number | Reference

/** A field of a struct, or the elements of an array. */
export interface Field {
  /** A value type, or the byte of a packed type. */
  readonly type: Value
  readonly mutable: boolean
}
export interface FunctionType {
  readonly kind: "func"
  readonly parameters: ReadonlyArray<Value>
  readonly results: ReadonlyArray<Value>
}
export interface StructType {
  readonly kind: "struct"
  readonly fields: ReadonlyArray<Field>
}
export interface ArrayType {
  readonly kind: "array"
  readonly field: Field
}
export type Composite = FunctionType | StructType | ArrayType

/** A type as a module defines it. */
export interface Definition {
  readonly composite: Composite
  readonly supertype: number | undefined
  readonly isFinal: boolean
  /** The first type index of an equal type, as far as the generator knows. */
  readonly canonical: number
}

export const NOEXN = -12
export const NOFUNC = -13
export const NOEXTERN = -14
export const NONE = -15
export const FUNC = -16
export const EXTERN = -17
export const ANY = -18
export const EQ = -19
export const I31 = -20
export const STRUCT = -21
export const ARRAY = -22
export const EXN = -23
/** The heap type of a reference taken from unreachable code. */
export const BOTTOM_HEAP = -100

export const I8 = 0x78
export const I16 = 0x77
/** The type of an operand in unreachable code. */
export const BOTTOM = 0

export const NUMBERS: ReadonlyArray<number> = [I32, I64, F32, F64]
const ABSTRACT: ReadonlyArray<number> = [ANY, EQ, I31, STRUCT, ARRAY, NONE]

/** A reference type. */
export const refTo = (heap: number, nullable = false): Reference => ({ heap, nullable })
export const EXNREF: Reference = refTo(EXN, true)

export const isReference = (type: Value): type is Reference => typeof type !== "number"
export const isPacked = (type: Value): boolean => type === I8 || type === I16
export const isDefaultable = (type: Value): boolean => !isReference(type) || type.nullable
/** The type of a field's value on the stack. */
export const unpacked = (type: Value): Value => isPacked(type) ? I32 : type

/** The types of a module, and the relations between them. */
export class TypeList {
  readonly definitions: Array<Definition> = []

  get count(): number {
    return this.definitions.length
  }

  at(index: number): Definition {
    const found = this.definitions[index]
    if (found === undefined) throw new RangeError(`No type ${index}`)
    return found
  }

  function(index: number): FunctionType {
    const { composite } = this.at(index)
    if (composite.kind !== "func") throw new TypeError(`Type ${index} is no function type`)
    return composite
  }

  /** Type indices of a kind. */
  indicesOf(kind: Composite["kind"]): ReadonlyArray<number> {
    return this.definitions.flatMap(({ composite }, index) =>
      composite.kind === kind ? [index] : []
    )
  }

  structs(): ReadonlyArray<readonly [index: number, type: StructType]> {
    return this.definitions.flatMap(({ composite }, index) =>
      composite.kind === "struct" ? [[index, composite] as const] : []
    )
  }

  arrays(): ReadonlyArray<readonly [index: number, field: Field]> {
    return this.definitions.flatMap(({ composite }, index) =>
      composite.kind === "array" ? [[index, composite.field] as const] : []
    )
  }

  /** The top of a heap type's hierarchy. */
  top(heap: number): number {
    if (heap >= 0) return this.at(heap).composite.kind === "func" ? FUNC : ANY
    if (heap === FUNC || heap === NOFUNC) return FUNC
    if (heap === EXTERN || heap === NOEXTERN) return EXTERN
    return heap === EXN || heap === NOEXN ? EXN : ANY
  }

  isHeapSub(sub: number, sup: number): boolean {
    if (sub === sup || sub === BOTTOM_HEAP) return true
    if (sup === BOTTOM_HEAP) return false
    if (sub >= 0 && sup >= 0) {
      const wanted = this.at(sup).canonical
      for (let index: number | undefined = sub; index !== undefined;) {
        const { canonical, supertype }: Definition = this.at(index)
        if (canonical === wanted) return true
        index = supertype
      }
      return false
    }
    if (sub >= 0) {
      const { kind } = this.at(sub).composite
      if (kind === "func") return sup === FUNC
      return sup === (kind === "struct" ? STRUCT : ARRAY) || sup === EQ || sup === ANY
    }
    const top = this.top(sub)
    if (this.top(sup) !== top) return false
    switch (sub) {
      case NONE:
      case NOFUNC:
      case NOEXTERN:
      case NOEXN:
        return true
      case EQ:
        return sup === ANY
      case I31:
      case STRUCT:
      case ARRAY:
        return sup === EQ || sup === ANY
      default:
        return false
    }
  }

  isSub(sub: Value, sup: Value): boolean {
    if (sub === sup || sub === BOTTOM) return true
    if (!isReference(sub) || !isReference(sup)) return false
    return (sup.nullable || !sub.nullable) && this.isHeapSub(sub.heap, sup.heap)
  }

  areSub(subs: ReadonlyArray<Value>, sups: ReadonlyArray<Value>): boolean {
    return subs.length === sups.length &&
      subs.every((sub, index) => this.isSub(sub, sups[index] ?? BOTTOM))
  }

  /** All heap types below a heap type, itself too. */
  below(heap: number): ReadonlyArray<number> {
    const others: ReadonlyArray<number> = [...ABSTRACT, NOFUNC, NOEXTERN, NOEXN]
    const defined = this.definitions.map((_, index) => index)
    return [heap, ...[...others, ...defined].filter((sub) => this.isHeapSub(sub, heap))]
  }

  /** All heap types above a heap type, itself too. */
  above(heap: number): ReadonlyArray<number> {
    const others: ReadonlyArray<number> = [...ABSTRACT, FUNC, EXTERN, EXN]
    const defined = this.definitions.map((_, index) => index)
    return [heap, ...[...others, ...defined].filter((sup) => this.isHeapSub(heap, sup))]
  }
}

// Encoding

/** The encoding of a value type; in its short form if there is one, unless `isLong`. */
export const valueBytes = (type: Value, isLong = false): Part => {
  if (!isReference(type)) return type
  if (type.nullable && type.heap < 0 && !isLong) return s(type.heap)
  return [type.nullable ? 0x63 : 0x64, s(type.heap)]
}

const fieldBytes = ({ mutable, type }: Field): Part => [valueBytes(type), mutable ? 1 : 0]

const compositeBytes = (type: Composite): Part => {
  switch (type.kind) {
    case "func":
      return [
        0x60,
        vec(...type.parameters.map((type) => valueBytes(type))),
        vec(...type.results.map((type) => valueBytes(type))),
      ]
    case "struct":
      return [0x5f, vec(...type.fields.map(fieldBytes))]
    case "array":
      return [0x5e, fieldBytes(type.field)]
  }
}

/** The encoding of a definition; in its short form if it is final and has no supertype. */
export const definitionBytes = ({ composite, isFinal, supertype }: Definition): Part => {
  if (isFinal && supertype === undefined) return compositeBytes(composite)
  const supers = supertype === undefined ? [0] : [1, u(supertype)]
  return [isFinal ? 0x4f : 0x50, supers, compositeBytes(composite)]
}

/** The number types by the letters of `table.ts`. */
export const LETTERS: Readonly<Record<string, number>> = { i: I32, l: I64, f: F32, d: F64, v: V128 }
