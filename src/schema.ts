/**
 * Schemas of what crosses a boundary: a report that is stored, sent, or read by another program; a policy in a file. An
 * entry of its own, as `effect/Schema` weighs more than all the rest.
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { Wasm } from "@effect-wasm/compile-streaming"
 * import { ModuleReportJson } from "@effect-wasm/compile-streaming/schema"
 *
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const text = await Effect.runPromise(
 *   Wasm.inspect(source).pipe(Effect.flatMap(Schema.encodeEffect(ModuleReportJson))),
 * )
 * console.assert(Schema.decodeSync(ModuleReportJson)(text).size === 8)
 * ```
 *
 * @module
 */
import * as Schema from "effect/Schema"
import type { ModuleReport as Report } from "./binary/report.ts"
import { type PolicyRules as PolicyRulesData, readRules } from "./policy/rules.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const Kind = Schema.Literals(["function", "table", "memory", "global", "tag"])

const Counts = Schema.Struct({ imported: Count, defined: Count })

const Limits = Schema.Struct({
  isImported: Schema.Boolean,
  // Of 64-bit memories and tables, beyond what is exact: then `type` has the number.
  minimum: Schema.Finite,
  maximum: Schema.UndefinedOr(Schema.Finite),
  is64: Schema.Boolean,
  isShared: Schema.Boolean,
  type: Schema.String,
})

/** What is in a module, as `inspect` tells it. What a later version adds to a report is ignored. */
export const ModuleReport: Schema.Codec<Report> = Schema.Struct({
  size: Count,
  unknown: Schema.UndefinedOr(Schema.Struct({ offset: Count, what: Schema.String })),
  sections: Schema.Array(Schema.Struct({
    id: Count,
    name: Schema.String,
    customName: Schema.UndefinedOr(Schema.String),
    offset: Count,
    size: Count,
    unread: Schema.optionalKey(Schema.Literals(["too-large", "not-first"])),
  })),
  imports: Schema.Array(Schema.Struct({
    module: Schema.String,
    name: Schema.String,
    kind: Kind,
    type: Schema.String,
  })),
  exports: Schema.Array(Schema.Struct({
    name: Schema.String,
    kind: Kind,
    index: Count,
    type: Schema.String,
  })),
  memories: Schema.Array(Limits),
  tables: Schema.Array(Limits),
  functions: Counts,
  globals: Counts,
  dataSegments: Count,
  elementSegments: Count,
  start: Schema.UndefinedOr(Count),
  features: Schema.Array(Schema.String),
  validation: Schema.optionalKey(Schema.Literal("full")),
  moduleName: Schema.UndefinedOr(Schema.String),
  producers: Schema.Array(
    Schema.Struct({ field: Schema.String, name: Schema.String, version: Schema.String }),
  ),
  targetFeatures: Schema.Array(Schema.String),
  sourceMappingUrl: Schema.UndefinedOr(Schema.String),
  externalDebugInfo: Schema.UndefinedOr(Schema.String),
  buildId: Schema.UndefinedOr(Schema.String),
  neededLibraries: Schema.UndefinedOr(Schema.Array(Schema.String)),
})

/** A report as JSON: what is absent is `null` there. */
export const ModuleReportJson: Schema.Codec<Report, string> = Schema.fromJsonString(
  Schema.toCodecJson(ModuleReport),
)

const optionalText = Schema.optional(Schema.String)
const name = { name: optionalText, namePrefix: optionalText }
const external = { ...name, kind: Schema.optional(Kind), type: optionalText }

const NamePattern = Schema.Struct(name)
const ExportPattern = Schema.Struct(external)
const ImportPattern = Schema.Struct({
  module: optionalText,
  modulePrefix: optionalText,
  ...external,
})

const listOf = <S extends Schema.Constraint>(entry: S) => Schema.optional(Schema.Array(entry))

const Ceiling = Schema.Struct({
  initial: Schema.optional(Count),
  maximum: Schema.optional(Count),
})

/** What is absent from a policy allows everything: a misspelt rule must not pass, and a struct would let it. */
const Strict = Schema.Unknown.check(Schema.makeFilter((value) => {
  try {
    readRules(value)
    return true
  } catch (error) {
    return error instanceof Error ? error.message : false
  }
}))

const Rules = Schema.Struct({
  imports: Schema.optional(
    Schema.Struct({
      allow: listOf(ImportPattern),
      refuse: listOf(ImportPattern),
      require: listOf(ImportPattern),
    }),
  ),
  exports: Schema.optional(
    Schema.Struct({
      allow: listOf(ExportPattern),
      refuse: listOf(ExportPattern),
      require: listOf(ExportPattern),
    }),
  ),
  memory: Schema.optional(Ceiling),
  table: Schema.optional(Ceiling),
  functions: Schema.optional(Count),
  moduleSize: Schema.optional(Count),
  features: Schema.optional(
    Schema.Struct({ allow: listOf(Schema.String), refuse: listOf(Schema.String) }),
  ),
  customSections: Schema.optional(
    Schema.Struct({ allow: listOf(NamePattern), refuse: listOf(NamePattern) }),
  ),
  start: Schema.optional(Schema.Boolean),
})

/**
 * The rules of a policy, as `policy` of the entry `./policy` takes them. A member that there is not is refused.
 *
 * @example
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { policy } from "@effect-wasm/compile-streaming/policy"
 * import { PolicyRulesJson } from "@effect-wasm/compile-streaming/schema"
 *
 * const plugin = policy(Schema.decodeSync(PolicyRulesJson)('{ "imports": { "allow": [] } }'))
 * console.assert(plugin.rules.imports?.allow?.length === 0)
 * ```
 */
export const PolicyRules: Schema.Codec<PolicyRulesData, unknown> = Strict.pipe(
  Schema.decodeTo(Rules),
)

/** The rules of a policy as JSON, such as a file has them. */
export const PolicyRulesJson: Schema.Codec<PolicyRulesData, string> = Schema.fromJsonString(
  PolicyRules,
)
