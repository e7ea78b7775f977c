/**
 * A stack of distinct indices with fast lookup. Engines hash the integers of a `Set` in a known way, so a hostile module
 * could choose indices that collide; this hash has a key.
 *
 * @module
 */
import { IntList } from "../collections/int_list.ts"
import { KeyedHash } from "../collections/keyed_hash.ts"

const INITIAL_SLOTS = 64

/** A stack of 32-bit indices. */
export class IndexStack {
  readonly #indices: IntList = new IntList()
  /** The slots, a power of two in number: place in the stack + 1, or 0 for a free one. */
  #table: Int32Array = new Int32Array(INITIAL_SLOTS)
  /** Made on first use, as is its key. */
  #hash: KeyedHash | undefined = undefined

  /** Whether the stack holds an index. */
  has(index: number): boolean {
    return this.#table[this.#slotOf(index)] !== 0
  }

  /** Pushes an index that the stack does not hold. */
  push(index: number): void {
    this.#indices.push(index)
    if (this.#indices.length * 2 > this.#table.length) {
      this.#table = new Int32Array(this.#table.length * 2)
      for (let place = 0; place < this.#indices.length; place++) this.#put(place)
    } else this.#put(this.#indices.length - 1)
  }

  /** Pops an index. No later entry has probed past its slot, so the slot can be freed. */
  pop(): void {
    const place = this.#indices.length - 1
    if (place < 0) return
    this.#table[this.#slotOf(this.#indices.at(place))] = 0
    this.#indices.truncate(place)
  }

  /** Empties the stack. */
  clear(): void {
    this.#table = new Int32Array(INITIAL_SLOTS)
    this.#indices.truncate(0)
  }

  #put(place: number): void {
    this.#table[this.#slotOf(this.#indices.at(place))] = place + 1
  }

  /** The slot of an index, or the free slot where it would be placed. */
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
