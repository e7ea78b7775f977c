/**
 * What differs between two builds of a module. Entries are sorted and merged by name rather than hashed: a module could
 * choose names that make a hash table slow.
 *
 * @module
 */
import { Buffer } from "node:buffer"
import type { ModuleOutline } from "../binary/report/outline.ts"
import { findFault } from "../binary/validation/find_fault.ts"
import type { DiffDocument, Fault, SetChange, SizeChange } from "../documents.ts"
import { withoutTypeIndices } from "../types/external_type.ts"

/** A module to be compared. */
export interface DiffSource {
  /** Its name in documents. */
  readonly source: string
  readonly outline: ModuleOutline
  readonly bytes: Uint8Array
}

interface Sized {
  readonly name: string
  readonly size: number
}

interface Part extends Sized {
  readonly bytes: Uint8Array
}

const byKey = <A>(keyOf: (entry: A) => string) => (a: A, b: A): number => {
  const [first, second] = [keyOf(a), keyOf(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

/** Pairs entries of the same key, in order; an entry without a counterpart is paired with `undefined`. */
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

const sectionsOf = ({ bytes, outline: { report } }: DiffSource): ReadonlyArray<Part> =>
  report.sections.map(({ customName, name, offset, size }) => ({
    name: customName === undefined ? name : `custom ${customName}`,
    size,
    bytes: bytes.subarray(offset, offset + size),
  }))

const namedFunctions = ({ bytes, outline: { functions } }: DiffSource): ReadonlyArray<Part> =>
  functions.flatMap(({ name, offset, size }) =>
    name === undefined ? [] : [{ name, size, bytes: bytes.subarray(offset, offset + size) }]
  )

const unnamed = (
  { functions }: ModuleOutline,
): { readonly count: number; readonly size: number } => {
  const without = functions.filter(({ name }) => name === undefined)
  return { count: without.length, size: without.reduce((sum, { size }) => sum + size, 0) }
}

/** Whether two arrays of bytes are equal. */
const areSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0

/** The names of parts that have the same size in both, but different bytes. */
const sameSizes = (
  before: ReadonlyArray<Part>,
  after: ReadonlyArray<Part>,
): ReadonlyArray<string> =>
  paired(before, after, ({ name }) => name).flatMap(([a, b]) =>
    a !== undefined && b !== undefined && a.size === b.size && !areSame(a.bytes, b.bytes)
      ? [a.name]
      : []
  )

/** Why a module is not valid, if it is not. */
const faultOf = (bytes: Uint8Array): Fault | undefined => {
  const error = findFault(bytes)?.error
  if (error === undefined) return undefined
  const { code, functionIndex, message, offset, section } = error
  const reason = code === "unsupported" ? "unsupported" : "structure"
  return { reason, code, offset, section, functionIndex, message }
}

const itself = (text: string): string => text

/**
 * Compares two modules.
 *
 * @param before the first one
 * @param after the second one
 */
export const diffOf = (before: DiffSource, after: DiffSource): DiffDocument => {
  const [a, b] = [before.outline, after.outline]
  const sections = [sectionsOf(before), sectionsOf(after)] as const
  const functions = [namedFunctions(before), namedFunctions(after)] as const
  const typeOf = ({ type }: { readonly type: string }): string => withoutTypeIndices(type)
  const importsOf = ({ report }: ModuleOutline) =>
    report.imports.map((entry) => ({ ...entry, type: typeOf(entry) }))
  const exportsOf = ({ report }: ModuleOutline) =>
    report.exports.map(({ kind, name, type }) => ({ name, kind, type: withoutTypeIndices(type) }))
  return {
    document: "diff",
    version: 1,
    before: before.source,
    after: after.source,
    size: { before: a.report.size, after: b.report.size },
    isIdentical: areSame(before.bytes, after.bytes),
    faults: { before: faultOf(before.bytes), after: faultOf(after.bytes) },
    sameSize: {
      sections: sameSizes(...sections),
      functions: sameSizes(...functions),
    },
    sections: changedSizes(...sections),
    functions: changedSizes(...functions),
    unnamed: { before: unnamed(a), after: unnamed(b) },
    imports: changedSet(
      importsOf(a),
      importsOf(b),
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
