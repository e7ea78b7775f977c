/**
 * The locals of a function: their types, and which of them have been set. A local without a default
 * value must be set before it is read, and what a block sets is unset again at its end.
 *
 * Invariant: `types[index]` is 0 for a local that may not be read as it is: one that does not exist,
 * has not been set, or is beyond those held in the array. A body of a few bytes can declare four
 * thousand million locals, where no limit forbids it; beyond the array they are kept as runs.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#variable-instructions
 * @module
 */
import { grownInts } from "../collections/grown.ts"
import { BOTTOM, isDefaultable, type ValueType } from "../types.ts"
import { IndexStack } from "./index_stack.ts"

const INITIAL_CAPACITY = 256
/** More locals than the limit of the JS API: the runs are for those without limits. */
const HELD = 65_536

/** The locals of the function at hand. */
export class Locals {
  /** The types of the locals that may be read. */
  types: Int32Array = new Int32Array(INITIAL_CAPACITY)
  /** How many there are, parameters included. */
  count = 0
  /** How many locals without a default have been set: a height of the stack of their indices. */
  setCount = 0

  /** The types of those that have no default, where there are any: the same as declared. */
  #declared: Int32Array = new Int32Array(0)
  #hasUnset = false
  #setIndices: Int32Array = new Int32Array(16)
  /** Beyond the array: where a run ends, its type. */
  readonly #runEnds: Array<number> = []
  readonly #runTypes: Array<number> = []
  /** Locals without a default, beyond the array, that have been set. */
  readonly #farSet: IndexStack = new IndexStack()

  /** Forgets the locals of the function before. */
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

  /** Adds parameters: they have values. */
  addParameter(type: ValueType): void {
    this.#hold(this.count + 1)
    this.types[this.count++] = type
  }

  /** Adds declared locals of a type. */
  add(count: number, type: ValueType): void {
    // A body can declare nothing four million times.
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

  /** The type that a local was declared with; `BOTTOM` if there is none. */
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

  /** Notes that a local that exists has been given a value. */
  set(index: number): void {
    if (this.isSet(index)) return
    if (index < HELD) this.types[index] = this.#declared[index] ?? 0
    else this.#farSet.push(index)
    if (this.setCount === this.#setIndices.length) {
      this.#setIndices = grownInts(this.#setIndices, this.setCount + 1)
    }
    // Indices beyond 2^31 wrap around, and back in `unsetFrom`.
    this.#setIndices[this.setCount++] = index
  }

  /** Takes back what has been set since there were `setCount`. */
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
