/**
 * Notices when nothing is received any more. One timer, set anew only when it goes off: a chunk costs a look at the clock.
 *
 * @module
 */
import { clearTimeout, NativePromise, now, setTimeout } from "../../platform/natives.ts"

/** Longer times are not for timers. */
const longest = 2 ** 31 - 1

/** A watch over the pauses between chunks. */
export class IdleTimer {
  /** Resolves when a pause has become too long. */
  readonly expired: Promise<void>
  readonly #limit: number
  #since = now()
  #paused = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #expire: () => void = () => {}

  /**
   * @param limit how long a pause may be, in milliseconds
   */
  constructor(limit: number) {
    this.#limit = limit
    this.expired = new NativePromise((resolve) => (this.#expire = resolve))
    this.#wait(limit)
  }

  /** Something was received, and more is waited for. */
  restart(): void {
    this.#since = now()
    this.#paused = false
  }

  /** Nothing is asked for until {@linkcode restart}: the pause is ours. */
  pause(): void {
    this.#paused = true
  }

  /** Nothing is waited for any more. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #wait(milliseconds: number): void {
    if (milliseconds > longest) return
    this.#timer = setTimeout(() => {
      const left = this.#paused ? this.#limit : this.#since + this.#limit - now()
      if (left <= 0) this.#expire()
      else this.#wait(left)
    }, milliseconds)
  }
}
