/**
 * Text for display: types of imports and exports in the notation of the text format, and untrusted
 * names.
 *
 * @see https://webassembly.github.io/spec/core/text/types.html
 * @module
 */
import { escapeUnsafe } from "../escape.ts"
import type { LimitsList, ModuleSpaces } from "../module_spaces.ts"
import {
  EXTERNAL_FUNC,
  EXTERNAL_GLOBAL,
  EXTERNAL_MEMORY,
  EXTERNAL_TABLE,
  EXTERNAL_TAG,
} from "../types.ts"

/**
 * A name, escaped so that it can be printed between double quotes on one line.
 *
 * @param name any text, such as an import's name
 * @example
 * ```ts
 * import { printName } from "@effect-wasm/compile-streaming/binary"
 *
 * console.log(printName("memory")) // memory
 * console.log(printName('a"\n')) // a\"\u{a}
 * ```
 */
export const printName = (name: string): string => escapeUnsafe(name.replace(/["\\]/g, "\\$&"))

/** The names of the kinds of externals, as in `WebAssembly.Module.imports`. */
const KIND_NAMES: ReadonlyArray<ExternalKindName> = ["function", "table", "memory", "global", "tag"]

/** A kind of external, as `WebAssembly.Module.imports` names it. */
export type ExternalKindName = "function" | "table" | "memory" | "global" | "tag"

/** The name of a kind of external. */
export const externalKindName = (kind: number): ExternalKindName => KIND_NAMES[kind] ?? "function"

/** The parameters and results of a function type id: ` (param i32) (result i64)`. */
const signatureText = (spaces: ModuleSpaces, id: number): string => {
  const types = spaces.types
  const parameters: Array<string> = []
  for (let i = 0; i < types.parameterCount(id); i++) {
    parameters.push(types.textOf(types.parameterType(id, i)))
  }
  const results: Array<string> = []
  for (let i = 0; i < types.resultCount(id); i++) {
    results.push(types.textOf(types.resultType(id, i)))
  }
  return (parameters.length > 0 ? ` (param ${parameters.join(" ")})` : "") +
    (results.length > 0 ? ` (result ${results.join(" ")})` : "")
}

const limitsText = (limits: LimitsList, index: number): string => {
  const maximum = limits.maximum(index)
  return (limits.is64(index) ? "i64 " : "") + limits.minimum(index) +
    (maximum === undefined ? "" : ` ${maximum}`)
}

/** The type of a function: `(func (param i32 i32) (result i64))`. */
export const functionText = (spaces: ModuleSpaces, index: number): string =>
  `(func${signatureText(spaces, spaces.functionTypeId(index))})`

/** The type of a table: `(table 1 10 funcref)`. */
export const tableText = (spaces: ModuleSpaces, index: number): string => {
  const type = spaces.types.textOf(spaces.tableType(index))
  return `(table ${limitsText(spaces.tableLimits, index)} ${type})`
}

/** The type of a memory: `(memory i64 1 2 shared)`. */
export const memoryText = (spaces: ModuleSpaces, index: number): string => {
  const shared = spaces.memoryLimits.isShared(index) ? " shared" : ""
  return `(memory ${limitsText(spaces.memoryLimits, index)}${shared})`
}

/** The type of a global: `(global (mut i32))`. */
export const globalText = (spaces: ModuleSpaces, index: number): string => {
  const type = spaces.types.textOf(spaces.globalType(index))
  return spaces.isGlobalMutable(index) ? `(global (mut ${type}))` : `(global ${type})`
}

/** The type of a tag: `(tag (param i32))`. */
export const tagText = (spaces: ModuleSpaces, index: number): string =>
  `(tag${signatureText(spaces, spaces.tagTypeId(index))})`

/** The type of an import or export, by kind and index. */
export const externalText = (spaces: ModuleSpaces, kind: number, index: number): string => {
  switch (kind) {
    case EXTERNAL_FUNC:
      return functionText(spaces, index)
    case EXTERNAL_TABLE:
      return tableText(spaces, index)
    case EXTERNAL_MEMORY:
      return memoryText(spaces, index)
    case EXTERNAL_GLOBAL:
      return globalText(spaces, index)
    case EXTERNAL_TAG:
      return tagText(spaces, index)
    default:
      return ""
  }
}
