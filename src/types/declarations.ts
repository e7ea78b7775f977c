/**
 * Makes TypeScript declarations of a module's imports and exports.
 *
 * Names are sorted by code units, so that the text depends only on the imports and exports, not on a linker's order. Sorting
 * also brings equal names together, without a hash table, which chosen names could make slow.
 *
 * @module
 */
import type { ExportReport, ImportReport, ModuleReport } from "../binary/mod.ts"
import { providedBy } from "./builtins.ts"
import { DeclarationError } from "./declaration_error.ts"
import { type ExternalType, parseExternalType, withoutTypeIndices } from "./external_type.ts"
import { canBeDeclared, propertyName, quote } from "./names.ts"
import { printText } from "../messages/print.ts"
import {
  checkOptions,
  type DeclarationOptions,
  type DeclaredReport,
  reportOf,
} from "./read_arguments.ts"
import {
  exportText,
  Helpers,
  importText,
  parametersText,
  resultText,
  valueTypeText,
} from "./typescript_type.ts"

const DEFAULT_MAXIMUM_LENGTH = 16 * 1024 * 1024

const HEADING =
  "// What a WebAssembly module imports and exports. Generated from the module; edits will be overwritten."

/** The lines of the text, bounded in their length. */
class Lines {
  readonly #lines: Array<string> = [HEADING]
  #length = HEADING.length
  readonly #maximum: number

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  push(...lines: ReadonlyArray<string>): void {
    for (const line of lines) {
      this.#lines.push(line)
      this.#length += line.length + 1
    }
    if (this.#length > this.#maximum) throw this.#tooLarge()
  }

  /** Throws for a name that would make the text too long, before it is escaped. */
  name(name: string): string {
    if (name.length > this.#maximum) throw this.#tooLarge()
    return name
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`
  }

  #tooLarge(): DeclarationError {
    const message = `The declarations are longer than ${this.#maximum} characters`
    return new DeclarationError("too-large", message)
  }
}

/** Orders texts by their code units. */
const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

/**
 * A comment with types in the notation of the report, which were parsed and so are safe. One comment for all, as editors
 * show only the last one.
 */
const comment = (indent: string, ...types: ReadonlyArray<string>): string =>
  `${indent}/** ${types.map((type) => `\`${type.replace(/\s+/g, " ")}\``).join(" and ")} */`

/**
 * Makes TypeScript declarations of a module's imports and exports.
 *
 * The text is the same for the same imports and exports, on every runtime. `i64` is `bigint`; several results are a tuple;
 * `externref` is `unknown`; a GC struct or array is an `object`, as only the module can access its fields; a value that
 * cannot cross the boundary, such as `v128`, is `never`. A name that is not an identifier is quoted and escaped.
 *
 * @param module the module's bytes, or its report
 * @param options the form, and what the module is compiled with
 * @returns the text of a declaration file
 * @throws {DeclarationError} if the report is incomplete or malformed, or the text would be too long
 * @throws {TypeError} for any other value, such as a compiled module, which has lost its types
 * @throws {DecodeError} if the bytes are not a valid module
 *
 * @example
 * ```ts
 * import { inspect } from "@effect-wasm/compile-streaming"
 * import { declarations } from "@effect-wasm/compile-streaming/types"
 *
 * const report = await inspect(fetch("data:application/wasm;base64,AGFzbQEAAAA="))
 * console.log(declarations(report))
 * ```
 */
export const declarations = (
  module: ModuleReport | ArrayBuffer | ArrayBufferView,
  options: DeclarationOptions = {},
): string => {
  checkOptions(options)
  const report = reportOf(module)
  if (report.unknown !== undefined) {
    const { offset, what } = report.unknown
    const message = `The report is incomplete: it ends at byte ${Number(offset)}, at something ` +
      `unknown: ${printText(String(what))}`
    throw new DeclarationError("incomplete", message)
  }
  const lines = new Lines(options.maximumLength ?? DEFAULT_MAXIMUM_LENGTH)
  if (options.form === "import") writeModule(report, lines)
  else writeTypes(report, options, lines)
  return lines.text()
}

// For instantiateStreaming

const writeTypes = (report: DeclaredReport, options: DeclarationOptions, lines: Lines): void => {
  const helpers = new Helpers("")
  lines.push("", "/** What the module imports. */")
  writeImports(importsOf(report, options), helpers, lines)

  lines.push("", "/** What an instance of the module exports. */")
  const exported = sorted(report.exports)
  lines.push(exported.length === 0 ? "export type Exports = {}" : "export type Exports = {")
  for (const { kind, name, type } of exported) {
    const text = exportText(parseExternalType(kind, type), helpers)
    lines.push(
      comment("  ", withoutTypeIndices(type)),
      `  readonly ${propertyName(lines.name(name))}: ${text}`,
    )
  }
  if (exported.length > 0) lines.push("}")

  lines.push(
    "",
    "/** An instance of the module. */",
    "export type Instance = { readonly exports: Exports }",
    "",
    "/** The module and an instance of it: what `instantiateStreaming` resolves to. */",
    "export type InstantiatedSource = { readonly module: WebAssembly.Module; readonly instance: Instance }",
    ...helpers.lines(),
    "",
    // Otherwise, TypeScript would export the helper types too.
    "export {}",
  )
}

const sorted = (exported: ReadonlyArray<ExportReport>): ReadonlyArray<ExportReport> =>
  exported.slice().sort((a, b) => compare(a.name, b.name))

/** The imports that an import object must provide, sorted by module and name. */
const importsOf = (
  report: DeclaredReport,
  options: DeclarationOptions,
): ReadonlyArray<ImportReport> => {
  const isProvided = providedBy(options)
  return report.imports
    .filter((entry) => !isProvided(entry))
    .sort((a, b) =>
      // Also by type, so that equal types of one name are adjacent.
      compare(a.module, b.module) || compare(a.name, b.name) || compare(a.type, b.type)
    )
}

const writeImports = (
  imports: ReadonlyArray<ImportReport>,
  helpers: Helpers,
  lines: Lines,
): void => {
  lines.push(imports.length === 0 ? "export type Imports = {}" : "export type Imports = {")
  for (let at = 0; at < imports.length;) {
    const { module } = imports[at] ?? { module: "" }
    lines.push(`  readonly ${propertyName(lines.name(module))}: {`)
    while (at < imports.length && imports[at]?.module === module) {
      at = writeImport(imports, at, helpers, lines)
    }
    lines.push("  }")
  }
  if (imports.length > 0) lines.push("}")
}

/**
 * Writes one import. It may occur several times, with different types, all of which its value must fit.
 *
 * @returns the index of the next import
 */
const writeImport = (
  imports: ReadonlyArray<ImportReport>,
  first: number,
  helpers: Helpers,
  lines: Lines,
): number => {
  const { module = "", name = "" } = imports[first] ?? {}
  const notations: Array<string> = []
  const types: Array<string> = []
  let at = first
  for (; at < imports.length; at++) {
    const next = imports[at]
    if (next === undefined || next.module !== module || next.name !== name) break
    const text = importText(parseExternalType(next.kind, next.type), helpers)
    const notation = withoutTypeIndices(next.type)
    if (notations.at(-1) !== notation) notations.push(notation)
    if (types.at(-1) !== text) types.push(text)
  }
  const [only = ""] = types
  const text = types.length === 1 ? only : types.map((type) => `(${type})`).join(" & ")
  lines.push(
    comment("    ", ...notations),
    `    readonly ${propertyName(lines.name(name))}: ${text}`,
  )
  return at
}

// For import

const writeModule = (report: DeclaredReport, lines: Lines): void => {
  const exported = sorted(report.exports)
  const prefix = freePrefix(exported)
  const helpers = new Helpers(prefix)
  const renamed: Array<string> = []
  exported.forEach(({ kind, name, type }, index) => {
    const external = parseExternalType(kind, type)
    const isOwn = canBeDeclared(name)
    const declared = isOwn ? name : `${prefix}${index}`
    const line = declarationText(external, declared, helpers)
    lines.push(
      "",
      comment("", withoutTypeIndices(type)),
      isOwn ? `export ${line}` : `declare ${line}`,
    )
    if (!isOwn) renamed.push(`export { ${declared} as ${quote(lines.name(name))} }`)
  })
  if (renamed.length > 0) lines.push("", ...renamed)
  lines.push(...helpers.lines(), "", "export {}")
}

/** A prefix that no declared name has: one underscore more than any of them begins with. */
const freePrefix = (exported: ReadonlyArray<ExportReport>): string => {
  let most = 0
  for (const { name } of exported) {
    if (canBeDeclared(name)) most = Math.max(most, name.search(/[^_]|$/))
  }
  return "_".repeat(most + 1)
}

/** The declaration of one export of an ES module, where a global is its value, and a live binding if it is mutable. */
const declarationText = (type: ExternalType, name: string, helpers: Helpers): string => {
  switch (type.kind) {
    case "function":
      return `function ${name}${parametersText(type.parameters)}: ${
        resultText(type.results, "out")
      }`
    case "global":
      return `${type.isMutable ? "let" : "const"} ${name}: ${valueTypeText(type.value)}`
    default:
      return `const ${name}: ${exportText(type, helpers)}`
  }
}
