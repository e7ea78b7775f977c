/**
 * Finds the patterns of a list that match an import or an export. They are indexed by name, as a policy made from a module
 * has one for each of its exports.
 *
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"
import type { ImportPattern, NamePattern } from "./rules.ts"
import { isOwnType, kindOfType } from "./external_types.ts"

/** An import or an export. */
export interface Named {
  /** The module name of an import; `undefined` for an export. */
  readonly module?: string
  readonly name: string
  readonly kind: ExternalKindName
  /** The type; `undefined` if it is not known. */
  readonly type: string | undefined
}

const matchesText = (
  text: string,
  exact: string | undefined,
  prefix: string | undefined,
): boolean =>
  (exact === undefined || text === exact) && (prefix === undefined || text.startsWith(prefix))

/** Whether a pattern matches a name. */
export const matchesName = ({ name, namePrefix }: NamePattern, text: string): boolean =>
  matchesText(text, name, namePrefix)

/** Whether a pattern matches; `undefined` if that depends on a type that is not known. */
const matches = (pattern: ImportPattern, named: Named): boolean | undefined => {
  const { kind, module, modulePrefix, type } = pattern
  if (!matchesName(pattern, named.name)) return false
  if (named.module !== undefined && !matchesText(named.module, module, modulePrefix)) return false
  if (kind !== undefined && kind !== named.kind) return false
  if (type === undefined) return true
  if (kindOfType(type) !== named.kind) return false
  return named.type === undefined ? undefined : named.type === type && !isOwnType(type)
}

/** Patterns with the same key: those without a type, and the others by their type. */
interface Bucket<Pattern> {
  readonly untyped: Array<Pattern>
  readonly typed: Map<string, Array<Pattern>>
}

const addTo = <Key, Entry>(lists: Map<Key, Array<Entry>>, key: Key, entry: Entry): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [entry])
  else list.push(entry)
}

/** Buckets by a text or by a prefix. Lookup time depends on the text, not on the number of patterns. */
class Buckets<Pattern extends ImportPattern> {
  readonly #buckets: Map<string, Bucket<Pattern>> = new Map()
  /** The lengths of the keys, for prefixes. */
  readonly #lengths: Set<number> = new Set()

  add(key: string, pattern: Pattern): void {
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      bucket = { untyped: [], typed: new Map() }
      this.#buckets.set(key, bucket)
      this.#lengths.add(key.length)
    }
    if (pattern.type === undefined) bucket.untyped.push(pattern)
    else addTo(bucket.typed, pattern.type, pattern)
  }

  /** The patterns of a text. */
  exactly(text: string, type: string | undefined): ReadonlyArray<Pattern> {
    const bucket = this.#buckets.get(text)
    if (bucket === undefined) return []
    if (type === undefined) return [...bucket.untyped, ...[...bucket.typed.values()].flat()]
    return [...bucket.untyped, ...bucket.typed.get(type) ?? []]
  }

  /** The patterns of all prefixes of a text. */
  before(text: string, type: string | undefined): ReadonlyArray<Pattern> {
    const found: Array<Pattern> = []
    for (const length of this.#lengths) {
      if (length <= text.length) found.push(...this.exactly(text.slice(0, length), type))
    }
    return found
  }
}

/** A list of patterns, indexed. */
export class Patterns<Pattern extends ImportPattern> {
  /** Each pattern is in one of these, by its most selective member. */
  readonly #names: Buckets<Pattern> = new Buckets()
  readonly #namePrefixes: Buckets<Pattern> = new Buckets()
  readonly #modules: Buckets<Pattern> = new Buckets()
  readonly #modulePrefixes: Buckets<Pattern> = new Buckets()
  readonly #others: Buckets<Pattern> = new Buckets()

  /** @param patterns the patterns */
  constructor(patterns: ReadonlyArray<Pattern>) {
    for (const pattern of patterns) {
      const { module, modulePrefix, name, namePrefix } = pattern
      if (name !== undefined) this.#names.add(name, pattern)
      else if (namePrefix !== undefined && namePrefix !== "") {
        this.#namePrefixes.add(namePrefix, pattern)
      } else if (module !== undefined) this.#modules.add(module, pattern)
      else if (modulePrefix !== undefined) this.#modulePrefixes.add(modulePrefix, pattern)
      else this.#others.add("", pattern)
    }
  }

  /** The patterns that match, and whether others may, depending on a type that is not known. */
  matching(named: Named): { readonly patterns: ReadonlyArray<Pattern>; readonly maybe: boolean } {
    const { module, name, type } = named
    const candidates = [
      ...this.#names.exactly(name, type),
      ...this.#namePrefixes.before(name, type),
      ...(module === undefined ? [] : this.#modules.exactly(module, type)),
      ...(module === undefined ? [] : this.#modulePrefixes.before(module, type)),
      ...this.#others.exactly("", type),
    ]
    const patterns: Array<Pattern> = []
    let maybe = false
    for (const pattern of candidates) {
      const found = matches(pattern, named)
      if (found === true) patterns.push(pattern)
      maybe ||= found === undefined
    }
    return { patterns, maybe }
  }
}
