/**
 * The declared supertypes of types. Each type has a link to its supertype and another to an ancestor farther up, so that
 * finding an ancestor takes steps logarithmic in the depth, with three words for each type.
 *
 * @see Myers, "An applicative random-access stack", Information Processing Letters 17 (1983)
 *
 * @module
 */
import { IntList } from "./collections/int_list.ts"

/** Supertypes by type id. */
export class Supertypes {
  /** The supertype's id, or -1. */
  readonly #direct: IntList = new IntList()
  /** The number of supertypes above it. */
  readonly #depths: IntList = new IntList()
  /** A supertype farther up; the type itself if it has none. */
  readonly #jumps: IntList = new IntList()

  /** The id of the declared supertype, or -1. */
  of(id: number): number {
    return this.#direct.at(id)
  }

  /** The number of supertypes above a type. */
  depth(id: number): number {
    return this.#depths.at(id)
  }

  /** Adds the next type, with the id of its supertype, or -1. */
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

  /** Whether `sup` is `sub`, or one of its supertypes. */
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
