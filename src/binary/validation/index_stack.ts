/**
 * A stack of different indices that can be asked whether it holds one. Engines hash the integers of a `Set` in a known way,
 * so that those of a hostile module could be made to collide; here the hash has a key.
 *
 * @module
 */
import { IntList } from "../collections/int_list.ts"
import { KeyedHash } from "../collections/keyed_hash.ts"

const INITIAL_SLOTS = 64

/** Indices of 32 bits. */
export class IndexStack {
  readonly #indices: IntList = new IntList()
  /** Open addressing, a power of two in size: place in the stack + 1, or 0. */
  #table: Int32Array = new Int32Array(INITIAL_SLOTS)
  /** Made when there is something to hash: so is the key. */
  #hash: KeyedHash | undefined = undefined

  /** Whether it holds an index. */
  has(index: number): boolean {
    return this.#table[this.#slotOf(index)] !== 0
  }

  /** Puts an index that it does not hold on top. */
  push(index: number): void {
    this.#indices.push(index)
    if (this.#indices.length * 2 > this.#table.length) {
      this.#table = new Int32Array(this.#table.length * 2)
      for (let place = 0; place < this.#indices.length; place++) this.#put(place)
    } else this.#put(this.#indices.length - 1)
  }

  /** Takes the uppermost index away. What came last is in nobody's way, so its slot is free again. */
  pop(): void {
    const place = this.#indices.length - 1
    if (place < 0) return
    this.#table[this.#slotOf(this.#indices.at(place))] = 0
    this.#indices.truncate(place)
  }

  /** Takes all away. */
  clear(): void {
    this.#table = new Int32Array(INITIAL_SLOTS)
    this.#indices.truncate(0)
  }

  #put(place: number): void {
    this.#table[this.#slotOf(this.#indices.at(place))] = place + 1
  }

  /** The slot of an index, or the free one where it would be. */
  #slotOf(index: number): number {
    const hash = this.#hash ??= new KeyedHash()
    const mask = this.#table.length - 1
    hash.start()
    for (let slot = hash.end(index) & mask;; slot = (slot + 1) & mask) {
      const place = (this.#table[slot] ?? 0) - 1
      if (place < 0 || this.#indices.at(place) === (index | 0)) return slot
    }
  }
}
