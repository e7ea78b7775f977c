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
export type Helper = "Global" | "MutableGlobal" | "Tag"

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
    const lines: Array<string> = []
    if (this.#used.has("Global")) {
      lines.push("", `type ${this.#prefix}Global<T> = { readonly value: T; valueOf(): T }`)
    }
    if (this.#used.has("MutableGlobal")) {
      lines.push("", `type ${this.#prefix}MutableGlobal<T> = { value: T; valueOf(): T }`)
    }
    if (this.#used.has("Tag")) {
      // The library of Deno and the types of Bun have no WebAssembly.Tag.
      const library = "typeof WebAssembly extends { readonly Tag: { readonly prototype: infer T } }"
      lines.push("", `type ${this.#prefix}Tag = object & (${library} ? T : object)`)
    }
    return lines
  }
}

/** What has to be given for an import. */
export const importText = (type: ExternalType, helpers: Helpers): string => {
  switch (type.kind) {
    case "function":
      return `${parametersText(type.parameters)} => ${resultText(type.results, "in")}`
    case "table":
      return "WebAssembly.Table"
    case "memory":
      return "WebAssembly.Memory"
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
    case "table": {
      const element = valueTypeText(type.element)
      const index = type.is64 ? "bigint" : "number"
      return `{ get(index: ${index}): ${element}; set(index: ${index}, value?: ${element}): void } & WebAssembly.Table`
    }
    case "memory":
      // The library knows memories of 32 bits alone.
      return type.is64
        ? "{ grow(delta: bigint): bigint } & WebAssembly.Memory"
        : "WebAssembly.Memory"
    case "tag":
      return helpers.use("Tag")
    case "global":
      return `${helpers.use(type.isMutable ? "MutableGlobal" : "Global")}<${
        valueTypeText(type.value)
      }>`
  }
}
