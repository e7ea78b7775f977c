/**
 * What is seen of a module while it passes: the sections and functions so far, and its bytes, to look at them later.
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

/** The outline, how many functions the code section announces, and whether there is a section more. */
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

/** Looks at the bytes of a module that pass. */
export class Collector {
  readonly #listener = new Listener()
  readonly #decoder = new ModuleDecoder({ sink: this.#listener, unknown: "defer" })
  readonly #chunks: Array<Uint8Array> = []
  #isOver = false
  #received = 0
  #sections: ReadonlyArray<SeenSection> = []
  #sectionChanges = -1

  /** How many bytes have passed. */
  get received(): number {
    return this.#received
  }

  /** How many bodies have passed, of how many. */
  get functions(): { readonly seen: number; readonly declared: number } {
    return { seen: this.#listener.functionCount, declared: this.#listener.declared }
  }

  /** Bytes pass. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk.slice())
    this.#received += chunk.length
    if (this.#isOver) return
    try {
      this.#decoder.push(chunk)
    } catch {
      // The pipeline finds the same, and says it.
      this.#isOver = true
    }
  }

  /** The sections whose headers have passed. */
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

  /** The functions of its own, the largest first. */
  largest(): ReadonlyArray<FunctionReport> {
    return this.#listener.outline(this.#decoder).functions
  }

  /** What a function is called, by the module's names or its exports. */
  nameOf(index: number): string | undefined {
    return this.#listener.functionName(index) ?? this.#exported().get(index)
  }

  /** The bytes that have passed, from one place to another. */
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
