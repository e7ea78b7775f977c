/**
 * Open addressing over entries that are numbered as they come; who extends it has their words and compares them.
 *
 * It begins with a quick hash, for which colliding entries can be computed, whatever it is started with: two words that
 * differ in their top bit still differ in known bits after a multiplication by any odd number, so a seed alone would not
 * help. A table that probes more than chance explains is therefore filled anew by a keyed hash, once. So honest modules pay
 * nothing, and an attack costs its author linear time.
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
  protected readonly hashes: IntList = new IntList()
  /** What hashes, once entries have collided more than by chance. */
  protected keyed: KeyedHash | undefined = undefined
  /** A power of two in size: entry + 1, or 0. */
  private table: Int32Array = new Int32Array(INITIAL_SLOTS)
  private slot = 0
  private wanted = 0
  /** How much more probing there may be before the keyed hash takes over. */
  private allowance = FREE_PROBES

  /** Whether entries collided more than by chance. */
  get isKeyed(): boolean {
    return this.keyed !== undefined
  }

  /** The hash of an entry by a keyed hash. */
  protected abstract keyedHashOf(entry: number, keyed: KeyedHash): number

  /** The first entry with a hash, or -1. */
  protected first(hash: number): number {
    this.wanted = hash
    this.slot = hash & (this.table.length - 1)
    return this.candidate()
  }

  /**
   * The next entry with the same hash, or -1.
   *
   * @param words how many words were compared in vain
   */
  protected next(words: number): number {
    this.probes += words
    this.allowance -= words
    this.slot = (this.slot + 1) & (this.table.length - 1)
    return this.candidate()
  }

  private candidate(): number {
    const { table, wanted } = this
    const mask = table.length - 1
    let { slot } = this
    let probes = 0
    let entry = (table[slot] ?? 0) - 1
    while (entry >= 0) {
      probes++
      if (this.hashes.at(entry) === wanted) break
      slot = (slot + 1) & mask
      entry = (table[slot] ?? 0) - 1
    }
    this.slot = slot
    this.probes += probes
    this.allowance -= probes
    return entry
  }

  /**
   * Ends a search.
   *
   * @param words how many words were looked for
   * @returns whether the keyed hash took over now
   */
  protected settle(words: number): boolean {
    this.allowance += PROBES_PER_ENTRY + words
    if (this.allowance >= 0 || this.keyed !== undefined) return false
    this.keyed = new KeyedHash()
    for (let entry = 0; entry < this.hashes.length; entry++) {
      this.hashes.data[entry] = this.keyedHashOf(entry, this.keyed)
    }
    this.rebuild(this.table.length)
    return true
  }

  /** Adds the next entry. */
  protected insert(hash: number): void {
    this.hashes.push(hash)
    const count = this.hashes.length
    if (count * 2 > this.table.length) this.rebuild(this.table.length * 4)
    else this.place(count - 1)
  }

  private rebuild(slots: number): void {
    this.table = new Int32Array(slots)
    for (let entry = 0; entry < this.hashes.length; entry++) this.place(entry)
  }

  /** Puts an entry into the first free slot of its hash. */
  private place(entry: number): void {
    const { table } = this
    const mask = table.length - 1
    let slot = this.hashes.at(entry) & mask
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = entry + 1
  }
}
