/**
 * Notices when nothing comes any more. One timer, set anew only when it goes off: hearing a chunk costs a look at the clock.
 *
 * @module
 */
import { clearTimeout, now, setTimeout } from "../platform/natives.ts"

/** Longer times are not for timers. */
const longest = 2 ** 31 - 1

/** A watch over the pauses between chunks. */
export class Silence {
  /** Resolves when the pause has become too long. */
  readonly tooLong: Promise<void>
  readonly #limit: number
  #since = now()
  #busy = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #tell: () => void = () => {}

  /**
   * @param limit how long a pause may be, in milliseconds
   */
  constructor(limit: number) {
    this.#limit = limit
    this.tooLong = new Promise((resolve) => (this.#tell = resolve))
    this.#wait(limit)
  }

  /** Something came, and more is waited for. */
  heard(): void {
    this.#since = now()
    this.#busy = false
  }

  /** Something came, and nothing is asked for until {@linkcode heard}: the pause is ours. */
  pause(): void {
    this.#busy = true
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearTimeout(this.#timer)
  }

  #wait(milliseconds: number): void {
    if (milliseconds > longest) return
    this.#timer = setTimeout(() => {
      const left = this.#busy ? this.#limit : this.#since + this.#limit - now()
      if (left <= 0) this.#tell()
      else this.#wait(left)
    }, milliseconds)
  }
}
