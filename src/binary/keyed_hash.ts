/**
 * A hash that nobody can predict: HalfSipHash-1-3 under a key that is random in each process. See `hash_table.ts`.
 *
 * Source: https://www.aumasson.jp/siphash/siphash.pdf, and https://github.com/veorq/SipHash/blob/master/halfsiphash.c
 */

/**
 * What belongs to the platform, taken at import. Node makes its `crypto` at the first look, which takes milliseconds:
 * until then its getter is kept.
 */
const source = Object.getOwnPropertyDescriptor(globalThis, "crypto")

let key: Int32Array | undefined

/** The key of this process, made at its first use. */
function processKey(): Int32Array {
  if (key !== undefined) return key
  const made = new Int32Array(2)
  const crypto: Crypto | undefined = source === undefined
    ? globalThis.crypto
    : source.value ?? source.get?.call(globalThis)
  // A shell of an engine may have no `crypto`: better a key that is hard to guess than none.
  if (crypto === undefined) { for (let i = 0; i < 2; i++) made[i] = Math.random() * 2 ** 32 | 0 }
  else crypto.getRandomValues(made)
  key = made
  return made
}

/** Hashes one run of words after the other. */
export class KeyedHash {
  private v0 = 0
  private v1 = 0
  private v2 = 0
  private v3 = 0
  private readonly k0: number
  private readonly k1: number

  /** @param key two words; those of the process by default */
  constructor(key: Int32Array = processKey()) {
    this.k0 = key[0] ?? 0
    this.k1 = key[1] ?? 0
  }

  /** Starts a hash. */
  start(): void {
    this.v0 = this.k0
    this.v1 = this.k1
    this.v2 = this.k0 ^ 0x6c79_6765
    this.v3 = this.k1 ^ 0x7465_6462
  }

  /** Takes the next word. */
  add(word: number): void {
    this.v3 ^= word
    this.round()
    this.v0 ^= word
  }

  /** Ends the hash; `last` is hashed as well, as the reference has the length there. */
  end(last: number): number {
    this.add(last)
    this.v2 ^= 0xff
    this.round()
    this.round()
    this.round()
    return this.v1 ^ this.v3
  }

  private round(): void {
    let { v0, v1, v2, v3 } = this
    v0 = (v0 + v1) | 0
    v1 = (v1 << 5) | (v1 >>> 27)
    v1 ^= v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = (v3 << 8) | (v3 >>> 24)
    v3 ^= v2
    v0 = (v0 + v3) | 0
    v3 = (v3 << 7) | (v3 >>> 25)
    v3 ^= v0
    v2 = (v2 + v1) | 0
    v1 = (v1 << 13) | (v1 >>> 19)
    v1 ^= v2
    v2 = (v2 << 16) | (v2 >>> 16)
    this.v0 = v0
    this.v1 = v1
    this.v2 = v2
    this.v3 = v3
  }
}
