/**
 * The expectations of a ready module, and their validation: a misspelled one would otherwise have no effect.
 *
 * @module
 */
import { wordsOf } from "../messages/wording.ts"

/** A kind of import or export, as `WebAssembly.Module.exports` names it. */
export type ExternalKind = "function" | "table" | "memory" | "global" | "tag"

const kinds: ReadonlyArray<ExternalKind> = ["function", "table", "memory", "global", "tag"]

/** The expectations of a ready module. */
export interface ReadyModuleExpectations {
  /** The import object that it will be instantiated with. */
  readonly imports?: object | undefined
  /** The exports that it must have: names, or names and kinds. */
  readonly exports?: ReadonlyArray<string> | Readonly<Record<string, ExternalKind>> | undefined
}

/** Validated expectations. */
export interface Expected {
  readonly imports: object | undefined
  readonly exports: ReadonlyArray<readonly [name: string, kind: ExternalKind | undefined]>
}

const known = ["imports", "exports"]

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const isKind = (value: unknown): value is ExternalKind => kinds.some((kind) => kind === value)

const formOfExports =
  "The expected exports must be a list of names, or an object of names and kinds"

/** The expected exports, or a message about what is wrong with them. */
const readExports = (exports: unknown): Expected["exports"] | string => {
  if (exports === undefined) return []
  if (!isObject(exports)) return `${formOfExports}, not ${wordsOf(exports)}`
  if (Array.isArray(exports)) {
    const list: ReadonlyArray<unknown> = exports
    const names = list.filter((name) => typeof name === "string")
    if (names.length === list.length) return names.map((name) => [name, undefined])
    const other = list.find((name) => typeof name !== "string")
    return `The names of expected exports must be strings, not ${wordsOf(other)}`
  }
  if (Symbol.iterator in exports) return `${formOfExports}, not another iterable`
  const wanted: Array<readonly [string, ExternalKind]> = []
  for (const [name, kind] of Object.entries<unknown>({ ...exports })) {
    if (!isKind(kind)) {
      return `The kind of the expected export ${wordsOf(name)} must be one of ${
        kinds.join(", ")
      }, ` +
        `not ${wordsOf(kind)}`
    }
    wanted.push([name, kind])
  }
  return wanted
}

/**
 * Validates expectations.
 *
 * @param expected what the caller gave, of any type
 * @returns the expectations, or a message about what is wrong with them
 */
export const readExpectations = (expected: unknown): Expected | string => {
  if (expected === undefined || expected === null) return { imports: undefined, exports: [] }
  if (!isObject(expected) || Array.isArray(expected)) {
    return `What is expected must be an object, not ${wordsOf(expected)}`
  }
  const unknown = Object.keys(expected).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    return `Unknown expectation ${wordsOf(unknown)}; known: ${known.join(", ")}`
  }
  const imports: unknown = Reflect.get(expected, "imports")
  if (imports !== undefined && !isObject(imports) && typeof imports !== "function") {
    return `The expected imports must be an import object, not ${wordsOf(imports)}`
  }
  const exports = readExports(Reflect.get(expected, "exports"))
  return typeof exports === "string" ? exports : { imports, exports }
}
