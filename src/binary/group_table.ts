/**
 * Recursion groups by their structure: which of those before equals one. Open addressing over a quick hash of the words of
 * its types, or, where groups were made to collide, over a keyed one: see `keyed_hash.ts`.
 *
 * It looks into the words of `type_space.ts`, in the form that is described there; when it is asked, those of the open
 * group are the last ones.
 */
import { IntList } from "./int_list.ts"
import { FREE_PROBES, KeyedHash, PROBES_PER_ENTRY } from "./keyed_hash.ts"
import { CONCRETE, PAYLOAD } from "./types.ts"

/** The words of a type before its types or fields; the third and fourth are counts. */
export const HEADER_WORDS = 4
/** The quick hash multiplies by this after each word. */
export const HASH_FACTOR = 0x0100_0193
/** Marks, for comparison only, a reference to a type of the same group. */
const WITHIN_GROUP = 0x8000_0000 | 0
const INITIAL_SLOTS = 64

/** Distinct groups. */
export class GroupTable {
  private readonly words: IntList
  /** Type id -> where its words start. */
  private readonly starts: IntList
  /** Per group: first id, number of types, hash. */
  private readonly firsts: IntList = new IntList()
  private readonly sizes: IntList = new IntList()
  private readonly hashes: IntList = new IntList()
  /** A power of two in size: group number + 1, or 0. */
  private table: Int32Array = new Int32Array(INITIAL_SLOTS)
  /** The hash of the open group, once it has been looked up. */
  private openHash = 0
  /** How much more probing there may be before the keyed hash takes over. */
  private allowance = FREE_PROBES
  private keyed: KeyedHash | undefined = undefined

  /** How much probing there has been in all: groups looked at in vain, and words of those compared. */
  probes = 0

  /**
   * @param words the words of all types
   * @param starts where those of each begin
   */
  constructor(words: IntList, starts: IntList) {
    this.words = words
    this.starts = starts
  }

  /** Whether groups collided more than by chance. */
  get isKeyed(): boolean {
    return this.keyed !== undefined
  }

  /** A word as compared: references to the word's own group are relative to it. */
  private comparable(word: number, first: number): number {
    if ((word & CONCRETE) === 0) return word
    const id = word & PAYLOAD
    return id < first ? word : WITHIN_GROUP | (word & ~PAYLOAD) | (id - first)
  }

  /** Where the words of a type end. */
  private wordsEnd(id: number): number {
    return id + 1 < this.starts.length ? this.starts.at(id + 1) : this.words.length
  }

  /** A word of a type, by its index among them: the two counts are plain numbers, whatever their bits. */
  private comparableAt(start: number, at: number, first: number): number {
    const word = this.words.at(start + at)
    return at === 2 || at === 3 ? word : this.comparable(word, first)
  }

  /** The quick hash of the open group. */
  quickHash(first: number, size: number): number {
    let hash = size
    for (let id = first; id < first + size; id++) {
      const start = this.starts.at(id)
      const count = this.wordsEnd(id) - start
      for (let at = 0; at < count; at++) {
        hash = Math.imul(hash ^ this.comparableAt(start, at, first), HASH_FACTOR)
        hash ^= hash >>> 15
      }
    }
    return hash
  }

  private keyedHash(first: number, size: number): number {
    const keyed = this.keyed ??= new KeyedHash()
    keyed.start()
    for (let id = first; id < first + size; id++) {
      const start = this.starts.at(id)
      const count = this.wordsEnd(id) - start
      for (let at = 0; at < count; at++) keyed.add(this.comparableAt(start, at, first))
    }
    return keyed.end(size)
  }

  /** The first id of the group that equals the open one, or -1; notes the open one's hash. */
  find(first: number, size: number, quickHash: number): number {
    const hash = this.keyed === undefined ? quickHash : this.keyedHash(first, size)
    const count = this.words.length - this.starts.at(first)
    const mask = this.table.length - 1
    let found = -1
    let probes = 0
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const group = (this.table[slot] ?? 0) - 1
      if (group < 0) break
      probes++
      if (this.hashes.at(group) !== hash || this.sizes.at(group) !== size) continue
      const other = this.firsts.at(group)
      if (this.isSame(first, other, size)) {
        found = other
        break
      }
      probes += count
    }
    this.probes += probes
    this.allowance += PROBES_PER_ENTRY + count - probes
    this.openHash = hash
    if (this.allowance < 0 && this.keyed === undefined) {
      this.useKey()
      this.openHash = this.keyedHash(first, size)
    }
    return found
  }

  /** Hashes all groups anew, by the key. */
  private useKey(): void {
    for (let group = 0; group < this.firsts.length; group++) {
      const first = this.firsts.at(group)
      this.hashes.data[group] = this.keyedHash(first, this.sizes.at(group))
    }
    this.rebuild(this.table.length)
  }

  /** Whether two groups of the same size have the same structure. */
  private isSame(first: number, other: number, size: number): boolean {
    for (let i = 0; i < size; i++) {
      const start = this.starts.at(first + i)
      const otherStart = this.starts.at(other + i)
      const count = this.wordsEnd(first + i) - start
      if (this.wordsEnd(other + i) - otherStart !== count) return false
      for (let at = 0; at < count; at++) {
        if (this.comparableAt(start, at, first) !== this.comparableAt(otherStart, at, other)) {
          return false
        }
      }
    }
    return true
  }

  /** Makes the open group, which has been looked up, one that later groups can equal. */
  add(first: number, size: number): void {
    const hash = this.openHash
    this.firsts.push(first)
    this.sizes.push(size)
    this.hashes.push(hash)
    const count = this.firsts.length
    if (count * 2 <= this.table.length) this.place(count - 1, hash)
    else this.rebuild(this.table.length * 4)
  }

  private rebuild(slots: number): void {
    this.table = new Int32Array(slots)
    const count = this.firsts.length
    for (let group = 0; group < count; group++) this.place(group, this.hashes.at(group))
  }

  /** Puts a group into the first free slot of its hash. */
  private place(group: number, hash: number): void {
    const mask = this.table.length - 1
    let slot = hash & mask
    while (this.table[slot] !== 0) slot = (slot + 1) & mask
    this.table[slot] = group + 1
  }
}
