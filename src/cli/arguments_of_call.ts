/**
 * Converts words on the command line to the arguments of an exported function, by its type, and its results to text.
 *
 * @module
 */
import { DeclarationError } from "../types/declaration_error.ts"
import {
  type ExternalType,
  parseExternalType,
  shorthandOf,
  type ValueType,
} from "../types/external_type.ts"
import { nameText } from "./terminal/text.ts"

/** The type of a function. */
export type FunctionType = Extract<ExternalType, { readonly kind: "function" }>

/** A wrong argument. The message is a sentence without its subject, which is the function. */
export class WrongArgument extends Error {}

/**
 * Parses a function type.
 *
 * @param text in the notation of the text format
 */
export const functionType = (text: string): FunctionType | undefined => {
  try {
    const type = parseExternalType("function", text)
    return type.kind === "function" ? type : undefined
  } catch (error) {
    if (error instanceof DeclarationError) return undefined
    throw error
  }
}

/** A value type in the text format, where `concrete` stands for a type of the module. */
export const valueTypeText = (type: ValueType): string =>
  type.kind === "number" ? type.name : (type.isNullable ? shorthandOf(type.heap) : undefined) ??
    `(ref ${type.isNullable ? "null " : ""}${type.heap})`

const integer = /^[+-]?(?:0x[\da-f](?:_?[\da-f])*|\d(?:_?\d)*)$/i
const float = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const hexFloat = /^([+-]?)0x([\da-f]+)(?:\.([\da-f]*))?(?:p([+-]?\d+))?$/i

/** An integer of this many bits, signed or unsigned; `undefined` if the word is not one. */
const integerOf = (word: string, bits: number): bigint | undefined => {
  if (!integer.test(word)) return undefined
  const digits = word.replaceAll("_", "").replace(/^[+-]/, "")
  const value = BigInt(digits) * (word.startsWith("-") ? -1n : 1n)
  const isInRange = value >= -(1n << BigInt(bits - 1)) && value < 1n << BigInt(bits)
  return isInRange ? value : undefined
}

const specials: Readonly<Record<string, number>> = {
  inf: Infinity,
  "+inf": Infinity,
  "-inf": -Infinity,
  infinity: Infinity,
  "-infinity": -Infinity,
  nan: NaN,
}

const floatOf = (word: string): number | undefined => {
  // As in the text format, single underscores may separate digits.
  const text = word.replace(/(?<=[\da-f])_(?=[\da-f])/gi, "")
  if (float.test(text)) return Number(text)
  const [, sign, whole = "", fraction = "", exponent = "0"] = hexFloat.exec(text) ?? []
  if (sign === undefined) return specials[word.toLowerCase()]
  const size = Number(BigInt(`0x${whole}${fraction}`)) *
    2 ** (Number(exponent) - 4 * fraction.length)
  return sign === "-" ? -size : size
}

const referenceOf = (
  word: string,
  { heap, isNullable }: ValueType & { kind: "reference" },
): unknown => {
  if (word === "null" && isNullable) return null
  if (heap === "extern") return word
  if (heap !== "any" && heap !== "eq" && heap !== "i31") return undefined
  const value = integerOf(word, 32)
  const isSmall = value !== undefined && value >= -(2n ** 30n) && value < 2n ** 30n
  return isSmall ? Number(value) : heap === "any" ? word : undefined
}

const valueOf = (word: string, type: ValueType): unknown => {
  if (type.kind === "reference") return referenceOf(word, type)
  switch (type.name) {
    case "i32": {
      const value = integerOf(word, 32)
      return value === undefined ? undefined : Number(value)
    }
    case "i64":
      return integerOf(word, 64)
    case "f32":
    case "f64":
      return floatOf(word)
    case "v128":
      return undefined
  }
}

const wanted = (type: ValueType): string => {
  if (type.kind === "reference") {
    const { heap, isNullable } = type
    const value = heap === "eq" || heap === "i31" ? "a 31-bit integer" : undefined
    return [value, isNullable ? "null" : undefined].filter((it) => it !== undefined).join(" or ") ||
      "a reference, which cannot be written here"
  }
  return {
    i32: "a 32-bit integer",
    i64: "a 64-bit integer",
    f32: "a number, inf or nan",
    f64: "a number, inf or nan",
    v128: "a vector",
  }[type.name]
}

/**
 * Whether JavaScript can neither pass nor receive values of a type.
 *
 * @see https://webassembly.github.io/spec/js-api/#exported-function-exotic-objects
 */
const isHidden = (type: ValueType): boolean =>
  type.kind === "number" ? type.name === "v128" : type.heap === "exn" || type.heap === "noexn"

/**
 * Parses the arguments of a call.
 *
 * @param words what was given
 * @param type the function's
 * @throws {WrongArgument} if one of them, or their number, does not fit the type, or if JavaScript cannot call it
 */
export const callArguments = (
  words: ReadonlyArray<string>,
  { parameters, results }: FunctionType,
): ReadonlyArray<unknown> => {
  const [taken, returned] = [parameters.find(isHidden), results.find(isHidden)]
  if (taken !== undefined) {
    throw new WrongArgument(`takes ${valueTypeText(taken)}, which JavaScript cannot pass`)
  }
  if (returned !== undefined) {
    throw new WrongArgument(`returns ${valueTypeText(returned)}, which JavaScript cannot receive`)
  }
  if (words.length !== parameters.length) {
    const types = parameters.map(valueTypeText).join(" ")
    const takes = parameters.length === 0
      ? "no arguments"
      : `${parameters.length} ${parameters.length === 1 ? "argument" : "arguments"} (${types})`
    throw new WrongArgument(`takes ${takes}, got ${words.length}`)
  }
  return words.map((word, index) => {
    const type = parameters[index] ?? { kind: "number", name: "i32" }
    const value = valueOf(word, type)
    if (value !== undefined) return value
    throw new WrongArgument(
      `cannot take "${nameText(word)}" as argument ${index + 1} (${
        valueTypeText(type)
      }): expected ${wanted(type)}`,
    )
  })
}

/** A number in as few digits as tell it from the others of its type. */
const numberText = (value: number, type: ValueType | undefined): string => {
  if (type?.kind !== "number" || type.name !== "f32") return String(value)
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(value)
}

/** A value as a word, safe to print. */
const resultText = (value: unknown, type: ValueType | undefined): string => {
  if (typeof value === "string") return `"${nameText(value, 1_000)}"`
  if (typeof value === "function") return `function ${nameText(value.name)}`
  if (Object.is(value, -0)) return "-0"
  if (value === Infinity) return "inf"
  if (value === -Infinity) return "-inf"
  if (Number.isNaN(value)) return "nan"
  if (typeof value === "number") return numberText(value, type)
  // Structs and arrays of WebAssembly are opaque objects, which `String` cannot convert.
  return typeof value === "object" && value !== null ? "an object" : String(value)
}

/**
 * The results of a function, one per line.
 *
 * @param returned the value; several results are an array
 * @param type the function's
 */
export const resultLines = (
  returned: unknown,
  { results }: FunctionType,
): ReadonlyArray<string> => {
  if (results.length === 0) return []
  const values: ReadonlyArray<unknown> = results.length > 1 && Array.isArray(returned)
    ? returned
    : [returned]
  return values.map((value, index) => resultText(value, results[index]))
}
