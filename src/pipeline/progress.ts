/**
 * How far a module has come, told to a person: monotonic, no more often than can be seen, and 100% at the end.
 *
 * @module
 */
import { SECTION_CODE, SECTION_DATA } from "../binary/types.ts"
import { now } from "../platform/natives.ts"
import type { OnProgress, ProgressEvent } from "../options.ts"
import type { ModuleTrace } from "./module_trace.ts"

/** At most twenty times a second: a person sees no more. */
const interval = 50

/** Before the end there is always something left to come. */
const almost = 0.999

/**
 * How large the module is likely to be, in bytes, by the sections that have begun; `undefined` before the code section,
 * which is most of a module. Data and names follow it.
 */
const estimatedSize = ({ lastId, sectionEnd }: ModuleTrace): number | undefined => {
  if (lastId === SECTION_DATA) return sectionEnd
  return lastId === SECTION_CODE ? 1.15 * sectionEnd : undefined
}

/** Tells a listener how far a module has come. */
export class Progress {
  readonly #listener: OnProgress
  readonly #total: number | undefined
  #fraction = 0
  #told = Number.NEGATIVE_INFINITY
  #last: ProgressEvent | undefined

  /**
   * @param listener who is told; what it throws is ignored
   * @param total how many bytes there are in all, where that is truly known
   */
  constructor(listener: OnProgress, total: number | undefined) {
    this.#listener = listener
    this.#total = total
  }

  /** Bytes have arrived. */
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

  /** The module is there. */
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
      // What a listener throws is its own affair; the module is compiled all the same.
    }
  }
}
