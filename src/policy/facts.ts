/**
 * What a module shows of itself, in the order of its bytes: what the rules of a policy are about, and what its function is
 * asked about.
 *
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"

/** Where a fact is shown. */
export interface Place {
  /** The section that shows it, by its name in the specification; `undefined` of a module that is compiled already. */
  readonly section?: string | undefined
  /** Where: bytes from the module's start. */
  readonly offset?: number | undefined
}

/** An import. Its type is `undefined` where only the compiled module is there. */
export interface ImportFact extends Place {
  /** What kind of fact it is. */
  readonly fact: "import"
  /** The name of the module imported from, as it is in the module: not safe to print. */
  readonly module: string
  /** The import's name, likewise. */
  readonly name: string
  /** What is imported. */
  readonly kind: ExternalKindName
  /** Its type, in the notation of the text format. */
  readonly type: string | undefined
}

/** An export. Its type is `undefined` where only the compiled module is there. */
export interface ExportFact extends Place {
  /** What kind of fact it is. */
  readonly fact: "export"
  /** Its name, as it is in the module: not safe to print. */
  readonly name: string
  /** What is exported. */
  readonly kind: ExternalKindName
  /** Its type, in the notation of the text format. */
  readonly type: string | undefined
}

/** A memory, in pages, or a table, in entries; imported ones too. */
export interface LimitsFact extends Place {
  /** What kind of fact it is. */
  readonly fact: "memory" | "table"
  /** Whether it is an import. */
  readonly isImported: boolean
  /** How large it is at first. Exact up to 2^53, and rounded up beyond. */
  readonly initial: number
  /** How large it may become; `undefined` if there is no maximum. */
  readonly maximum: number | undefined
}

/** What a module shows of itself. */
export type ModuleFact =
  | ImportFact
  | ExportFact
  | LimitsFact
  /** How many functions it defines. */
  | Place & { readonly fact: "functions"; readonly count: number }
  /** It has a start function. */
  | Place & { readonly fact: "start" }
  /** It uses a feature, as `features` of a report names it. */
  | Place & { readonly fact: "feature"; readonly feature: string }
  /** A section begins; it ends `end` bytes from the module's start. */
  | Place & { readonly fact: "section"; readonly section: string; readonly end: number }
  /** A custom section. Its name is as it is in the module: not safe to print. */
  | Place & { readonly fact: "custom-section"; readonly name: string }
  /** All imports, or exports, are known. */
  | Place & { readonly fact: "end-of-imports" | "end-of-exports" }
  /** All but the code and the data is known; told before the first of them. */
  | Place & { readonly fact: "end-of-declarations" }
  /** All is known: `size` is the module's size in bytes. */
  | Place & { readonly fact: "end"; readonly size: number }
