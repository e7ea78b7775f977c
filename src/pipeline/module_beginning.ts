/**
 * Keeps the beginning of a module, up to its code section, so that an engine can validate a construct that the decoder does
 * not know, such as a newer section, type or flag. An engine that does not know it either can then fail the load early. The
 * beginning is completed to a module by `complete_beginning.ts`, loaded on demand.
 *
 * @module
 */

/** The longest beginning that is kept, in bytes. */
const longest = 1_048_576

/** Keeps the beginning of a module while it may be needed. */
export class ModuleBeginning {
  #chunks: Array<Uint8Array> | undefined = []
  #size = 0

  /** Adds a chunk. It is copied, as its producer may reuse the memory. */
  push(chunk: Uint8Array): void {
    this.#chunks?.push(chunk.slice())
    this.#size += chunk.byteLength
    if (this.#size > longest) this.release()
  }

  /** Releases the bytes, which will not be needed. */
  release(): void {
    this.#chunks = undefined
  }

  /** Whether the bytes are still kept. */
  get isKept(): boolean {
    return this.#chunks !== undefined
  }

  /** The bytes so far, in one piece. */
  get bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#size)
    let at = 0
    for (const chunk of this.#chunks ?? []) {
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
    if (this.#chunks !== undefined) this.#chunks = [bytes]
    return bytes
  }
}
