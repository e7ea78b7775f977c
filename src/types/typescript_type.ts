/**
 * What values of WebAssembly are in TypeScript.
 *
 * @see https://webassembly.github.io/spec/js-api/#tojsvalue
 * @see https://webassembly.github.io/spec/js-api/#towebassemblyvalue
 *
 * @module
 */
import type { ExternalType, ValueType } from "./external_type.ts"

/** Whether a value goes into the module or comes out of it. */
export type Direction = "in" | "out"

/** What a reference to an abstract heap type is, `null` aside. */
const REFERENCES: ReadonlyMap<string, string> = new Map([
  // Any value at all; null is that of the nullable reference.
  ["any", "{} | undefined"],
  ["extern", "{} | undefined"],
  ["i31", "number"],
  ["eq", "number | object"],
  ["func", "Function"],
  // Structs and arrays are objects that only the module looks into. Functions are objects too.
  ["struct", "object"],
  ["array", "object"],
  ["concrete", "object"],
])

/** A value that never crosses the boundary: reading or passing it is a `TypeError`. */
const NEVER = "never"

/** The type of a value. */
export const valueTypeText = (type: ValueType): string => {
  if (type.kind === "number") {
    return type.name === "v128" ? NEVER : type.name === "i64" ? "bigint" : "number"
  }
  const { heap, isNullable } = type
  if (heap === "exn" || heap === "noexn") return NEVER
  if (isNullable && (heap === "any" || heap === "extern")) return "unknown"
  // The bottom types have no values but null.
  const text = REFERENCES.get(heap)
  return text === undefined ? isNullable ? "null" : NEVER : isNullable ? `${text} | null` : text
}

/**
 * The result of a function.
 *
 * @param direction `in` where JavaScript returns it to the module: no result means any, and several may be in any list that
 * cannot be changed
 */
export const resultText = (results: ReadonlyArray<ValueType>, direction: Direction): string => {
  const [first] = results
  const isIn = direction === "in"
  if (first === undefined) return "void"
  // A call that would pass such a value throws before or after: what the function returns does not matter.
  if (isIn && results.some((type) => valueTypeText(type) === NEVER)) return "unknown"
  if (results.length === 1) return valueTypeText(first)
  return `${isIn ? "readonly " : ""}[${results.map(valueTypeText).join(", ")}]`
}

/** The parameters of a function, with their parentheses. */
export const parametersText = (parameters: ReadonlyArray<ValueType>): string =>
  `(${parameters.map((type, index) => `p${index}: ${valueTypeText(type)}`).join(", ")})`

/** The types of their own that declarations refer to: `MutableGlobal` can be written to. */
export type Helper =
  | "Global"
  | "MutableGlobal"
  | "Tag"
  | "Table"
  | "Table64"
  | "Memory64"

/** Members of a table of `T`. What is not given for an entry is null, or undefined for an `externref`. */
const tableMembers = (index: string): string => {
  const entry = "...value: null extends T ? [value?: T] : [value: T]"
  return `get(index: ${index}): T; set(index: ${index}, ${entry}): void; grow(delta: ${index}, ${entry}): ${index}`
}

/**
 * How each is declared, by its name and its parameters. Libraries know tables and memories of 32 bits alone, and take any
 * value for an entry: what differs is left out of theirs, as an intersection would accept both forms.
 */
const HELPERS: ReadonlyMap<Helper, readonly [head: string, body: string]> = new Map([
  ["Global", ["Global<T>", "{ readonly value: T; valueOf(): T }"]],
  ["MutableGlobal", ["MutableGlobal<T>", "{ value: T; valueOf(): T }"]],
  [
    "Tag",
    [
      "Tag",
      // The library of Deno and the types of Bun have no WebAssembly.Tag.
      "object & (typeof WebAssembly extends { readonly Tag: { readonly prototype: infer T } } ? T : object)",
    ],
  ],
  [
    "Table",
    ["Table<T>", `{ ${tableMembers("number")} } & Omit<WebAssembly.Table, "set" | "grow">`],
  ],
  [
    "Table64",
    [
      "Table64<T>",
      `{ readonly length: bigint; ${tableMembers("bigint")} }` +
      ' & Omit<WebAssembly.Table, "length" | "get" | "set" | "grow">',
    ],
  ],
  [
    "Memory64",
    ["Memory64", '{ grow(delta: bigint): bigint } & Omit<WebAssembly.Memory, "grow">'],
  ],
])

/** Notes which types of their own declarations refer to, and declares those. */
export class Helpers {
  readonly #prefix: string
  readonly #used: Set<Helper> = new Set()

  /** Begins with none; the prefix keeps their names from those of a module. */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** The name of one, which is declared then. */
  use(helper: Helper): string {
    this.#used.add(helper)
    return this.#prefix + helper
  }

  /** The declarations of those that are used. */
  lines(): ReadonlyArray<string> {
    return [...HELPERS].flatMap(([helper, [head, body]]) =>
      this.#used.has(helper) ? ["", `type ${this.#prefix}${head} = ${body}`] : []
    )
  }
}

/** A table. */
const tableText = (
  { element, is64 }: Extract<ExternalType, { readonly kind: "table" }>,
  helpers: Helpers,
): string => `${helpers.use(is64 ? "Table64" : "Table")}<${valueTypeText(element)}>`

/** A memory. */
const memoryText = (
  { is64 }: Extract<ExternalType, { readonly kind: "memory" }>,
  helpers: Helpers,
): string => is64 ? helpers.use("Memory64") : "WebAssembly.Memory"

/** What has to be given for an import. */
export const importText = (type: ExternalType, helpers: Helpers): string => {
  switch (type.kind) {
    case "function":
      return `${parametersText(type.parameters)} => ${resultText(type.results, "in")}`
    case "table":
      // Any of 32 bits: what the library makes does not say what its entries are.
      return type.is64 ? tableText(type, helpers) : "WebAssembly.Table"
    case "memory":
      return memoryText(type, helpers)
    case "tag":
      return helpers.use("Tag")
    case "global": {
      const value = valueTypeText(type.value)
      if (value === NEVER) return "WebAssembly.Global"
      if (type.isMutable) return `${helpers.use("MutableGlobal")}<${value}>`
      return value === "unknown" ? value : `${value} | ${helpers.use("Global")}<${value}>`
    }
  }
}

/** What an export is, in `instance.exports`. */
export const exportText = (type: ExternalType, helpers: Helpers): string => {
  switch (type.kind) {
    case "function":
      return `${parametersText(type.parameters)} => ${resultText(type.results, "out")}`
    case "table":
      return tableText(type, helpers)
    case "memory":
      return memoryText(type, helpers)
    case "tag":
      return helpers.use("Tag")
    case "global":
      return `${helpers.use(type.isMutable ? "MutableGlobal" : "Global")}<${
        valueTypeText(type.value)
      }>`
  }
}
