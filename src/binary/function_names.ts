/**
 * Names of functions that are known before the code section: those of exports. For messages, so
 * only some are kept.
 *
 * @module
 */
import { decodeUtf8 } from "./utf8.ts"

/** More exported functions than this are not remembered by name. */
const MAXIMUM = 1_000
/** Longer names, in bytes, would not fit into a message. */
const LONGEST = 1_000

/** Names by function index; as in the module, not safe to print. */
export class FunctionNames {
  readonly #names: Map<number, string> = new Map()

  /** Notes the name of an exported function; the first one counts. */
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
