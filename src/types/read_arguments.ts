/**
 * What `declarations` is called with, checked: programs without types pass what has no types, and a report may have been
 * stored, and written by anybody.
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

/** What declarations are made for. */
export interface DeclarationOptions {
  /**
   * How the module is used.
   *
   * - `instantiate`: by `instantiateStreaming` and its likes: the types `Imports`, `Exports`, `Instance` and
   *   `InstantiatedSource`, for a file of any name
   * - `import`: by `import`, as in the integration of WebAssembly with ES modules: what the module exports, for a file
   *   `name.d.wasm.ts` beside `name.wasm`
   *
   * Defaults to `instantiate`.
   */
  readonly form?: "instantiate" | "import" | undefined
  /**
   * The sets of builtins that the module is compiled with, such as `js-string`: their functions are no imports then. What
   * engines do not know, a set or a function of it, is still imported.
   */
  readonly builtins?: ReadonlyArray<string> | undefined
  /** The name of the module that string constants are imported from: they are no imports then. */
  readonly importedStringConstants?: string | null | undefined
  /** The largest length of the text, in characters. Defaults to 16 Mi. */
  readonly maximumLength?: number | undefined
}

const names = ["form", "builtins", "importedStringConstants", "maximumLength"]

const wrongOption = (name: string, wanted: string, value: unknown): TypeError =>
  new TypeError(`The option ${name} must be ${wanted}, not ${wordsOf(value)}`)

/**
 * Checks options.
 *
 * @param options what was given, of whatever kind
 * @throws {TypeError} what is wrong with which of them
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

/** What to pass in place of what was given. */
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

/** Whether an entry of a report has these texts. */
const hasTexts = (entry: unknown, members: ReadonlyArray<string>): boolean =>
  typeof entry === "object" && entry !== null && kinds.includes(Reflect.get(entry, "kind")) &&
  members.every((member) => typeof Reflect.get(entry, member) === "string")

const isImport = (entry: unknown): entry is ImportReport =>
  hasTexts(entry, ["module", "name", "type"])
const isExport = (entry: unknown): entry is ExportReport => hasTexts(entry, ["name", "type"])

/** What declarations are made from. */
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
 * The report of what was given.
 *
 * @param module bytes or a report; anything else is refused
 * @throws {TypeError} if it is neither
 * @throws {DeclarationError} if it is a report with something else among its imports and exports
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
