/**
 * Collects the sections and functions of a module while it is loaded, and keeps its bytes for later.
 *
 * @module
 */
import { ModuleDecoder } from "../../src/binary/decoder.ts"
import { type FunctionReport, ModuleOutlineBuilder } from "../../src/binary/report/outline.ts"
import type { ModuleReport } from "../../src/binary/report/module_report.ts"

/** A section, as its header announces it. */
export interface SeenSection {
  readonly id: number
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Builds the outline, and notes the number of functions in the code section and changes to the list of sections. */
class Listener extends ModuleOutlineBuilder {
  declared = 0
  changes = 0

  override section(id: number, start: number, end: number): void {
    this.changes++
    super.section(id, start, end)
  }

  override customSection(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    payloadOffset?: number,
    endOffset?: number,
  ): number {
    this.changes++
    return super.customSection(bytes, nameStart, nameEnd, payloadOffset, endOffset)
  }

  codeStart(count: number): void {
    this.declared = count
  }
}

/** Collects what is known so far of a module that is being loaded. */
export class Collector {
  readonly #listener = new Listener()
  readonly #decoder = new ModuleDecoder({ sink: this.#listener, unknown: "defer" })
  readonly #chunks: Array<Uint8Array> = []
  #isOver = false
  #received = 0
  #sections: ReadonlyArray<SeenSection> = []
  #sectionChanges = -1

  /** The number of bytes so far. */
  get received(): number {
    return this.#received
  }

  /** The numbers of function bodies so far, and in all. */
  get functions(): { readonly seen: number; readonly declared: number } {
    return { seen: this.#listener.functionCount, declared: this.#listener.declared }
  }

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk.slice())
    this.#received += chunk.length
    if (this.#isOver) return
    try {
      this.#decoder.push(chunk)
    } catch {
      // The pipeline finds the same error, and reports it.
      this.#isOver = true
    }
  }

  /** The sections whose headers have arrived. */
  sections(): ReadonlyArray<SeenSection> {
    const { changes } = this.#listener
    if (changes === this.#sectionChanges) return this.#sections
    this.#sectionChanges = changes
    return this.#sections = this.#report().sections.map((
      { customName, id, name, offset, size },
    ) => ({
      id,
      name: customName === undefined ? name : customName,
      start: offset,
      end: offset + size,
    }))
  }

  /** The functions that the module defines, the largest first. */
  largest(): ReadonlyArray<FunctionReport> {
    return this.#listener.outline(this.#decoder).functions
  }

  /** The name of a function, from the name section or from its exports. */
  nameOf(index: number): string | undefined {
    return this.#listener.functionName(index) ?? this.#exported().get(index)
  }

  /** The bytes between two offsets, as far as they have arrived. */
  bytes(start: number, end: number): Uint8Array {
    const parts = new Uint8Array(Math.max(0, Math.min(end, this.#received) - start))
    let offset = 0
    for (const chunk of this.#chunks) {
      const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, chunk.length)]
      if (from < to) parts.set(chunk.subarray(from, to), offset + from - start)
      offset += chunk.length
      if (offset >= end) break
    }
    return parts
  }

  #names: ReadonlyMap<number, string> | undefined

  #exported(): ReadonlyMap<number, string> {
    return this.#names ??= new Map(
      this.#report().exports.filter(({ kind }) => kind === "function")
        .map(({ index, name }) => [index, name]),
    )
  }

  #report(): ModuleReport {
    return this.#listener.build(this.#decoder)
  }
}
