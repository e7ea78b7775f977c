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
  /** Per group, the open one behind the others: first id, number of types. */
  private readonly firsts: IntList = new IntList()
  private readonly sizes: IntList = new IntList()
  /** The words of a group as they are compared, and of another. */
  private readonly compared: IntList = new IntList()
  private readonly comparedOther: IntList = new IntList()

  /**
   * @param words the words of all types
   * @param starts where those of each begin
   */
  constructor(words: IntList, starts: IntList) {
    super()
    this.words = words
    this.starts = starts
  }

  /** Lists the words of a group as they are compared: references to its own types are relative to it. */
  private list(into: IntList, first: number, size: number): IntList {
    const { starts, words } = this
    into.length = 0
    for (let id = first; id < first + size; id++) {
      const start = starts.at(id)
      const end = id + 1 < starts.length ? starts.at(id + 1) : words.length
      for (let at = start; at < end; at++) {
        const word = words.at(at)
        const referred = word & PAYLOAD
        // The two counts are plain numbers, whatever their bits.
        const isCount = at === start + 2 || at === start + 3
        into.push(
          isCount || (word & CONCRETE) === 0 || referred < first
            ? word
            : WITHIN_GROUP | (word & ~PAYLOAD) | (referred - first),
        )
      }
    }
    return into
  }

  /** The quick hash of the open group. */
  quickHash(first: number, size: number): number {
    const { data, length } = this.list(this.compared, first, size)
    let hash = size
    for (let at = 0; at < length; at++) {
      hash = Math.imul(hash ^ (data[at] ?? 0), HASH_FACTOR)
      hash ^= hash >>> 15
    }
    return hash
  }

  /** The first id of the group that equals the open one, or -1. */
  findGroup(first: number, size: number, quickHash: number): number {
    this.firsts.truncate(this.count)
    this.sizes.truncate(this.count)
    this.firsts.push(first)
    this.sizes.push(size)
    const group = this.find(quickHash, this.words.length - this.starts.at(first))
    return group < 0 ? -1 : this.firsts.at(group)
  }

  /** Makes the open group, which has been looked up, one that later groups can equal. */
  add(): void {
    this.insert()
  }

  protected override isSame(group: number, open: number): boolean {
    const { firsts, sizes } = this
    const size = sizes.at(open)
    if (sizes.at(group) !== size) return false
    const { data, length } = this.list(this.compared, firsts.at(open), size)
    const other = this.list(this.comparedOther, firsts.at(group), size)
    if (other.length !== length) return false
    for (let at = 0; at < length; at++) {
      if (data[at] !== other.data[at]) return false
    }
    return true
  }

  protected override keyedHashOf(group: number, keyed: KeyedHash): number {
    const size = this.sizes.at(group)
    const { data, length } = this.list(this.compared, this.firsts.at(group), size)
    keyed.start()
    for (let at = 0; at < length; at++) keyed.add(data[at] ?? 0)
    return keyed.end(size)
  }
}
