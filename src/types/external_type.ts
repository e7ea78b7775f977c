/**
 * Parses the types of imports and exports from the notation of a report, a small part of the text format.
 *
 * A report may be stored, and forged, so types are parsed strictly, and only parsed types get into declarations.
 *
 * @see https://webassembly.github.io/spec/core/text/types.html
 * @module
 */
import type { ExternalKindName } from "../binary/mod.ts"
import { DeclarationError } from "./declaration_error.ts"

/** A number type, the vector type, or a reference type. */
export type ValueType =
  | { readonly kind: "number"; readonly name: "i32" | "i64" | "f32" | "f64" | "v128" }
  /** `heap` is the name of an abstract heap type, or `concrete` for a type index. */
  | { readonly kind: "reference"; readonly heap: string; readonly isNullable: boolean }

/** The type of an import or an export. */
export type ExternalType =
  | {
    readonly kind: "function"
    readonly parameters: ReadonlyArray<ValueType>
    readonly results: ReadonlyArray<ValueType>
  }
  | { readonly kind: "table"; readonly is64: boolean; readonly element: ValueType }
  | { readonly kind: "memory"; readonly is64: boolean }
  | { readonly kind: "global"; readonly isMutable: boolean; readonly value: ValueType }
  | { readonly kind: "tag" }

const NUMBERS: ReadonlyMap<string, ValueType> = new Map(
  (["i32", "i64", "f32", "f64", "v128"] as const).map((name) => [name, { kind: "number", name }]),
)

/** The heap types, and the shorthands of the nullable references to them. */
const HEAP_TYPES: ReadonlyMap<string, string> = new Map([
  ["any", "anyref"],
  ["eq", "eqref"],
  ["i31", "i31ref"],
  ["struct", "structref"],
  ["array", "arrayref"],
  ["func", "funcref"],
  ["extern", "externref"],
  ["exn", "exnref"],
  ["none", "nullref"],
  ["nofunc", "nullfuncref"],
  ["noextern", "nullexternref"],
  ["noexn", "nullexnref"],
])

/** The shorthand of the nullable references to a heap type, such as `anyref`; `undefined` if it has none. */
export const shorthandOf = (heap: string): string | undefined => HEAP_TYPES.get(heap)

const SHORTHANDS: ReadonlyMap<string, ValueType> = new Map(
  [...HEAP_TYPES].map(([heap, shorthand]) => [
    shorthand,
    { kind: "reference", heap, isNullable: true },
  ]),
)

const KEYWORDS: Readonly<Record<ExternalKindName, string>> = {
  function: "func",
  table: "table",
  memory: "memory",
  global: "global",
  tag: "tag",
}

/**
 * The notation of a type, with `$type` for each type index: it may change although the type does not.
 *
 * @param text the type
 */
export const withoutTypeIndices = (text: string): string =>
  text.replace(/(\(ref (?:null )?)\d{1,10}\)/g, "$1$$type)")

/** Parses one type, token by token. */
class TypeReader {
  readonly #tokens: ReadonlyArray<string>
  #at = 0

  constructor(text: string) {
    // Characters that are not part of the notation end up in tokens that no rule accepts.
    this.#tokens = text.match(/[()]|[^\s()]+/g) ?? []
  }

  /** Skips a token, if it is next. */
  take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at++
    return true
  }

  /** Skips `(` and a keyword, if they are next. */
  open(keyword: string): boolean {
    if (this.#tokens[this.#at] !== "(" || this.#tokens[this.#at + 1] !== keyword) return false
    this.#at += 2
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.malformed()
  }

  end(): void {
    if (this.#at !== this.#tokens.length) throw this.malformed()
  }

  number(): void {
    if (!/^\d{1,20}$/.test(this.#tokens[this.#at] ?? "")) throw this.malformed()
    this.#at++
  }

  isNumber(): boolean {
    return /^\d/.test(this.#tokens[this.#at] ?? "")
  }

  valueType(): ValueType {
    if (this.open("ref")) {
      const isNullable = this.take("null")
      const token = this.#tokens[this.#at++] ?? ""
      const heap = HEAP_TYPES.has(token) ? token : /^\d{1,10}$/.test(token) ? "concrete" : undefined
      if (heap === undefined) throw this.malformed()
      this.expect(")")
      return { kind: "reference", heap, isNullable }
    }
    const token = this.#tokens[this.#at++] ?? ""
    const type = NUMBERS.get(token) ?? SHORTHANDS.get(token)
    if (type === undefined) throw this.malformed()
    return type
  }

  /** `(param i32 i64)`, if that is next. */
  valueTypes(keyword: string): ReadonlyArray<ValueType> {
    const types: Array<ValueType> = []
    if (this.open(keyword)) {
      do types.push(this.valueType())
      while (!this.take(")"))
    }
    return types
  }

  limits(): { readonly is64: boolean } {
    const is64 = this.take("i64")
    this.number()
    if (this.isNumber()) this.number()
    return { is64 }
  }

  malformed(): DeclarationError {
    const message = "The report holds a type that is not in the notation of the text format"
    return new DeclarationError("malformed", message)
  }
}

/**
 * Parses the type of an import or an export.
 *
 * @param kind its kind
 * @param text its type in the notation of the text format
 */
export const parseExternalType = (kind: ExternalKindName, text: string): ExternalType => {
  const r = new TypeReader(text)
  r.expect("(")
  r.expect(KEYWORDS[kind])
  const type = parseBody(kind, r)
  r.expect(")")
  r.end()
  return type
}

const parseBody = (kind: ExternalKindName, r: TypeReader): ExternalType => {
  switch (kind) {
    case "function":
      return { kind, parameters: r.valueTypes("param"), results: r.valueTypes("result") }
    case "table": {
      const { is64 } = r.limits()
      return { kind, is64, element: r.valueType() }
    }
    case "memory": {
      const { is64 } = r.limits()
      r.take("shared")
      return { kind, is64 }
    }
    case "global": {
      const isMutable = r.open("mut")
      const value = r.valueType()
      if (isMutable) r.expect(")")
      return { kind, isMutable, value }
    }
    case "tag":
      r.valueTypes("param")
      return { kind }
  }
}
