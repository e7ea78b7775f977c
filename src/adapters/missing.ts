/**
 * What a module imports that an import object does not have, and what is expected of a module that it does not export.
 *
 * @module
 */
import { printText } from "../messages/print.ts"
import { classOf } from "../messages/wording.ts"
import { exportsOf, importsOf } from "../platform/module_brand.ts"

/** Something that is missing, or of another kind. */
export interface Missing {
  /** The module that it is imported from; `undefined` for an export. */
  readonly module?: string | undefined
  /** Its name: not safe to print. */
  readonly name: string
  /** The kind that it should have, where that is known. */
  readonly kind?: string | undefined
  /** What is there instead, if anything is. */
  readonly found?: string | undefined
}

/** How many are named in a message. */
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
 * The first of them, for a message.
 *
 * @param missing all of them
 */
export const listOf = (missing: ReadonlyArray<Missing>): string => {
  const named = missing.slice(0, mostNamed).map((each) => {
    const { module, name } = each
    return `${printText(module === undefined ? name : `${module}.${name}`)}${detailOf(each)}`
  })
  const rest = missing.length - named.length
  return `${named.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`
}

/** What a value given for an import is, as far as it is of no use for the kind; `undefined` where it may be. */
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
      // Of a global the engine alone knows which values it takes.
      return value === undefined ? "undefined" : undefined
  }
}

const lookUp = (object: unknown, name: string): unknown =>
  (typeof object === "object" && object !== null) || typeof object === "function"
    ? Reflect.get(object, name)
    : undefined

/**
 * What a module imports that is not in an import object, or is of another kind there.
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
 * What is expected of a module that it does not export, or exports as another kind.
 *
 * @param module the module
 * @param wanted names, and kinds where those matter
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
