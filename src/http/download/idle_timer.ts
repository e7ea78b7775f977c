/**
 * Notices when nothing has been received for too long. There is one timer, restarted only when it fires, so that a chunk
 * costs only a reading of the clock.
 *
 * @module
 */
import { clearTimeout, NativePromise, now, setTimeout } from "../../platform/natives.ts"

/** The longest delay of a timer, in milliseconds; a longer one would fire at once. */
const longest = 2 ** 31 - 1

/** Limits the pauses between chunks. */
export class IdleTimer {
  /** Resolves when a pause exceeds the limit. */
  readonly expired: Promise<void>
  readonly #limit: number
  #since = now()
  #paused = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #expire: () => void = () => {}

  /**
   * @param limit the longest pause, in milliseconds
   */
  constructor(limit: number) {
    this.#limit = limit
    this.expired = new NativePromise((resolve) => (this.#expire = resolve))
    this.#wait(limit)
  }

  /** To be called when bytes were received, and more are awaited. */
  restart(): void {
    this.#since = now()
    this.#paused = false
  }

  /** Stops counting until {@linkcode restart}, while this side does not read. */
  pause(): void {
    this.#paused = true
  }

  /** Stops the timer for good. */
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
