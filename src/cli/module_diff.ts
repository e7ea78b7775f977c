/**
 * What differs between two builds of a module. Names are anybody's: they are sorted and merged, as a hash table of them
 * could be made slow.
 *
 * @module
 */
import type { ModuleOutline } from "../binary/report/outline.ts"
import type { DiffDocument, SetChange, SizeChange } from "../documents.ts"

interface Sized {
  readonly name: string
  readonly size: number
}

const byKey = <A>(keyOf: (entry: A) => string) => (a: A, b: A): number => {
  const [first, second] = [keyOf(a), keyOf(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

/** Pairs entries of one key, in their order; what has no other is paired with nothing. */
const paired = <A>(
  before: ReadonlyArray<A>,
  after: ReadonlyArray<A>,
  keyOf: (entry: A) => string,
): ReadonlyArray<readonly [before: A | undefined, after: A | undefined]> => {
  const [old, now] = [[...before].sort(byKey(keyOf)), [...after].sort(byKey(keyOf))]
  const pairs: Array<readonly [A | undefined, A | undefined]> = []
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    const [a, b] = [old[i], now[j]]
    const order = a === undefined ? 1 : b === undefined ? -1 : byKey(keyOf)(a, b)
    pairs.push([order <= 0 ? a : undefined, order >= 0 ? b : undefined])
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return pairs
}

const changedSizes = (
  before: ReadonlyArray<Sized>,
  after: ReadonlyArray<Sized>,
): ReadonlyArray<SizeChange> =>
  paired(before, after, ({ name }) => name)
    .map(([a, b]) => ({ name: (a ?? b)?.name ?? "", before: a?.size ?? 0, after: b?.size ?? 0 }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))

const changedSet = <A>(
  before: ReadonlyArray<A>,
  after: ReadonlyArray<A>,
  keyOf: (entry: A) => string,
): SetChange<A> => {
  const pairs = paired(before, after, keyOf)
  return {
    added: pairs.flatMap(([a, b]) => a === undefined && b !== undefined ? [b] : []),
    removed: pairs.flatMap(([a, b]) => b === undefined && a !== undefined ? [a] : []),
  }
}

const sectionsOf = ({ report }: ModuleOutline): ReadonlyArray<Sized> =>
  report.sections.map(({ customName, name, size }) => ({
    name: customName === undefined ? name : `custom ${customName}`,
    size,
  }))

const namedFunctions = ({ functions }: ModuleOutline): ReadonlyArray<Sized> =>
  functions.flatMap(({ name, size }) => name === undefined ? [] : [{ name, size }])

const unnamed = (
  { functions }: ModuleOutline,
): { readonly count: number; readonly size: number } => {
  const without = functions.filter(({ name }) => name === undefined)
  return { count: without.length, size: without.reduce((sum, { size }) => sum + size, 0) }
}

const itself = (text: string): string => text

/**
 * Compares two modules.
 *
 * @param before what the first one is called, and what is in it
 * @param after the same of the second one
 */
export const diffOf = (
  before: { readonly name: string; readonly outline: ModuleOutline },
  after: { readonly name: string; readonly outline: ModuleOutline },
): DiffDocument => {
  const [a, b] = [before.outline, after.outline]
  const typeOf = ({ type }: { readonly type: string }): string => type
  const exportsOf = ({ report }: ModuleOutline) =>
    report.exports.map(({ kind, name, type }) => ({ name, kind, type }))
  return {
    document: "diff",
    version: 1,
    before: before.name,
    after: after.name,
    size: { before: a.report.size, after: b.report.size },
    sections: changedSizes(sectionsOf(a), sectionsOf(b)),
    functions: changedSizes(namedFunctions(a), namedFunctions(b)),
    unnamed: { before: unnamed(a), after: unnamed(b) },
    imports: changedSet(
      a.report.imports,
      b.report.imports,
      ({ module, name, type }) => JSON.stringify([module, name, type]),
    ),
    exports: changedSet(
      exportsOf(a),
      exportsOf(b),
      ({ name, type }) => JSON.stringify([name, type]),
    ),
    memories: changedSet(a.report.memories.map(typeOf), b.report.memories.map(typeOf), itself),
    tables: changedSet(a.report.tables.map(typeOf), b.report.tables.map(typeOf), itself),
    features: changedSet(a.report.features, b.report.features, itself),
  }
}
