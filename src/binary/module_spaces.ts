/**
 * The index spaces of a module in packed form, to which function bodies, the report and later sections
 * refer. In every space imports precede definitions, each in the order of the binary.
 *
 * Invariant: an entry is added only once it has been decoded and checked completely.
 *
 * @see https://webassembly.github.io/spec/core/syntax/modules.html#indices
 * @module
 */
import { FunctionNames } from "./function_names.ts"
import { grownBytes } from "./collections/grown.ts"
import { IntList } from "./collections/int_list.ts"
import { TypeSpace } from "./type_space.ts"
import { LIMITS_64, LIMITS_MAXIMUM, LIMITS_SHARED, type ValueType } from "./types.ts"

/** An entry of limits is five words: flags, then minimum and maximum in halves. */
const LIMITS_WORDS = 5
const GLOBAL_MUTABLE = 0x0800_0000

/** Limits as read, with 64-bit integers in unsigned halves. */
export interface LimitsEntry {
  /** The flags: `LIMITS_MAXIMUM` 1, `LIMITS_SHARED` 2, `LIMITS_64` 4. */
  flags: number
  /** The lower 32 bits of the minimum. */
  minimumLow: number
  /** The upper 32 bits of the minimum. */
  minimumHigh: number
  /** The lower 32 bits of the maximum. */
  maximumLow: number
  /** The upper 32 bits of the maximum. */
  maximumHigh: number
}

/** Limits of tables or memories, in entries or pages. */
export class LimitsList {
  readonly #words: IntList = new IntList()

  /** The number of entries. */
  get count(): number {
    return this.#words.length / LIMITS_WORDS
  }

  /** Adds an entry. */
  push(limits: LimitsEntry): void {
    this.#words.push(limits.flags)
    this.#words.push(limits.minimumLow)
    this.#words.push(limits.minimumHigh)
    this.#words.push(limits.maximumLow)
    this.#words.push(limits.maximumHigh)
  }

  /** The flags: `LIMITS_MAXIMUM`, `LIMITS_SHARED`, `LIMITS_64`. */
  flags(index: number): number {
    return this.#words.at(index * LIMITS_WORDS)
  }

  /** Whether addresses or indices are 64 bits wide. */
  is64(index: number): boolean {
    return (this.flags(index) & LIMITS_64) !== 0
  }

  /** Whether it is a shared memory. */
  isShared(index: number): boolean {
    return (this.flags(index) & LIMITS_SHARED) !== 0
  }

  /** The minimum. */
  minimum(index: number): bigint {
    return this.#value(index * LIMITS_WORDS + 1)
  }

  /** The maximum, or `undefined` if there is none. */
  maximum(index: number): bigint | undefined {
    if ((this.flags(index) & LIMITS_MAXIMUM) === 0) return undefined
    return this.#value(index * LIMITS_WORDS + 3)
  }

  /** The 64-bit integer at two words. */
  #value(at: number): bigint {
    return (BigInt(this.#words.at(at + 1) >>> 0) << 32n) | BigInt(this.#words.at(at) >>> 0)
  }
}

/** The imports and definitions of a module, by index. */
export class ModuleSpaces {
  /** The type index space and subtyping. */
  readonly types: TypeSpace = new TypeSpace()
  /** Limits of the tables. */
  readonly tableLimits: LimitsList = new LimitsList()
  /** Limits of the memories. */
  readonly memoryLimits: LimitsList = new LimitsList()
  /** Names of exported functions, for messages. */
  readonly functionNames: FunctionNames = new FunctionNames()

  readonly #functions: IntList = new IntList()
  readonly #tables: IntList = new IntList()
  readonly #globals: IntList = new IntList()
  readonly #tags: IntList = new IntList()
  readonly #elements: IntList = new IntList()
  /** One bit for each function. */
  #declared: Uint8Array = new Uint8Array(16)

