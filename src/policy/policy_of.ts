/**
 * Derives the tightest rules that a module fits.
 *
 * @module
 */
import type { ExternalKindName } from "../binary/report/print.ts"
import type { LimitsReport, ModuleReport } from "../binary/report/module_report.ts"
import { classOf, wordsOf } from "../messages/wording.ts"
import { exportsOf, importsOf } from "./compiled_module.ts"
import { isOwnType } from "./external_types.ts"
import type { Ceiling, ExportPattern, PolicyRules } from "./rules.ts"

const patternOf = (
  { kind, name, type }: {
    readonly kind: ExternalKindName
    readonly name: string
    readonly type?: string
  },
): ExportPattern =>
  // Type indices mean something else in another module.
  type === undefined || isOwnType(type) ? { name, kind } : { name, type }

/** Removes duplicates: a module may import the same thing twice. */
const distinct = <A>(entries: ReadonlyArray<A>): ReadonlyArray<A> => [
  ...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values(),
]

const sum = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((total, number) => total + number, 0)

/** The sums of the limits; no maximum if one of them has none. */
const ceilingOf = (limits: ReadonlyArray<LimitsReport>): Ceiling => {
  const maximum = sum(limits.map(({ maximum }) => maximum ?? Number.POSITIVE_INFINITY))
  return {
    initial: sum(limits.map(({ minimum }) => minimum)),
    ...(Number.isFinite(maximum) ? { maximum } : {}),
  }
}

const lists = ["imports", "exports", "memories", "tables", "sections", "features"]

const isReport = (subject: unknown): subject is ModuleReport =>
  typeof subject === "object" && subject !== null &&
  lists.every((name) => Array.isArray(Reflect.get(subject, name)))

const bytes = "bytes: pass the report that inspect makes of " +
  'new Response(bytes, { headers: { "content-type": "application/wasm" } })'

/** What was given, and, if that is clear, what to pass instead. */
const givenInstead = (value: unknown): string => {
  if (ArrayBuffer.isView(value)) return bytes
  switch (classOf(value)) {
    case "ArrayBuffer":
    case "SharedArrayBuffer":
      return bytes
    case "Promise":
      return "a promise: await it first"
    case "Response":
      return "a Response: pass the report that inspect makes of it"
    default:
      return typeof value === "object" && value !== null && !Array.isArray(value)
        ? "an object of another kind"
        : wordsOf(value)
  }
}

const neither = (subject: unknown): TypeError =>
  new TypeError(
    `policyOf takes a report, which inspect makes, or a compiled module, not ${
      givenInstead(subject)
    }`,
  )

const rulesOfModule = (module: WebAssembly.Module): PolicyRules => {
  // Checked first: if WebAssembly is disabled, no engine function rejects other values.
  if (classOf(module) !== "WebAssembly.Module") throw neither(module)
  try {
    return { imports: importRules(importsOf(module)), exports: exportRules(exportsOf(module)) }
  } catch {
    throw neither(module)
  }
}

/**
 * Derives the tightest rules that a module fits: all of its imports and exports are required, and no others allowed.
 *
 * Features are included if the report was made with `validation: "full"`; otherwise those of the instructions are not known.
 * For a compiled module, only the names and kinds of imports and exports are known.
 *
 * @param subject a module's report, or a compiled module
 * @returns rules for `policy`; plain data, which can be kept as JSON
 * @throws {TypeError} if the report ends at a construct unknown to the decoder, or for any other value, such as bytes
 *
 * @example
 * ```ts
 * import { inspect } from "@effect-wasm/compile-streaming"
 * import { policyOf } from "@effect-wasm/compile-streaming/policy"
 *
 * const report = await inspect(fetch("data:application/wasm;base64,AGFzbQEAAAA="), { validation: "full" })
 * console.assert(policyOf(report).moduleSize === 8)
 * ```
 */
export const policyOf = (subject: ModuleReport | WebAssembly.Module): PolicyRules => {
  if (!isReport(subject)) return rulesOfModule(subject)
  if (subject.unknown !== undefined) {
    throw new TypeError(
      `The module has something that a policy cannot tell: an unknown ${subject.unknown.what}`,
    )
  }
  const { features, functions, memories, sections, size, start, tables, validation } = subject
  const names = sections.flatMap(({ customName }) => customName ?? [])
  return {
    imports: importRules(subject.imports),
    exports: exportRules(subject.exports),
    memory: ceilingOf(memories),
    table: ceilingOf(tables),
    functions: functions.defined,
    moduleSize: size,
    ...(validation === "full" ? { features: { allow: features } } : {}),
    customSections: { allow: distinct(names).map((name) => ({ name })) },
    start: start !== undefined,
  }
}

type Named = Parameters<typeof patternOf>[0]

const importRules = (
  imports: ReadonlyArray<Named & { readonly module: string }>,
): PolicyRules["imports"] => ({
  allow: [],
  require: distinct(imports.map((entry) => ({ module: entry.module, ...patternOf(entry) }))),
})

const exportRules = (exports: ReadonlyArray<Named>): PolicyRules["exports"] => ({
  allow: [],
  require: distinct(exports.map(patternOf)),
})
