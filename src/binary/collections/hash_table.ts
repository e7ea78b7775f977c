/**
 * A hash table with open addressing over entries numbered in order of arrival; subclasses store and compare the entries.
 *
 * It begins with a quick hash, for which an attacker can compute collisions. A seed would not help: two words that differ
 * in their top bit still differ in known bits after a multiplication by any odd number. So a table that probes more often
 * than chance explains is rebuilt, once, with a keyed hash. Ordinary modules pay nothing, and an attack makes decoding no
 * worse than linear.
 *
 * @module
 */
import { IntList } from "./int_list.ts"
import { KeyedHash } from "./keyed_hash.ts"

/** The number of probes allowed from the start, before their average matters. */
const FREE_PROBES = 1_024
/** The average number of probes allowed for an entry. At most half of a table is filled, so chance explains one or two. */
const PROBES_PER_ENTRY = 4
const INITIAL_SLOTS = 64

/** Finds entries by their hashes. */
export abstract class HashTable {
  /** The cost of all lookups so far: entries probed in vain, and their words that were compared. */
  probes = 0
  /** The hash of each entry. */
  readonly #hashes: IntList = new IntList()
  /** The keyed hash, once entries have collided more often than by chance. */
  #keyed: KeyedHash | undefined = undefined
  /** The slots, a power of two in number: entry + 1, or 0 for a free one. */
  #table: Int32Array = new Int32Array(INITIAL_SLOTS)
  /** The number of probes left before the keyed hash takes over. */
  #allowance = FREE_PROBES
  /** The hash of the entry that was looked up last. */
  #hash = 0

  /** Whether entries have collided more often than by chance, so that the keyed hash is in use. */
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
   * @param quickHash the quick hash of the next entry
   * @param words the number of its words
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

  /** Switches to the keyed hash. */
  #hashAnew(next: number): void {
    const keyed = new KeyedHash()
    this.#keyed = keyed
    for (let entry = 0; entry < next; entry++) {
      this.#hashes.data[entry] = this.keyedHashOf(entry, keyed)
    }
    this.#hash = this.keyedHashOf(next, keyed)
    this.#rebuild(this.#table.length)
  }

  /** Adds the next entry, which was looked up last. */
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

  /** Puts an entry into the first free slot for its hash. */
  #place(entry: number): void {
    const table = this.#table
    const mask = table.length - 1
    let slot = this.#hashes.at(entry) & mask
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = entry + 1
  }
}
