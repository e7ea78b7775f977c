/**
 * A hash that nobody can predict: the words are the coefficients of a polynomial over the integers modulo a prime, whose
 * value at a secret point is the hash. Two runs of `n` words have the same value at `n` points at most, of four billion;
 * so no runs that are chosen without knowing the point collide more than by chance. See `hash_table.ts`.
 *
 * @see Carter and Wegman, "Universal classes of hash functions", Journal of Computer and System Sciences 18 (1979)
 *
 * @module
 */

/** The least prime above all words: so different words are different coefficients. */
const PRIME = 2 ** 32 + 15

/**
 * `value % PRIME`, at least twice as fast. Exact up to 2^50: a quotient that is no integer is 2^-33 away from one or more,
 * and its rounding error is smaller.
 */
const modulo = (value: number): number => value - Math.floor(value / PRIME) * PRIME

/**
 * What belongs to the platform, taken at import. Node makes its `crypto` at the first look, which takes milliseconds:
 * until then its getter is kept.
 */
const source = Object.getOwnPropertyDescriptor(globalThis, "crypto")

/** The point of this process, made at its first use. */
let point: number | undefined

const makePoint = (): number => {
  const crypto: Crypto | undefined = source === undefined
    ? globalThis.crypto
    : source.value ?? source.get?.call(globalThis)
  // A shell of an engine may have no `crypto`: better a point that is hard to guess than none.
  return crypto === undefined
    ? Math.random() * 2 ** 32
    : crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

/** Hashes one run of words after the other. */
export class KeyedHash {
  #value = 0
  /** The halves of the point: a product of a value and a half is exact in a float64. */
  readonly #high: number
  readonly #low: number

  /** @param at the point, an integer of 32 bits; that of the process by default */
  constructor(at: number = point ??= makePoint()) {
    this.#high = at >>> 16
    this.#low = at & 0xffff
  }

  /** Starts a hash. */
  start(): void {
    // A first coefficient that is not zero, so that zeros at the beginning count.
    this.#value = 1
  }

  /** Takes the next word. */
  add(word: number): void {
    const high = this.#high
    const low = this.#low
    const value = this.#value
    this.#value = modulo(modulo(value * high) * 0x1_0000 + value * low + (word >>> 0))
  }

  /** Takes the last word, and ends the hash. */
  end(last: number): number {
    this.add(last)
    // Tables look at the lower bits: all others go into them.
    const hash = Math.imul(this.#value ^ (this.#value >>> 16), 0x45d9_f3b3)
    return hash ^ (hash >>> 15)
  }
}
