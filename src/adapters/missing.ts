/**
 * Finds the imports that an import object lacks, and the expected exports that a module lacks.
 *
 * @module
 */
import { printText } from "../messages/print.ts"
import { classOf } from "../messages/wording.ts"
import { exportsOf, importsOf } from "../platform/module_brand.ts"

/** An import or export that is missing, or of another kind. */
export interface Missing {
  /** The module name of an import; `undefined` for an export. */
  readonly module?: string | undefined
  /** The name, unescaped: not safe to print. */
  readonly name: string
  /** The expected kind, if there is one. */
  readonly kind?: string | undefined
  /** The kind that was found instead, if any. */
  readonly found?: string | undefined
}

/** How many are listed in a message. */
const mostNamed = 5

/** A kind or a class in a sentence. */
const withArticle = (word: string): string => {
  const plain = /^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : printText(word)
  if (plain === "undefined" || plain === "null") return plain
  return `${/^[aeiou]/i.test(plain) ? "an" : "a"} ${plain}`
}

const detailOf = ({ found, kind }: Missing): string => {
  if (found === undefined) return kind === undefined ? "" : ` (${printText(kind)})`
  return kind === undefined ? "" : ` (expected ${withArticle(kind)}, found ${withArticle(found)})`
}

/**
 * Lists the first ones for a message.
 *
 * @param missing all that are missing
 */
export const listOf = (missing: ReadonlyArray<Missing>): string => {
  const named = missing.slice(0, mostNamed).map((each) => {
    const { module, name } = each
    return `${printText(module === undefined ? name : `${module}.${name}`)}${detailOf(each)}`
  })
  const rest = missing.length - named.length
  return `${named.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`
}

/** What a value given for an import is, if it cannot be of the import's kind; `undefined` if it may be. */
const misfit = (value: unknown, kind: string): string | undefined => {
  switch (kind) {
    case "function":
      return typeof value === "function" ? undefined : typeof value
    case "memory":
    case "table":
    case "tag": {
      const tag = classOf(value)
      return tag.toLowerCase() === `webassembly.${kind}` ? undefined : tag
    }
    default:
      // Which values a global accepts, only the engine knows.
      return value === undefined ? "undefined" : undefined
  }
}

const lookUp = (object: unknown, name: string): unknown =>
  (typeof object === "object" && object !== null) || typeof object === "function"
    ? Reflect.get(object, name)
    : undefined

/**
 * The imports of a module that an import object lacks, or has with another kind.
 *
 * @param module the module
 * @param imports the import object
 */
export const missingImports = (
  module: WebAssembly.Module,
  imports: object,
): ReadonlyArray<Missing> =>
  importsOf(module).flatMap(({ kind, module, name }): ReadonlyArray<Missing> => {
    const value = lookUp(lookUp(imports, module), name)
    const found = misfit(value, kind)
    if (found === undefined) return []
    return [value === undefined ? { module, name, kind } : { module, name, kind, found }]
  })

/**
 * The expected exports that a module lacks, or has with another kind.
 *
 * @param module the module
 * @param wanted the expected names, and kinds if they matter
 */
export const missingExports = (
  module: WebAssembly.Module,
  wanted: ReadonlyArray<readonly [name: string, kind: string | undefined]>,
): ReadonlyArray<Missing> => {
  const kinds = new Map(exportsOf(module).map(({ kind, name }) => [name, kind]))
  return wanted.flatMap(([name, kind]): ReadonlyArray<Missing> => {
    const found = kinds.get(name)
    if (found !== undefined && (kind === undefined || found === kind)) return []
    return [{ name, kind, found }]
  })
}
