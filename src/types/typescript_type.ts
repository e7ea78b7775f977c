/**
 * The TypeScript types of WebAssembly values.
 *
 * @see https://webassembly.github.io/spec/js-api/#tojsvalue
 * @see https://webassembly.github.io/spec/js-api/#towebassemblyvalue
 *
 * @module
 */
import type { ExternalType, ValueType } from "./external_type.ts"

/** Whether a value is passed into the module or out of it. */
export type Direction = "in" | "out"

/** The type of a non-null reference, by its heap type. */
const REFERENCES: ReadonlyMap<string, string> = new Map([
  // Any value but null, which only a nullable reference has.
  ["any", "{} | undefined"],
  ["extern", "{} | undefined"],
  ["i31", "number"],
  ["eq", "number | object"],
  ["func", "Function"],
  // Structs and arrays are objects whose fields only the module can access. Concrete types may also be functions.
  ["struct", "object"],
  ["array", "object"],
  ["concrete", "object"],
])

/** The type of a value that cannot cross the boundary: reading or passing it throws a `TypeError`. */
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
 * The result type of a function.
 *
 * @param direction `in` if JavaScript returns it to the module: then several results may be a readonly tuple
 */
export const resultText = (results: ReadonlyArray<ValueType>, direction: Direction): string => {
  const [first] = results
  const isIn = direction === "in"
  if (first === undefined) return "void"
  // Such a result makes every call throw, so it does not matter what the function returns.
  if (isIn && results.some((type) => valueTypeText(type) === NEVER)) return "unknown"
  if (results.length === 1) return valueTypeText(first)
  return `${isIn ? "readonly " : ""}[${results.map(valueTypeText).join(", ")}]`
}

/** The parameter list of a function, in parentheses. */
export const parametersText = (parameters: ReadonlyArray<ValueType>): string =>
  `(${parameters.map((type, index) => `p${index}: ${valueTypeText(type)}`).join(", ")})`

/** The helper types that declarations may refer to. */
export type Helper =
  | "Global"
  | "MutableGlobal"
  | "Tag"
  | "Table"
  | "Table64"
  | "Memory64"

/** The members of a table of `T`. An entry that is left out is null, or undefined for an `externref`. */
const tableMembers = (index: string): string => {
  const entry = "...value: null extends T ? [value?: T] : [value: T]"
  return `get(index: ${index}): T; set(index: ${index}, ${entry}): void; grow(delta: ${index}, ${entry}): ${index}`
}

/**
 * The declaration of each helper. TypeScript's libraries know only 32-bit tables and memories, and accept any value as an
 * entry; the members that differ are omitted from theirs, as an intersection would accept both forms.
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

/** Records which helper types are used, and declares those. */
export class Helpers {
  readonly #prefix: string
  readonly #used: Set<Helper> = new Set()

  /** Begins with none; the prefix keeps their names distinct from those of the module. */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** The name of a helper, which is then declared. */
  use(helper: Helper): string {
    this.#used.add(helper)
    return this.#prefix + helper
  }

  /** The declarations of the used helpers. */
  lines(): ReadonlyArray<string> {
    return [...HELPERS].flatMap(([helper, [head, body]]) =>
      this.#used.has(helper) ? ["", `type ${this.#prefix}${head} = ${body}`] : []
    )
  }
}

const tableText = (
  { element, is64 }: Extract<ExternalType, { readonly kind: "table" }>,
  helpers: Helpers,
): string => `${helpers.use(is64 ? "Table64" : "Table")}<${valueTypeText(element)}>`

const memoryText = (
  { is64 }: Extract<ExternalType, { readonly kind: "memory" }>,
  helpers: Helpers,
): string => is64 ? helpers.use("Memory64") : "WebAssembly.Memory"

/** The type of the value for an import. */
export const importText = (type: ExternalType, helpers: Helpers): string => {
  switch (type.kind) {
    case "function":
      return `${parametersText(type.parameters)} => ${resultText(type.results, "in")}`
    case "table":
      // Any 32-bit table: the library's type does not say what the entries are.
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

/** The type of an export in `instance.exports`. */
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
