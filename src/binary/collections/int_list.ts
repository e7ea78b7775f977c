/**
 * A growable Int32Array, which holds every index space at four bytes an entry. It grows with the entries
 * that are pushed, never with a count that a module merely declares.
 *
 * @module
 */
import { grownInts } from "./grown.ts"

const INITIAL_CAPACITY = 16

/** A list of int32. */
export class IntList {
  /** The entries: the first `length` elements. */
  data: Int32Array
  length = 0

  constructor() {
    this.data = new Int32Array(INITIAL_CAPACITY)
  }

  push(value: number): void {
    const length = this.length
    if (length === this.data.length) this.data = grownInts(this.data, length + 1)
    this.data[length] = value
    this.length = length + 1
  }

  /** The entry at `index`; 0 beyond the end. */
  at(index: number): number {
    return this.data[index] ?? 0
  }

  /** Drops the entries from `length` on. */
  truncate(length: number): void {
    if (length < this.length) this.length = length
  }
}
