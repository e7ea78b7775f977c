/**
 * Validates the arguments of `declarations`: untyped programs may pass anything, and a stored report may be forged.
 *
 * @module
 */
import {
  type ExportReport,
  type ImportReport,
  ModuleDecoder,
  type ModuleReport,
  ModuleReportBuilder,
} from "../binary/mod.ts"
import { classOf, wordsOf } from "../messages/wording.ts"
import { DeclarationError } from "./declaration_error.ts"

/** The options of `declarations`. */
export interface DeclarationOptions {
  /**
   * How the module is used.
   *
   * - `instantiate`: with `instantiateStreaming` and similar functions: declares the types `Imports`, `Exports`, `Instance`
   *   and `InstantiatedSource`, in a file of any name
   * - `import`: with `import`, as an ES module: declares the module's exports, in a file `name.d.wasm.ts` beside `name.wasm`
   *
   * Defaults to `instantiate`.
   */
  readonly form?: "instantiate" | "import" | undefined
  /**
   * The sets of builtins that the module is compiled with, such as `js-string`: their functions are left out of the imports.
   * Unknown sets, and unknown functions of a set, are still imported.
   */
  readonly builtins?: ReadonlyArray<string> | undefined
  /** The module name of imported string constants, which are left out of the imports. */
  readonly importedStringConstants?: string | null | undefined
  /** The largest length of the text, in characters. Defaults to 16,777,216. */
  readonly maximumLength?: number | undefined
}

const names = ["form", "builtins", "importedStringConstants", "maximumLength"]

const wrongOption = (name: string, wanted: string, value: unknown): TypeError =>
  new TypeError(`The option ${name} must be ${wanted}, not ${wordsOf(value)}`)

/**
 * Validates options.
 *
 * @param options what was given, of any type
 * @throws {TypeError} if an option is malformed or unknown
 */
export const checkOptions = (options: unknown): void => {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`The options must be an object, not ${wordsOf(options)}`)
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`Unknown option ${wordsOf(unknown)}; known options: ${names.join(", ")}`)
  }
  const option = (
    name: keyof DeclarationOptions,
    wanted: string,
    isRight: (value: unknown) => boolean,
  ): void => {
    const value: unknown = Reflect.get(options, name)
    if (value !== undefined && !isRight(value)) throw wrongOption(name, wanted, value)
  }
  const isText = (value: unknown) => typeof value === "string"
  option("form", '"instantiate" or "import"', (form) => form === "instantiate" || form === "import")
  option("builtins", "a list of names", (list) => Array.isArray(list) && list.every(isText))
  option("importedStringConstants", "a name", (name) => name === null || isText(name))
  option(
    "maximumLength",
    "a number of characters",
    (length) => typeof length === "number" && length >= 0,
  )
}

/** A message about what to pass instead of the given value. */
const insteadOf = (given: unknown): string => {
  switch (typeof given === "object" ? classOf(given) : "") {
    case "WebAssembly.Module":
      return "A compiled module has lost the types of its imports and exports: pass its bytes, or a report, which inspect and compileStreamingWithReport make"
    case "Promise":
      return "declarations was given a promise: await it first"
    case "Response":
      return "declarations was given a Response: pass the report that inspect makes of it, or its bytes, await response.arrayBuffer()"
    default:
      return `declarations takes the bytes of a module, or a report, which inspect makes, not ${
        wordsOf(given)
      }`
  }
}

const kinds: ReadonlyArray<unknown> = ["function", "table", "memory", "global", "tag"]

/** Whether an entry of a report has a valid kind, and strings as these members. */
const hasTexts = (entry: unknown, members: ReadonlyArray<string>): boolean =>
  typeof entry === "object" && entry !== null && kinds.includes(Reflect.get(entry, "kind")) &&
  members.every((member) => typeof Reflect.get(entry, member) === "string")

const isImport = (entry: unknown): entry is ImportReport =>
  hasTexts(entry, ["module", "name", "type"])
const isExport = (entry: unknown): entry is ExportReport => hasTexts(entry, ["name", "type"])

/** The parts of a report that declarations are made from. */
export type DeclaredReport = Pick<ModuleReport, "imports" | "exports" | "unknown">

const isReport = (value: unknown): value is DeclaredReport =>
  typeof value === "object" && value !== null && "imports" in value && "exports" in value &&
  Array.isArray(value.imports) && Array.isArray(value.exports)

const bytesOf = (value: unknown): Uint8Array | undefined => {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  }
  return isBuffer(value) ? new Uint8Array(value) : undefined
}

const isBuffer = (value: unknown): value is ArrayBuffer =>
  /^(?:Shared)?ArrayBuffer$/.test(classOf(value))

/**
 * The report of a module.
 *
 * @param module bytes or a report
 * @throws {TypeError} if it is neither
 * @throws {DeclarationError} if it is a report with a malformed import or export
 * @throws {DecodeError} if the bytes are not a valid module
 */
export const reportOf = (module: unknown): DeclaredReport => {
  const bytes = bytesOf(module)
  if (bytes !== undefined) {
    const builder = new ModuleReportBuilder({ maximumNameSection: 0 })
    const decoder = new ModuleDecoder({ sink: builder })
    decoder.push(bytes)
    decoder.finish()
    return builder.build(decoder)
  }
  if (!isReport(module)) throw new TypeError(insteadOf(module))
  if (module.imports.every(isImport) && module.exports.every(isExport)) return module
  const message = "The report has an import or an export without its name, kind or type"
  throw new DeclarationError("malformed", message)
}
