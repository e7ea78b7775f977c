/**
 * The index spaces of a module in packed form: what function bodies, the report and later sections
 * refer to. Imports come first in every space, then definitions, in the order of the binary.
 *
 * Invariant: an entry appears here only when it has been decoded and checked whole.
 *
 * Source: https://webassembly.github.io/spec/core/syntax/modules.html#indices
 */
import { IntList } from "./int_list.ts"
import { TypeSpace } from "./type_space.ts"
import { LIMITS_64, LIMITS_MAXIMUM, LIMITS_SHARED, type ValueType } from "./types.ts"

/** A limits entry is five words: flags, minimum and maximum in halves. */
const LIMITS_WORDS = 5
const GLOBAL_MUTABLE = 0x0800_0000

/** Limits as read; 64-bit integers in unsigned halves. */
export interface LimitsEntry {
  flags: number
  minimumLow: number
  minimumHigh: number
  maximumLow: number
  maximumHigh: number
}

/** Limits of tables or memories, in entries or pages. */
export class LimitsList {
  private readonly words: IntList = new IntList()

  get count(): number {
    return this.words.length / LIMITS_WORDS
  }

  push(limits: LimitsEntry): void {
    this.words.push(limits.flags)
    this.words.push(limits.minimumLow)
    this.words.push(limits.minimumHigh)
    this.words.push(limits.maximumLow)
    this.words.push(limits.maximumHigh)
  }

  /** The flags: `LIMITS_MAXIMUM`, `LIMITS_SHARED`, `LIMITS_64`. */
  flags(index: number): number {
    return this.words.at(index * LIMITS_WORDS)
  }

  is64(index: number): boolean {
    return (this.flags(index) & LIMITS_64) !== 0
  }

  isShared(index: number): boolean {
    return (this.flags(index) & LIMITS_SHARED) !== 0
  }

  minimum(index: number): bigint {
    return this.value(index * LIMITS_WORDS + 1)
  }

  /** The maximum, or `undefined` if there is none. */
  maximum(index: number): bigint | undefined {
    if ((this.flags(index) & LIMITS_MAXIMUM) === 0) return undefined
    return this.value(index * LIMITS_WORDS + 3)
  }

  private value(at: number): bigint {
    return (BigInt(this.words.at(at + 1) >>> 0) << 32n) | BigInt(this.words.at(at) >>> 0)
  }
}

/** What a module imports and defines, by index. */
export class ModuleSpaces {
  /** The type index space and subtyping. */
  readonly types: TypeSpace = new TypeSpace()
  /** Limits of the tables. */
  readonly tableLimits: LimitsList = new LimitsList()
  /** Limits of the memories. */
  readonly memoryLimits: LimitsList = new LimitsList()

  private readonly functions: IntList = new IntList()
  private readonly tables: IntList = new IntList()
  private readonly globals: IntList = new IntList()
  private readonly tags: IntList = new IntList()
  private readonly elements: IntList = new IntList()
  /** A bit a function. */
  private declared: Uint8Array = new Uint8Array(16)

  /** How many of each space's entries are imported. */
  importedFunctionCount = 0
  importedTableCount = 0
  importedMemoryCount = 0
  importedGlobalCount = 0
  importedTagCount = 0
  /** What the data count section says, or -1 without one. */
  dataCount = -1
  /** The start function, or -1. */
  startFunction = -1

  get functionCount(): number {
    return this.functions.length
  }

  get tableCount(): number {
    return this.tables.length
  }

  get memoryCount(): number {
    return this.memoryLimits.count
  }

  get globalCount(): number {
    return this.globals.length
  }

  get tagCount(): number {
    return this.tags.length
  }

  get elementCount(): number {
    return this.elements.length
  }

  /** The type index of a function, as the module gives it. */
  functionTypeIndex(index: number): number {
    return this.functions.at(index)
  }

  /** The type id of a function, for {@link TypeSpace}. */
  functionTypeId(index: number): number {
    return this.types.idOf(this.functions.at(index))
  }

  /** The element type of a table. */
  tableType(index: number): ValueType {
    return this.tables.at(index)
  }

  isTable64(index: number): boolean {
    return this.tableLimits.is64(index)
  }

  isMemory64(index: number): boolean {
    return this.memoryLimits.is64(index)
  }

  globalType(index: number): ValueType {
    return this.globals.at(index) & ~GLOBAL_MUTABLE
  }

  isGlobalMutable(index: number): boolean {
    return (this.globals.at(index) & GLOBAL_MUTABLE) !== 0
  }

  /** The type index of a tag, as the module gives it. */
  tagTypeIndex(index: number): number {
    return this.tags.at(index)
  }

  /** The type id of a tag's function type. */
  tagTypeId(index: number): number {
    return this.types.idOf(this.tags.at(index))
  }

  /** The type of an element segment's entries. */
  elementType(index: number): ValueType {
    return this.elements.at(index)
  }

  /** Whether a function may be the operand of `ref.func` in a body. */
  isDeclared(functionIndex: number): boolean {
    return ((this.declared[functionIndex >>> 3] ?? 0) & (1 << (functionIndex & 7))) !== 0
  }

  addFunction(typeIndex: number): void {
    this.functions.push(typeIndex)
  }

  addTable(type: ValueType): void {
    this.tables.push(type)
  }

  addGlobal(type: ValueType, isMutable: boolean): void {
    this.globals.push(isMutable ? type | GLOBAL_MUTABLE : type)
  }

  addTag(typeIndex: number): void {
    this.tags.push(typeIndex)
  }

  addElement(type: ValueType): void {
    this.elements.push(type)
  }

  /** Notes that a function occurs outside of function bodies; its index is in bounds. */
  declareFunction(index: number): void {
    const byte = index >>> 3
    if (byte >= this.declared.length) {
      const larger = new Uint8Array(Math.max(this.declared.length * 2, byte + 1))
      larger.set(this.declared)
      this.declared = larger
    }
    this.declared[byte] = (this.declared[byte] ?? 0) | (1 << (index & 7))
  }
}
