/**
 * Where compiling is forbidden, as on some edge runtimes, a module is made when the program is deployed, and imported. What can
 * be checked of it there: that it is a module, and what it imports and exports.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import { printText } from "../messages/print.ts"
import { exportsOf, importsOf, isModule } from "../platform/module_brand.ts"

/**
 * Why a ready module was refused.
 *
 * - `not-a-module`: it is no `WebAssembly.Module`
 * - `imports`: the import object lacks what the module imports, or has something of another kind
 * - `exports`: the module lacks what is expected of it, or has something of another kind
 */
export type ReadyModuleErrorReason = "not-a-module" | "imports" | "exports"

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

/** The fields of {@linkcode ReadyModuleError}. */
export interface ReadyModuleErrorFields {
  /** Why; stable. */
  readonly reason: ReadyModuleErrorReason
  /** What happened, with what, and what to do. */
  readonly message: string
  /** All that is missing or of another kind. */
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

/** What should have been a ready module is none, or not the one that is expected. */
export class ReadyModuleError extends ReadyModuleErrorBase {}

/** A kind of import or export, as `WebAssembly.Module.exports` names it. */
export type ExternalKind = "function" | "table" | "memory" | "global" | "tag"

/** What is expected of a ready module. */
export interface ReadyModuleExpectations {
  /** The import object that it will be instantiated with. */
  readonly imports?: object | undefined
  /** What it has to export: names, or names and kinds. */
  readonly exports?: ReadonlyArray<string> | Readonly<Record<string, ExternalKind>> | undefined
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** What a value is that is no module, and what to do. */
const adviceOn = (value: unknown): string => {
  if (typeof value === "string") {
    return "a string. If the bundler gives the module's URL, load it with compileStreaming(fetch(url))"
  }
  if (typeof value === "function") {
    return "a function. If the bundler gives one that instantiates, call it with the imports"
  }
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value
  const tag = tagOf(value)
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
    default:
      return `an instance of ${printText(tag)}`
  }
}

/** The namespace of a module that was imported as a whole has the module as its default export. */
const unwrap = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || isModule(value)) return value
  try {
    const inner: unknown = Reflect.get(value, "default")
    return isModule(inner) ? inner : value
  } catch {
    return value
  }
}

/** How many are named in a message. */
const mostNamed = 5

const listOf = (missing: ReadonlyArray<Missing>): string => {
  const named = missing.slice(0, mostNamed).map(({ found, kind, module, name }) => {
    const path = module === undefined ? name : `${module}.${name}`
    const wanted = kind === undefined ? "" : ` (${printText(kind)})`
    return `${printText(path)}${wanted}${
      found === undefined ? "" : `, which is ${printText(found)}`
    }`
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
      const tag = tagOf(value)
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

const missingImports = (
  module: WebAssembly.Module,
  imports: object,
): ReadonlyArray<Missing> =>
  importsOf(module).flatMap(({ kind, module, name }): ReadonlyArray<Missing> => {
    const value = lookUp(lookUp(imports, module), name)
    const found = misfit(value, kind)
    if (found === undefined) return []
    return [value === undefined ? { module, name, kind } : { module, name, kind, found }]
  })

const missingExports = (
  module: WebAssembly.Module,
  expected: NonNullable<ReadyModuleExpectations["exports"]>,
): ReadonlyArray<Missing> => {
  const kinds = new Map(exportsOf(module).map(({ kind, name }) => [name, kind]))
  const wanted: ReadonlyArray<readonly [name: string, kind: string | undefined]> = isList(expected)
    ? expected.map((name) => [name, undefined])
    : Object.entries(expected)
  return wanted.flatMap(([name, kind]): ReadonlyArray<Missing> => {
    const found = kinds.get(name)
    if (found !== undefined && (kind === undefined || found === kind)) return []
    return [{ name, kind, found }]
  })
}

const isList = (value: object): value is ReadonlyArray<string> => Array.isArray(value)

/**
 * Takes a module that was compiled elsewhere, and checks what can be checked of it without its bytes.
 *
 * @param value the module; or the namespace that an `import` of it gave, with the module as `default`
 * @param expected the import object that it will get, and what it has to export
 * @returns the module, for `WebAssembly.instantiate`, or as the source of an adapter
 * @throws {ReadyModuleError} if it is no module, or not the one that is expected
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
  expected: ReadyModuleExpectations = {},
): WebAssembly.Module => {
  const module = unwrap(value)
  if (!isModule(module)) {
    const message = `There is no WebAssembly.Module, but ${adviceOn(value)}`
    throw new ReadyModuleError({ reason: "not-a-module", message, missing: [] })
  }
  const { exports, imports } = expected
  const lacking = imports === undefined ? [] : missingImports(module, imports)
  if (lacking.length > 0) {
    const message = `The import object lacks what the module imports: ${listOf(lacking)}`
    throw new ReadyModuleError({ reason: "imports", message, missing: lacking })
  }
  const absent = exports === undefined ? [] : missingExports(module, exports)
  if (absent.length > 0) {
    const message = `The module lacks exports that are expected: ${
      listOf(absent)
    }. It may be of another version`
    throw new ReadyModuleError({ reason: "exports", message, missing: absent })
  }
  return module
}
