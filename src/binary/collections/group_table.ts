/**
 * Recursion groups by their structure, to find an earlier group that equals a new one. Groups are hashed by the words of
 * their types: see `hash_table.ts`.
 *
 * The words are those of `type_space.ts`, in the form described there. The words of the open group are the last ones.
 *
 * @module
 */
import { HashTable } from "./hash_table.ts"
import { IntList } from "./int_list.ts"
import type { KeyedHash } from "./keyed_hash.ts"
import { CONCRETE, PAYLOAD } from "../types.ts"

/** The number of words before a type's parameters or fields; the third and fourth are counts. */
export const HEADER_WORDS = 4
/** The factor by which the quick hash is multiplied after each word. */
export const HASH_FACTOR = 0x0100_0193
/** Marks a reference to a type of the same group, for comparison only. */
const WITHIN_GROUP = 0x8000_0000 | 0

/** Distinct groups. */
export class GroupTable extends HashTable {
  readonly #words: IntList
  /** Type id -> where its words start. */
  readonly #starts: IntList
  /** For each group: the id of its first type, and the number of its types. */
  readonly #firsts: IntList = new IntList()
  readonly #sizes: IntList = new IntList()

  /**
   * @param words the words of all types
   * @param starts where the words of each type begin
   */
  constructor(words: IntList, starts: IntList) {
    super()
    this.#words = words
    this.#starts = starts
  }

  /** Where the words of a type end. */
  #wordsEnd(id: number): number {
    return id + 1 < this.#starts.length ? this.#starts.at(id + 1) : this.#words.length
  }

  /**
   * A word of a type in the form that is compared: references to the type's own group become relative to the group. The
   * two counts are left as they are, whatever their bits.
   */
  #comparableAt(start: number, at: number, first: number): number {
    const word = this.#words.at(start + at)
    const id = word & PAYLOAD
    return (word & CONCRETE) === 0 || id < first || at === 2 || at === 3
      ? word
      : WITHIN_GROUP | (word & ~PAYLOAD) | (id - first)
  }

  /** The quick hash of the open group. */
  quickHash(first: number, size: number): number {
    let hash = size
    for (let id = first; id < first + size; id++) {
      const start = this.#starts.at(id)
      const count = this.#wordsEnd(id) - start
      for (let at = 0; at < count; at++) {
        hash = Math.imul(hash ^ this.#comparableAt(start, at, first), HASH_FACTOR)
        hash ^= hash >>> 15
      }
    }
    return hash
  }

  /** The first id of the group that equals the open one, or -1. */
  findGroup(first: number, size: number, quickHash: number): number {
    const firsts = this.#firsts
    const sizes = this.#sizes
    const next = firsts.length
    firsts.push(first)
    sizes.push(size)
    const group = this.find(quickHash, this.#words.length - this.#starts.at(first))
    if (group < 0) return -1
    firsts.truncate(next)
    sizes.truncate(next)
    return firsts.at(group)
  }

  /** Adds the open group, which has been looked up, so that later groups can equal it. */
  add(): void {
    this.insert()
  }

  protected override isSame(group: number, open: number): boolean {
    const size = this.#sizes.at(open)
    if (this.#sizes.at(group) !== size) return false
    const first = this.#firsts.at(open)
    const other = this.#firsts.at(group)
    for (let i = 0; i < size; i++) {
      const start = this.#starts.at(first + i)
      const otherStart = this.#starts.at(other + i)
      const count = this.#wordsEnd(first + i) - start
      if (this.#wordsEnd(other + i) - otherStart !== count) return false
      for (let at = 0; at < count; at++) {
        if (this.#comparableAt(start, at, first) !== this.#comparableAt(otherStart, at, other)) {
          return false
        }
      }
    }
    return true
  }

  protected override keyedHashOf(group: number, keyed: KeyedHash): number {
    const first = this.#firsts.at(group)
    const size = this.#sizes.at(group)
    keyed.start()
    for (let id = first; id < first + size; id++) {
      const start = this.#starts.at(id)
      const count = this.#wordsEnd(id) - start
      for (let at = 0; at < count; at++) keyed.add(this.#comparableAt(start, at, first))
    }
    return keyed.end(size)
  }
}
