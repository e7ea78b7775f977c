/**
 * The facts about a module, in the order of its bytes, which a policy's rules and function check.
 *
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"

/** The place of a fact. */
export interface Place {
  /** The section, by its name in the specification; `undefined` for a compiled module. */
  readonly section?: string | undefined
  /** The offset, in bytes from the module's start. */
  readonly offset?: number | undefined
}

/** An import. */
export interface ImportFact extends Place {
  /** The kind of fact. */
  readonly fact: "import"
  /** The module name of the import, unescaped: not safe to print. */
  readonly module: string
  /** The name of the import, likewise. */
  readonly name: string
  /** The kind of import. */
  readonly kind: ExternalKindName
  /** Its type, in the notation of the text format; `undefined` for a compiled module. */
  readonly type: string | undefined
}

/** An export. */
export interface ExportFact extends Place {
  /** The kind of fact. */
  readonly fact: "export"
  /** The name of the export, unescaped: not safe to print. */
  readonly name: string
  /** The kind of export. */
  readonly kind: ExternalKindName
  /** Its type, in the notation of the text format; `undefined` for a compiled module. */
  readonly type: string | undefined
}

/** The limits of a memory, in pages, or of a table, in entries, whether defined or imported. */
export interface LimitsFact extends Place {
  /** The kind of fact. */
  readonly fact: "memory" | "table"
  /** Whether it is an import. */
  readonly isImported: boolean
  /** The initial size. Exact up to 2^53, and rounded up beyond. */
  readonly initial: number
  /** The maximum size, rounded likewise; `undefined` if there is none. */
  readonly maximum: number | undefined
}

/** A fact about a module. */
export type ModuleFact =
  | ImportFact
  | ExportFact
  | LimitsFact
  /** The number of functions that it defines. */
  | Place & { readonly fact: "functions"; readonly count: number }
  /** It has a start function. */
  | Place & { readonly fact: "start" }
  /** It uses a feature, named as in `features` of a report. */
  | Place & { readonly fact: "feature"; readonly feature: string }
  /** A section begins; it ends `end` bytes from the module's start. */
  | Place & { readonly fact: "section"; readonly section: string; readonly end: number }
  /** A custom section. Its name is unescaped: not safe to print. */
  | Place & { readonly fact: "custom-section"; readonly name: string }
  /** All imports, or exports, are known. */
  | Place & { readonly fact: "end-of-imports" | "end-of-exports" }
  /** Everything but the code and the data is known; reported before these. */
  | Place & { readonly fact: "end-of-declarations" }
  /** Everything is known: `size` is the module's size in bytes. */
  | Place & { readonly fact: "end"; readonly size: number }
