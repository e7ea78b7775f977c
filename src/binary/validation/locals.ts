/**
 * The locals of a function: their types, and which of them have been set. A local without a default
 * value must be set before it is read, and locals set in a block are unset again at its end.
 *
 * Invariant: `types[index]` is 0 for a local that does not exist, has not been set, or is beyond those
 * in the array. If no limit forbids it, a body of a few bytes can declare four billion locals, so
 * those beyond the array are kept as runs.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#variable-instructions
 * @module
 */
import { grownInts } from "../collections/grown.ts"
import { BOTTOM, isDefaultable, type ValueType } from "../types.ts"
import { IndexStack } from "./index_stack.ts"

const INITIAL_CAPACITY = 256
/** The most locals in the array. More than the limit of the JS API, so runs are needed only without limits. */
const HELD = 65_536

/** The locals of the current function. */
export class Locals {
  /** The types of the locals that may be read. */
  types: Int32Array = new Int32Array(INITIAL_CAPACITY)
  /** The number of locals, parameters included. */
  count = 0
  /** The number of locals without a default that have been set: the height of the stack of their indices. */
  setCount = 0

  /** The declared types of locals without a default, by index. */
  #declared: Int32Array = new Int32Array(0)
  #hasUnset = false
  #setIndices: Int32Array = new Int32Array(16)
  /** For each run beyond the array: where it ends, and its type. */
  readonly #runEnds: Array<number> = []
  readonly #runTypes: Array<number> = []
  /** The locals without a default beyond the array that have been set. */
  readonly #farSet: IndexStack = new IndexStack()

  /** Drops the locals of the previous function. */
  reset(): void {
    if (this.types.length > INITIAL_CAPACITY && this.count <= INITIAL_CAPACITY) {
      this.types = new Int32Array(INITIAL_CAPACITY)
    } else this.types.fill(0, 0, Math.min(this.count, this.types.length))
    this.count = 0
    this.setCount = 0
    if (this.#hasUnset) this.#declared.fill(0)
    this.#hasUnset = false
    if (this.#runEnds.length > 0) {
      this.#runEnds.length = 0
      this.#runTypes.length = 0
      this.#farSet.clear()
    }
  }

  /** Adds a parameter, which always has a value. */
  addParameter(type: ValueType): void {
    this.#hold(this.count + 1)
    this.types[this.count++] = type
  }

  /** Adds declared locals of a type. */
  add(count: number, type: ValueType): void {
    // A body can have four million declarations of no locals.
    if (count === 0) return
    const first = this.count
    const end = first + count
    this.count = end
    const held = end < HELD ? end : HELD
    if (held > first) {
      this.#hold(held)
      if (isDefaultable(type)) this.types.fill(type, first, held)
      else {
        if (this.#declared.length < held) {
          const larger = new Int32Array(this.types.length)
          larger.set(this.#declared)
          this.#declared = larger
        }
        this.#declared.fill(type, first, held)
        this.#hasUnset = true
      }
    }
    if (end > HELD) {
      this.#runEnds.push(end)
      this.#runTypes.push(type)
    }
  }

  /** The declared type of a local; `BOTTOM` if there is no such local. */
  declaredType(index: number): ValueType {
    if (index >= this.count) return BOTTOM
    if (index >= HELD) return this.#farType(index)
    const type = this.types[index] ?? 0
    return type === 0 ? this.#declared[index] ?? 0 : type
  }

  /** Whether a local that exists has a value. */
  isSet(index: number): boolean {
    if (index < HELD) return this.types[index] !== 0
    return isDefaultable(this.#farType(index)) || this.#farSet.has(index)
  }

  /** Notes that a local, which must exist, has a value. */
  set(index: number): void {
    if (this.isSet(index)) return
    if (index < HELD) this.types[index] = this.#declared[index] ?? 0
    else this.#farSet.push(index)
    if (this.setCount === this.#setIndices.length) {
      this.#setIndices = grownInts(this.#setIndices, this.setCount + 1)
    }
    // Indices from 2^31 on become negative; `unsetFrom` restores them.
    this.#setIndices[this.setCount++] = index
  }

  /** Unsets the locals that have been set since `setCount` had the given value. */
  unsetFrom(setCount: number): void {
    while (this.setCount > setCount) {
      const index = (this.#setIndices[--this.setCount] ?? 0) >>> 0
      if (index < HELD) this.types[index] = 0
      else this.#farSet.pop()
    }
  }

  #farType(index: number): ValueType {
    let low = 0
    let high = this.#runEnds.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (index < (this.#runEnds[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return this.#runTypes[low] ?? BOTTOM
  }

  #hold(count: number): void {
    if (count > this.types.length) this.types = grownInts(this.types, count)
  }
}
