/**
 * The JSON documents that the command writes. Each has a version, so that every later release can read it.
 *
 * @module
 */
import type { FunctionReport, TypedReport } from "./binary/report/outline.ts"
import type { ExternalKindName } from "./binary/report/print.ts"
import type { ImportReport, ModuleReport } from "./binary/report/module_report.ts"

/** What `compile-streaming inspect --json` writes. */
export interface InspectDocument {
  /** The kind of document. */
  readonly document: "inspect"
  /** The version of the document's format. */
  readonly version: 1
  /** The source: a path as it was given, which is not safe to print, or a URL without its secrets. */
  readonly source: string
  /** The module's report. */
  readonly module: ModuleReport
  /** The functions that the module defines, the largest first. */
  readonly functions: ReadonlyArray<FunctionReport>
  /** The globals, imported ones first. */
  readonly globals: ReadonlyArray<TypedReport>
  /** The tags, imported ones first. */
  readonly tags: ReadonlyArray<TypedReport>
}

/** What is wrong with a module, and where. */
export interface Fault {
  /** One of the reasons of `CompileError`; stable across releases. */
  readonly reason: string
  /** The decoder's code, if the decoder found the fault; stable across releases. */
  readonly code: string | undefined
  /** The offset of the fault, in bytes from the start of the module, if known. */
  readonly offset: number | undefined
  /** The section that contains it, by its name in the specification. */
  readonly section: string | undefined
  /** The index of the function whose body contains it. */
  readonly functionIndex: number | undefined
  /** What is wrong, for display. */
  readonly message: string
}

/** Why the policy of `--policy` refuses a module: the fields of `PolicyError`. */
export interface Refusal {
  /** The rule that the module breaks, by its place in the policy; stable across releases. */
  readonly rule: string
  /** The offset at which it breaks the rule, in bytes from the start of the module. */
  readonly offset: number | undefined
  /** The section that breaks the rule, by its name in the specification. */
  readonly section: string | undefined
  /** The import that breaks the rule. Names are unescaped: not safe to print. */
  readonly import: Omit<ImportReport, "type"> & { readonly type: string | undefined } | undefined
  /** The export that breaks the rule. */
  readonly export: Omit<NamedExport, "type"> & { readonly type: string | undefined } | undefined
  /** The entry of `imports.require` or `exports.require` that nothing matches. */
  readonly missing: { readonly [member: string]: string } | undefined
  /** The custom section that breaks the rule. */
  readonly customSection: string | undefined
  /** The feature that breaks the rule. */
  readonly feature: string | undefined
  /** The ceiling, in the unit of its rule. */
  readonly ceiling: number | undefined
  /** The module's value; `undefined` if it has no maximum. */
  readonly actual: number | undefined
  /** What is refused, for display. */
  readonly message: string
}

/** Why a module could not be read. */
export interface Unread {
  /** The reason, if the error is a `LoadError` or a `TypeError`; stable across releases. */
  readonly reason: string | undefined
  /** What happened, for display. */
  readonly message: string
}

/** The result for one module. */
export interface ValidateResult {
  /** The source: a path, which is not safe to print, or a URL without its secrets. */
  readonly source: string
  /** Whether the module is valid according to the specification; `false` if it could not be read. */
  readonly isValid: boolean
  /** Why it could not be read; absent if it was. If present, nothing else is known, and the size is 0. */
  readonly unread?: Unread
  /** What is wrong with an invalid module. */
  readonly fault: Fault | undefined
  /** Why the policy refuses it; absent if it does not, or if there is no policy. */
  readonly refusal?: Refusal
  /** The result of this engine; `undefined` if it was not used. */
  readonly engine: { readonly isValid: boolean; readonly message: string | undefined } | undefined
  /** The size in bytes. */
  readonly size: number
  /** The features that are used; empty if the module is not valid. */
  readonly features: ReadonlyArray<string>
}

/** What `compile-streaming validate --json` writes. */
export interface ValidateDocument {
  /** The kind of document. */
  readonly document: "validate"
  /** The version of the document's format. */
  readonly version: 1
  /** The engine's name and version. */
  readonly engine: string
  /** The file of the policy; absent if there is none. */
  readonly policy?: string
  /** The modules, in the order in which they were given. */
  readonly modules: ReadonlyArray<ValidateResult>
}

/** A name with its sizes in bytes, before and after; 0 if it is absent. */
export interface SizeChange {
  /** The name, unescaped: not safe to print. */
  readonly name: string
  readonly before: number
  readonly after: number
}

/** The entries that only one of the modules has. */
export interface SetChange<A> {
  readonly added: ReadonlyArray<A>
  readonly removed: ReadonlyArray<A>
}

/** An export, without its index. */
export interface NamedExport {
  readonly name: string
  readonly kind: ExternalKindName
  readonly type: string
}

/** What `compile-streaming diff --json` writes. */
export interface DiffDocument {
  /** The kind of document. */
  readonly document: "diff"
  /** The version of the document's format. */
  readonly version: 1
  /** The sources of the compared modules. */
  readonly before: string
  readonly after: string
  /** The sizes of the modules in bytes. */
  readonly size: { readonly before: number; readonly after: number }
  /** Whether the modules are identical byte by byte; absent in documents of releases that did not compare bytes. */
  readonly isIdentical?: boolean
  /** Why a module is not valid, if it is not, by full validation. */
  readonly faults?: {
    readonly before: Fault | undefined
    readonly after: Fault | undefined
  }
  /** Sections and named functions with the same size but different bytes. */
  readonly sameSize?: {
    readonly sections: ReadonlyArray<string>
    readonly functions: ReadonlyArray<string>
  }
  /** Sections whose size differs, custom ones by their own names. */
  readonly sections: ReadonlyArray<SizeChange>
  /** Named functions that were added, removed, or changed in size, the largest change first. */
  readonly functions: ReadonlyArray<SizeChange>
  /** Unnamed functions, which cannot be compared one by one: their number, and their total size in bytes. */
  readonly unnamed: {
    readonly before: { readonly count: number; readonly size: number }
    readonly after: { readonly count: number; readonly size: number }
  }
  /** Imports; one whose type has changed is both removed and added. */
  readonly imports: SetChange<ImportReport>
  /** Exports, likewise. */
  readonly exports: SetChange<NamedExport>
  /** The types of memories and tables, defined and imported, likewise. */
  readonly memories: SetChange<string>
  readonly tables: SetChange<string>
  readonly features: SetChange<string>
}
