/**
 * A module report with more detail: the offset, size and name of each function, and the globals and tags.
 *
 * @module
 */
import type { ModuleDecoder } from "../decoder.ts"
import { IntList } from "../collections/int_list.ts"
import { globalText, tagText } from "./print.ts"
import { type ModuleReport, ModuleReportBuilder } from "./module_report.ts"

/** A function that the module defines. */
export interface FunctionReport {
  /** Its index in the function index space. */
  readonly index: number
  /** Its name in the name section, or else that of its first export: not safe to print. */
  readonly name: string | undefined
  /** Where its body starts, at the local declarations, in bytes from the start of the module. */
  readonly offset: number
  /** The size of its body in bytes. */
  readonly size: number
}

/** A global or a tag. */
export interface TypedReport {
  /** Whether it is an import. */
  readonly isImported: boolean
  /** Its type in the notation of the text format. */
  readonly type: string
}

/** The contents of a module, with its functions, globals and tags. */
export interface ModuleOutline {
  /** Everything else. */
  readonly report: ModuleReport
  /** The functions that the module defines, the largest first. */
  readonly functions: ReadonlyArray<FunctionReport>
  /** The globals, imported ones first. */
  readonly globals: ReadonlyArray<TypedReport>
  /** The tags, imported ones first. */
  readonly tags: ReadonlyArray<TypedReport>
}

/**
 * Collects a {@link ModuleOutline} while a decoder runs: a {@link ModuleReportBuilder} that also notes where each function
 * body is, in 8 bytes.
 *
 * @example
 * ```ts
 * import { ModuleDecoder, ModuleOutlineBuilder } from "@effect-wasm/compile-streaming/binary"
 *
 * const builder = new ModuleOutlineBuilder()
 * const decoder = new ModuleDecoder({ sink: builder })
 * decoder.push(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00))
 * decoder.finish()
 * console.log(builder.outline(decoder).functions.length) // 0
 * ```
 */
export class ModuleOutlineBuilder extends ModuleReportBuilder {
  #first = 0
  readonly #starts: IntList = new IntList()
  readonly #ends: IntList = new IntList()

  /** Notes a function body. */
  functionBody(functionIndex: number, startOffset: number, endOffset: number): void {
    if (this.#starts.length === 0) this.#first = functionIndex
    this.#starts.push(startOffset)
    this.#ends.push(endOffset)
  }

  /** The number of function bodies noted. */
  get functionCount(): number {
    return this.#starts.length
  }

  /** Where a function's body is; `undefined` for an import, or if there is no such function. */
  bodyOf(functionIndex: number): { readonly start: number; readonly end: number } | undefined {
    const at = functionIndex - this.#first
    if (!(at >= 0 && at < this.#starts.length)) return undefined
    return { start: this.#starts.at(at), end: this.#ends.at(at) }
  }

  /**
   * Makes the outline of what has been decoded so far.
   *
   * @param decoder the decoder that this builder is the sink of
   * @param most the most functions to list, of the largest; defaults to all
   */
  outline(decoder: ModuleDecoder, most: number = Infinity): ModuleOutline {
    const { spaces } = decoder
    const report = this.build(decoder)
    // An array, as a module could choose indices that collide in a hash table.
    const exportNames = new Array<string | undefined>(spaces.functionCount)
    for (const { index, kind, name } of report.exports) {
      if (kind === "function") exportNames[index] ??= name
    }
    const globals: Array<TypedReport> = []
    for (let index = 0; index < spaces.globalCount; index++) {
      const isImported = index < spaces.importedGlobalCount
      globals.push({ isImported, type: globalText(spaces, index) })
    }
    const tags: Array<TypedReport> = []
    for (let index = 0; index < spaces.tagCount; index++) {
      tags.push({ isImported: index < spaces.importedTagCount, type: tagText(spaces, index) })
    }
    const functions = this.#largest(most).map((at): FunctionReport => {
      const index = this.#first + at
      return {
        index,
        name: this.functionName(index) ?? exportNames[index],
        offset: this.#starts.at(at),
        size: this.#ends.at(at) - this.#starts.at(at),
      }
    })
    return { report, functions, globals, tags }
  }

  /** The positions of the largest bodies; bodies of the same size keep their order. */
  #largest(most: number): ReadonlyArray<number> {
    const ends = this.#ends
    const starts = this.#starts
    const count = starts.length
    // Size and position in one number: sorting numbers takes a fraction of the time that comparing pairs takes.
    const keys = new Float64Array(count)
    for (let at = 0; at < count; at++) {
      keys[at] = (2 ** 32 - (ends.at(at) - starts.at(at))) * count + at
    }
    return Array.from(keys.sort().subarray(0, most), (key) => key % count)
  }
}
