/**
 * The types of imports and exports as text, and the index of an import.
 *
 * @module
 */
import type { ModuleSpaces } from "../module_spaces.ts"
import { externalText, functionText } from "./print.ts"
import { EXTERNAL_FUNC, EXTERNAL_GLOBAL, EXTERNAL_MEMORY, EXTERNAL_TABLE } from "../types.ts"

/** The index of the import just decoded: the last entry of the space of its kind. */
export const lastIndexOf = (spaces: ModuleSpaces, kind: number): number => {
  if (kind === EXTERNAL_FUNC) return spaces.functionCount - 1
  if (kind === EXTERNAL_TABLE) return spaces.tableCount - 1
  if (kind === EXTERNAL_MEMORY) return spaces.memoryCount - 1
  return kind === EXTERNAL_GLOBAL ? spaces.globalCount - 1 : spaces.tagCount - 1
}

/** Types as text, made once for each function type: a million exports may share one with a thousand parameters. */
export class ExternalTexts {
  readonly #spaces: ModuleSpaces
  /** By type id. */
  readonly #functions: Array<string> = []

  /** @param spaces the module's index spaces */
  constructor(spaces: ModuleSpaces) {
    this.#spaces = spaces
  }

  /** The type of an entry, by its kind and its index in the index space of that kind. */
  of(kind: number, index: number): string {
    if (kind !== EXTERNAL_FUNC) return externalText(this.#spaces, kind, index)
    return this.#functions[this.#spaces.functionTypeId(index)] ??= functionText(this.#spaces, index)
  }
}
