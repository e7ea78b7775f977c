/**
 * A set of names, kept as bytes. Some modules have megabytes of export names, and making strings of them
 * would cost more than all other decoding (75,011 names of 7.4 MB: 231 ms as strings, 11-16 ms here).
 *
 * The bytes of a name are packed four to a word and padded with zeros; its length distinguishes it from
 * names that end in zeros. Names are found by a hash of the words: see `hash_table.ts`.
 *
 * @module
 */
import { grownInts } from "./grown.ts"
import { HashTable } from "./hash_table.ts"
import { IntList } from "./int_list.ts"
import type { KeyedHash } from "./keyed_hash.ts"

const INITIAL_WORDS = 256

/** Names seen so far. */
export class NameSet extends HashTable {
  #words: Int32Array = new Int32Array(INITIAL_WORDS)
  #wordCount = 0
  #stagedSize = 0
  #stagedHash = 0
  /** For each name: its first word, and its length in bytes. */
  readonly #starts: IntList = new IntList()
  readonly #sizes: IntList = new IntList()

  /**
   * Stages the name at `[start, end)` of a view as the next to be added; may be repeated.
   *
   * @returns whether the name is ASCII
   */
  stage(view: DataView, start: number, end: number): boolean {
    const size = end - start
    let at = this.#wordCount
    if (at + (size >>> 2) + 1 > this.#words.length) this.#reserve(at + (size >>> 2) + 1)
    const words = this.#words
    let hash = size
    let all = 0
    let from = start
    for (const whole = end - 3; from < whole; from += 4) {
      const word = view.getInt32(from, true)
      words[at++] = word
      all |= word
      hash = Math.imul(hash ^ word, 0x01000193)
      hash ^= hash >>> 15
    }
    if (from < end) {
      let word = 0
      for (let shift = 0; from < end; from++, shift += 8) word |= view.getUint8(from) << shift
      words[at] = word
      all |= word
      hash = Math.imul(hash ^ word, 0x01000193)
      hash ^= hash >>> 15
    }
    this.#stagedSize = size
    this.#stagedHash = hash
    return (all & 0x80808080) === 0
  }

  /**
   * Adds the staged name.
   *
   * @returns whether it was new
   */
  addStaged(): boolean {
    const size = this.#stagedSize
    const words = (size + 3) >>> 2
    const name = this.#starts.length
    this.#starts.push(this.#wordCount)
    this.#sizes.push(size)
    if (this.find(this.#stagedHash, words) >= 0) {
      this.#starts.truncate(name)
      this.#sizes.truncate(name)
      return false
    }
    this.#wordCount += words
    this.insert()
    return true
  }

  #reserve(count: number): void {
    this.#words = grownInts(this.#words, count)
  }

  protected override isSame(name: number, next: number): boolean {
    const sizes = this.#sizes
    const starts = this.#starts
    const words = this.#words
    const size = sizes.at(name)
    if (sizes.at(next) !== size) return false
    let at = starts.at(name)
    let other = starts.at(next)
    const end = at + ((size + 3) >>> 2)
    while (at < end) {
      if (words[at++] !== words[other++]) return false
    }
    return true
  }

  protected override keyedHashOf(name: number, keyed: KeyedHash): number {
    const size = this.#sizes.at(name)
    let at = this.#starts.at(name)
    const end = at + ((size + 3) >>> 2)
    keyed.start()
    while (at < end) keyed.add(this.#words[at++] ?? 0)
    return keyed.end(size)
  }
}