  /** Imported functions; imports are the first entries of their space. */
  importedFunctionCount: number = 0
  /** Imported tables. */
  importedTableCount: number = 0
  /** Imported memories. */
  importedMemoryCount: number = 0
  /** Imported globals. */
  importedGlobalCount: number = 0
  /** Imported tags. */
  importedTagCount: number = 0
  /** The value of the data count section, or -1 without one. */
  dataCount: number = -1
  /** The start function, or -1. */
  startFunction: number = -1

  /** The number of functions. */
  get functionCount(): number {
    return this.#functions.length
  }

  /** The number of tables. */
  get tableCount(): number {
    return this.#tables.length
  }

  /** The number of memories. */
  get memoryCount(): number {
    return this.memoryLimits.count
  }

  /** The number of globals. */
  get globalCount(): number {
    return this.#globals.length
  }

  /** The number of tags. */
  get tagCount(): number {
    return this.#tags.length
  }

  /** The number of element segments. */
  get elementCount(): number {
    return this.#elements.length
  }

  /** The type index of a function, as in the module. */
  functionTypeIndex(index: number): number {
    return this.#functions.at(index)
  }

  /** The type id of a function, for {@link TypeSpace}. */
  functionTypeId(index: number): number {
    return this.types.idOf(this.#functions.at(index))
  }

  /** The element type of a table. */
  tableType(index: number): ValueType {
    return this.#tables.at(index)
  }

  /** Whether a table has 64-bit indices. */
  isTable64(index: number): boolean {
    return this.tableLimits.is64(index)
  }

  /** Whether a memory has 64-bit addresses. */
  isMemory64(index: number): boolean {
    return this.memoryLimits.is64(index)
  }

  /** The value type of a global. */
  globalType(index: number): ValueType {
    return this.#globals.at(index) & ~GLOBAL_MUTABLE
  }

  /** Whether a global is mutable. */
  isGlobalMutable(index: number): boolean {
    return (this.#globals.at(index) & GLOBAL_MUTABLE) !== 0
  }

  /** The type index of a tag, as in the module. */
  tagTypeIndex(index: number): number {
    return this.#tags.at(index)
  }

  /** The type id of a tag's function type. */
  tagTypeId(index: number): number {
    return this.types.idOf(this.#tags.at(index))
  }

  /** The type of an element segment's elements. */
  elementType(index: number): ValueType {
    return this.#elements.at(index)
  }

  /** Whether a function may be the operand of `ref.func` in a body. */
  isDeclared(functionIndex: number): boolean {
    return ((this.#declared[functionIndex >>> 3] ?? 0) & (1 << (functionIndex & 7))) !== 0
  }

  /** The type indices of all functions, for the validator; complete before the first body. */
  get packedFunctions(): Int32Array {
    return this.#functions.data
  }

  /** The types of all globals, with `MUTABLE` set for mutable ones. */
  get packedGlobals(): Int32Array {
    return this.#globals.data
  }

  /** Adds a function of a type. */
  addFunction(typeIndex: number): void {
    this.#functions.push(typeIndex)
  }

  /** Adds a table; its limits go to `tableLimits`. */
  addTable(type: ValueType): void {
    this.#tables.push(type)
  }

  /** Adds a global. */
  addGlobal(type: ValueType, isMutable: boolean): void {
    this.#globals.push(isMutable ? type | GLOBAL_MUTABLE : type)
  }

  /** Adds a tag of a function type. */
  addTag(typeIndex: number): void {
    this.#tags.push(typeIndex)
  }

  /** Adds an element segment. */
  addElement(type: ValueType): void {
    this.#elements.push(type)
  }

  /** Notes that a function, which must exist, occurs outside of function bodies. */
  declareFunction(index: number): void {
    const byte = index >>> 3
    if (byte >= this.#declared.length) this.#declared = grownBytes(this.#declared, byte + 1)
    this.#declared[byte] = (this.#declared[byte] ?? 0) | (1 << (index & 7))
  }
}
