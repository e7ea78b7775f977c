/**
 * A set of names, kept as bytes: export names run to megabytes in some modules, and a string each
 * would cost more than all other decoding (7.4 MB in 75,011 names: 231 ms as strings, 11-16 ms here).
 *
 * The bytes of a name are packed four to a word, with zeros at the end; its length tells names with
 * trailing zeros apart. They are found by a quick hash of the words, or by a keyed one: see `hash_table.ts`.
 */
import { HashTable } from "./hash_table.ts"
import { IntList } from "./int_list.ts"
import type { KeyedHash } from "./keyed_hash.ts"

const INITIAL_WORDS = 256

/** Names seen so far. */
export class NameSet extends HashTable {
  private words: Int32Array = new Int32Array(INITIAL_WORDS)
  private wordCount = 0
  private stagedSize = 0
  private stagedHash = 0
  /** Per name: first word, length in bytes. */
  private readonly starts: IntList = new IntList()
  private readonly sizes: IntList = new IntList()

  /**
   * Takes the name at `[start, end)` of a view as the one to be added next; may be repeated.
   *
   * @returns whether it is ASCII, which is found out on the way
   */
  stage(view: DataView, start: number, end: number): boolean {
    const size = end - start
    let at = this.wordCount
    if (at + (size >>> 2) + 1 > this.words.length) this.reserve(at + (size >>> 2) + 1)
    const words = this.words
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
    this.stagedSize = size
    this.stagedHash = hash
    return (all & 0x80808080) === 0
  }

  /**
   * Adds the staged name.
   *
   * @returns whether it was new
   */
  addStaged(): boolean {
    const size = this.stagedSize
    const first = this.wordCount
    const count = (size + 3) >>> 2
    const hash = this.keyed === undefined
      ? this.stagedHash
      : this.keyedHash(first, size, this.keyed)
    let name = this.first(hash)
    while (name >= 0) {
      if (this.sizes.at(name) === size && this.isSame(this.starts.at(name), first, count)) {
        return false
      }
      name = this.next(count)
    }
    this.wordCount = first + count
    this.starts.push(first)
    this.sizes.push(size)
    this.settle(count)
    // Where the keyed hash took over just now, it is that one which counts.
    this.insert(this.keyed === undefined ? hash : this.keyedHash(first, size, this.keyed))
    return true
  }

  private reserve(count: number): void {
    const larger = new Int32Array(Math.max(count, this.words.length * 2))
    larger.set(this.words)
    this.words = larger
  }

  private isSame(a: number, b: number, count: number): boolean {
    const words = this.words
    for (let i = 0; i < count; i++) {
      if (words[a + i] !== words[b + i]) return false
    }
    return true
  }

  protected override keyedHashOf(name: number, keyed: KeyedHash): number {
    return this.keyedHash(this.starts.at(name), this.sizes.at(name), keyed)
  }

  private keyedHash(first: number, size: number, keyed: KeyedHash): number {
    keyed.start()
    for (let at = first; at < first + ((size + 3) >>> 2); at++) keyed.add(this.words[at] ?? 0)
    return keyed.end(size)
  }
}
