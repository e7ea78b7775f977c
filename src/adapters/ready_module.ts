/**
 * Checks a module that was compiled at deployment and is imported, for runtimes that forbid compiling, as some edge runtimes
 * do: that it is a module, and what it imports and exports.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import { classOf } from "../messages/wording.ts"
import { printText } from "../messages/print.ts"
import { isModule } from "../platform/module_brand.ts"
import { readExpectations, type ReadyModuleExpectations } from "./expectations.ts"
import { listOf, type Missing, missingExports, missingImports } from "./missing.ts"

/**
 * Why a ready module was refused.
 *
 * - `not-a-module`: it is not a `WebAssembly.Module`
 * - `imports`: the import object lacks an import of the module, or has it with another kind
 * - `exports`: the module lacks an expected export, or has it with another kind
 * - `expectations`: the expectations are malformed
 */
export type ReadyModuleErrorReason = "not-a-module" | "imports" | "exports" | "expectations"

/** The fields of {@linkcode ReadyModuleError}. */
export interface ReadyModuleErrorFields {
  /** Why the module was refused; stable across releases. */
  readonly reason: ReadyModuleErrorReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** All imports or exports that are missing or of another kind. */
  readonly missing: ReadonlyArray<Missing>
}

/** The constructor of the error, spelled out so that its type needs no inference. */
interface ReadyModuleErrorConstructor {
  new (
    fields: ReadyModuleErrorFields,
  ): Cause.YieldableError & { readonly _tag: "ReadyModuleError" } & Readonly<ReadyModuleErrorFields>
}

const ReadyModuleErrorBase: ReadyModuleErrorConstructor = Data.TaggedError("ReadyModuleError")<
  ReadyModuleErrorFields
>

/** The value is not a module, or not the expected one. */
export class ReadyModuleError extends ReadyModuleErrorBase {}

const refusal = (
  reason: ReadyModuleErrorReason,
  message: string,
  missing: ReadonlyArray<Missing> = [],
): ReadyModuleError => new ReadyModuleError({ reason, message, missing })

/** What a value is that is not a module, and what to do. */
const adviceOn = (value: unknown): string => {
  if (typeof value === "string") {
    return "a string. If the bundler gives the module's URL, load it with compileStreaming(fetch(url))"
  }
  if (typeof value === "function") {
    return "a function. If the bundler gives one that instantiates, call it with the imports"
  }
  if (typeof value !== "object" || value === null) {
    return value === null || value === undefined ? String(value) : `a ${typeof value}`
  }
  const tag = classOf(value)
  if (ArrayBuffer.isView(value) || /^(?:Shared)?ArrayBuffer$/.test(tag)) {
    return "bytes. Compile them where that is allowed, or let the bundler import the file as a module"
  }
  switch (tag) {
    case "Response":
      return "a Response. Pass it to compileStreaming, where compiling is allowed"
    case "Promise":
      return "a Promise. Await it first"
    case "WebAssembly.Instance":
      return "an instance. Use it as it is, or import the module in place of it"
    case "WebAssembly.Module":
      return "an object that looks like one, such as a Proxy. Pass the module itself"
    case "Object":
      return "an object"
    default:
      return `an instance of ${printText(tag)}`
  }
}

/** The member `default`, if there is one: a module imported as a namespace is there. */
const defaultOf = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || isModule(value)) return undefined
  try {
    return Reflect.get(value, "default")
  } catch {
    return undefined
  }
}

/**
 * Takes a module that was compiled elsewhere, and checks what is possible without its bytes.
 *
 * @param value the module, or an imported namespace with the module as `default`
 * @param expected the import object that it will get, and the exports that it must have
 * @returns the module, for `WebAssembly.instantiate`, or as the source of an adapter
 * @throws {ReadyModuleError} if it is not a module, or not the expected one, or if the expectations are malformed
 *
 * @example
 * ```ts
 * import { readyModule } from "@effect-wasm/compile-streaming/adapters"
 *
 * const imported = new WebAssembly.Module(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00))
 * const instance = await WebAssembly.instantiate(readyModule(imported, { imports: {}, exports: [] }), {})
 * console.assert(instance instanceof WebAssembly.Instance)
 * ```
 */
export const readyModule = (
  value: unknown,
  expected?: ReadyModuleExpectations | null,
): WebAssembly.Module => {
  const inner = defaultOf(value)
  const module = isModule(inner) ? inner : value
  if (!isModule(module)) {
    const advice = inner === undefined
      ? adviceOn(value)
      : `an object whose default is ${adviceOn(inner)}`
    throw refusal("not-a-module", `Expected a WebAssembly.Module, got ${advice}`)
  }
  const read = readExpectations(expected)
  if (typeof read === "string") throw refusal("expectations", read)
  const { exports, imports } = read
  const lacking = imports === undefined ? [] : missingImports(module, imports)
  if (lacking.length > 0) {
    const message = `The import object lacks what the module imports: ${listOf(lacking)}`
    throw refusal("imports", message, lacking)
  }
  const absent = missingExports(module, exports)
  if (absent.length > 0) {
    const message = `The module lacks exports that are expected: ${listOf(absent)}. ` +
      "It may be of another version"
    throw refusal("exports", message, absent)
  }
  return module
}
