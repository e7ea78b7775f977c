/**
 * The documents of JSON that the command writes. Each has a version: a document that is written now can be read by every
 * later release.
 *
 * @module
 */
import type { FunctionReport, TypedReport } from "./binary/outline.ts"
import type { ModuleReport } from "./binary/report.ts"

/** What `compile-streaming inspect --json` writes. */
export interface InspectDocument {
  /** What kind of document it is. */
  readonly document: "inspect"
  /** The version of the document's form. */
  readonly version: 1
  /** What was inspected, without what a URL may hold of secrets. */
  readonly source: string
  /** What is in the module. */
  readonly module: ModuleReport
  /** The functions of the module's own, the largest first. */
  readonly functions: readonly FunctionReport[]
  /** The globals, imported ones first. */
  readonly globals: readonly TypedReport[]
  /** The tags, imported ones first. */
  readonly tags: readonly TypedReport[]
}

/** What is wrong with a module, and where. */
export interface Fault {
  /** Why; stable: one of the reasons of `CompileError`. */
  readonly reason: string
  /** The decoder's code, where it found the fault; stable. */
  readonly code: string | undefined
  /** Where it is, in bytes from the start of the module, where that is known. */
  readonly offset: number | undefined
  /** The section that holds it, by its name in the specification. */
  readonly section: string | undefined
  /** The function whose body holds it. */
  readonly functionIndex: number | undefined
  /** What is wrong, for people. */
  readonly message: string
}

/** One module, validated. */
export interface ValidateResult {
  /** What was validated. */
  readonly source: string
  /** Whether the module is valid, as the specification has it. */
  readonly isValid: boolean
  /** What is wrong, where it is not. */
  readonly fault: Fault | undefined
  /** What this engine says; `undefined` where it was not asked. */
  readonly engine: { readonly isValid: boolean; readonly message: string | undefined } | undefined
  /** The size in bytes. */
  readonly size: number
  /** The features that are used; empty where the module is not valid. */
  readonly features: readonly string[]
}

/** What `compile-streaming validate --json` writes. */
export interface ValidateDocument {
  /** What kind of document it is. */
  readonly document: "validate"
  /** The version of the document's form. */
  readonly version: 1
  /** The engine that was asked too, and its version. */
  readonly engine: string
  /** The modules, in the order in which they were given. */
  readonly modules: readonly ValidateResult[]
}
