/**
 * The functions of a module, for disassembly. The module is decoded as far as possible, valid or not.
 *
 * @module
 */
import { type ModuleOutline, ModuleOutlineBuilder } from "../binary/report/outline.ts"
import { functionText } from "../binary/report/print.ts"
import type { ModuleSpaces } from "../binary/module_spaces.ts"
import { ModuleDecoder } from "../binary/decoder.ts"
import { DecodeError } from "../binary/errors.ts"
import { findFault, type ModuleFault } from "../binary/validation/find_fault.ts"

/** A function of a module. */
export interface FoundFunction {
  readonly index: number
  /** As it is in the module: not safe to print. */
  readonly name: string | undefined
  readonly type: string
  /** Absent for an import. */
  readonly body: { readonly start: number; readonly end: number } | undefined
}

/** The result of a search for a function. */
export type Sought =
  | { readonly kind: "found"; readonly functions: ReadonlyArray<FoundFunction> }
  | { readonly kind: "none" }
  /** No name matches exactly, and several names contain the text. */
  | { readonly kind: "several"; readonly functions: ReadonlyArray<FoundFunction> }

/** The functions of a module. */
export class ModuleFunctions {
  readonly bytes: Uint8Array
  /** The error that ended the decoding of the module's structure, if there is one. */
  readonly fault: DecodeError | undefined
  readonly outline: ModuleOutline
  readonly #builder: ModuleOutlineBuilder
  readonly #spaces: ModuleSpaces
  readonly #exportNames: Array<string | undefined>

  /** @param bytes the module */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#builder = new ModuleOutlineBuilder()
    const decoder = new ModuleDecoder({ sink: this.#builder, unknown: "defer" })
    this.fault = faultOf(() => {
      decoder.push(bytes)
      decoder.finish()
    })
    this.#spaces = decoder.spaces
    this.outline = this.#builder.outline(decoder, 0)
    this.#exportNames = new Array(this.#spaces.functionCount)
    for (const { index, kind, name } of this.outline.report.exports) {
      if (kind === "function") this.#exportNames[index] ??= name
    }
  }

  /** The number of functions, imports included. */
  get count(): number {
    return this.#spaces.functionCount
  }

  /** Whether there are bodies to be shown. */
  get hasBodies(): boolean {
    return this.#builder.functionCount > 0
  }

  /** The name of a function: from the name section, or else from its first export. */
  nameOf(index: number): string | undefined {
    return this.#builder.functionName(index) ?? this.#exportNames[index]
  }

  /** A function by its index. */
  at(index: number): FoundFunction {
    return {
      index,
      name: this.nameOf(index),
      type: functionText(this.#spaces, index),
      body: this.#builder.bodyOf(index),
    }
  }

  /** The function whose body holds an offset. */
  around(offset: number): FoundFunction | undefined {
    let low = this.outline.report.functions.imported
    let high = low + this.#builder.functionCount
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#builder.bodyOf(middle)?.end ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    const found = low < this.count ? this.at(low) : undefined
    return found?.body !== undefined && found.body.start <= offset ? found : undefined
  }

  /** Every function that has a body. */
  *bodies(): Generator<FoundFunction> {
    for (let index = 0; index < this.count; index++) {
      const found = this.at(index)
      if (found.body !== undefined) yield found
    }
  }

  /**
   * Finds functions by index, by name, or by a part of a name.
   *
   * @param text what was given
   */
  find(text: string): Sought {
    if (/^\d{1,10}$/.test(text)) {
      const index = Number(text)
      return index < this.count ? { kind: "found", functions: [this.at(index)] } : { kind: "none" }
    }
    const exact: Array<FoundFunction> = []
    const parts: Array<FoundFunction> = []
    for (let index = 0; index < this.count && parts.length < mostFound; index++) {
      const names = [this.#builder.functionName(index), this.#exportNames[index]]
      if (names.includes(text)) exact.push(this.at(index))
      else if (names.some((name) => name?.includes(text) === true)) parts.push(this.at(index))
    }
    if (exact.length > 0) return { kind: "found", functions: exact }
    if (parts.length === 0) return { kind: "none" }
    return { kind: parts.length === 1 ? "found" : "several", functions: parts }
  }
}

/** The most functions that are found by a part of their name. */
const mostFound = 1_000

const faultOf = (run: () => void): DecodeError | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
}

/** The first error of a module. */
export const moduleFault = (bytes: Uint8Array): ModuleFault | undefined => findFault(bytes)
