/**
 * A hash that an attacker cannot predict. The words are the coefficients of a polynomial over the integers modulo a prime,
 * and the hash is its value at a secret point. Two different runs of `n` words agree at no more than `n` of four billion
 * points, so runs chosen without knowledge of the point collide no more often than by chance. See `hash_table.ts`.
 *
 * @see Carter and Wegman, "Universal classes of hash functions", Journal of Computer and System Sciences 18 (1979)
 *
 * @module
 */

/** The least prime above all words, so that different words are different coefficients. */
const PRIME = 2 ** 32 + 15

/**
 * `value % PRIME`, at least twice as fast. Exact up to 2^50: a quotient that is not an integer is at least 2^-33 away from
 * one, and its rounding error is smaller than that.
 */
const modulo = (value: number): number => value - Math.floor(value / PRIME) * PRIME

/**
 * The property of the global, taken at import. Node creates its `crypto` on first access, which takes milliseconds, so the
 * getter is called only when needed.
 */
const source = Object.getOwnPropertyDescriptor(globalThis, "crypto")

/** The point of this process, made on first use. */
let point: number | undefined

const makePoint = (): number => {
  const crypto: Crypto | undefined = source === undefined
    ? globalThis.crypto
    : source.value ?? source.get?.call(globalThis)
  // The shell of an engine may have no `crypto`: then a point that is hard to guess has to do.
  return crypto === undefined
    ? Math.random() * 2 ** 32
    : crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

/** Hashes one run of words after the other. */
export class KeyedHash {
  #value = 0
  /** The halves of the point, as the product of a value and a half is exact in a float64. */
  readonly #high: number
  readonly #low: number

  /** @param at the point, a 32-bit integer; defaults to that of the process */
  constructor(at: number = point ??= makePoint()) {
    this.#high = at >>> 16
    this.#low = at & 0xffff
  }

  /** Starts a hash. */
  start(): void {
    // The first coefficient is not zero, so that leading zeros count.
    this.#value = 1
  }

  /** Adds the next word. */
  add(word: number): void {
    const high = this.#high
    const low = this.#low
    const value = this.#value
    this.#value = modulo(modulo(value * high) * 0x1_0000 + value * low + (word >>> 0))
  }

  /** Adds the last word; returns the hash. */
  end(last: number): number {
    this.add(last)
    // Tables use the lower bits, so the others are mixed into them.
    const hash = Math.imul(this.#value ^ (this.#value >>> 16), 0x45d9_f3b3)
    return hash ^ (hash >>> 15)
  }
}
