/**
 * Numeric limits on a module. The core specification bounds little; the JS API makes exceeding any
 * of its implementation-defined limits a CompileError, the same on every engine.
 *
 * @see https://webassembly.github.io/spec/js-api/#limits
 * @module
 */

/** Which limits a decoder holds a module to. */
export type LimitsName = "js-api" | "core"

/** One number a limit; counts unless stated otherwise. */
export interface DecoderLimits {
  /** Size of the module in bytes. */
  readonly moduleSize: number
  /** Types of all recursion groups together. */
  readonly types: number
  /** Recursion groups; a type on its own is one. */
  readonly recursionGroups: number
  /** Types of one recursion group. */
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
  /** Minimum and maximum of a 64-bit memory, in pages; the core rules bound a 32-bit one. */
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
   * Size of a name in bytes: of an import, an export, a custom section. The JS API does not bound it, but engines have
   * a limit of this size (SpiderMonkey holds modules to it, V8 and JavaScriptCore do not). A name is held until it
   * is whole, so a longer one is left to the engine like what the specification does not know: it is an error only where
   * there is no engine to ask.
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

/** No limits but those of the encoding (and of this decoder's packed types: 2^27 of them). */
export const CORE_LIMITS: DecoderLimits = { ...unlimited(JS_API_LIMITS), types: 2 ** 27 - 1 }
