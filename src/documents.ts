/**
 * The documents of JSON that the command writes. Each has a version: a document that is written now can be read by every
 * later release.
 *
 * @module
 */
import type { FunctionReport, TypedReport } from "./binary/report/outline.ts"
import type { ExternalKindName } from "./binary/report/print.ts"
import type { ImportReport, ModuleReport } from "./binary/report/module_report.ts"

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
  readonly functions: ReadonlyArray<FunctionReport>
  /** The globals, imported ones first. */
  readonly globals: ReadonlyArray<TypedReport>
  /** The tags, imported ones first. */
  readonly tags: ReadonlyArray<TypedReport>
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

/** Why the policy of `--policy` refuses a module: the fields of `PolicyError`. */
export interface Refusal {
  /** The rule that the module breaks, by its place in the policy; stable. */
  readonly rule: string
  /** Where that shows, in bytes from the start of the module. */
  readonly offset: number | undefined
  /** The section that shows it, by its name in the specification. */
  readonly section: string | undefined
  /** The import that breaks the rule. Names are as they are in the module: not safe to print. */
  readonly import: Omit<ImportReport, "type"> & { readonly type: string | undefined } | undefined
  /** The export that breaks the rule. */
  readonly export: Omit<NamedExport, "type"> & { readonly type: string | undefined } | undefined
  /** The entry of `imports.require` or `exports.require` that nothing fits. */
  readonly missing: { readonly [member: string]: string } | undefined
  /** The custom section that breaks the rule. */
  readonly customSection: string | undefined
  /** The feature that breaks the rule. */
  readonly feature: string | undefined
  /** The ceiling, in the unit of its rule. */
  readonly ceiling: number | undefined
  /** What the module has instead; `undefined` where it has no maximum. */
  readonly actual: number | undefined
  /** What is refused, for people. */
  readonly message: string
}

/** Why a module could not be read. */
export interface Unread {
  /** One of the reasons of `LoadError` or `TypeError`, where it is one; stable. */
  readonly reason: string | undefined
  /** What happened, for people. */
  readonly message: string
}

/** One module, validated. */
export interface ValidateResult {
  /** What was validated. */
  readonly source: string
  /** Whether the module is valid, as the specification has it; `false` where it could not be read. */
  readonly isValid: boolean
  /** Why it could not be read; absent where it was. Nothing else is known of it then: the size is 0. */
  readonly unread?: Unread
  /** What is wrong, where it is not. */
  readonly fault: Fault | undefined
  /** Why the policy refuses it; absent where it does not, or where there is no policy. */
  readonly refusal?: Refusal
  /** What this engine says; `undefined` where it was not asked. */
  readonly engine: { readonly isValid: boolean; readonly message: string | undefined } | undefined
  /** The size in bytes. */
  readonly size: number
  /** The features that are used; empty where the module is not valid. */
  readonly features: ReadonlyArray<string>
}

/** What `compile-streaming validate --json` writes. */
export interface ValidateDocument {
  /** What kind of document it is. */
  readonly document: "validate"
  /** The version of the document's form. */
  readonly version: 1
  /** The engine that was asked too, and its version. */
  readonly engine: string
  /** The file of the policy; absent where there is none. */
  readonly policy?: string
  /** The modules, in the order in which they were given. */
  readonly modules: ReadonlyArray<ValidateResult>
}

/** A name with its sizes in bytes, before and after; 0 where it is not there. */
export interface SizeChange {
  /** As it is in the module: not safe to print. */
  readonly name: string
  readonly before: number
  readonly after: number
}

/** What there is in one module and not in the other. */
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
  /** What kind of document it is. */
  readonly document: "diff"
  /** The version of the document's form. */
  readonly version: 1
  /** What was compared. */
  readonly before: string
  readonly after: string
  /** The sizes of the modules in bytes. */
  readonly size: { readonly before: number; readonly after: number }
  /** Whether the modules are the same byte by byte; absent in documents of before it was compared. */
  readonly isIdentical?: boolean
  /** Why a module is not valid, if it is not: `full` validation. */
  readonly faults?: {
    readonly before: Fault | undefined
    readonly after: Fault | undefined
  }
  /** What has the same size and other bytes: sections, and functions with names. */
  readonly sameSize?: {
    readonly sections: ReadonlyArray<string>
    readonly functions: ReadonlyArray<string>
  }
  /** Sections whose size differs, custom ones by their own names. */
  readonly sections: ReadonlyArray<SizeChange>
  /** Functions with names that are new, gone, or of another size, the largest change first. */
  readonly functions: ReadonlyArray<SizeChange>
  /** Functions without names, which cannot be told apart: how many there are, and their bytes. */
  readonly unnamed: {
    readonly before: { readonly count: number; readonly size: number }
    readonly after: { readonly count: number; readonly size: number }
  }
  /** Imports; one whose type has changed is removed and added. */
  readonly imports: SetChange<ImportReport>
  /** Exports, likewise. */
  readonly exports: SetChange<NamedExport>
  /** The types of memories and tables of the modules' own and imported, likewise. */
  readonly memories: SetChange<string>
  readonly tables: SetChange<string>
  readonly features: SetChange<string>
}
