/**
 * The beginning of a module, kept until its code, so that an engine can be asked about what the decoder does not know: a
 * section, a type, a flag of a later version. So 32 MB need not be read before one that does not know it either says so.
 * What makes a module of it is loaded then (`complete_beginning.ts`).
 *
 * @module
 */

/** A longer beginning is left to the engine as it arrives. */
const longest = 1_048_576

/** Keeps the beginning of a module while it may be asked for. */
export class ModuleBeginning {
  #chunks: Array<Uint8Array> | undefined = []
  #size = 0

  /** A chunk has arrived. It is copied: whoever produced it may use its memory again. */
  push(chunk: Uint8Array): void {
    this.#chunks?.push(chunk.slice())
    this.#size += chunk.byteLength
    if (this.#size > longest) this.release()
  }

  /** It will not be asked for. */
  release(): void {
    this.#chunks = undefined
  }

  /** Whether it can still be asked for. */
  get isKept(): boolean {
    return this.#chunks !== undefined
  }

  /** What was received, in one piece. */
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
