/**
 * The declared supertypes of types: of each, the one directly above it, and one farther up. By these an ancestor is found
 * in a number of steps that is logarithmic in the depth, with three words a type.
 *
 * @see Myers, "An applicative random-access stack", Information Processing Letters 17 (1983)
 *
 * @module
 */
import { IntList } from "./collections/int_list.ts"

/** The supertypes by type id. */
export class Supertypes {
  /** The supertype's id, or -1. */
  readonly #direct: IntList = new IntList()
  /** How many supertypes there are above it. */
  readonly #depths: IntList = new IntList()
  /** A supertype farther up; itself at the top. */
  readonly #jumps: IntList = new IntList()

  /** The id of the declared supertype, or -1. */
  of(id: number): number {
    return this.#direct.at(id)
  }

  /** How many supertypes a type has above it. */
  depth(id: number): number {
    return this.#depths.at(id)
  }

  /** Adds the next type: below a supertype, or -1. */
  add(supertype: number): void {
    if (supertype < 0) {
      this.#jumps.push(this.#direct.length)
      this.#depths.push(0)
      this.#direct.push(-1)
      return
    }
    const depth = this.#depths.at(supertype)
    const jump = this.#jumps.at(supertype)
    const jumpDepth = this.#depths.at(jump)
    const next = this.#jumps.at(jump)
    // Two jumps of equal length become one of twice that.
    this.#jumps.push(depth - jumpDepth === jumpDepth - this.#depths.at(next) ? next : supertype)
    this.#depths.push(depth + 1)
    this.#direct.push(supertype)
  }

  /** Drops the types from `count` on. */
  truncate(count: number): void {
    this.#direct.truncate(count)
    this.#depths.truncate(count)
    this.#jumps.truncate(count)
  }

  /** Whether a type is another, or above it. */
  isAbove(sup: number, sub: number): boolean {
    const depth = this.#depths.at(sup)
    let id = sub
    while (this.#depths.at(id) > depth) {
      const jump = this.#jumps.at(id)
      id = this.#depths.at(jump) < depth ? this.#direct.at(id) : jump
    }
    return id === sup
  }
}
