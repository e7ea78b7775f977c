/**
 * A set of names, kept as bytes: export names run to megabytes in some modules, and a string each
 * would cost more than all other decoding (7.4 MB in 75,011 names: 231 ms as strings, 11-16 ms here).
 *
 * The bytes of a name are packed four to a word, with zeros at the end; its length tells names with
 * trailing zeros apart. Open addressing over a quick hash of the words, or, where names were made to
 * collide, over a keyed one: see `keyed_hash.ts`.
 */
import { IntList } from "./int_list.ts"
import { FREE_PROBES, KeyedHash, PROBES_PER_ENTRY } from "./keyed_hash.ts"

const INITIAL_WORDS = 256
const INITIAL_SLOTS = 64

/** Names seen so far. */
export class NameSet {
  private words: Int32Array = new Int32Array(INITIAL_WORDS)
  private wordCount = 0
  private stagedSize = 0
  private stagedHash = 0
  /** Per name: first word, length in bytes, hash. */
  private readonly starts: IntList = new IntList()
  private readonly sizes: IntList = new IntList()
  private readonly hashes: IntList = new IntList()
  /** A power of two in size: name number + 1, or 0. */
  private table: Int32Array = new Int32Array(INITIAL_SLOTS)
  /** How much more probing there may be before the keyed hash takes over. */
  private allowance = FREE_PROBES
  private keyed: KeyedHash | undefined = undefined

  /** How much probing there has been in all: entries looked at in vain, and words of those compared. */
  probes: number = 0

  /** Whether names collided more than by chance. */
  get isKeyed(): boolean {
    return this.keyed !== undefined
  }

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
    const hash = this.keyed === undefined ? this.stagedHash : this.keyedHash(first, size)
    const mask = this.table.length - 1
    let probes = 0
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const name = (this.table[slot] ?? 0) - 1
      if (name < 0) break
      probes++
      if (this.hashes.at(name) !== hash || this.sizes.at(name) !== size) continue
      if (this.isSame(this.starts.at(name), first, count)) return false
      probes += count
    }
    this.probes += probes
    this.allowance += PROBES_PER_ENTRY + count - probes
    this.wordCount = first + count
    this.starts.push(first)
    this.sizes.push(size)
    this.hashes.push(hash)
    if (this.allowance < 0 && this.keyed === undefined) this.useKey()
    else if (this.starts.length * 2 > this.table.length) this.rebuild(this.table.length * 4)
    else this.place(this.starts.length - 1, hash)
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

  private keyedHash(first: number, size: number): number {
    const keyed = this.keyed ??= new KeyedHash()
    keyed.start()
    for (let at = first; at < first + ((size + 3) >>> 2); at++) keyed.add(this.words[at] ?? 0)
    return keyed.end(size)
  }

  /** Hashes all names anew, by the key. */
  private useKey(): void {
    for (let name = 0; name < this.starts.length; name++) {
      this.hashes.data[name] = this.keyedHash(this.starts.at(name), this.sizes.at(name))
    }
    this.rebuild(Math.max(this.table.length, 2 ** (33 - Math.clz32(this.starts.length))))
  }

  private rebuild(slots: number): void {
    this.table = new Int32Array(slots)
    for (let name = 0; name < this.starts.length; name++) this.place(name, this.hashes.at(name))
  }

  private place(name: number, hash: number): void {
    const mask = this.table.length - 1
    let slot = hash & mask
    while (this.table[slot] !== 0) slot = (slot + 1) & mask
    this.table[slot] = name + 1
  }
}
