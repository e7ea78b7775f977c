/**
 * The names of functions that are known before the code section: those of exports. They serve messages
 * only, so their number and length are bounded.
 *
 * @module
 */
import { decodeUtf8 } from "./utf8.ts"

/** The most names that are kept. */
const MAXIMUM = 1_000
/** The length of the longest name that is kept, in bytes; a longer one would not fit into a message. */
const LONGEST = 1_000

/** Names by function index, as they are in the module: not safe to print. */
export class FunctionNames {
  readonly #names: Map<number, string> = new Map()

  /** Notes the name of an exported function, unless it already has one. */
  add(functionIndex: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#names.size >= MAXIMUM || end - start > LONGEST) return
    if (this.#names.has(functionIndex)) return
    this.#names.set(functionIndex, decodeUtf8(bytes, start, end))
  }

  /** The name of a function, if it is known. */
  nameOf(functionIndex: number): string | undefined {
    return this.#names.get(functionIndex)
  }
}
