/**
 * Which patterns of a list fit an import or an export. Patterns with exact names are found by them: a policy made of a module
 * has one for each of its exports.
 *
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"
import type { ImportPattern, NamePattern } from "./rules.ts"
import { isOwnType } from "./rules.ts"

/** What patterns are about. */
export interface Named {
  /** The module imported from; `undefined` of an export. */
  readonly module?: string
  readonly name: string
  readonly kind: ExternalKindName
  /** `undefined` where it is not known. */
  readonly type: string | undefined
}

/** The kind that a type is of. */
const kindOf = (type: string): ExternalKindName => {
  const [, word = ""] = /^\((\w+)/.exec(type) ?? []
  return word === "table" || word === "memory" || word === "global" || word === "tag"
    ? word
    : "function"
}

const fitsText = (
  text: string,
  exact: string | undefined,
  prefix: string | undefined,
): boolean =>
  (exact === undefined || text === exact) && (prefix === undefined || text.startsWith(prefix))

/** Whether a pattern fits a name. */
export const fitsName = ({ name, namePrefix }: NamePattern, text: string): boolean =>
  fitsText(text, name, namePrefix)

/** Whether a pattern fits: `undefined` where that depends on a type which is not known. */
const fits = (pattern: ImportPattern, named: Named): boolean | undefined => {
  const { kind, module, modulePrefix, type } = pattern
  if (!fitsName(pattern, named.name)) return false
  if (named.module !== undefined && !fitsText(named.module, module, modulePrefix)) return false
  if (kind !== undefined && kind !== named.kind) return false
  if (type === undefined) return true
  if (kindOf(type) !== named.kind) return false
  return named.type === undefined ? undefined : named.type === type && !isOwnType(type)
}

/** By what patterns with an exact name are found. */
const keyOf = (module: string | undefined, name: string): string =>
  `${module?.length}:${module}${name}`

/** Patterns, those that fit something among them. */
export class Patterns<Pattern extends ImportPattern> {
  readonly #exact: Map<string, Array<Pattern>> = new Map()
  readonly #others: Array<Pattern> = []
  readonly #isOfImports: boolean

  /**
   * @param patterns the patterns
   * @param isOfImports whether they are about imports
   */
  constructor(patterns: ReadonlyArray<Pattern>, isOfImports: boolean) {
    this.#isOfImports = isOfImports
    for (const pattern of patterns) {
      const { module, name } = pattern
      if (name === undefined || (isOfImports && module === undefined)) {
        this.#others.push(pattern)
        continue
      }
      const key = keyOf(module, name)
      const same = this.#exact.get(key)
      if (same === undefined) this.#exact.set(key, [pattern])
      else same.push(pattern)
    }
  }

  /** The patterns that fit, and whether one more may, which depends on a type that is not known. */
  fitting(named: Named): { readonly patterns: ReadonlyArray<Pattern>; readonly maybe: boolean } {
    const key = keyOf(this.#isOfImports ? named.module : undefined, named.name)
    const patterns: Array<Pattern> = []
    let maybe = false
    for (const pattern of [...this.#exact.get(key) ?? [], ...this.#others]) {
      const found = fits(pattern, named)
      if (found === true) patterns.push(pattern)
      maybe ||= found === undefined
    }
    return { patterns, maybe }
  }
}
