/**
 * The defined types of a module: storage, equivalence and subtyping.
 *
 * Types are equivalent if their recursion groups have the same structure. So every group is looked
 * up among those before it, and equivalent types share an *id*, to which the module's type indices
 * map. The types of a new group get their ids before they are decoded, so references within the
 * group are words like any other, and types are equal if their words are.
 *
 * ```
 * words of a type:  kind | flags,  supertype's heap type or 0,  count,  count,  types or fields ...
 *                                                               func: parameters, results
 *                                                               struct, array: fields, 0
 * ```
 *
 * Invariant: a group is committed as a whole. `startType` can be called again for the same type, after
 * an attempt to decode it ran out of bytes.
 *
 * @see https://webassembly.github.io/spec/core/valid/conventions.html#rolling-and-unrolling
 * @see https://webassembly.github.io/spec/core/valid/matching.html
 *
 * @module
 */
import { GroupTable, HASH_FACTOR, HEADER_WORDS } from "./collections/group_table.ts"
import { IntList } from "./collections/int_list.ts"
import { Supertypes } from "./supertypes.ts"
import {
  BOTTOM,
  CONCRETE,
  HEAP_ANY,
  HEAP_ARRAY,
  HEAP_EQ,
  HEAP_EXN,
  HEAP_EXTERN,
  HEAP_FUNC,
  HEAP_I31,
  HEAP_NOEXN,
  HEAP_NOEXTERN,
  HEAP_NOFUNC,
  HEAP_NONE,
  HEAP_STRUCT,
  type HeapType,
  heapTypeName,
  heapTypeOf,
  heapTypeOfId,
  isDefaultable,
  KIND_ARRAY,
  KIND_FUNC,
  KIND_STRUCT,
  MUTABLE,
  NULLABLE,
  numberTypeName,
  PAYLOAD,
  REFERENCE,
  referenceShorthand,
  typeIdOf,
  type ValueType,
} from "./types.ts"

const KIND_MASK = 3
const FINAL = 4
/** Flag of a type with a field that has no default value. */
const NOT_DEFAULTABLE = 8

/** The type index space, and the types that its indices refer to. */
export class TypeSpace {
  /** Type index -> id. */
  readonly #ids: IntList = new IntList()
  /** Id -> where its words start. */
  readonly #starts: IntList = new IntList()
  readonly #supertypes: Supertypes = new Supertypes()
  /** Id -> the first type index with it. */
  readonly #firstIndices: IntList = new IntList()
  readonly #words: IntList = new IntList()
  readonly #groups: GroupTable = new GroupTable(this.#words, this.#starts)

  /** Whether there is no struct or array type so far, so that every type index is that of a function type. */
  hasOnlyFunctions = true

  /** The number of committed ids; the group being decoded starts at this id. */
  #idCount = 0
  /** The number of types in the group being decoded. */
  #openSize = 0

  /** The number of types in the index space: those of finished groups. */
  get count(): number {
    return this.#ids.length
  }

  /** The number of type indices that may be referred to: finished groups and the open one. */
  get visibleCount(): number {
    return this.#ids.length + this.#openSize
  }

  /** The type index of the next type to be added. */
  get nextIndex(): number {
    return this.#ids.length + this.#starts.length - this.#idCount
  }

  /** The number of distinct types. */
  get idsCount(): number {
    return this.#idCount
  }

  /** The cost of finding equal groups so far: groups probed in vain, and their words that were compared. */
  get probes(): number {
    return this.#groups.probes
  }

  /** Whether groups have collided more often than by chance, so that the keyed hash is in use. */
  get isKeyed(): boolean {
    return this.#groups.isKeyed
  }

  // Looking types up

  /** The id of a type index below {@link visibleCount}. */
  idOf(typeIndex: number): number {
    const count = this.#ids.length
    return typeIndex < count ? this.#ids.at(typeIndex) : this.#idCount + typeIndex - count
  }

  /** The heap type of a type index below {@link visibleCount}. */
  heapTypeOfIndex(typeIndex: number): HeapType {
    return heapTypeOfId(this.idOf(typeIndex))
  }

