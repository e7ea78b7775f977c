/**
 * The random choices of the module generator, all from one seeded source.
 */
import { random } from "../random.ts"

/** Makes choices; the same seed makes the same ones. */
export class Dice {
  /** An integer in `[0, below)`. */
  readonly next: (below: number) => number

  constructor(seed: number) {
    this.next = random(seed)
  }

  /** True with a probability in percent. */
  chance(percent: number): boolean {
    return this.next(100) < percent
  }

  /** An integer in `[from, to]`. */
  between(from: number, to: number): number {
    return from + this.next(to - from + 1)
  }

  /** One of a list that is not empty. */
  pick<T>(list: ReadonlyArray<T>): T {
    const found = this.find(list)
    if (found === undefined) throw new RangeError("Nothing to choose from")
    return found
  }

  /** One of a list; `undefined` if it is empty. */
  find<T>(list: ReadonlyArray<T>): T | undefined {
    return list[this.next(list.length)]
  }

  /** A list of `count` entries, made one by one. */
  times<T>(count: number, make: (index: number) => T): Array<T> {
    return Array.from({ length: count }, (_, index) => make(index))
  }

  /** An integer of up to 32 or 64 bits, often one near an edge. */
  integer(bits: 32 | 64): bigint {
    const value = this.chance(60)
      ? BigInt(this.between(-200, 200))
      : (1n << BigInt(this.next(bits))) + BigInt(this.between(-1, 1))
    return BigInt.asIntN(bits, this.chance(20) ? -value : value)
  }
}
