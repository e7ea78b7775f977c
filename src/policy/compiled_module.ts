/**
 * The facts that can be read from a compiled module: the names and kinds of its imports and exports, and whether it has
 * custom sections of given names. Types, sizes and features are lost.
 *
 * @see https://webassembly.github.io/spec/js-api/#modules
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"
import type { ModuleFact } from "./facts.ts"
import type { PolicyRules } from "./rules.ts"

// Taken at import, as programs may replace platform functions. If WebAssembly is disabled, there are no modules.
const Module = typeof WebAssembly === "undefined" ? undefined : WebAssembly.Module
const listImports = Module?.imports
const listExports = Module?.exports
const listCustomSections = Module?.customSections

interface Descriptor {
  readonly name: string
  readonly kind: ExternalKindName
}

/** The imports of a compiled module, without those that the engine provides (builtins, string constants). */
export const importsOf = (
  module: WebAssembly.Module,
): ReadonlyArray<Descriptor & { readonly module: string }> =>
  listImports?.(module).map(({ kind, module, name }) => ({ module, name, kind })) ?? []

/** The exports of a compiled module. */
export const exportsOf = (module: WebAssembly.Module): ReadonlyArray<Descriptor> =>
  listExports?.(module).map(({ kind, name }) => ({ name, kind })) ?? []

/**
 * The first thing that the rules need but a compiled module does not show, in words; types of imports and exports are
 * handled elsewhere.
 *
 * @param rules the rules
 * @param hasFunction whether the policy has a function too
 */
export const needsBytes = (rules: PolicyRules, hasFunction: boolean): string | undefined => {
  const { customSections, features, functions, memory, moduleSize, start, table } = rules
  const isLimited = (ceiling: PolicyRules["memory"]) =>
    ceiling?.initial !== undefined || ceiling?.maximum !== undefined
  const isListed = (lists: PolicyRules["features"]) =>
    lists?.allow !== undefined || lists?.refuse !== undefined
  const needs: ReadonlyArray<readonly [needed: boolean, what: string]> = [
    [isLimited(memory), "the size of its memories"],
    [isLimited(table), "the size of its tables"],
    [functions !== undefined, "how many functions it has"],
    [moduleSize !== undefined, "its size"],
    [isListed(features), "which features it uses"],
    [start === false, "whether it has a start function"],
    [
      customSections?.allow !== undefined ||
      customSections?.refuse?.some(({ name }) => name === undefined) === true,
      "which custom sections it has",
    ],
    [hasFunction, "what the policy's function is asked about"],
  ]
  return needs.find(([needed]) => needed)?.[1]
}

/**
 * The facts that a compiled module shows.
 *
 * @param module the module
 * @param rules the rules, which name the custom sections to look for
 */
export const compiledFacts = (
  module: WebAssembly.Module,
  { customSections }: PolicyRules,
): ReadonlyArray<ModuleFact> => [
  ...importsOf(module).map((entry): ModuleFact => ({ fact: "import", ...entry, type: undefined })),
  { fact: "end-of-imports" },
  ...exportsOf(module).map((entry): ModuleFact => ({ fact: "export", ...entry, type: undefined })),
  { fact: "end-of-exports" },
  ...(customSections?.refuse ?? []).flatMap(({ name }): ReadonlyArray<ModuleFact> =>
    name !== undefined && (listCustomSections?.(module, name) ?? []).length > 0
      ? [{ fact: "custom-section", name }]
      : []
  ),
]
