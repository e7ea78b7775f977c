/**
 * Open addressing over entries that are numbered as they come; who extends it has their words and compares them.
 *
 * It begins with a quick hash, for which colliding entries can be computed, whatever it is started with: two words that
 * differ in their top bit still differ in known bits after a multiplication by any odd number, so a seed alone would not
 * help. A table that probes more than chance explains is therefore filled anew by a keyed hash, once. So honest modules pay
 * nothing, and an attack costs its author linear time.
 *
 * @module
 */
import { IntList } from "./int_list.ts"
import { KeyedHash } from "./keyed_hash.ts"

/** How much probing a table does before anybody asks whether that is chance. */
const FREE_PROBES = 1_024
/** Probes that an entry may cost on average; at most half of a table is filled, so chance explains one or two. */
const PROBES_PER_ENTRY = 4
const INITIAL_SLOTS = 64

/** Finds entries by their hashes. */
export abstract class HashTable {
  /** How much probing there has been in all: entries looked at in vain, and words of those compared. */
  probes = 0
  /** The hash of each entry. */
  readonly #hashes: IntList = new IntList()
  /** What hashes, once entries have collided more than by chance. */
  #keyed: KeyedHash | undefined = undefined
  /** A power of two in size: entry + 1, or 0. */
  #table: Int32Array = new Int32Array(INITIAL_SLOTS)
  /** How much more probing there may be before the keyed hash takes over. */
  #allowance = FREE_PROBES
  /** The hash of the entry that was looked for last. */
  #hash = 0

  /** Whether entries collided more than by chance. */
  get isKeyed(): boolean {
    return this.#keyed !== undefined
  }

  /** The hash of an entry, or of the next one, by a keyed hash. */
  protected abstract keyedHashOf(entry: number, keyed: KeyedHash): number

  /** Whether an entry is the same as the next one. */
  protected abstract isSame(entry: number, next: number): boolean

  /**
   * The entry that is the same as the next one, or -1.
   *
   * @param quickHash the next one's quick hash
   * @param words how many words it has
   */
  protected find(quickHash: number, words: number): number {
    const hashes = this.#hashes
    const keyed = this.#keyed
    const table = this.#table
    const next = hashes.length
    const hash = keyed === undefined ? quickHash : this.keyedHashOf(next, keyed)
    const mask = table.length - 1
    let slot = hash & mask
    let probes = 0
    let entry = (table[slot] ?? 0) - 1
    while (entry >= 0) {
      probes++
      if (hashes.at(entry) === hash) {
        if (this.isSame(entry, next)) break
        probes += words
      }
      slot = (slot + 1) & mask
      entry = (table[slot] ?? 0) - 1
    }
    this.#hash = hash
    this.probes += probes
    this.#allowance += PROBES_PER_ENTRY + words - probes
    if (this.#allowance < 0 && keyed === undefined) this.#hashAnew(next)
    return entry
  }

  /** The keyed hash takes over. */
  #hashAnew(next: number): void {
    const keyed = new KeyedHash()
    this.#keyed = keyed
    for (let entry = 0; entry < next; entry++) {
      this.#hashes.data[entry] = this.keyedHashOf(entry, keyed)
    }
    this.#hash = this.keyedHashOf(next, keyed)
    this.#rebuild(this.#table.length)
  }

  /** Adds the next entry, which was looked for last. */
  protected insert(): void {
    const count = this.#hashes.length
    this.#hashes.push(this.#hash)
    if (count * 2 >= this.#table.length) this.#rebuild(this.#table.length * 4)
    else this.#place(count)
  }

  #rebuild(slots: number): void {
    this.#table = new Int32Array(slots)
    for (let entry = 0; entry < this.#hashes.length; entry++) this.#place(entry)
  }

  /** Puts an entry into the first free slot of its hash. */
  #place(entry: number): void {
    const table = this.#table
    const mask = table.length - 1
    let slot = this.#hashes.at(entry) & mask
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = entry + 1
  }
}
