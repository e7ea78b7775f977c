/**
 * Numeric limits on a module. The core specification sets few. The JS API sets implementation-defined
 * limits, the same for every engine; a module that exceeds one is a CompileError.
 *
 * @see https://webassembly.github.io/spec/js-api/#limits
 * @module
 */

/** The limits that a decoder enforces. */
export type LimitsName = "js-api" | "core"

/** One number for each limit; a count unless stated otherwise. */
export interface DecoderLimits {
  /** Size of the module in bytes. */
  readonly moduleSize: number
  /** Types, in all recursion groups together. */
  readonly types: number
  /** Recursion groups; a type on its own counts as one. */
  readonly recursionGroups: number
  /** Types in one recursion group. */
  readonly recursionGroupTypes: number
  /** Supertypes above a type. */
  readonly subtypeDepth: number
  /** Parameters of a function type. */
  readonly parameters: number
  /** Results of a function type. */
  readonly results: number
  /** Fields of a struct type. */
  readonly structFields: number
  /** Imports of every kind. */
  readonly imports: number
  /** Functions that the module defines. */
  readonly functions: number
  /** Tables, imported ones included. */
  readonly tables: number
  /** Minimum of a table, in entries. */
  readonly tableSize: number
  /** Memories, imported ones included. */
  readonly memories: number
  /** Minimum and maximum of a 64-bit memory, in pages; the core specification limits a 32-bit one. */
  readonly memory64Pages: number
  /** Globals that the module defines. */
  readonly globals: number
  /** Tags that the module defines. */
  readonly tags: number
  /** Exports of every kind. */
  readonly exports: number
  /** Entries of one element segment. */
  readonly elementEntries: number
  /** Data segments. */
  readonly dataSegments: number
  /** Size of a function body in bytes, local declarations included. */
  readonly bodySize: number
  /** Locals of a function, parameters included. */
  readonly locals: number
  /** Operands of `array.new_fixed`. */
  readonly arrayNewFixed: number
  /**
   * Size of the name of an import, an export or a custom section, in bytes. The JS API sets no such limit, but engines
   * define one of this size (SpiderMonkey enforces it; V8 and JavaScriptCore do not). A name is buffered until it is
   * complete, so a longer one is treated like an unknown construct: an error only if there is no engine to defer to.
   */
  readonly nameSize: number
}

/** The implementation-defined limits of the WebAssembly JavaScript interface. */
export const JS_API_LIMITS: DecoderLimits = {
  moduleSize: 1_073_741_824,
  types: 1_000_000,
  recursionGroups: 1_000_000,
  recursionGroupTypes: 1_000_000,
  subtypeDepth: 63,
  parameters: 1_000,
  results: 1_000,
  structFields: 10_000,
  imports: 1_000_000,
  functions: 1_000_000,
  tables: 100_000,
  tableSize: 10_000_000,
  memories: 100,
  memory64Pages: 2 ** 37 - 1,
  globals: 1_000_000,
  tags: 1_000_000,
  exports: 1_000_000,
  elementEntries: 10_000_000,
  dataSegments: 100_000,
  bodySize: 7_654_321,
  locals: 50_000,
  arrayNewFixed: 10_000,
  nameSize: 100_000,
}

/** The same limits without numbers. */
const unlimited = <Name extends string>(limits: Record<Name, number>): Record<Name, number> => {
  const all = { ...limits }
  for (const name in all) all[name] = Infinity
  return all
}

/** No limits but those of the encoding, and 2^27 - 1 types, which is what this decoder's packed form allows. */
export const CORE_LIMITS: DecoderLimits = { ...unlimited(JS_API_LIMITS), types: 2 ** 27 - 1 }
