/**
 * Recursion groups by their structure: which of those before equals one. Open addressing over a quick hash of the words of
 * its types, or a keyed one: see `hash_table.ts`.
 *
 * It looks into the words of `type_space.ts`, in the form that is described there; when it is asked, those of the open
 * group are the last ones.
 */
import { HashTable } from "./hash_table.ts"
import { IntList } from "./int_list.ts"
import type { KeyedHash } from "./keyed_hash.ts"
import { CONCRETE, PAYLOAD } from "./types.ts"

/** The words of a type before its types or fields; the third and fourth are counts. */
export const HEADER_WORDS = 4
/** The quick hash multiplies by this after each word. */
export const HASH_FACTOR = 0x0100_0193
/** Marks, for comparison only, a reference to a type of the same group. */
const WITHIN_GROUP = 0x8000_0000 | 0

/** Distinct groups. */
export class GroupTable extends HashTable {
  private readonly words: IntList
  /** Type id -> where its words start. */
  private readonly starts: IntList
  /** Per group: first id, number of types. */
  private readonly firsts: IntList = new IntList()
  private readonly sizes: IntList = new IntList()
  /** The hash of the open group, once it has been looked up. */
  private openHash = 0

  /**
   * @param words the words of all types
   * @param starts where those of each begin
   */
  constructor(words: IntList, starts: IntList) {
    super()
    this.words = words
    this.starts = starts
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

  protected override keyedHashOf(group: number, keyed: KeyedHash): number {
    return this.keyedHash(this.firsts.at(group), this.sizes.at(group), keyed)
  }

  private keyedHash(first: number, size: number, keyed: KeyedHash): number {
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
    const hash = this.keyed === undefined ? quickHash : this.keyedHash(first, size, this.keyed)
    const count = this.words.length - this.starts.at(first)
    let group = this.first(hash)
    while (group >= 0 && !this.isSame(first, group, size)) group = this.next(count)
    this.settle(count)
    // Where the keyed hash took over just now, it is that one which counts.
    this.openHash = this.keyed === undefined ? hash : this.keyedHash(first, size, this.keyed)
    return group < 0 ? -1 : this.firsts.at(group)
  }

  /** Whether the open group has the structure of another. */
  private isSame(first: number, group: number, size: number): boolean {
    if (this.sizes.at(group) !== size) return false
    const other = this.firsts.at(group)
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
    this.firsts.push(first)
    this.sizes.push(size)
    this.insert(this.openHash)
  }
}