  /** The first type index of an id, for messages and reports. */
  typeIndexOf(id: number): number {
    return this.#firstIndices.at(id)
  }

  /** `KIND_FUNC`, `KIND_STRUCT` or `KIND_ARRAY`. */
  kind(id: number): number {
    return this.#words.at(this.#starts.at(id)) & KIND_MASK
  }

  /** Whether a type is a function type. */
  isFunction(id: number): boolean {
    return this.kind(id) === KIND_FUNC
  }

  /** Whether a type is final: it may have no subtypes. */
  isFinal(id: number): boolean {
    return (this.#words.at(this.#starts.at(id)) & FINAL) !== 0
  }

  /** The id of the declared supertype, or -1. */
  supertype(id: number): number {
    return this.#supertypes.of(id)
  }

  /** The number of supertypes above a type. */
  depth(id: number): number {
    return this.#supertypes.depth(id)
  }

  /** The number of parameters of a function type. */
  parameterCount(id: number): number {
    return this.#words.at(this.#starts.at(id) + 2)
  }

  /** A parameter of a function type. */
  parameterType(id: number, index: number): ValueType {
    return this.#words.at(this.#starts.at(id) + HEADER_WORDS + index)
  }

  /** The number of results of a function type. */
  resultCount(id: number): number {
    return this.#words.at(this.#starts.at(id) + 3)
  }

  /** A result of a function type. */
  resultType(id: number, index: number): ValueType {
    const start = this.#starts.at(id)
    return this.#words.at(start + HEADER_WORDS + this.#words.at(start + 2) + index)
  }

  /** The number of fields of a struct; 1 for an array. */
  fieldCount(id: number): number {
    return this.#words.at(this.#starts.at(id) + 2)
  }

  /** The storage type of a struct's field, or of an array's element with index 0. */
  fieldType(id: number, index: number): ValueType {
    return this.#words.at(this.#starts.at(id) + HEADER_WORDS + index) & ~MUTABLE
  }

  /** Whether a struct's field, or an array's element with index 0, is mutable. */
  isFieldMutable(id: number, index: number): boolean {
    return (this.#words.at(this.#starts.at(id) + HEADER_WORDS + index) & MUTABLE) !== 0
  }

  /** The last field of a struct or array that has no default value, or -1. */
  lastWithoutDefault(id: number): number {
    if ((this.#words.at(this.#starts.at(id)) & NOT_DEFAULTABLE) === 0) return -1
    let index = this.fieldCount(id) - 1
    while (index > 0 && isDefaultable(this.fieldType(id, index))) index--
    return index
  }

  /** The words of all types, in the form of the header, for the validator. */
  get packedWords(): Int32Array {
    return this.#words.data
  }

  /** Where the parameters of a function type begin in {@link packedWords}. */
  parametersStart(id: number): number {
    return this.#starts.at(id) + HEADER_WORDS
  }

  /** Where the results of a function type begin in {@link packedWords}. */
  resultsStart(id: number): number {
    const start = this.#starts.at(id)
    return start + HEADER_WORDS + this.#words.at(start + 2)
  }

  /** Where the words of each type index begin. */
  packedStarts(): Int32Array {
    const starts = new Int32Array(this.#ids.length)
    for (let index = 0; index < starts.length; index++) {
      starts[index] = this.#starts.at(this.#ids.at(index))
    }
    return starts
  }

  /** A value type in the notation of the text format; a defined type is its index. */
  textOf(type: ValueType): string {
    if ((type & REFERENCE) === 0) return numberTypeName(type)
    const isNull = (type & NULLABLE) !== 0
    if ((type & CONCRETE) !== 0) {
      return `(ref ${isNull ? "null " : ""}${this.typeIndexOf(typeIdOf(type))})`
    }
    const name = heapTypeName(type & PAYLOAD) ?? "?"
    if (!isNull) return `(ref ${name})`
    return `${referenceShorthand(name)}ref`
  }

  // Subtyping

  /** Whether value type `sub` matches value type `sup`. */
  isSubtype(sub: ValueType, sup: ValueType): boolean {
    if (sub === sup || sub === BOTTOM) return true
    if ((sub & sup & REFERENCE) === 0) return false
    if ((sub & NULLABLE) !== 0 && (sup & NULLABLE) === 0) return false
    return this.isHeapSubtype(heapTypeOf(sub), heapTypeOf(sup))
  }

  /** Whether heap type `sub` matches heap type `sup`. */
  isHeapSubtype(sub: HeapType, sup: HeapType): boolean {
    if (sub === sup || sub === BOTTOM) return true
    if ((sub & CONCRETE) !== 0) {
      const id = typeIdOf(sub)
      if ((sup & CONCRETE) !== 0) return this.isIdSubtype(id, typeIdOf(sup))
      switch (this.kind(id)) {
        case KIND_FUNC:
          return sup === HEAP_FUNC
        case KIND_STRUCT:
          return sup === HEAP_STRUCT || sup === HEAP_EQ || sup === HEAP_ANY
        default:
          return sup === HEAP_ARRAY || sup === HEAP_EQ || sup === HEAP_ANY
      }
    }
    switch (sub) {
      case HEAP_NONE:
        if ((sup & CONCRETE) !== 0) return !this.isFunction(typeIdOf(sup))
        return sup >= HEAP_ARRAY && sup <= HEAP_ANY
      case HEAP_NOFUNC:
        if ((sup & CONCRETE) !== 0) return this.isFunction(typeIdOf(sup))
        return sup === HEAP_FUNC
      case HEAP_NOEXTERN:
        return sup === HEAP_EXTERN
      case HEAP_NOEXN:
        return sup === HEAP_EXN
      case HEAP_I31:
      case HEAP_STRUCT:
      case HEAP_ARRAY:
        return sup === HEAP_EQ || sup === HEAP_ANY
      case HEAP_EQ:
        return sup === HEAP_ANY
      default:
        return false
    }
  }

  /** Whether two defined types are the same, or `sub` declares `sup` as its supertype, directly or not. */
  isIdSubtype(sub: number, sup: number): boolean {
    return this.#supertypes.isAbove(sup, sub)
  }

  // Adding types, one group after the other

  /** Starts a group of `size` types; may be repeated before the first `endType`. */
  startGroup(size: number): void {
    this.#openSize = size
  }

  /** Starts, or starts again, the next type of the open group. */
  startType(kind: number, isFinal: boolean, supertype: number): void {
    if (kind !== KIND_FUNC) this.hasOnlyFunctions = false
    const words = this.#words
    words.truncate(this.#committedWords)
    words.push(isFinal ? kind | FINAL : kind)
    words.push(supertype < 0 ? 0 : heapTypeOfId(supertype))
    words.push(0)
    words.push(0)
    this.#openSupertype = supertype
  }

  /** Adds a parameter, a result or a field to the type being decoded. */
  addWord(word: number): void {
    this.#words.push(word)
  }

  /** Ends the type being decoded; the counts are those in the header of this file. */
  endType(first: number, second: number): void {
    const start = this.#committedWords
    this.#words.data[start + 2] = first
    this.#words.data[start + 3] = second
    const id = this.#starts.length
    this.#starts.push(start)
    this.#supertypes.add(this.#openSupertype)
    this.#committedWords = this.#words.length
    if (this.kind(id) !== KIND_FUNC) this.#noteDefaults(id)
  }

  /** Notes this once for each type, as an instruction of a few bytes can ask about ten thousand fields. */
  #noteDefaults(id: number): void {
    const start = this.#starts.at(id)
    const data = this.#words.data
    for (let at = start + HEADER_WORDS; at < this.#committedWords; at++) {
      if (isDefaultable(data[at] ?? 0)) continue
      data[start] = (data[start] ?? 0) | NOT_DEFAULTABLE
      return
    }
  }

  #committedWords = 0
  #openSupertype = -1

  /**
   * Adds a group of one final function type with number types only, like the methods above and
   * {@link endGroup} in one call. V8 takes 2.4 ms this way for the first 288 types of a process, and
   * 5.2 ms with separate calls.
   *
   * @param start the index of the first parameter in `bytes`; one byte separates parameters and
   *   results
   */
  addFunctionType(bytes: Uint8Array, start: number, parameters: number, results: number): void {
    const words = this.#words
    const first = this.#committedWords
    words.truncate(first)
    words.push(KIND_FUNC | FINAL)
    words.push(0)
    words.push(parameters)
    words.push(results)
    const separator = start + parameters
    for (let at = start; at < separator; at++) words.push(bytes[at] ?? 0)
    for (let at = separator + 1; at <= separator + results; at++) words.push(bytes[at] ?? 0)
    const end = words.length
    const data = words.data
    let hash = 1
    for (let at = first; at < end; at++) {
      hash = Math.imul(hash ^ (data[at] ?? 0), HASH_FACTOR)
      hash ^= hash >>> 15
    }
    const id = this.#idCount
    this.#openSize = 0
    this.#starts.push(first)
    this.#committedWords = end
    const same = this.#groups.findGroup(id, 1, hash)
    if (same >= 0) {
      this.#starts.truncate(id)
      words.truncate(first)
      this.#committedWords = first
      this.#ids.push(same)
      return
    }
    this.#supertypes.add(-1)
    this.#groups.add()
    this.#firstIndices.push(this.#ids.length)
    this.#ids.push(id)
    this.#idCount = id + 1
  }

  /**
   * Commits the open group, all of whose types have been added.
   *
   * @returns -1, or which type of the group does not match its supertype
   */
  endGroup(): number {
    const first = this.#idCount
    const size = this.#openSize
    if (size === 0) return -1
    const same = this.#groups.findGroup(first, size, this.#groups.quickHash(first, size))
    if (same >= 0) {
      this.#dropOpenGroup(first)
      for (let i = 0; i < size; i++) this.#ids.push(same + i)
    } else {
      for (let i = 0; i < size; i++) {
        const supertype = this.#supertypes.of(first + i)
        if (supertype >= 0 && !this.#isMatch(first + i, supertype)) return i
      }
      this.#groups.add()
      for (let i = 0; i < size; i++) {
        this.#firstIndices.push(this.#ids.length)
        this.#ids.push(first + i)
      }
      this.#idCount = first + size
    }
    this.#openSize = 0
    return -1
  }

  /** Drops the open group's types, as an equal group exists. */
  #dropOpenGroup(first: number): void {
    this.#committedWords = this.#starts.at(first)
    this.#words.truncate(this.#committedWords)
    this.#starts.truncate(first)
    this.#supertypes.truncate(first)
  }

  /** Whether the structure of a type matches that of its declared supertype. */
  #isMatch(sub: number, sup: number): boolean {
    const kind = this.kind(sub)
    if (kind !== this.kind(sup)) return false
    if (kind === KIND_FUNC) {
      const parameters = this.parameterCount(sub)
      const results = this.resultCount(sub)
      if (parameters !== this.parameterCount(sup) || results !== this.resultCount(sup)) return false
      for (let i = 0; i < parameters; i++) {
        if (!this.isSubtype(this.parameterType(sup, i), this.parameterType(sub, i))) return false
      }
      for (let i = 0; i < results; i++) {
        if (!this.isSubtype(this.resultType(sub, i), this.resultType(sup, i))) return false
      }
      return true
    }
    const fields = this.fieldCount(sup)
    if (this.fieldCount(sub) < fields || (kind === KIND_ARRAY && fields !== 1)) return false
    for (let i = 0; i < fields; i++) {
      const isMutable = this.isFieldMutable(sub, i)
      if (isMutable !== this.isFieldMutable(sup, i)) return false
      const subType = this.fieldType(sub, i)
      const supType = this.fieldType(sup, i)
      if (isMutable ? subType !== supType : !this.isSubtype(subType, supType)) return false
    }
    return true
  }
}
