/**
 * Reports the progress of a module for display: monotonic, limited in rate, and 100% at the end.
 *
 * @module
 */
import { SECTION_CODE, SECTION_DATA } from "../binary/types.ts"
import { now } from "../platform/natives.ts"
import type { OnProgress, ProgressEvent } from "../options.ts"
import type { ModuleTrace } from "./module_trace.ts"

/** The shortest time between two events, in milliseconds. */
const interval = 50

/** The largest fraction before the end: the total may be too small. */
const almost = 0.999

/**
 * The likely size of the module in bytes, estimated from the sections so far; `undefined` before the code section, which is
 * usually the largest. Data and names follow it.
 */
const estimatedSize = ({ lastId, sectionEnd }: ModuleTrace): number | undefined => {
  if (lastId === SECTION_DATA) return sectionEnd
  return lastId === SECTION_CODE ? 1.15 * sectionEnd : undefined
}

/** Reports the progress of one module to a listener. */
export class Progress {
  readonly #listener: OnProgress
  readonly #total: number | undefined
  #fraction = 0
  #told = Number.NEGATIVE_INFINITY
  #last: ProgressEvent | undefined

  /**
   * @param listener the listener; what it throws is ignored
   * @param total the size of the module in bytes, if it is known
   */
  constructor(listener: OnProgress, total: number | undefined) {
    this.#listener = listener
    this.#total = total
  }

  /** Reports that bytes have arrived. */
  advance(received: number, trace: ModuleTrace): void {
    const time = now()
    const size = this.#total ?? estimatedSize(trace)
    const share = size === undefined ? 0 : Math.min(received / Math.max(size, 1), almost)
    this.#fraction = Math.max(this.#fraction, share)
    this.#last = {
      received,
      total: this.#total,
      fraction: this.#fraction,
      section: trace.current,
      functions: trace.seen,
      declaredFunctions: trace.declared,
    }
    if (time - this.#told < interval) return
    this.#told = time
    this.#tell(this.#last)
  }

  /** Reports the end. */
  complete(): void {
    const last = this.#last
    const received = last?.received ?? 0
    this.#tell({
      received,
      total: received,
      fraction: 1,
      section: undefined,
      functions: last?.functions ?? 0,
      declaredFunctions: last?.declaredFunctions ?? 0,
    })
  }

  #tell(event: ProgressEvent): void {
    try {
      this.#listener(event)
    } catch {
      // A listener that throws must not fail the load.
    }
  }
}
